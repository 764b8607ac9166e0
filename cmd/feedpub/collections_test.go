package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

const siteConfig = "site: {title: Site, url: \"https://example.org/\", authors: [{name: Newsroom}]}\nfeeds: [{name: news, limit: 1000}]\n"

// published reads a published document of dir/feeds.
func published(t *testing.T, dir, name string, format feed.Format) *feed.Feed {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(dir, "feeds", name, format.FileName()))
	if err != nil {
		t.Fatal(err)
	}
	if err := feed.Check(doc, nil, format); err != nil {
		t.Errorf("%s %s: %v", name, format, err)
	}
	f, err := feed.Read(doc, format)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// records are the entries that the store of dir has.
func records(t *testing.T, dir string) (rs []record) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(feedpub(t, dir, 0, "list", "--json")))
	for d.More() {
		var r record
		if err := d.Decode(&r); err != nil {
			t.Fatal(err)
		}
		rs = append(rs, r)
	}
	return rs
}

// The wire story repeats its headline and three of its paragraphs.
func TestNewsStory(t *testing.T) {
	story, err := os.ReadFile(filepath.Join(shared(t, "articles"), "news-story.txt"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", siteConfig, "articles/news-story.txt", string(story))
	feedpub(t, dir, 0, "generate")
	const title = "Russia Officially Recognizes Taliban Government, Setting Precedent"
	for _, format := range feed.Formats {
		f := published(t, dir, "news", format)
		if len(f.Entries) != 1 {
			t.Fatalf("%s: got %d entries, want 1", format, len(f.Entries))
		}
		e := f.Entries[0]
		if e.Title != title {
			t.Errorf("%s: got title %q, want %q", format, e.Title, title)
		}
		all := e.Summary + "\n" + e.Text()
		for line := range strings.Lines(string(story)) {
			paragraph := strings.TrimSpace(line)
			want := 1
			if paragraph == title {
				want = 0
			}
			if got := strings.Count(all, paragraph); paragraph != "" && got != want {
				t.Errorf("%s: %d times, want %d: %s", format, got, want, paragraph)
			}
		}
		if !strings.HasPrefix(e.Summary, "In a historic turn of events") {
			t.Errorf("%s: got summary %q, want the lead", format, e.Summary)
		}
	}
}

var frontMatterDate = regexp.MustCompile(`(?m)^date: ["']?(\d{4}-\d\d-\d\d)`)

func TestJekyllPosts(t *testing.T) {
	folder := filepath.Join(shared(t, "articles"), "jekyll")
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "articles"), os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, "feedpub.yaml", siteConfig)
	feedpub(t, dir, 0, "generate")
	stored := records(t, dir)
	if len(stored) != 102 {
		t.Fatalf("got %d entries, want 102", len(stored))
	}
	for _, r := range stored {
		post, err := os.ReadFile(filepath.Join(folder, r.Key))
		if err != nil {
			t.Fatal(err)
		}
		day := r.Key[:len(time.DateOnly)]
		if m := frontMatterDate.FindSubmatch(post); m != nil {
			day = string(m[1])
		}
		// An evening hour of a western zone is the next day in UTC.
		if at, err := time.Parse(time.DateOnly, day); err != nil || r.Published.Sub(at) < -24*time.Hour || r.Published.Sub(at) > 48*time.Hour {
			t.Errorf("%s: got published %v, want %s", r.Key, r.Published, day)
		}
		if len(r.Authors) == 0 || len(r.Tags) == 0 || r.Title == "" || r.Text == "" {
			t.Errorf("%s: got authors %v, tags %v, title %q, %d characters of text", r.Key, r.Authors, r.Tags, r.Title, len(r.Text))
		}
	}
	for _, format := range feed.Formats {
		sameEntries(t, format, published(t, dir, "news", format).Entries, stored)
	}
}

// idPrefix keeps the ids in one entry's content apart from those in another's.
var idPrefix = regexp.MustCompile(`( id="|#)e[0-9a-f]{8}-`)

