package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"feedpub/feed"
)

func adopt(t *testing.T, s *Store, as ...Adopted) {
	t.Helper()
	if err := s.Adopt(t.Context(), as); err != nil {
		t.Fatal(err)
	}
}

func memory(t *testing.T, s *Store) []Adopted {
	t.Helper()
	var as []Adopted
	for a, err := range s.Memory(t.Context(), s.Now()) {
		if err != nil {
			t.Fatal(err)
		}
		as = append(as, a.Adopted)
	}
	return as
}

func testAdopt(t *testing.T, s *Store) {
	published, updated := start.Add(-48*time.Hour), start.Add(-24*time.Hour)
	base := Adopted{ID: "urn:old", Published: published, Updated: updated}
	edited := article("a.md")
	significant := edited.Significant()
	for name, test := range map[string]struct {
		adopted     func(*Adopted)
		wantID      string
		wantUpdated time.Time
	}{
		"by key": {func(a *Adopted) { a.Source, a.Key = "s", "by key" }, "", updated},
		"by ID":  {func(a *Adopted) { a.ID = article("by ID").ID }, "", updated},
		"by URL": {func(a *Adopted) { a.URL = article("by URL").URL }, "", updated},
		"same raw": {func(a *Adopted) { a.Source, a.Key, a.Raw, a.Significant = "s", "same raw", "raw of same raw", "x" },
			"", updated},
		"edited": {func(a *Adopted) { a.Source, a.Key, a.Raw, a.Significant = "s", "edited", "x", "x" }, "", start},
		"markup": {func(a *Adopted) { a.Source, a.Key, a.Raw, a.Significant = "s", "markup", "x", significant },
			"", updated},
		"other": {func(a *Adopted) { a.URL = "https://example.org/elsewhere" }, article("other").ID, start},
		"other key": {func(a *Adopted) { a.ID, a.Source, a.Key = article("other key").ID, "s", "moved" },
			article("other key").ID + "~2", start},
	} {
		a := base
		a.ID += name
		test.adopted(&a)
		adopt(t, s, a)
		if test.wantID == "" {
			test.wantID = a.ID
		}
		e := article(name)
		if name == "markup" {
			e = edited
			e.Key = name
			e.ID = article(name).ID
		}
		if empty, err := s.Empty(t.Context()); err != nil {
			t.Errorf("empty: got %v, %v", empty, err)
		}
		got := put(t, s, e)[0].Entry
		wantPublished := published
		if test.wantUpdated.Equal(start) && name != "edited" {
			wantPublished = start
		}
		if got.ID != test.wantID || !got.Published.Equal(wantPublished) || !got.Updated.Equal(test.wantUpdated) || got.Dated {
			t.Errorf("%s: got %s, %v, %v, want %s, %v, %v", name, got.ID, got.Published, got.Updated,
				test.wantID, wantPublished, test.wantUpdated)
		}
		if put(t, s, e)[0].Changed {
			t.Errorf("%s: put again changes it", name)
		}
	}
}

func testAdoptAndRename(t *testing.T, s *Store) {
	adopt(t, s, Adopted{ID: "urn:a", Source: "s", Key: "a.md", Raw: "raw of a.md", Published: start})
	known, err := s.Alike(t.Context(), "s", ByKey, []string{"a.md"})
	if k := known["a.md"]; err != nil || k.ID != "urn:a" || k.Raw != "raw of a.md" || !k.Adopted || k.Status != feed.Published {
		t.Errorf("keys: got %+v, %v, want the adopted one", known, err)
	}
	moved := article("b.md")
	moved.FormerKey = "a.md"
	if got := put(t, s, moved)[0].Entry; got.ID != "urn:a" || got.Key != "b.md" {
		t.Errorf("moved: got %s %s, want urn:a b.md", got.ID, got.Key)
	}
	adopt(t, s, Adopted{ID: "urn:a", Source: "s", Key: "a.md"})
	if got := put(t, s, article("a.md"))[0].Entry.ID; got != article("a.md").ID {
		t.Errorf("adopting what is stored: got %s for another article, want its own ID", got)
	}
}

