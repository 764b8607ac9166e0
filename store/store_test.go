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
