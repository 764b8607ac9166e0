package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// generated is what a generator makes of an article, with the address that it names, if any.
func generated(title, canonical string) string {
	if canonical != "" {
		canonical = `<link rel="canonical" href="` + canonical + `">`
	}
	return "<!doctype html><title>" + title + "</title>" + canonical + "<article><h1>" + title + "</h1><p>Text.</p></article>"
}

// Pages that were made of articles which are read themselves would publish each twice.
func TestGeneratedPagesArePassedOver(t *testing.T) {
	const site = "https://example.org"
	hugo := map[string]string{
		"content/posts/first.md":            "---\ntitle: First\n---\nText.",
		"content/posts/second/index.md":     "---\ntitle: Second\n---\nText.",
		"content/posts/moved.md":            "---\ntitle: Moved\nurl: /elsewhere/\n---\nText.",
		"content/posts/secret.md":           "---\ntitle: Secret\ndraft: flase\n---\nText.",
		"docs/posts/first/index.html":       generated("First | Site", site+"/posts/first/"),
		"docs/posts/second/index.html":      generated("Second", ""),
		"docs/elsewhere/index.html":         generated("Moved", site+"/elsewhere/index.html"),
		"docs/posts/secret/index.html":      generated("Secret", ""),
		"out/posts/first.html":              generated("First", site+"/posts/first"),
		"about/a.html":                      generated("Alone", ""),
		"about/self.html":                   generated("Self", site+"/about/self.html"),
		"about/self.print.html":             generated("Self, to print", site+"/about/self.html"),
		"x/same.html":                       generated("Of one name", ""),
		"y/same.html":                       generated("Of one name, another", ""),
		"about/home.html":                   generated("Names the site", site),
		"about/home2.html":                  generated("Names the site too", site+"/"),
		"zz/written.html":                   "---\ntitle: Written\n---\n<p>Text.</p>",
		"about/written.html":                generated("Written", site+"/posts/written/"),
		"content/posts/zz-after-content.md": "---\ntitle: Last\nslug: a-first\n---\nText.",
		"content/posts/a-first.html":        generated("Last", ""),
	}
	b := newBench(t)
	b.loader.Reader.Permalink = "/posts/:slug/"
	for key, text := range hugo {
		b.write(key, text)
	}
	want := []string{"about/a.html", "about/home.html", "about/home2.html", "about/self.html", "content/posts/first.md",
		"content/posts/moved.md", "content/posts/second/index.md", "content/posts/zz-after-content.md", "x/same.html", "y/same.html", "zz/written.html"}
	for _, run := range []string{"an empty store", "a full one"} {
		report := b.load()
		if got := slices.Sorted(maps.Keys(b.known())); !slices.Equal(got, want) {
			t.Errorf("%s: got  %v\nwant %v", run, got, want)
		}
		warnings := fmt.Sprint(report.Warnings)
		if strings.Count(warnings, "passed over") != 1 || !strings.Contains(warnings, "8 pages of HTML are passed over") {
			t.Errorf("%s: got warnings %s, want one of 8 pages", run, warnings)
		}
	}
	b.source.Name = "other" // of what another source has they are doubles too
	b.source.Exclude = []string{"content/**", "x", "y"}
	b.load()
	if got := slices.Sorted(maps.Keys(b.known())); slices.Contains(got, "docs/posts/first/index.html") {
		t.Errorf("got %v, want no page of an article in the other source", got)
	}
	report, err := b.loader.Import(t.Context(), b.source, "docs/posts/first/index.html")
	if err != nil || report.New != 1 {
		t.Errorf("named: got %s, %v, want it as an article", counts(report), err)
	}
}

// A page that stands by itself is an article when its file has another name.
func TestRenamedPageIsNoDouble(t *testing.T) {
	b := newBench(t)
	b.write("a.html", generated("A", "https://example.org/a/"))
	b.load()
	b.remove("a.html")
	b.write("b.html", generated("A", "https://example.org/a/"))
	b.wantCounts(b.load(), "1 0 1 0 0 1 0")
}

// What was made of an article that the store refuses is no article either, whenever it was refused.
func TestPageOfWhatTheStoreRefuses(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "---\nguid: urn:x\nurl: /first/\ntitle: A\n---\nText.\n")
	b.write("b.md", "---\nguid: urn:x\nurl: /second/\ntitle: B\n---\nText b.\n")
	for n := range batchArticles {
		b.write(fmt.Sprintf("m%d.md", n), fmt.Sprintf("# M %d\n\nText.\n", n))
	}
	b.write("out/b.html", generated("B", "https://example.org/second/"))
	if r := b.load(); r.Refused != 1 {
		t.Errorf("got %d refused, want b.md", r.Refused)
	}
	if _, there := b.known()["out/b.html"]; there {
		t.Error("its page is an article")
	}
}
