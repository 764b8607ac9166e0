package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feedpub/feed"
)

// What the article's own program makes no page of is a draft, and where that is in doubt it is refused.
func TestUnbuilt(t *testing.T) {
	tests := []struct{ key, head, want string }{
		{"a.md", "build: {render: never}", "draft"},
		{"a.md", "_build:\n  list: never", "draft"},
		{"a.md", "build: {render: link}", "draft"},
		{"a.md", "build: {list: false}", "draft"},
		{"a.md", "build: {render: always, list: local}", "published"},
		{"a.md", "build: 4711", "published"},
		{"a.md", "build: {render: nver}", `a.md:3: build.render: "nver" is not known; use always or never`},
		{"a.md", "build: {list: [never]}", "a.md:3: build.list: a list is not known; use always or never"},
		{"a.md", "headless: true", "draft"},
		{"a.md", "headless: no", "published"},
		{"a.md", "headless: ture", `a.md:3: headless: "ture" is neither true nor false`},
		{"a.md", "permalink: false", "draft"},
		{"a.md", "permalink: /x/", "published"},
		{"a.md", "eleventyExcludeFromCollections: true", "draft"},
		{"a.md", "eleventyExcludeFromCollections:", "a.md:3: eleventyExcludeFromCollections: null is neither true nor false"},
		{"a.md", "render: false", "draft"},
		{"a.md", "render: true", "published"},
		{"x/_draft.md", "draft: false", "draft"},
		{"_posts/a.md", "draft: false", "published"},
		{"_index.md", "draft: false", "published"},
	}
	for _, test := range tests {
		a, err := newReader(t).Read("s", test.key, []byte("---\ntitle: T\n"+test.head+"\n---\nx\n"))
		got := string(a.Status)
		if err != nil {
			got = err.Error()
		}
		if got != test.want || len(a.Warnings) > 0 {
			t.Errorf("%s, %q: got %s, %q, want %s", test.key, test.head, got, a.Warnings, test.want)
		}
	}
}

// A permalink with dates asks them only of what is published, and does not complain beside the date itself.
func TestUndatedDrafts(t *testing.T) {
	tests := []struct{ key, head, want string }{
		{"a.md", "draft: true", ""},
		{"a.md", "publish: false", ""},
		{"_drafts/a.md", "tags: a", ""},
		{"a.md", "tags: a", "a.md: no date, which the permalink /:year/:slug/ asks for; give it one, or a url"},
		{"a.md", "date: 2026-02-30", `a.md:3: date: "2026-02-30" is no date of the calendar`},
	}
	for _, test := range tests {
		r := newReader(t)
		r.Permalink = "/:year/:slug/"
		a, err := r.Read("s", test.key, []byte("---\ntitle: T\n"+test.head+"\n---\n[x](y.html)\n"))
		got := ""
		if err != nil {
			got = err.Error()
		} else if a.Status != feed.Draft || a.URL != "" {
			t.Errorf("%s, %q: got %s at %q, want a draft without URL", test.key, test.head, a.Status, a.URL)
		}
		if got != test.want {
			t.Errorf("%s, %q: got %s, want %s", test.key, test.head, got, test.want)
		}
	}
}

// Hexo's categories have others below them; tags do not.
func TestNestedCategories(t *testing.T) {
	tests := []struct{ head, want string }{
		{"categories: [[Sports, Baseball], [MLB]]", "Sports Baseball MLB"},
		{"categories:\n- - Sports\n  - Baseball\n- MLB", "Sports Baseball MLB"},
		{"categories: [[[a]], [[b]]]", "a.md:3: categories: want a list of words, got a list in it"},
		{"categories: {a: b}", "a.md:3: categories: want a list, got a map"},
		{"tags: [[a], [b]]", "a.md:3: tags: want a list of words, got a list in it"},
	}
	for _, test := range tests {
		a, err := newReader(t).Read("s", "a.md", []byte("---\ntitle: T\n"+test.head+"\n---\nx\n"))
		got := strings.Join(slices.Clone(a.Tags), " ")
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q: got %s, want %s", test.head, got, test.want)
		}
	}
}

// A file of Jekyll's folder of drafts is one too where that folder is the source, and no key names it.
func TestFolderOfDrafts(t *testing.T) {
	b := newBench(t)
	site := b.source.Dir
	b.write("_drafts/a.md", "# A\n\nText.")
	if err := os.Symlink("_drafts", filepath.Join(site, "link")); err != nil {
		t.Skip(err)
	}
	for _, dir := range []string{filepath.Join(site, "_drafts"), filepath.Join(site, "link"), "."} {
		t.Chdir(filepath.Join(site, "_drafts"))
		b.source.Dir = dir
		b.loader.Reread = true
		var got []feed.Status
		b.loader.Each = func(_ string, a Article, _ error) { got = append(got, a.Status) }
		if _, err := b.loader.Import(t.Context(), b.source, "a.md"); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, []feed.Status{feed.Draft}) {
			t.Errorf("%s: got %v, want a draft", dir, got)
		}
	}
}

// What goes with a project, its packages and its site is passed over in a folder, unless front matter says that it is an
// article.
func TestPaperworkIsPassedOver(t *testing.T) {
	b := newBench(t)
	for _, key := range []string{"README.md", "LICENSE.txt", "CHANGELOG.md", "docs/CONTRIBUTING.md", "robots.txt", "static/humans.txt", "requirements-dev.txt",
		"node_modules/x/about.md", "vendor/y/guide.md", "themes/t/notes.md", "sub/node_modules/z/a.txt"} {
		b.write(key, "# Not an article\n\nText of it.\n")
	}
	b.write("changelog.md", "---\ntitle: What changed\n---\nAn article.\n")
	b.write("security.md", "# Passed over\n")
	b.write("about-licenses.md", "# On licences\n\nText.\n")
	b.load()
	var keys []string
	for key := range b.known() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	if want := []string{"about-licenses.md", "changelog.md"}; !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
}
