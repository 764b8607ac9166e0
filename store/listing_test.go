package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"feedpub/feed"
)

// The index of facets says of each entry what its row says, whatever became of it, in one transaction or in several, of each
// kind that somebody asked for, whenever that was.
func testListings(t *testing.T, s *Store) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := []string{"a.md", "b.md", "c.md", "d.md"}
	tags := []string{"Go", "go", "World", "Sport"}
	asked := map[feed.Kind]bool{}
	for round := range 200 {
		at(s, time.Duration(round)*time.Second)
		if r.IntN(20) == 0 {
			kind := feed.Kinds[r.IntN(len(feed.Kinds))]
			asked[kind] = true
			if _, err := s.Facets(t.Context(), kind); err != nil {
				t.Fatal(err)
			}
		}
		var es []feed.Entry
		for range 1 + r.IntN(5) {
			e := article(keys[r.IntN(len(keys))])
			for range r.IntN(3) {
				e.Tags = append(e.Tags, tags[r.IntN(len(tags))])
			}
			if r.IntN(2) == 0 {
				e.Authors = []feed.Author{{Name: "Ann"}}
			}
			if r.IntN(3) == 0 {
				e.Embargo = start.Add(time.Duration(r.IntN(1000)) * time.Hour)
			}
			if r.IntN(4) == 0 {
				e.Status = feed.Draft
			}
			es = append(es, e)
		}
		put(t, s, es...)
		if r.IntN(3) == 0 {
			if _, err := s.Withdraw(t.Context(), es[0].ID, ""); err != nil {
				t.Fatal(err)
			}
		}
		if r.IntN(3) == 0 {
			if _, err := s.Restore(t.Context(), es[0].ID); err != nil && !errors.Is(err, ErrNotWithdrawn) {
				t.Fatal(err)
			}
		}
		got, want := listings(t, s, asked)
		if !slices.Equal(got, want) {
			t.Fatalf("round %d: got\n%v, want\n%v", round, got, want)
		}
	}
}

// listings are the lines of the index, and those that the rows say of some kinds.
func listings(t *testing.T, s *Store, kinds map[feed.Kind]bool) (got, want []line) {
	t.Helper()
	err := s.collect(t.Context(), func(rows *sql.Rows) error {
		var l line
		err := rows.Scan(&l.Kind, &l.Value, &l.from, &l.entry, &l.Label)
		got = append(got, l)
		return err
	}, `SELECT kind, value, visible_from, entry, label FROM entry_facets ORDER BY kind, value, visible_from, entry DESC`)
	if err != nil {
		t.Fatal(err)
	}
	err = s.collect(t.Context(), func(rows *sql.Rows) error {
		var r row
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		e, err := r.entry()
		want = append(want, r.lines(e.Facets())...)
		return err
	}, `SELECT `+columns+` FROM entries`)
	if err != nil {
		t.Fatal(err)
	}
	want = slices.DeleteFunc(want, func(l line) bool { return !kinds[l.Kind] })
	slices.SortFunc(want, line.compare)
	return got, want
}

// Who asks for a kind finds it whole, though others write meanwhile, or it was cut off before.
func TestIndexedWhileOthersWrite(t *testing.T) {
	path := t.TempDir() + "/store.db"
	s, other := openFile(t, path), openFile(t, path)
	var es []feed.Entry
	for i := range 2*indexedAtOnce + indexedAtOnce/2 {
		e := article(fmt.Sprintf("%d.md", i))
		e.Tags, e.Published, e.Dated = []string{fmt.Sprintf("t%d", i%10)}, start.Add(-time.Duration(i%indexedAtOnce)*time.Minute), true
		es = append(es, e)
	}
	put(t, s, es...)
	ctx, cut := context.WithCancel(t.Context())
	go func() {
		defer cut()
		for n := 0; n == 0 && t.Context().Err() == nil; {
			_ = other.read.QueryRow(`SELECT count(*) FROM entry_facets`).Scan(&n)
		}
	}()
	if _, err := s.Facets(ctx, feed.ByTag); err == nil {
		t.Log("it was not cut off")
	}
	writing := make(chan struct{})
	go func() {
		defer close(writing)
		r := rand.New(rand.NewPCG(1, 2))
		for n := range 300 {
			e := es[r.IntN(len(es))]
			if r.IntN(2) == 0 {
				e.Published = start.Add(-time.Duration(r.IntN(indexedAtOnce)) * time.Minute)
			}
			if r.IntN(2) == 0 {
				e.Tags = []string{fmt.Sprintf("t%d", r.IntN(10)), "more"}
			}
			e.Title, e.Raw = fmt.Sprint("Edit ", n), fmt.Sprint("edit ", n)
			if _, err := other.PutAll(context.Background(), []feed.Entry{e}); err != nil {
				t.Error(err)
			}
		}
	}()
	if _, err := s.Facets(t.Context(), feed.ByTag); err != nil {
		t.Fatal(err)
	}
	<-writing
	got, want := listings(t, s, map[feed.Kind]bool{feed.ByTag: true})
	if !slices.Equal(got, want) {
		t.Errorf("got %d lines, want %d", len(got), len(want))
	}
	for kind, whole := range map[feed.Kind]bool{feed.ByTag: true, feed.BySource: false} {
		if kept, err := other.isWhole(t.Context(), kind); err != nil || kept != whole {
			t.Errorf("by %s: whole %t, %v, want %t", kind, kept, err, whole)
		}
	}
}

// What is no text would be another one when it is read back, and is refused.
func testListingNotText(t *testing.T, s *Store) {
	e := article("a.md")
	e.Tags = []string{"a\xff"}
	results, err := s.PutAll(t.Context(), []feed.Entry{e})
	if err != nil || results[0].Err == nil {
		t.Errorf("got %+v, %v, want it refused", results, err)
	}
}
