package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// writeOld writes a file that has not been written for an hour.
func (b *bench) writeOld(key, text string) {
	b.t.Helper()
	b.write(key, text)
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(b.source.Dir, key), old, old); err != nil {
		b.t.Fatal(err)
	}
}

func item(id, title string) string {
	return fmt.Sprintf(`{"id": %q, "title": %q, "content": "Text of it."}`+"\n", id, title)
}

// What one file does not hold is not missed for that where it stands in another.
func TestItemsOfTwoFiles(t *testing.T) {
	b := newBench(t)
	b.writeOld("a.ndjson", item("x", "One"))
	b.writeOld("b.ndjson", item("y", "Two")+item("z", "Three"))
	b.writeOld("c.md", "# C\n\nText.\n")
	b.wantCounts(b.load(), "4 4 0 0 0 0 0")
	b.wantCounts(b.load(), "4 0 0 4 0 0 0")
	if r, err := b.loader.Update(t.Context(), b.source, "."); err != nil || len(r.Missing) > 0 {
		t.Errorf("got %v missing, %v, want none", r.Missing, err)
	}
	b.writeOld("c.md", "# C\n\nMore text.\n")
	b.writeOld("b.ndjson", item("z", "Three"))
	b.wantCounts(b.load(), "3 0 1 2 0 0 1")
}

// Whether so much vanished that it looks like an accident is held against what was there, not against what came.
func TestWrongCheckout(t *testing.T) {
	b := newBench(t)
	for n := range 40 {
		b.writeOld(fmt.Sprintf("a%d.md", n), fmt.Sprintf("# A %d\n\nText.\n", n))
	}
	b.load()
	for n := range 40 {
		b.remove(fmt.Sprintf("a%d.md", n))
	}
	for n := range 200 {
		b.writeOld(fmt.Sprintf("z%d.md", n), fmt.Sprintf("# Z %d\n\nText.\n", n))
	}
	if r := b.load(); r.Withdrawn != 0 || len(r.HeldBack) != 40 {
		t.Errorf("%d withdrawn, %d held back, want all 40 held back", r.Withdrawn, len(r.HeldBack))
	}
}

// A file may be named as if it were an item of another.
func TestNamedLikeAnItem(t *testing.T) {
	const key = "a.ndjson#n.md"
	b := newBench(t)
	b.writeOld("a.ndjson", item("x", "One"))
	b.writeOld(key, "# N\n\nText.\n")
	b.wantCounts(b.load(), "2 2 0 0 0 0 0")
	b.writeOld(key, "# N two\n\nText.\n")
	b.wantCounts(b.load(), "2 0 1 1 0 0 0")
	b.loader.Reader.Permalink = "/other/:slug/"
	b.wantCounts(b.load(), "2 0 2 0 0 0 0")
	b.source.Missing = "keep"
	b.remove(key)
	for range 2 {
		if r := b.load(); fmt.Sprint(r.Missing) != "["+key+"]" {
			t.Errorf("got %v missing, want %s", r.Missing, key)
		}
	}
	b.source.Missing = "withdraw"
	b.wantCounts(b.load(), "1 0 0 1 0 0 1")
}

// An article whose file goes is withdrawn also where the run that stored it was cut off, or could not trust its stamp.
func TestVanishedAfterUnfinishedRun(t *testing.T) {
	for name, begin := range map[string]func(b *bench){
		"cut off": func(b *bench) {
			b.load()
			b.writeOld("n.md", "# N\n\nText.\n")
			whole := b.loader.Store
			b.loader.Store = &cutOff{Store: b.store}
			if _, err := b.loader.Load(t.Context(), b.source); err == nil {
				t.Fatal("it was not cut off")
			}
			b.loader.Store = whole
		},
		"adopted, and just written": func(b *bench) {
			if err := b.store.Adopt(t.Context(), []store.Adopted{{ID: "urn:n", Source: b.source.Name, Key: "n.md", URL: "https://example.org/n"}}); err != nil {
				t.Fatal(err)
			}
			b.write("n.md", "# N\n\nText.\n")
			b.load()
		},
	} {
		b := newBench(t)
		b.writeOld("a.md", "# A\n\nText.\n")
		begin(b)
		b.remove("n.md")
		b.writeOld("m.md", "# M\n\nOther text.\n")
		b.load()
		if k := b.known()["n.md"]; k.Status != feed.Withdrawn {
			t.Errorf("%s: got %+v, want it withdrawn", name, k)
		}
	}
}
