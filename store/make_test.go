package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"feedpub/feed"
)

// Content is made when somebody reads the entry, once, and is then as if it had been put.
func testUnmade(t *testing.T, s *Store) {
	var made atomic.Int64
	s.Make = func(e *feed.Entry) error {
		made.Add(1)
		e.Content = "<p>" + strings.TrimSpace(e.Unmade) + "</p>"
		return nil
	}
	unmade := func(text string) feed.Entry {
		e := article("a.md")
		e.Published, e.Dated = start.Add(-time.Hour), true
		e.Content, e.Unmade, e.Raw = "", text, text
		return e
	}
	wantMade := func(n int64) {
		t.Helper()
		if got := made.Swap(0); got != n {
			t.Errorf("content was made %d times, want %d", got, n)
		}
	}
	newest := func() feed.Entry {
		t.Helper()
		es, err := s.Newest(t.Context(), Query{Now: start, Limit: 10})
		if err != nil || len(es) != 1 {
			t.Fatal(es, err)
		}
		return es[0]
	}
	e := unmade("One")
	put(t, s, e)
	if put(t, s, e)[0].Changed {
		t.Error("put again, it changed")
	}
	for e, err := range s.List(t.Context(), Filter{}) {
		if err != nil || e.Content != "" {
			t.Errorf("listed with the content %q, %v", e.Content, err)
		}
	}
	if any, err := s.Any(t.Context(), Query{Now: start}); !any || err != nil {
		t.Errorf("any entry: %v, %v", any, err)
	}
	wantMade(0)

	// A feed that selects by the text has to know it.
	found, err := s.Newest(t.Context(), Query{Now: start, Select: feed.Selection{Search: []string{"one"}}})
	if err != nil || len(found) != 1 {
		t.Errorf("found %v, %v", found, err)
	}
	wantMade(1)
	seq := seqNow(t, s)
	first := newest()
	if first.Content != "<p>One</p>" || first.Unmade != "" || entry(t, s, e.ID).Content != first.Content {
		t.Errorf("made: %+v", first)
	}
	wantMade(0)
	if put(t, s, e)[0].Changed || seqNow(t, s) != seq {
		t.Error("that the content is made is no change, nor is the same article put again")
	}
	made.Store(0)

	// Edits are told from others by what readers see, whether anybody saw it or not.
	at(s, time.Hour)
	put(t, s, unmade(" One\n"))
	if got := newest(); !got.Updated.Equal(first.Updated) {
		t.Errorf("white space moved updated to %v", got.Updated)
	}
	put(t, s, unmade("Two"))
	if got := newest(); !got.Updated.Equal(start.Add(time.Hour)) || got.Content != "<p>Two</p>" {
		t.Errorf("an edit: %+v", got)
	}
	if _, err := s.Withdraw(t.Context(), e.ID, "Gone."); err != nil {
		t.Fatal(err)
	}
	if got := entry(t, s, e.ID); got.Status != feed.Withdrawn || got.Note != "Gone." {
		t.Errorf("withdrawn: %+v", got)
	}
}

// A whole listing makes what it gives, and nothing else.
func testListWhole(t *testing.T, s *Store) {
	var made atomic.Int64
	s.Make = func(e *feed.Entry) error {
		made.Add(1)
		e.Content = "<p>" + e.Unmade + "</p>"
		return nil
	}
	const articles = pageSize + 3
	var es []feed.Entry
	for i := range articles {
		e := article(fmt.Sprintf("%d.md", i))
		e.Content, e.Unmade = "", "One"
		if i%2 == 0 {
			e.Tags = []string{"even"}
		}
		es = append(es, e)
	}
	put(t, s, es...)
	listed := 0
	for e, err := range s.List(t.Context(), Filter{Tag: "even", Whole: true}) {
		if listed++; err != nil || e.Content != "<p>One</p>" {
			t.Errorf("got the content %q, %v", e.Content, err)
		}
	}
	if want := (articles + 1) / 2; listed != want || made.Load() != int64(want) {
		t.Errorf("listed %d, made %d, want %d", listed, made.Load(), want)
	}
}

