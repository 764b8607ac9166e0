package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// JSON says all of an entry, also of one that is in no document.
func TestListPrintsWhatWasPutOff(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news, limit: 1}]\n")
	for i := range 3 {
		writeFiles(t, dir, fmt.Sprintf("articles/%d.md", i), fmt.Sprintf("---\ntitle: Article %[1]d\ndate: 2026-01-0%[2]d\n---\nText of *%[1]d*.\n", i, i+1))
	}
	feedpub(t, dir, 0, "generate")
	out := feedpub(t, dir, 0, "list", "--json")
	for i := range 3 {
		for _, want := range []string{fmt.Sprintf(`<p>Text of <em>%d</em>.</p>`, i), fmt.Sprintf(`"Text of %d."`, i)} {
			if !strings.Contains(out, want) {
				t.Errorf("%s is not in the list:\n%s", want, out)
			}
		}
	}
}

// A site whose articles came in one by one, and one that read all of them at once and put most of their content off, make
// the same documents, also when feeds that show more come to it later.
func TestPutOffMakesTheSame(t *testing.T) {
	t.Parallel()
	const config = "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news, limit: 10}, {name: all, limit: 1000, content: both}, {name: some, search: [word7*]}]\n"
	early, late := t.TempDir(), t.TempDir()
	for _, dir := range []string{early, late} {
		for i := range 600 {
			writeFiles(t, dir, fmt.Sprintf("articles/%d.md", i), fmt.Sprintf(
				"---\ntitle: Article %[1]d\ndate: 2026-01-%02[2]dT10:00:00Z\n---\nLead of *%[1]d*, word%[1]d.\n\n<!--more-->\n\nSee [it](other-%[1]d).\n", i, 1+i%28))
		}
	}
	writeFiles(t, early, "feedpub.yaml", config)
	feedpub(t, early, 0, "import", "--config", ".", "articles")
	feedpub(t, early, 0, "generate")

	writeFiles(t, late, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news, limit: 10}]\n")
	feedpub(t, late, 0, "generate")
	writeFiles(t, late, "feedpub.yaml", config)
	feedpub(t, late, 0, "generate")

	for _, name := range []string{"news/rss.xml", "all/atom.xml", "all/feed.json", "some/rss.xml"} {
		want, err := os.ReadFile(filepath.Join(early, "feeds", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(late, "feeds", name))
		if err != nil || string(got) != string(want) {
			t.Errorf("%s differs: %v", name, err)
		}
	}
}
