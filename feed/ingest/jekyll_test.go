package ingest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
)

// The posts of the Jekyll project: date in the file name, YAML, Liquid tags in the text.
func TestJekyllPosts(t *testing.T) {
	folder := sharedFolder(t, "jekyll")
	files, err := filepath.Glob(filepath.Join(folder, "*.m*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 102 {
		t.Errorf("got %d posts, want 102", len(files))
	}
	code := regexp.MustCompile(`(?s)<pre>.*?</pre>|<code>.*?</code>`)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a, err := newReader(t).Read("jekyll", "_posts/"+filepath.Base(file), raw)
		if err != nil {
			t.Error(err)
			continue
		}
		if !a.Dated || len(a.Authors) == 0 || len(a.Tags) == 0 || a.Title == "" || a.Content == "" || a.Status != feed.Published {
			t.Errorf("%s: got date %v, authors %v, tags %v, title %q", a.Key, a.Published, a.Authors, a.Tags, a.Title)
		}
		if text := clean.Text(code.ReplaceAllString(a.Content, "")); strings.Contains(text, "{%") || strings.Contains(text, "{{") {
			t.Errorf("%s: Liquid is left in %q", a.Key, text)
		}
	}
}
