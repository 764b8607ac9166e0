package store

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"feedpub/feed"
)

func testChanges(t *testing.T, s *Store) {
	ctx := t.Context()
	put(t, s, dated("a", 0, "Go", "go", "World"), dated("b", 0, "World"))
	a, b := article("a").ID, article("b").ID
	for _, name := range []string{"tag/go", "news"} {
		if err := s.SaveFeed(ctx, FeedState{Name: name}, []string{a}, nil); err != nil {
			t.Fatal(err)
		}
	}
	mark := seqNow(t, s)
	if err := s.MarkDirty(ctx, []string{"news"}, mark); err != nil {
		t.Fatal(err)
	}
	if err := s.MarkDirty(ctx, nil, mark-1); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Mark(ctx); err != nil || got != mark {
		t.Errorf("mark: got %d, %v, want %d", got, err, mark)
	}
	draft := dated("b", 0, "World")
	draft.Status = feed.Draft
	put(t, s, draft, dated("a", 0, "Straße"))
	got, upTo, err := s.Changes(ctx, mark, 1000)
	want := []Change{{ID: b}, {ID: a, Facets: []feed.Facet{{Kind: feed.ByTag, Value: "strasse", Label: "Straße"}, {Kind: feed.ByLanguage}, {Kind: feed.BySource, Value: "s", Label: "s"}}, Feeds: []string{"news", "tag/go"}}}
	if err != nil || !reflect.DeepEqual(got, want) || upTo != mark+2 {
		t.Errorf("got %+v up to %d, %v, want %+v up to %d", got, upTo, err, want, mark+2)
	}
}

func testFeeds(t *testing.T, s *Store) {
	ctx := t.Context()
	put(t, s, article("a"), article("b"), article("c"))
	a, b, c := article("a").ID, article("b").ID, article("c").ID
	st := FeedState{
		Name: "news", Config: "hash", Next: start.Add(time.Hour), Updated: start, LastRun: start, LastChange: start,
		Entries: 2, Published: true,
	}
	save := func(st FeedState, window []string, left map[string]string) {
		t.Helper()
		if err := s.SaveFeed(ctx, st, window, left); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Window(ctx, st.Name); err != nil || !slices.Equal(got, window) {
			t.Errorf("window: got %v, %v, want %v", got, err, window)
		}
	}
	save(st, []string{a, b}, nil)
	if got, err := s.FeedState(ctx, "news"); err != nil || got != st {
		t.Errorf("state: got %+v, %v, want %+v", got, err, st)
	}
	if err := s.MarkDirty(ctx, []string{"new", "news"}, 0); err != nil {
		t.Fatal(err)
	}
	states, err := s.FeedStates(ctx)
	if err != nil || len(states) != 2 || states[0].Name != "new" || !states[0].Dirty || !states[1].Dirty || states[1].Config != "hash" {
		t.Errorf("marked: got %+v, %v, want two dirty feeds, the old one as it was", states, err)
	}
	st.Updated, st.Result = start.Add(-time.Hour), "disk full"
	save(st, []string{c, a}, map[string]string{b: "newer entries"})
	got, err := s.FeedState(ctx, "news")
	if err != nil || got.Dirty || got.Result != "disk full" || !got.Updated.Equal(start) {
		t.Errorf("saved: got %+v, %v, want it clean, updated no earlier than %v", got, err, start)
	}
	ds, err := s.Departures(ctx, b)
	if want := []Departure{{"news", "newer entries", start}}; err != nil || !slices.Equal(ds, want) {
		t.Errorf("departures: got %v, %v, want %v", ds, err, want)
	}
	save(st, []string{b, c, a}, nil)
	if ds, err := s.Departures(ctx, b); err != nil || len(ds) > 0 {
		t.Errorf("departures of who is back: got %v, %v, want none", ds, err)
	}
	if err := s.DropFeed(ctx, "news"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.FeedState(ctx, "news"); !errors.Is(err, ErrNotFound) {
		t.Errorf("dropped: got %v, want ErrNotFound", err)
	}
	if ids, err := s.Window(ctx, "news"); err != nil || len(ids) > 0 {
		t.Errorf("window of a dropped feed: got %v, %v, want none", ids, err)
	}
}

func testSettings(t *testing.T, s *Store) {
	ctx := t.Context()
	for _, want := range []string{"", "one", "two"} {
		if want != "" {
			if err := s.SetSetting(ctx, "k", want); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Setting(ctx, "k"); err != nil || got != want {
			t.Errorf("setting: got %q, %v, want %q", got, err, want)
		}
	}
	if got, err := s.LastRun(ctx, "job"); err != nil || !got.IsZero() {
		t.Errorf("last run: got %v, %v, want none", got, err)
	}
	if err := s.SetLastRun(ctx, "job", start); err != nil {
		t.Fatal(err)
	}
	if got, err := s.LastRun(ctx, "job"); err != nil || !got.Equal(start) {
		t.Errorf("last run: got %v, %v, want %v", got, err, start)
	}
}
