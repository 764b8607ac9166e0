package config

import (
	"os"
	"path/filepath"
	"testing"
)

// The example is what newcomers run first: it must load, from itself alone, and its folder must hold its articles.
func TestExampleSite(t *testing.T) {
	c, err := LoadFolder("example", Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "site.feeds_url", c.Site.FeedsURL.String(), "http://"+c.Serve.Listen+"/")
	var names []string
	for _, f := range c.Feeds {
		names = append(names, f.Name)
	}
	equal(t, "feeds", names, []string{"news", "sea", "tag/:tag"})
	for _, s := range c.Sources {
		articles, err := os.ReadDir(s.Folder)
		if err != nil || len(articles) < 8 {
			t.Errorf("source %s: got %d articles and %v, want at least 8", s.Name, len(articles), err)
		}
		equal(t, "the folder's place", filepath.Dir(s.Folder), c.Folder)
	}
}
