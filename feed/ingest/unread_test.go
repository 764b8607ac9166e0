package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/store"
)

// A file that was not written since its article was stored is not opened; one that was, is, and so is one that was
// refused or that was written a moment ago.
func TestUnwrittenFilesAreNotRead(t *testing.T) {
	b := newBench(t)
	old := time.Now().Add(-time.Hour)
	at := func(key string, when time.Time) {
		t.Helper()
		if err := os.Chtimes(filepath.Join(b.source.Dir, key), when, when); err != nil {
			t.Fatal(err)
		}
	}
	write := func(key, text string, when time.Time) {
		t.Helper()
		b.write(key, text)
		at(key, when)
	}
	write("a.md", "# One\n\nText.\n", old)
	write("bad.md", "---\ndate: yesterday\n---\n# Bad\n", old)
	b.write("new.md", "# New\n\nText.\n")
	b.wantCounts(b.load(), "3 2 0 0 1 0 0")
	b.wantCounts(b.load(), "3 0 0 2 1 0 0")

	write("a.md", "# Two\n\nText.\n", old) // the same length and moment, as a copy that keeps times may have it
	info, err := os.Stat(filepath.Join(b.source.Dir, "a.md"))
	if err != nil {
		t.Fatal(err)
	}
	if changedAt(info) != 0 {
		b.wantCounts(b.load(), "3 0 1 1 1 0 0")
	}
	write("a.md", "# Ten\n\nText.\n", old) // noted as read, and so not opened
	if info, err = os.Stat(filepath.Join(b.source.Dir, "a.md")); err != nil {
		t.Fatal(err)
	}
	stamp := store.Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano(), Changed: changedAt(info)}
	if err := b.store.SaveFiles(t.Context(), "blog", map[string]store.Stamp{"a.md": stamp}, nil); err != nil {
		t.Fatal(err)
	}
	b.wantCounts(b.load(), "3 0 0 2 1 0 0")
	at("a.md", old.Add(time.Second))
	b.wantCounts(b.load(), "3 0 1 1 1 0 0")
	b.write("new.md", "# Now\n\nText.\n")
	b.wantCounts(b.load(), "3 0 1 1 1 0 0")

	// Read otherwise than before, all of it is read again; a file that is gone and comes back is read.
	b.loader.Reread = true
	b.wantCounts(b.load(), "3 0 0 2 1 0 0")
	b.loader.Reread = false
	b.remove("a.md")
	b.load()
	write("a.md", "# Six\n\nText.\n", old.Add(time.Second))
	b.wantCounts(b.load(), "3 0 1 1 1 0 0")
}

// What an article costs that is read for the first time, into an empty store: with its content made, and put off.
func BenchmarkLoadNew(b *testing.B) {
	const articles = 2000
	from := newBench(b)
	text := strings.Repeat("Some *text* of an article, with [a link](/there) and \"quotes\".\n\n", 20)
	for n := range articles {
		from.write(fmt.Sprintf("posts/%d.md", n), fmt.Sprintf("---\ntitle: Article %d\ndate: 2026-03-01\ntags: [go, tag %d]\n---\n\n%s", n, n%20, text))
	}
	for name, putOff := range map[string]bool{"made": false, "put off": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				into := newBench(b)
				into.source, into.loader.PutOff = from.source, putOff
				if report := into.load(); report.New != articles {
					b.Fatalf("new: got %d", report.New)
				}
				into.store.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*articles), "µs/article")
		})
	}
}

