//go:build linux

package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// smallDisk mounts a disk of a mebibyte at path.
func smallDisk(t *testing.T, path string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small disk")
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small disk cannot be mounted: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(path, syscall.MNT_DETACH) })
}

func fill(t *testing.T, disk string) {
	t.Helper()
	f, err := os.Create(filepath.Join(disk, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{4096, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
}

func empty(t *testing.T, disk string) {
	t.Helper()
	if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
		t.Fatal(err)
	}
}

func remount(t *testing.T, disk string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_BIND|flags, ""); err != nil {
		t.Skipf("the disk cannot be mounted again: %v", err)
	}
}

// A disk is full or may not be written while the daemon serves. It tells which and what to do, serves what it has,
// does not fill the log, and goes on when it can, without a restart.
func TestDiskTrouble(t *testing.T) {
	long(t)
	for _, c := range []struct {
		name, disk  string
		spoil, mend func(*testing.T, string)
		want        []string
	}{
		{"the published folder's disk is full", "feeds", fill, empty, []string{"feeds", "no space left", "make room there"}},
		{"the store's disk is full", ".feedpub", fill, empty, []string{"store.db", "is full: make room there"}},
		{"the published folder is read-only", "feeds", readOnly, writable, []string{"feeds", "read-only", "must be able to write"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			disk := filepath.Join(dir, c.disk)
			smallDisk(t, disk)
			trouble(t, dir, func() { c.spoil(t, disk) }, func() { c.mend(t, disk) }, 3*time.Second, c.want)
		})
	}
}

// A store that cannot be written from the start is an error that says so.
func TestReadOnlyStore(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	disk := filepath.Join(dir, ".feedpub")
	smallDisk(t, disk)
	feedpub(t, dir, 0, "generate")
	readOnly(t, disk)
	writeFiles(t, dir, "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nOther text.\n")
	cmd := program(t.Context(), dir, "generate")
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(string(out), "store.db") || !strings.Contains(string(out), "feedpub must be able to write") {
		t.Errorf("got exit code %d, %s, want 1 with the path and what to do", code, out)
	}
	writable(t, disk)
	feedpub(t, dir, 0, "generate")
}

func readOnly(t *testing.T, disk string) { remount(t, disk, syscall.MS_RDONLY) }
func writable(t *testing.T, disk string) { remount(t, disk, 0) }

// Another program holds the store for ten seconds, and again for longer than feedpub waits.
func TestStoreLocked(t *testing.T) {
	long(t)
	t.Parallel()
	dir := t.TempDir()
	var tx *sql.Conn
	hold := func() {
		db, err := sql.Open("sqlite", filepath.Join(dir, ".feedpub", "store.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if tx, err = db.Conn(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, 10*time.Second, "the store is locked", func() bool { _, err := tx.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); return err == nil })
	}
	release := func() {
		if _, err := tx.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
		tx.Close()
	}
	trouble(t, dir, hold, release, 10*time.Second, []string{"store.db", "locked by another process"})
}

// trouble spoils a daemon's world for a while and mends it. It must tell of it in the wanted words.
func trouble(t *testing.T, dir string, spoil, mend func(), during time.Duration, want []string) {
	t.Helper()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@every 1s\"\n",
		"articles/a.md", "---\ntitle: Before\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	feedURL := s.url + "news/atom.xml"
	eventually(t, 20*time.Second, "the feed is served", serves(t, feedURL, "Before"))
	_, before := get(t, feedURL)
	told := len(s.log.String())
	spoil()
	writeFiles(t, dir, "articles/b.md", "---\ntitle: Meanwhile\ndate: 2026-03-02\n---\n"+strings.Repeat("Text. ", 10_000)+"\n")
	said := func() string { return s.log.String()[told:] }
	eventually(t, during+30*time.Second, fmt.Sprintf("the trouble is told, with %q", want), func() bool {
		for line := range strings.Lines(said()) {
			all := strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, `"level":"WARN"`)
			for _, word := range want {
				all = all && strings.Contains(line, word)
			}
			if all {
				return true
			}
		}
		return false
	})
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if code, now := get(t, feedURL); code != 200 || now != before && !strings.Contains(now, "Meanwhile") {
			t.Fatalf("got %d, want what was served before", code)
		}
	}
	if lines := strings.Count(said(), "\n"); lines > 10 {
		t.Errorf("got %d lines of log in %v", lines, during)
	}
	mend()
	eventually(t, 40*time.Second, "it goes on", serves(t, feedURL, "Meanwhile"))
	writeFiles(t, dir, "articles/c.md", "---\ntitle: Afterwards\ndate: 2026-03-03\n---\nText.\n")
	eventually(t, 20*time.Second, "the next article is served", serves(t, feedURL, "Afterwards"))
	if _, doc := get(t, feedURL); strings.Count(doc, "<entry>") != 3 {
		t.Errorf("got %d entries, want 3", strings.Count(doc, "<entry>"))
	}
}
