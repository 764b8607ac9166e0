package store

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// seqNow is the sequence number of the last change.
func seqNow(t *testing.T, s *Store) int64 {
	t.Helper()
	_, seq, err := s.Changes(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func entry(t *testing.T, s *Store, id string) feed.Entry {
	t.Helper()
	e, err := s.Entry(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// at sets the clock to start and d.
func at(s *Store, d time.Duration) { s.Now = func() time.Time { return start.Add(d) } }

func testPutUnchanged(t *testing.T, s *Store) {
	e := article("a.md")
	e.Authors = []feed.Author{{Name: "Ann", Email: "ann@example.org"}}
	e.Tags = []string{"Go", "World"}
	e.Enclosures = []feed.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 7, Duration: time.Minute}}
	e.Image.Credit = "Ann"
	explicit := false
	e.Details = feed.Details{
		Contributors: []feed.Author{{Name: "Ed"}},
		Categories:   []feed.Category{{Term: "a", Scheme: "https://example.org/topics", Label: "A"}},
		Rights:       "© Example", License: "https://example.org/licence",
		Origin:     &feed.Origin{Title: "Elsewhere", FeedURL: "https://elsewhere.example/feed", Updated: e.Published},
		Discussion: feed.Discussion{URL: "https://example.org/comments", Counted: true},
		Episode:    &feed.Episode{Number: 3, Explicit: &explicit, Chapters: feed.Chapters{URL: "https://example.org/c.json"}},
	}
	e.Image = feed.Image{URL: "https://example.org/a.png", Alt: "an a"}
	e.Embargo, e.Expiry = start.Add(time.Hour+123), start.Add(2*time.Hour)
	first := put(t, s, e)[0]
	if !first.Changed || !first.New {
		t.Errorf("first time: got %+v, want changed and new", first)
	}
	if got := entry(t, s, e.ID); !reflect.DeepEqual(got, first.Entry) {
		t.Errorf("read back: got  %+v\nwant %+v", got, first.Entry)
	}
	seq := seqNow(t, s)
	at(s, time.Hour)
	if r := put(t, s, e)[0]; r.Changed || r.New {
		t.Errorf("second time: got %+v, want unchanged", r)
	}
	if got := seqNow(t, s); got != seq {
		t.Errorf("sequence number: got %d, want %d", got, seq)
	}
}

func testPutAgain(t *testing.T, s *Store) {
	// A date before 1970, one on it, one far ahead.
	for i, year := range []int{1000, 1970, 9999} {
		e := article(fmt.Sprint(i))
		e.Published, e.Dated = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), true
		put(t, s, e)
		if got := entry(t, s, e.ID).Published; !got.Equal(e.Published) {
			t.Errorf("published: got %v, want %v", got, e.Published)
		}
		if put(t, s, e)[0].Changed {
			t.Errorf("year %d: put again changes it", year)
		}
	}
	e := article("a.md")
	put(t, s, e)
	at(s, time.Hour)
	e.Raw, e.Content = "edited", "<p>Edited.</p>"
	r := put(t, s, e)[0]
	if want := start.Add(time.Hour); !r.Changed || r.New || !r.Entry.Updated.Equal(want) || !r.Entry.Published.Equal(start) {
		t.Errorf("an edit: got %+v, want changed, updated %v, published %v", r, want, start)
	}
}

func testRefusals(t *testing.T, s *Store) {
	bad := map[string]func(*feed.Entry){
		"no ID":        func(e *feed.Entry) { e.ID = "" },
		"no key":       func(e *feed.Entry) { e.Key = "" },
		"status":       func(e *feed.Entry) { e.Status = feed.Scheduled },
		"no published": func(e *feed.Entry) { e.Dated = true },
	}
	es := []feed.Entry{article("good.md")}
	var words []string
	for word, spoil := range bad {
		e := article("bad.md")
		spoil(&e)
		es, words = append(es, e), append(words, word)
	}
	rs, err := s.PutAll(t.Context(), es)
	if err != nil || !rs[0].New || rs[0].Err != nil {
		t.Errorf("the good one: got %+v, %v, want it stored", rs[0], err)
	}
	for i, word := range words {
		if r := rs[i+1]; r.Err == nil || !strings.Contains(r.Err.Error(), word) || r.Changed {
			t.Errorf("%s: got %v, want a refusal that says so", word, r.Err)
		}
	}
	if changes, _, err := s.Changes(t.Context(), 0, 1000); err != nil || len(changes) != 1 {
		t.Errorf("stored: got %v, %v, want the good one", changes, err)
	}
}

// Edits of everything but the source and its key, and renames, keep the ID.
func testIDStands(t *testing.T, s *Store) {
	e := article("a.md")
	id := e.ID
	put(t, s, e)
	for i := range 1000 {
		e.FormerKey = ""
		switch i % 4 {
		case 0:
			e.Title = fmt.Sprint("Title ", i)
		case 1:
			e.Slug = fmt.Sprint("slug-", i)
		case 2:
			e.URL = fmt.Sprintf("https://%d.example.org/", i)
		case 3:
			e.FormerKey, e.Key = e.Key, fmt.Sprintf("%d.md", i)
			e.ID = "tag:example.org,2026-01-01:s/" + e.Key
		}
		if r := put(t, s, e)[0]; r.Entry.ID != id || !r.Changed || r.New {
			t.Fatalf("edit %d: got %+v, want a change of %s", i, r, id)
		}
	}
	if known, err := s.Alike(t.Context(), "s", ByID, []string{id}); err != nil || len(known) != 1 || known[e.Key].ID != id {
		t.Errorf("keys: got %v, %v, want %s alone", known, err, e.Key)
	}
}

// A file moves, and a new one takes its place: in one run, in either order, or in two.
func testMintedTwice(t *testing.T, s *Store) {
	old, moved, fresh := article("a.md"), article("b.md"), article("a.md")
	moved.FormerKey = "a.md"
	fresh.Title, fresh.Raw = "Fresh", "fresh"
	put(t, s, old)
	rs := put(t, s, fresh, moved)
	if got := rs[1].Entry.ID; got != old.ID {
		t.Errorf("moved: got %s, want %s", got, old.ID)
	}
	if got, want := rs[0].Entry.ID, old.ID+"~2"; got != want || !rs[0].New {
		t.Errorf("fresh: got %s, new %v, want %s, true", got, rs[0].New, want)
	}
	moved.Key, moved.FormerKey = "c.md", "a.md" // the fresh one moves as well
	third := article("a.md")
	rs = put(t, s, moved, third)
	if got, want := rs[1].Entry.ID, old.ID+"~3"; got != want {
		t.Errorf("third: got %s, want %s", got, want)
	}
}

func testGUIDTwice(t *testing.T, s *Store) {
	for _, id := range []string{"https://example.org/?p=1", "tag:example.org,2026-01-01:s/guid"} {
		a, b := article("a-"+id), article("b-"+id)
		a.ID, b.ID = id, id
		if strings.HasPrefix(id, "tag:") {
			a.GUID, b.GUID = "guid", "guid"
		}
		put(t, s, a)
		if _, err := s.Withdraw(t.Context(), id, ""); err != nil {
			t.Fatal(err)
		}
		rs, err := s.PutAll(t.Context(), []feed.Entry{b})
		if err != nil {
			t.Fatal(err)
		}
		if err := rs[0].Err; err == nil || !strings.Contains(err.Error(), "s/"+a.Key) || !strings.Contains(err.Error(), "s/"+b.Key) {
			t.Errorf("another article with ID %s: got %v, want a refusal that names both", id, err)
		}
	}
}

func testWithdraw(t *testing.T, s *Store) {
	ctx := t.Context()
	e := article("a.md")
	put(t, s, e)
	at(s, time.Hour)
	got, err := s.Withdraw(ctx, e.ID, "wrong")
	if err != nil || got.Status != feed.Withdrawn || got.Note != "wrong" ||
		!got.Withdrawn.Equal(start.Add(time.Hour)) || !got.Updated.Equal(start.Add(time.Hour)) {
		t.Errorf("withdraw: got %+v, %v", got, err)
	}
	seq := seqNow(t, s)
	at(s, 2*time.Hour)
	if _, err := s.Withdraw(ctx, e.ID, "wrong"); err != nil || seqNow(t, s) != seq {
		t.Errorf("the same again: got %v, seq %d, want no change of %d", err, seqNow(t, s), seq)
	}
	got, err = s.Withdraw(ctx, e.ID, "libel")
	if err != nil || got.Note != "libel" || !got.Withdrawn.Equal(start.Add(time.Hour)) || !got.Updated.Equal(start.Add(2*time.Hour)) {
		t.Errorf("another note: got %+v, %v", got, err)
	}
	// The source turns it into a draft meanwhile, which restoring must know.
	e.Status = feed.Draft
	if r := put(t, s, e)[0]; r.Entry.Status != feed.Withdrawn || r.Entry.Note != "libel" {
		t.Errorf("put while withdrawn: got %+v, want it withdrawn", r.Entry)
	}
	at(s, 3*time.Hour)
	got, err = s.Restore(ctx, e.ID)
	if err != nil || got.Status != feed.Draft || got.Note != "" || !got.Withdrawn.IsZero() || !got.Updated.Equal(start.Add(3*time.Hour)) {
		t.Errorf("restore: got %+v, %v", got, err)
	}
	if _, err := s.Restore(ctx, e.ID); !errors.Is(err, ErrNotWithdrawn) {
		t.Errorf("restore again: got %v, want ErrNotWithdrawn", err)
	}
	if _, err := s.Withdraw(ctx, "urn:none", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("withdraw nothing: got %v, want ErrNotFound", err)
	}
}
