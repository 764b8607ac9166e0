package publish

import "testing"

// Feeds made one a tag share a title and a description in the configuration, and must not in the readers' lists.
func TestTitleOfEachTag(t *testing.T) {
	site := Site{Title: "Example News", Description: "All of it."}
	for _, tt := range []struct{ title, description, wantTitle, wantDescription string }{
		{"", "", "Example News: Go", "All of it."},
		{"On :tag", "News of :tag.", "On Go", "News of Go."},
		{"One for all", "", "One for all", "All of it."},
	} {
		c := Spec{Each: "tag", Title: tt.title, Description: tt.description}.forTag(site, "go", "Go")
		if c.Title != tt.wantTitle || c.Description != tt.wantDescription {
			t.Errorf("%q, %q: got %q, %q, want %q, %q", tt.title, tt.description, c.Title, c.Description, tt.wantTitle, tt.wantDescription)
		}
	}
}
