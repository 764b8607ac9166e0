package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"feedpub/feed"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestStore runs the suite that every database must pass.
func TestStore(t *testing.T) {
	testStore(t, func(t *testing.T) *Store { return openFile(t, filepath.Join(t.TempDir(), "store.db")) })
}

func openFile(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return start }
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func testStore(t *testing.T, open func(*testing.T) *Store) {
	for name, test := range map[string]func(*testing.T, *Store){
		"PutUnchanged": testPutUnchanged,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// article is a published article of source s as an import reads it.
func article(key string) feed.Entry {
	return feed.Entry{
		ID: "tag:example.org,2026-01-01:s/" + key, Source: "s", Key: key, Slug: key,
		URL: "https://example.org/" + key, Title: "Title of " + key, Content: "<p>Text of " + key + "</p>",
		Status: feed.Published, Raw: "raw of " + key,
	}
}

func put(t testing.TB, s *Store, es ...feed.Entry) []PutResult {
	t.Helper()
	rs, err := s.PutAll(context.Background(), es)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	return rs
}

func testPutUnchanged(t *testing.T, s *Store) {
	e := article("a.md")
	e.Authors = []feed.Author{{Name: "Ann", Email: "ann@example.org"}}
	e.Tags = []string{"Go", "World"}
	e.Enclosures = []feed.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 7, Duration: time.Minute}}
	e.Image = feed.Image{URL: "https://example.org/a.png", Alt: "an a"}
	e.Embargo, e.Expiry = start.Add(time.Hour+123), start.Add(2*time.Hour)
	if rs := put(t, s, e); !rs[0].Changed || !rs[0].New {
		t.Errorf("first time: got %+v, want changed and new", rs[0])
	}
	_, seq, err := s.Changes(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Now = func() time.Time { return start.Add(time.Hour) }
	if rs := put(t, s, e); rs[0].Changed || rs[0].New {
		t.Errorf("second time: got %+v, want unchanged", rs[0])
	}
	if changes, upTo, err := s.Changes(t.Context(), seq); err != nil || len(changes) > 0 || upTo != seq {
		t.Errorf("changes: got %v, %d, %v, want none after %d", changes, upTo, err, seq)
	}
}
