package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestOpenPaths(t *testing.T) {
	names := []string{"plain.db", "with space.db", "100%.db", "a#b.db", "über/日本語.db", "deep/er/store.db", "%41.db", "a&b=c;d.db"}
	if runtime.GOOS != "windows" {
		names = append(names, "what?mode=memory.db", "a?_pragma=foreign_keys(0)")
	}
	for _, name := range names {
		path := filepath.Join(t.TempDir(), filepath.FromSlash(name))
		s := openFile(t, path)
		put(t, s, article("a.md"))
		info, err := os.Stat(path)
		if err != nil {
			t.Errorf("%s: %v, want the file at its path", name, err)
			continue
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: got mode %v, want -rw-------", name, info.Mode())
		}
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000",
		} {
			var got string
			if err := s.write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s: %s: got %s, %v, want %s", name, pragma, got, err, want)
			}
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	notes := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(notes, []byte("my notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ url, want string }{
		{"", "no path"},
		{dir, "is a folder"},
		{notes, "no SQLite database"},
		{filepath.Join(notes, "store.db"), "notes.txt"},
		{"postgres://localhost/feeds", "not supported yet"},
		{"postgresql://localhost/feeds", "not supported yet"},
	} {
		s, err := Open(t.Context(), test.url)
		if err == nil {
			s.Close()
			t.Errorf("%s: got a store, want an error", test.url)
		} else if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "open store") {
			t.Errorf("%s: got %v, want it to say %s", test.url, err, test.want)
		}
	}
	if data, err := os.ReadFile(notes); err != nil || string(data) != "my notes" {
		t.Errorf("the refused file: got %q, %v, want it untouched", data, err)
	}
}

func TestOpenReadOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "fixed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Create(filepath.Join(dir, "probe")); err == nil {
		f.Close()
		t.Skip("this user may write everywhere")
	}
	_, err := Open(t.Context(), filepath.Join(dir, "store.db"))
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "change the owner") {
		t.Errorf("got %v, want no permission, and what to do", err)
	}
}

func TestOpenNewer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	_, err := s.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), path); err == nil {
		s.Close()
		t.Error("tables of a newer feedpub: got a store, want an error")
	} else if !strings.Contains(err.Error(), "use a newer feedpub") {
		t.Errorf("got %v, want the advice to use a newer feedpub", err)
	}
}

// Many open a new store at once, write and wait for each other: nothing is lost, nobody is told that it is locked.
func TestAtOnce(t *testing.T) {
	const writers, articles = 8, 25
	path := filepath.Join(t.TempDir(), "new", "store.db")
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			s, err := Open(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for i := range articles {
				if _, err := s.Put(t.Context(), article(fmt.Sprintf("%d/%d", w, i))); err != nil {
					t.Error(err)
				}
				if _, err := s.Newest(t.Context(), Query{Limit: 5, Now: time.Now()}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	changes, upTo, err := openFile(t, path).Changes(t.Context(), 0, 1000)
	if want := writers * articles; err != nil || len(changes) != want || upTo != int64(want) {
		t.Errorf("got %d entries, seq %d, %v, want %d", len(changes), upTo, err, want)
	}
}

func TestLockPublishing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	a, b := openFile(t, path), openFile(t, path)
	unlock, err := a.LockPublishing(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.LockPublishing(t.Context(), 50*time.Millisecond)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), path+".lock") || !strings.Contains(err.Error(), "50ms") {
		t.Errorf("a second lock: got %v, want ErrLocked with the file and the wait", err)
	}
	if _, err := b.Put(t.Context(), article("a.md")); err != nil {
		t.Errorf("put while another publishes: got %v, want it stored", err)
	}
	got := make(chan error)
	go func() {
		unlock, err := b.LockPublishing(t.Context(), time.Minute)
		if err == nil {
			unlock()
		}
		got <- err
	}()
	unlock()
	unlock()
	if err := <-got; err != nil {
		t.Errorf("after unlocking: got %v, want the lock", err)
	}
}

func TestCopyTo(t *testing.T) {
	dir := t.TempDir()
	s := openFile(t, filepath.Join(dir, "store.db"))
	put(t, s, article("a.md"))
	path := filepath.Join(dir, "copy of it.db")
	if err := s.CopyTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	copied := openFile(t, path)
	put(t, copied, article("b.md"))
	if entry(t, copied, article("a.md").ID).Key != "a.md" || seqNow(t, s) != 1 {
		t.Errorf("got %d changes in the original, want 1, and the entry in the copy", seqNow(t, s))
	}
}
