package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// After a thousand edits, additions, removals, renames and changes of tags, each few of them read and published by themselves, the
// documents are those that are made at once without the store, of the articles and what is published.
func TestRebuiltIsTheSame(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", `site: {title: Site, url: "https://example.org/"}
sources: [{name: articles, folder: articles, missing: withdraw}]
feeds: [{name: news, limit: 20, archives: true}, {each: tag, limit: 10}]
`)
	names := map[int]string{}
	write := func(n int) {
		tags := []string{"go", "Zig", "c++"}
		text := fmt.Sprintf("---\ntitle: Article %d\ndate: %s\ntags: [%s, %s]\n---\nSome *text*, edited as %d.\n", n,
			time.Date(2026, 1, 1, n, 0, 0, 0, time.UTC).Format(time.RFC3339), tags[r.IntN(3)], tags[r.IntN(3)], r.IntN(1000))
		writeFiles(t, dir, "articles/"+names[n], text)
		old := time.Now().Add(-time.Duration(1+r.IntN(1000)) * time.Hour) // else none is trusted before two seconds are over
		if err := os.Chtimes(filepath.Join(dir, "articles", names[n]), old, old); err != nil {
			t.Fatal(err)
		}
	}
	step := func() {
		n := r.IntN(150)
		name, there := names[n]
		switch {
		case !there:
			names[n] = fmt.Sprintf("%d/article-%d.md", n%7, n)
			write(n)
		case r.IntN(10) == 0 && len(names) > 60:
			if err := os.Remove(filepath.Join(dir, "articles", name)); err != nil {
				t.Fatal(err)
			}
			delete(names, n)
		case r.IntN(10) == 0:
			names[n] = fmt.Sprintf("%d/article-%d.md", r.IntN(7), n)
			if err := os.MkdirAll(filepath.Join(dir, "articles", filepath.Dir(names[n])), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(filepath.Join(dir, "articles", name), filepath.Join(dir, "articles", names[n])); err != nil {
				t.Fatal(err)
			}
		default:
			write(n)
		}
	}
	for range 100 {
		step()
	}
	runs := 12
	if os.Getenv("MANY_ROUNDS") != "" {
		runs = 225
	}
	for range runs {
		feedpub(t, dir, 0, "generate", "--quiet")
		for range 4 {
			step()
		}
	}
	feedpub(t, dir, 0, "generate", "--quiet")
	before := tree(t, filepath.Join(dir, "feeds"))
	if err := os.RemoveAll(filepath.Join(dir, ".feedpub")); err != nil {
		t.Fatal(err)
	}
	feedpub(t, dir, 0, "generate", "--quiet")
	after := tree(t, filepath.Join(dir, "feeds"))
	for name := range before {
		if before[name] != after[name] && name != ".feedpub.json" {
			t.Errorf("%s: got\n%s\nwant\n%s", name, after[name], before[name])
		}
	}
	if len(before) != len(after) {
		t.Errorf("got %d files, want %d", len(after), len(before))
	}
}
