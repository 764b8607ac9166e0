package store

import (
	"context"
	"errors"
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
		"PutUnchanged":      testPutUnchanged,
		"Unmade":            testUnmade,
		"UnmadeAndUnread":   testUnmadeAndUnread,
		"ListWhole":         testListWhole,
		"Unmakeable":        testUnmakeable,
		"PutAgain":          testPutAgain,
		"Refusals":          testRefusals,
		"IDStands":          testIDStands,
		"MintedTwice":       testMintedTwice,
		"GUIDTwice":         testGUIDTwice,
		"Withdraw":          testWithdraw,
		"Lookup":            testLookup,
		"List":              testList,
		"Newest":            testNewest,
		"NewestOfTwo":       testNewestOfTwo,
		"NewestWithdrawn":   testNewestWithdrawn,
		"NextChange":        testNextChange,
		"Changes":           testChanges,
		"Feeds":             testFeeds,
		"Settings":          testSettings,
		"FacetNames":        testFacetNames,
		"Tags":              testFacets,
		"Listings":          testListings,
		"ListingNotText":    testListingNotText,
		"Adopt":             testAdopt,
		"AdoptAndRename":    testAdoptAndRename,
		"Alike":             testAlike,
		"Files":             testFiles,
		"AdoptedTombstone":  testAdoptedTombstone,
		"MemoryIsAdoptable": testMemoryIsAdoptable,
		"Recover":           testRecover,
		"Audience":          testAudience,
		"Named":             testNamed,
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

// Writes that belong together are stored together or not at all.
func TestTogether(t *testing.T) {
	s, ctx := openFile(t, filepath.Join(t.TempDir(), "store.db")), t.Context()
	failed := errors.New("no more")
	write := func(err error) error {
		return s.Together(ctx, func(ctx context.Context) error {
			if err := s.SetSetting(ctx, "colour", "red"); err != nil {
				t.Fatal(err)
			}
			if _, putErr := s.Put(ctx, article("a")); putErr != nil {
				t.Fatal(putErr)
			}
			return err
		})
	}
	if err := write(failed); !errors.Is(err, failed) {
		t.Errorf("got %v, want %v", err, failed)
	}
	if colour, err := s.Setting(ctx, "colour"); colour != "" || err != nil {
		t.Errorf("got %q, %v of what was given up", colour, err)
	}
	if err := write(nil); err != nil {
		t.Fatal(err)
	}
	if colour, err := s.Setting(ctx, "colour"); colour != "red" || err != nil {
		t.Errorf("got %q, %v; want red", colour, err)
	}
	if _, err := s.Entry(ctx, article("a").ID); err != nil {
		t.Error(err)
	}
}
