package validate_test

import (
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"feedpub/feed"
	"feedpub/feed/validate"
)

// allowed are the warnings that our own documents may bring.
var allowed = map[string]bool{"date-implausible": true, "atom-same-updated": true, "url-scheme": true, "text-markup": true}

// What we write is held against the rules for strangers.
func TestOurDocuments(t *testing.T) {
	names, err := filepath.Glob("../testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d archives, %v", len(names), err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			for _, format := range feed.Formats {
				if file.Name != format.FileName() {
					continue
				}
				r := validate.Document(file.Data, validate.Options{})
				if r.Format != format {
					t.Errorf("%s: %s: got format %q", name, file.Name, r.Format)
				}
				for _, f := range r.Findings {
					if !allowed[f.Code] {
						t.Errorf("%s: %s:%d:%d: %s", filepath.Base(name), file.Name, f.Line, f.Column, f)
					}
				}
			}
		}
	}
}
