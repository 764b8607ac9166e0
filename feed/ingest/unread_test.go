package ingest

import (
	"os"
	"path/filepath"
	"testing"
	"time"
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

	write("a.md", "# Two\n\nText.\n", old) // as no editor writes: the same length and moment
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