// What a tick costs where nothing was written.
func BenchmarkLoadUnwritten(b *testing.B) {
	bench := newBench(b)
	old := time.Now().Add(-time.Hour)
	for n := range 5000 {
		key := filepath.Join("posts", time.Unix(int64(n)*86400, 0).UTC().Format("2006-01-02")+".md")
		bench.write(key, "# Title\n\nSome text of an article.\n")
		if err := os.Chtimes(filepath.Join(bench.source.Dir, key), old, old); err != nil {
			b.Fatal(err)
		}
	}
	bench.load()
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			bench.load()
		}
	})
	b.Run("lstat alone", func(b *testing.B) {
		for b.Loop() {
			err := filepath.WalkDir(bench.source.Dir, func(_ string, d os.DirEntry, err error) error {
				if err == nil {
					_, err = d.Info()
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// A source whose files are as they were left is not looked up, and what happens to it afterwards is found all the same.
func TestAsLeft(t *testing.T) {
	b := newBench(t)
	b.source.Missing = "keep"
	old := time.Now().Add(-time.Hour)
	write := func(key, text string, when time.Time) {
		t.Helper()
		b.write(key, text)
		if err := os.Chtimes(filepath.Join(b.source.Dir, key), when, when); err != nil {
			t.Fatal(err)
		}
	}
	isLeft := func(want bool) {
		t.Helper()
		noted, err := b.store.Setting(t.Context(), "left/blog")
		left := leftOf(noted)
		if known := !slices.Contains(left[:], digest{}); err != nil || known != want {
			t.Errorf("it is known how the source is left: %v %v, want %v", known, err, want)
		}
	}
	write("a.md", "# One\n\nText.\n", old)
	write("b.md", "# Two\n\nText.\n", old)
	b.wantCounts(b.load(), "2 2 0 0 0 0 0")
	isLeft(true)
	b.wantCounts(b.load(), "2 0 0 2 0 0 0")

	// Put back as it was after another version was read, by a copy that keeps the time: it is not taken for what was left.
	write("a.md", "# Six\n\nText.\n", old.Add(time.Minute))
	if _, err := b.loader.Update(t.Context(), b.source, "a.md"); err != nil {
		t.Fatal(err)
	}
	isLeft(false)
	write("a.md", "# One\n\nText.\n", old)
	b.wantCounts(b.load(), "2 0 1 1 0 0 0")
	isLeft(true)

	// A file that vanished is missed by each run until it is back, or found under another name.
	b.remove("b.md")
	for range 2 {
		if r := b.load(); len(r.Missing) != 1 || r.Missing[0] != "b.md" {
			t.Errorf("missing %v, want b.md", r.Missing)
		}
		isLeft(false)
	}
	write("c.md", "# Two\n\nText.\n", old)
	b.wantCounts(b.load(), "2 0 1 1 0 1 0")
	if r := b.load(); len(r.Missing) != 0 || r.Unchanged != 2 {
		t.Errorf("after b.md was renamed to c.md: missing %v, unchanged %d", r.Missing, r.Unchanged)
	}
	isLeft(true)

	// One that was read a moment after it was written, or imported by name, is missed as well.
	b.write("d.md", "# Three\n\nText.\n")
	b.wantCounts(b.load(), "3 1 0 2 0 0 0")
	b.write("e.md", "# Four\n\nText.\n")
	if _, err := b.loader.Import(t.Context(), b.source, "e.md"); err != nil {
		t.Fatal(err)
	}
	b.write("many.ndjson", `{"id": "x", "title": "Five", "content": "Text."}`+"\n")
	if _, err := b.loader.Update(t.Context(), b.source, "many.ndjson"); err != nil {
		t.Fatal(err)
	}
	b.remove("d.md")
	b.remove("e.md")
	b.remove("many.ndjson")
	for range 2 {
		if r := b.load(); !slices.Equal(r.Missing, []string{"d.md", "e.md", "many.ndjson#x"}) {
			t.Errorf("missing %v, want d.md, e.md and many.ndjson#x", r.Missing)
		}
	}

	// What is refused is refused again, among others too.
	write("bad.md", "---\ndraft: flase\n---\n# Bad\n", old)
	for range 2 {
		b.wantCounts(b.load(), "3 0 0 2 1 0 0")
	}
	write("more.ndjson", `{"id": "y", "title": "Six", "content": "Text."}`+"\n"+`{"id": "z", "title": 7, "date_published": "never"}`+"\n", old)
	b.wantCounts(b.load(), "5 1 0 2 2 0 0")
	for range 2 {
		b.wantCounts(b.load(), "5 0 0 3 2 0 0")
	}
}
