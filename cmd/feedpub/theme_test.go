package main

import "testing"

// A theme that cannot be used is a mistake of the configuration, for every command that reads that.
func TestThemeMistakeIsUsage(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Example, url: \"https://example.org/\", theme: look}\n", "articles/one.md", "# One\n",
		"look/feed.html", "{{.Nothing}}")
	for _, command := range []string{"generate", "config", "serve"} {
		feedpub(t, dir, exitUsage, command)
	}
	writeFiles(t, dir, "look/feed.html", "{{.Title}}")
	feedpub(t, dir, 0, "generate")
}