func testAdoptedTombstone(t *testing.T, s *Store) {
	ctx := t.Context()
	gone := Adopted{ID: "urn:gone", URL: "https://example.org/gone", Published: start, Updated: start, Withdrawn: start, Note: "libel"}
	adopt(t, s, Adopted{ID: "urn:gone"}, gone)
	adopt(t, s, Adopted{ID: "urn:gone"})
	e := entry(t, s, "urn:gone")
	if e.Status != feed.Withdrawn || e.Note != "libel" {
		t.Errorf("entry: got %+v, want a tombstone", e)
	}
	if e, err := s.Lookup(ctx, "urn:gone"); err != nil || e.ID != "urn:gone" {
		t.Errorf("lookup: got %+v, %v, want the tombstone", e, err)
	}
	n := 0
	for e, err := range s.List(ctx, Filter{Status: feed.Withdrawn}) {
		if err != nil || e.ID != "urn:gone" {
			t.Errorf("list: got %+v, %v, want the tombstone", e, err)
		}
		n++
	}
	if as := memory(t, s); n != 1 || len(as) != 1 || as[0].ID != "urn:gone" || as[0].Note != "libel" {
		t.Errorf("list and memory: got %d, %+v, want the tombstone in both", n, as)
	}
	if es, err := s.Newest(ctx, Query{Now: start}); err != nil || len(es) > 0 {
		t.Errorf("newest: got %+v, %v, want none without an article", es, err)
	}
	if _, err := s.Restore(ctx, "urn:gone"); !errors.Is(err, ErrNotFound) {
		t.Errorf("restore: got %v, want ErrNotFound", err)
	}
	back := article("gone")
	back.URL = gone.URL
	if got := put(t, s, back)[0].Entry; got.ID != "urn:gone" || got.Status != feed.Withdrawn || got.Note != "libel" {
		t.Errorf("its article: got %+v, want it withdrawn", got)
	}
	if es, err := s.Newest(ctx, Query{Now: start}); err != nil || keys(es) != "gone" {
		t.Errorf("newest: got %+v, %v, want the tombstone, which readers have seen", es, err)
	}
	if got, err := s.Restore(ctx, "urn:gone"); err != nil || got.Status != feed.Published {
		t.Errorf("restore: got %+v, %v, want it published", got, err)
	}
}

// A store that lost everything gives every entry what it had, whatever the order.
func testMemoryIsAdoptable(t *testing.T, s *Store) {
	ctx := t.Context()
	var es []feed.Entry
	var window []string
	for _, key := range []string{"a", "b", "c", "d"} {
		es = append(es, article(key))
		window = append(window, article(key).ID)
	}
	put(t, s, es...)
	at(s, time.Hour)
	es[1].Title, es[1].Raw = "Edited", "edited"
	put(t, s, es...)
	if _, err := s.Withdraw(ctx, window[2], "gone"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveFeed(ctx, FeedState{Name: "news"}, window[:3], nil); err != nil {
		t.Fatal(err)
	}
	remembered := memory(t, s)
	if len(remembered) != 3 {
		t.Errorf("memory: got %+v, want the three that readers were shown", remembered)
	}
	second := openFile(t, t.TempDir()+"/second.db")
	at(second, 9*time.Hour)
	adopt(t, second, remembered...)
	if again := memory(t, second); !slices.Equal(again, remembered) {
		t.Errorf("memory of the adopted: got %+v, want %+v", again, remembered)
	}
	slices.Reverse(es)
	put(t, second, es...)
	if again := memory(t, second); !slices.Equal(again, remembered) {
		t.Errorf("memory of the second store: got %+v, want %+v", again, remembered)
	}
}

// What readers have and the store has lost is there again, and its article takes it over when it comes.
func testRecover(t *testing.T, s *Store) {
	put(t, s, article("a.md"))
	adopt(t, s,
		Adopted{ID: "urn:b", Source: "s", Key: "b.md"},
		Adopted{ID: "urn:taken", Source: "s", Key: "a.md"}, // of a key that is another entry's
		Adopted{ID: "urn:gone", Withdrawn: start, Note: "libel"})
	var es []feed.Entry
	for _, id := range []string{article("a.md").ID, "urn:b", "urn:taken", "urn:gone", "urn:unknown"} {
		es = append(es, feed.Entry{ID: id, URL: "https://example.org/" + id, Title: "Published", Published: start, Updated: start})
	}
	for range 2 {
		if err := s.Recover(t.Context(), es); err != nil {
			t.Fatal(err)
		}
	}
	if got := entry(t, s, article("a.md").ID).Title; got != article("a.md").Title {
		t.Errorf("what was stored: got title %q, want it left alone", got)
	}
	if got := entry(t, s, "urn:gone"); got.Status != feed.Withdrawn || got.Note != "libel" {
		t.Errorf("a tombstone: got %+v, want it withdrawn", got)
	}
	if es, err := s.Newest(t.Context(), Query{Now: start}); err != nil || len(es) != 5 {
		t.Errorf("newest: got %s, %v, want all five", keys(es), err)
	}
	unknown := article("c.md")
	unknown.URL = "https://example.org/urn:unknown"
	for _, r := range put(t, s, article("b.md"), unknown) {
		if want := map[string]string{"b.md": "urn:b", "c.md": "urn:unknown"}[r.Entry.Key]; r.Entry.ID != want || r.New {
			t.Errorf("%s: got %s, new %v, want %s, known", r.Entry.Key, r.Entry.ID, r.New, want)
		}
	}
}
