package ingest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"feedpub/store"
)

func TestFound(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, blockFiles - 1, blockFiles, blockFiles + 1, 1000} {
		for _, sorted := range []bool{true, false} {
			var l found
			var want []file
			for i := range n {
				f := file{key: fmt.Sprintf("%x/%d.md", i/100, i), stamp: store.Stamp{Size: int64(i), Modified: rnd.Int64(), Changed: -rnd.Int64()}}
				if i%3 == 0 {
					f.stamp = store.Stamp{}
				}
				want = append(want, f)
			}
			byKey := func(a, b file) int { return strings.Compare(a.key, b.key) }
			if slices.SortFunc(want, byKey); !sorted {
				rnd.Shuffle(n, func(i, j int) { want[i], want[j] = want[j], want[i] })
			}
			for _, f := range want {
				l.add(f)
				if !sorted {
					l.add(f) // a person may name a file twice
				}
			}
			l.settle()
			slices.SortFunc(want, byKey)
			if l.n != n {
				t.Fatalf("got %d files, want %d", l.n, n)
			}
			i := 0
			for e := range l.all() {
				if got := e.file(); got != want[i] {
					t.Fatalf("%d of %d: got %v, want %v", i, n, got, want[i])
				}
				if e.note(noted(i % 4)); i%5 == 0 {
					e.markPage()
				}
				i++
			}
			if i != n {
				t.Fatalf("got %d files, want %d", i, n)
			}
			i = 0
			for e := range l.all() {
				want[i].noted = noted(i % 4)
				if got := e.file(); got != want[i] || e.isPage() != (i%5 == 0) {
					t.Fatalf("%d of %d, marked: got %v, want %v", i, n, got, want[i])
				}
				i++
			}
			for _, f := range want {
				if e := l.find(f.key); e == nil || e.file() != f || l.find(f.key+"x") != nil || l.find(f.key[:len(f.key)-1]) != nil || l.find("!"+f.key) != nil {
					t.Fatalf("%s is not told apart", f.key)
				}
			}
			if l.find("") != nil || l.find("\xff") != nil {
				t.Fatal("what is none is found")
			}
		}
	}
}

// A walk finds files in the order of their keys, which is not that of the names in a folder.
func TestWalkIsInOrder(t *testing.T) {
	b := newBench(t)
	for _, key := range []string{"a/x.md", "a/b/x.md", "a.md", "a/b.md", "a-b/x.md", "a0.md", "a/b-c/x.md", "z.md"} {
		b.write(key, "# A\n\nText.")
	}
	f, err := b.loader.openFolder(b.source, &Report{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.root.Close()
	if err := f.walk("."); err != nil {
		t.Fatal(err)
	}
	if f.found.settle(); f.found.n != 8 || f.found.unsound {
		t.Errorf("got %d files, in disorder %t, want 8 in order", f.found.n, f.found.unsound)
	}
}

// A million files take some 25 MB.
func TestFoundIsSmall(t *testing.T) {
	var l found
	const n = 10_000
	for i := range n {
		at := int64(1_700_000_000_123_456_789) + int64(i)*1e9
		l.add(file{key: fmt.Sprintf("content/posts/%d/%d.md", i/1000, i), stamp: store.Stamp{Size: 3000, Modified: at, Changed: at}})
	}
	l.settle()
	size := 0
	for _, b := range l.blocks {
		size += cap(b)
	}
	if size > 26*n {
		t.Errorf("got %d bytes a file, want at most 26", size/n)
	}
}
