package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

var feedName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

func testFacetNames(t *testing.T, s *Store) {
	hashed := regexp.MustCompile(`^.*[0-9a-f]{6}$`)
	seen := make(map[string]string)
	for _, test := range []struct{ tag, want string }{ // a want that ends in * has a hash added
		{"Go", "go"}, {"World News", "world-news"}, {"world-news", "world-news-*"}, {"Köln", "koln"},
		{"C", "c"}, {"C++", "c-*"}, {"C#", "c-*"}, {"日本語", "*"}, {"🙂", "*"}, {"Straße", "strasse"},
		{"node.js", "node.js"}, {".NET", "net-*"}, {"archive", "archive-*"}, {"con", "con-*"}, {"Nul.txt", "nul.txt-*"},
		{"COM1", "com1-*"}, {"com10", "com10"}, {"etc.", "etc-*"}, {"R & D", "r-d"}, {"..", "*"}, {"-", "*"},
		{"1.10", "1.10"}, {strings.Repeat("long ", 30), "long-long-*"},
	} {
		name, err := s.FacetName(t.Context(), feed.ByTag, test.tag)
		stem, hash := strings.CutSuffix(test.want, "*")
		if err != nil || !hash && name != test.want || hash && (!strings.HasPrefix(name, stem) || !hashed.MatchString(name)) {
			t.Errorf("%s: got %s, %v, want %s", test.tag, name, err, test.want)
		}
		if !feedName.MatchString(name) {
			t.Errorf("%s: got %s, which is no feed name", test.tag, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("%s and %s: got %s for both", test.tag, other, name)
		}
		seen[name] = test.tag
	}
	for name, tag := range seen {
		if again, err := s.FacetName(t.Context(), feed.ByTag, strings.ToUpper(tag)); err != nil || again != name {
			t.Errorf("%s again: got %s, %v, want %s", tag, again, err, name)
		}
	}
	if _, err := s.FacetName(t.Context(), feed.ByTag, " "); err == nil {
		t.Error("an empty tag: got a name, want an error")
	}
}

func testFacets(t *testing.T, s *Store) {
	draft := dated("draft", 0, "Secret")
	draft.Status = feed.Draft
	put(t, s, dated("a", time.Minute, "golang", "World"), dated("b", 0, "GoLang"), dated("c", 0, "golanG"), draft)
	if _, err := s.FacetName(t.Context(), feed.ByTag, "Golang"); err != nil {
		t.Fatal(err)
	}
	tags, err := s.Facets(t.Context(), feed.ByTag)
	want := []NamedFacet{{feed.Facet{Kind: feed.ByTag, Value: "golang", Label: "golanG"}, "golang"}, {feed.Facet{Kind: feed.ByTag, Value: "world", Label: "World"}, ""}}
	if err != nil || !slices.Equal(tags, want) {
		t.Errorf("got %v, %v, want %v", tags, err, want)
	}
	put(t, s, dated("a", time.Minute, "Golang"))
	if tags, err = s.Facets(t.Context(), feed.ByTag); err != nil || len(tags) != 1 {
		t.Errorf("a tag that is gone: got %v, %v, want it left out", tags, err)
	}
}

func FuzzFacetNames(f *testing.F) {
	for _, s := range []string{"Go", "C++", "日本語", "COM1", "a..", "é.", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, tag string) {
		for _, name := range facetNames(feed.Fold(tag)) {
			if !feedName.MatchString(name) || strings.HasSuffix(name, ".") || reserved(name) {
				t.Errorf("%q: got %q, which is no feed name", tag, name)
			}
		}
		if once := feed.Fold(tag); feed.Fold(once) != once {
			t.Errorf("%q: got %q, which folds again", tag, once)
		}
	})
}
