package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// generate is killed at random moments, articles changing in between. Each published document must be whole at any
// time, and the run after the last kill must finish all the work.
func TestKillGenerate(t *testing.T) {
	t.Parallel()
	kills := rounds(10, 200)
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news}, {each: tag}]\n")
	write := func(n, version int) {
		writeFiles(t, dir, fmt.Sprintf("articles/a%d.md", n),
			fmt.Sprintf("---\ntitle: Article %d\ndate: 2026-03-01\ntags: [t%d]\n---\nVersion %d.\n", n, n%5, version))
	}
	for n := range 40 {
		write(n, 0)
	}
	started := time.Now()
	feedpub(t, dir, 0, "generate")
	whole := time.Since(started)

	last := 0
	for last < kills && (last < kills/4 || time.Since(started) < time.Minute) { // many, but not for ever on a slow machine
		last++
		for n := range 40 {
			write(n, last)
		}
		cmd := program(t.Context(), dir, "generate")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(whole)) // the moment of the kill is what is random here
		cmd.Process.Kill()
		cmd.Wait()
		checkWhole(t, dir)
	}
	feedpub(t, dir, 0, "generate")
	checkWhole(t, dir)
	for _, format := range feed.Formats {
		f := published(t, dir, "news", format)
		if len(f.Entries) != 40 {
			t.Errorf("%s: got %d entries, want 40", format, len(f.Entries))
		}
		for _, e := range f.Entries {
			if want := fmt.Sprintf("Version %d.", last); !strings.Contains(e.Content, want) {
				t.Errorf("%s: %s: got %q, want %s", format, e.ID, e.Content, want)
			}
		}
	}
	if out := feedpub(t, dir, 0, "generate"); !strings.Contains(out, "nothing new to publish") {
		t.Errorf("after all of it: got %q, want nothing new", out)
	}
}

// checkWhole checks each document that lies in the published folder.
func checkWhole(t *testing.T, dir string) {
	t.Helper()
	if err := torn(dir); err != nil {
		t.Error(err)
	}
}

// torn says which documents in the published folder are not whole.
func torn(dir string) error {
	var found []error
	err := filepath.WalkDir(filepath.Join(dir, "feeds"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		doc, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, format := range feed.Formats {
			if d.Name() == format.FileName() {
				if err := feed.Check(doc, nil, format); err != nil {
					found = append(found, fmt.Errorf("%s: %w", path, err))
				}
			}
		}
		return nil
	})
	return errors.Join(append(found, err)...)
}

// asNaive names the folder whose documents the test's own program rewrites as most programs do.
const asNaive = "FEEDPUB_TEST_NAIVE"

// writeNaively writes each document again, in its place.
func writeNaively(dir string) {
	for _, format := range feed.Formats {
		path := filepath.Join(dir, "feeds", "news", format.FileName())
		doc, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(path, doc, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