// An entry that is withdrawn, or edited, before anybody read it.
func testUnmadeAndUnread(t *testing.T, s *Store) {
	s.Make = func(e *feed.Entry) error {
		e.Content = "<p>" + e.Unmade + "</p>"
		return nil
	}
	for _, key := range []string{"edited.md", "withdrawn.md"} {
		e := article(key)
		e.Published, e.Dated = start.Add(-time.Hour), true
		e.Content, e.Unmade, e.Raw = "", "One", "1"
		put(t, s, e)
		at(s, time.Hour)
		if key == "withdrawn.md" {
			if _, err := s.Withdraw(t.Context(), e.ID, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Restore(t.Context(), e.ID); err != nil {
				t.Fatal(err)
			}
			if got := entry(t, s, e.ID); got.Content != "<p>One</p>" {
				t.Errorf("restored: %+v", got)
			}
			continue
		}
		e.Unmade, e.Raw = "Two", "2"
		put(t, s, e)
		if got := entry(t, s, e.ID); got.Content != "<p>Two</p>" || !got.Updated.Equal(start.Add(time.Hour)) {
			t.Errorf("edited: %+v", got)
		}
	}
}

// One entry whose content cannot be made is told from the others, keeps none of them from being read, and can itself be
// withdrawn; an article that cannot be made leaves what is stored.
func testUnmakeable(t *testing.T, s *Store) {
	fault := errors.New("too deep")
	s.Make = func(e *feed.Entry) error {
		if e.Content = "<p>" + e.Unmade + "</p>"; e.Unmade == "bad" {
			return fault
		}
		return nil
	}
	unmade := func(key, text string) feed.Entry {
		e := article(key)
		e.Published, e.Dated = start.Add(-time.Hour), true
		e.Content, e.Unmade, e.Raw = "", text, text
		return e
	}
	bad, good := unmade("bad.md", "bad"), unmade("good.md", "good")
	put(t, s, bad, good)
	q := Query{Now: start, Limit: 10, WithdrawnSince: start.Add(-time.Hour)}
	es, err := s.Newest(t.Context(), q)
	if err != nil || len(es) != 2 {
		t.Fatal(es, err)
	}
	if es[0].Content != "" || es[0].Unmade != "bad" || !strings.Contains(es[0].Fault, "too deep") || es[1].Content != "<p>good</p>" || es[1].Fault != "" {
		t.Errorf("got %+v", es)
	}
	q.Select.Search = []string{"good"}
	if es, err := s.Newest(t.Context(), q); err != nil || len(es) != 1 {
		t.Errorf("searched: %v, %v", es, err)
	}

	// What is stored stands where an edit cannot be made, and the rest of the batch goes in.
	edited, other := unmade("good.md", "bad"), unmade("other.md", "other")
	results, err := s.PutAll(t.Context(), []feed.Entry{edited, other})
	if err != nil || results[0].Err == nil || results[1].Err != nil || !results[1].New {
		t.Errorf("put: %+v, %v", results, err)
	}
	if got := entry(t, s, good.ID); got.Content != "<p>good</p>" || got.Raw != "good" {
		t.Errorf("after an edit that cannot be made: %+v", got)
	}
	adopted := Adopted{ID: "tag:old.example,2020:1", URL: "https://example.org/adopted.md", Published: start.Add(-time.Hour)}
	if err := s.Adopt(t.Context(), []Adopted{adopted}); err != nil {
		t.Fatal(err)
	}
	if results, err = s.PutAll(t.Context(), []feed.Entry{unmade("adopted.md", "bad")}); err != nil || results[0].Err == nil {
		t.Errorf("put: %+v, %v", results, err)
	}
	if got := put(t, s, unmade("adopted.md", "good")); got[0].Entry.ID != adopted.ID {
		t.Errorf("what was adopted is lost: got the ID %s", got[0].Entry.ID)
	}

	if e, err := s.Lookup(t.Context(), "bad.md"); err != nil || e.ID != bad.ID {
		t.Errorf("looked up: %+v, %v", e, err)
	}
	if err := s.MarkShown(t.Context(), []string{bad.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Withdraw(t.Context(), bad.ID, "Gone."); err != nil {
		t.Error(err)
	}
	q.Select.Search = nil
	if es, err := s.Withdrawn(t.Context(), q); err != nil || len(es) != 1 || es[0].ID != bad.ID {
		t.Errorf("withdrawn: %+v, %v", es, err)
	}
	if got, err := s.AreWithdrawn(t.Context(), []string{bad.ID, good.ID}); err != nil || !got[bad.ID] || got[good.ID] {
		t.Errorf("withdrawn: %v, %v", got, err)
	}
	if _, err := s.Restore(t.Context(), bad.ID); err != nil {
		t.Error(err)
	}
	fault = nil
	if got := entry(t, s, bad.ID); got.Content != "<p>bad</p>" || got.Unmade != "" || got.Fault != "" {
		t.Errorf("once it can be made: %+v", got)
	}
}

// To keep what was made is a help for the next who reads, and no condition for this one.
func TestMadeAndNotKept(t *testing.T) {
	for name, hinder := range map[string]func(s, other *Store) (release func() error){
		"another process writes": func(_, other *Store) func() error {
			tx, err := other.write.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			return tx.Rollback
		},
		"this process writes": func(s, _ *Store) func() error {
			tx, err := s.write.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			return tx.Rollback
		},
		"nothing can be written": func(s, _ *Store) func() error {
			if _, err := s.write.ExecContext(t.Context(), `PRAGMA query_only = 1`); err != nil {
				t.Fatal(err)
			}
			return func() error {
				_, err := s.write.ExecContext(t.Context(), `PRAGMA query_only = 0`)
				return err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			s, other := openFile(t, path), openFile(t, path)
			var made atomic.Int64
			s.Make = func(e *feed.Entry) error {
				made.Add(1)
				e.Content = "<p>" + e.Unmade + "</p>"
				return nil
			}
			e := article("a.md")
			e.Content, e.Unmade = "", "Text"
			put(t, s, e)
			release := hinder(s, other)
			began := time.Now()
			for range 2 {
				if got, err := s.Entry(t.Context(), e.ID); err != nil || got.Content != "<p>Text</p>" {
					t.Errorf("got %q, %v", got.Content, err)
				}
			}
			if took := time.Since(began); took > busyTimeout/4 {
				t.Errorf("it waited for %v", took)
			}
			if err := release(); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got := entry(t, s, e.ID); got.Content != "<p>Text</p>" {
					t.Errorf("got %q", got.Content)
				}
			}
			if n := made.Load(); n != 3 {
				t.Errorf("it was made %d times, want 3: not kept twice, and then kept", n)
			}
		})
	}
}