// sameEntries compares what a reader gets with what is stored, field by field.
func sameEntries(t *testing.T, format feed.Format, got []feed.Entry, stored []record) {
	t.Helper()
	if len(got) != len(stored) {
		t.Fatalf("%s: got %d entries, want %d", format, len(got), len(stored))
	}
	for i, want := range stored {
		e := got[i]
		if e.ID != want.ID || e.URL != want.URL || e.Title != want.Title || e.Summary != want.Summary ||
			idPrefix.ReplaceAllString(e.Content, "$1") != want.Content || !slices.Equal(e.Tags, want.Tags) ||
			authorNames(e.Authors) != authorNames(want.Authors) ||
			e.Published.Unix() != want.Published.Unix() || e.Updated.Unix() != want.Updated.Unix() {
			t.Errorf("%s: %s came back different:\ngot  %+v\nwant %+v", format, want.ID, e, want)
		}
	}
}

// A second run writes nothing; an empty store makes the same bytes; beside the published folder it keeps the dates of
// articles that have none.
func TestSameBytes(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", siteConfig+"  - each: tag\n",
		"articles/dated.md", "---\ntitle: Dated\ndate: 2026-03-01\ntags: [a, B, C++]\n---\nText.\n",
		"articles/other.md", "---\ntitle: Other\ndate: 2026-03-02\ntags: [b]\n---\nText.\n")
	config, err := os.ReadFile(filepath.Join(dir, "feedpub.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, "feedpub.yaml", strings.Replace(string(config), "limit: 1000}]\n  - each: tag", "limit: 1000}, {each: tag}]", 1))
	feedpub(t, dir, 0, "generate")
	first := tree(t, filepath.Join(dir, "feeds"))
	feedpub(t, dir, 0, "generate")
	if second := tree(t, filepath.Join(dir, "feeds")); !equalTrees(first, second) {
		t.Error("a second run changed bytes")
	}
	if err := os.RemoveAll(filepath.Join(dir, ".feedpub")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "feeds"), filepath.Join(dir, "feeds-before")); err != nil {
		t.Fatal(err)
	}
	feedpub(t, dir, 0, "generate")
	again := tree(t, filepath.Join(dir, "feeds"))
	delete(first, ".feedpub.json") // says when the bytes changed
	delete(again, ".feedpub.json")
	if !equalTrees(first, again) {
		t.Error("an empty store made other bytes")
	}

	writeFiles(t, dir, "articles/undated.md", "# No date\n\nText.\n")
	feedpub(t, dir, 0, "generate")
	first = tree(t, filepath.Join(dir, "feeds"))
	if err := os.RemoveAll(filepath.Join(dir, ".feedpub")); err != nil {
		t.Fatal(err)
	}
	feedpub(t, dir, 0, "generate")
	if again := tree(t, filepath.Join(dir, "feeds")); !equalTrees(first, again) {
		t.Error("an empty store beside the published folder changed bytes")
	}
}

// tree is the content of each file below dir.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func equalTrees(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, data := range a {
		if b[name] != data {
			return false
		}
	}
	return true
}

// What the policy lets in of the hostile articles must come out whole, and the rest must be told.
func TestHostileArticles(t *testing.T) {
	dir := t.TempDir()
	folder := shared(t, "articles/hostile")
	for _, kind := range []string{"md", "txt", "html", "json", "ndjson", "feed"} {
		if err := os.CopyFS(filepath.Join(dir, "articles", kind), os.DirFS(filepath.Join(folder, kind))); err != nil {
			t.Fatal(err)
		}
	}
	writeFiles(t, dir, "feedpub.yaml", siteConfig)
	feedpub(t, dir, exitPartial, "generate")
	var visible []record
	for _, r := range records(t, dir) {
		if r.Status == feed.Published {
			visible = append(visible, r)
		}
	}
	if len(visible) < 50 {
		t.Errorf("got %d entries, want the good ones", len(visible))
	}
	for _, format := range feed.Formats {
		sameEntries(t, format, published(t, dir, "news", format).Entries, visible)
	}
	if xmllint, err := exec.LookPath("xmllint"); err == nil {
		for _, name := range []string{"rss.xml", "atom.xml"} {
			if out, err := exec.CommandContext(t.Context(), xmllint, "--noout", filepath.Join(dir, "feeds", "news", name)).CombinedOutput(); err != nil {
				t.Errorf("xmllint %s: %v\n%s", name, err, out)
			}
		}
	}
}
