package publish

import (
	"testing"

	"feedpub/feed"
	"feedpub/store"
)

// Feeds made one a tag share a title and a description in the configuration, and must not in the readers' lists.
func TestTitleOfEachTag(t *testing.T) {
	site := Site{Title: "Example News", Description: "All of it."}
	for _, tt := range []struct{ title, description, wantTitle, wantDescription string }{
		{"", "", "Example News: Go", "All of it."},
		{"On :tag", "News of :tag.", "On Go", "News of Go."},
		{"One for all", "", "One for all", "All of it."},
	} {
		c := Spec{Name: "tag/:tag", Each: feed.ByTag, Title: tt.title, Description: tt.description}.forFacet(site, store.NamedFacet{Facet: feed.Facet{Kind: feed.ByTag, Value: "go", Label: "Go"}, Name: "go"})
		if c.Title != tt.wantTitle || c.Description != tt.wantDescription {
			t.Errorf("%q, %q: got %q, %q, want %q, %q", tt.title, tt.description, c.Title, c.Description, tt.wantTitle, tt.wantDescription)
		}
	}
}
