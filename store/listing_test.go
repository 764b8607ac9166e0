package store

import (
	"database/sql"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"feedpub/feed"
)

// The index of facets says of each entry what its row says, whatever became of it, in one transaction or in several.
func testListings(t *testing.T, s *Store) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := []string{"a.md", "b.md", "c.md", "d.md"}
	tags := []string{"Go", "go", "World", "Sport"}
	for round := range 200 {
		at(s, time.Duration(round)*time.Second)
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
		got, want := listings(t, s)
		if !slices.Equal(got, want) {
			t.Fatalf("round %d: got\n%v, want\n%v", round, got, want)
		}
	}
}

// listings are the lines of the index, and those that the rows say.
func listings(t *testing.T, s *Store) (got, want []line) {
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
	slices.SortFunc(want, line.compare)
	return got, want
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
