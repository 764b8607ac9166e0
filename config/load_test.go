package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// full has every key.
const full = `
site:
  title: Example News
  url: https://example.org
  feeds_url: https://feeds.bücher.example/
  permalink: /posts/:slug/
  description: News of examples.
  language: en_gb
  timezone: Europe/Berlin
  id_authority: example.org,2026-01-01
  authors: [{name: Newsroom, email: news@example.org, url: https://example.org/?about}]
store: .feedpub/store.db
public: public/feeds
schedule: "*/5 * * * *"
sources:
  - name: articles
    folder: articles
    exclude: ["drafts/**", "*.bak.md"]
    missing: withdraw
  - {name: all, folder: .}
feeds:
  - name: news
  - name: world
    title: The World
    description: Abroad.
    tags: [world, 2026]
    limit: 30
    content: summary
    read_on: "Weiter"
    formats: [atom, json]
    paths: {atom: feed.xml}
    schedule: "@hourly"
    withdrawn_for: 2w1d12h
  - name: old
    gone: true
  - name: older
    moved_to: tag/go
  - name: oldest
    moved_to: https://elsewhere.example/feed?format=rss
  - each: tag
    content: summary
serve:
  listen: ":9000"
`

func TestLoadEveryKey(t *testing.T) {
	folder := t.TempDir()
	file := write(t, folder, FileName, full)
	c, err := Load(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	join := func(parts ...string) string { return filepath.Join(append([]string{folder}, parts...)...) }
	names := func(rss, atom, json string) map[feed.Format]string {
		return map[feed.Format]string{feed.RSS: rss, feed.Atom: atom, feed.JSON: json}
	}
	equal(t, "file", c.File, file)
	equal(t, "site.url", c.Site.URL.String(), "https://example.org/")
	equal(t, "site.feeds_url", c.Site.FeedsURL.String(), "https://feeds.xn--bcher-kva.example/")
	equal(t, "site.language", c.Site.Language, "en-GB")
	equal(t, "site.timezone", c.Site.Timezone.String(), "Europe/Berlin")
	equal(t, "site.authors", c.Site.Authors, []feed.Author{{Name: "Newsroom", Email: "news@example.org", URL: "https://example.org/?about"}})
	equal(t, "store", c.Store, join(".feedpub", "store.db"))
	equal(t, "public", c.Public, join("public", "feeds"))
	equal(t, "sources", c.Sources, []Source{
		{Name: "articles", Folder: join("articles"), Exclude: []string{"drafts/**", "*.bak.md"}, Missing: WithdrawMissing},
		{Name: "all", Folder: folder, Exclude: []string{"public/feeds/**", ".feedpub/**"}, Missing: KeepMissing},
	})
	equal(t, "serve.listen", c.Serve.Listen, ":9000")

	hourly := mustSchedule(t, "@hourly")
	wants := []Feed{
		{Name: "news", Title: "Example News", Description: "News of examples.", Limit: 100, Content: FullContent, ReadOn: "Read on", Formats: feed.Formats,
			Paths: names("rss.xml", "atom.xml", "feed.json"), Schedule: c.Schedule, Cadence: c.Schedule.Cadence(), WithdrawnFor: 14 * day},
		{Name: "world", Title: "The World", Description: "Abroad.", Select: feed.Selection{Tags: []string{"world", "2026"}}, Limit: 30, Content: SummaryContent, ReadOn: "Weiter",
			Formats: []feed.Format{feed.Atom, feed.JSON}, Paths: map[feed.Format]string{feed.Atom: "feed.xml", feed.JSON: "feed.json"},
			Schedule: hourly, Cadence: hourly.Cadence(), WithdrawnFor: 15*day + 12*time.Hour},
		{Name: "old", Gone: true},
		{Name: "older", MovedTo: "tag/go"},
		{Name: "oldest", MovedTo: "https://elsewhere.example/feed?format=rss"},
		{Name: "tag/:tag", Each: feed.ByTag, Title: "Example News: :tag", Content: SummaryContent},
	}
	for i, want := range wants {
		got := c.Feeds[i]
		if i < 2 {
			equal(t, "the feed "+got.Name, got, want)
			continue
		}
		equal(t, "name", got.Name, want.Name)
		equal(t, "each", got.Each, want.Each)
		equal(t, "gone", got.Gone, want.Gone)
		equal(t, "moved_to", got.MovedTo, want.MovedTo)
	}
	equal(t, "title of each", c.Feeds[5].Title, wants[5].Title)
	equal(t, "feeds", len(c.Feeds), len(wants))
}

// Podcasts, moves and what feeds say of themselves.
func TestLoadPodcast(t *testing.T) {
	c, err := parse(FileName, t.TempDir(), []byte(`
site: {title: T, url: "https://example.org/", rights: © Example, icon: "https://example.org/i.png", stylesheet: none, authors: [{name: Jane, email: jane@example.org}]}
redirects: copies
feeds:
  - name: show
    kind: podcast
    image: https://example.org/cover.jpg
    skip_hours: [1, 2]
    skip_days: [sunday]
    moved_from: [/old.xml, podcast/feed.json, show-old]
    podcast:
      categories: ["News: Daily News", Technology]
      locked: true
      owner: {email: pod@example.org}
      funding: [{url: "https://example.org/give", text: Give}]
      persons: [{name: Jane, role: host}]
      podroll: [{guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810}]
`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := c.Feeds[0]
	equal(t, "podcast", f.Podcast, &feed.Podcast{
		Author: "Jane", Owner: feed.Author{Email: "pod@example.org"}, Locked: true,
		Categories: []feed.PodcastCategory{{Name: "News", Sub: "Daily News"}, {Name: "Technology"}},
		Funding:    []feed.Link{{URL: "https://example.org/give", Text: "Give"}}, Persons: []feed.Person{{Name: "Jane", Role: "host"}},
		Podroll: []feed.RemoteFeed{{GUID: "917393e3-1b1e-5cef-ace4-edaa54e1f810"}},
	})
	equal(t, "cadence", f.Cadence, feed.Cadence{SkipHours: []int{1, 2}, SkipDays: []time.Weekday{time.Sunday}})
	equal(t, "rights", f.Rights, "© Example")
	equal(t, "icon", f.Icon, "https://example.org/i.png")
	equal(t, "enclosed", f.Select.Enclosed, true)
	equal(t, "moves", f.Moves(), []Move{{From: "old.xml", To: "show/rss.xml"}, {From: "podcast/feed.json", To: "show/feed.json"},
		{From: "show-old", To: "show", Folder: true}})
	equal(t, "redirects", c.Redirects, CopyRedirects)
}

func TestDefaults(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "My Site")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	bare, err := LoadFolder(folder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "source without a file", bare.Sources, []Source{
		{Name: "articles", Folder: folder, Exclude: []string{"feeds/**", ".feedpub/**"}, Missing: KeepMissing}})
	equal(t, "file", bare.File, "")

	for name, content := range map[string]string{"empty": "", "comments": "# nothing\n", "marker": "---\n", "sections": "site:\nserve: # none\n", "BOM": "\ufeff"} {
		write(t, folder, FileName, content)
		c, err := LoadFolder(folder, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		equal(t, "folder", c.Folder, folder)
		equal(t, "site.title", c.Site.Title, "My Site")
		equal(t, "site.url", c.Site.URL.String(), "http://127.0.0.1:8080/")
		equal(t, "site.feeds_url", c.Site.FeedsURL.String(), "http://127.0.0.1:8080/")
		equal(t, "site.permalink", c.Site.Permalink, "/:path/")
		equal(t, "site.language", c.Site.Language, "en")
		equal(t, "site.timezone", c.Site.Timezone, time.UTC)
		equal(t, "site.id_authority", c.Site.IDAuthority, "127.0.0.1,2026-01-01")
		equal(t, "store", c.Store, filepath.Join(folder, ".feedpub", "store.db"))
		equal(t, "public", c.Public, filepath.Join(folder, "feeds"))
		equal(t, "schedule", c.Schedule.String(), "*/5 * * * *")
		equal(t, "sources", c.Sources, []Source{{Name: "articles", Folder: filepath.Join(folder, "articles"), Missing: KeepMissing}})
		equal(t, "feeds", len(c.Feeds), 1)
		equal(t, "feeds[0].name", c.Feeds[0].Name, "news")
	}
}

func TestDerivedAddresses(t *testing.T) {
	for _, tt := range []struct{ content, url, feeds, authority string }{
		{"serve: {listen: ':80'}", "http://localhost:80/", "http://localhost:80/", "localhost,2026-01-01"},
		{"serve: {listen: '0.0.0.0:81'}", "http://localhost:81/", "http://localhost:81/", "localhost,2026-01-01"},
		{"serve: {listen: '[::1]:82'}", "http://[::1]:82/", "http://[::1]:82/", "localhost,2026-01-01"},
		{"serve: {listen: '127.0.0.1:0'}", "http://127.0.0.1:0/", "http://127.0.0.1:0/", "127.0.0.1,2026-01-01"},
		{"site: {url: 'https://Example.ORG:8443/blog'}", "https://example.org:8443/blog/", "https://example.org:8443/blog/feeds/", "example.org,2026-01-01"},
		{"site: {feeds_url: 'https://f.example'}", "http://127.0.0.1:8080/", "https://f.example/", "127.0.0.1,2026-01-01"},
		{"site: {url: 'https://日本.example'}", "https://xn--wgv71a.example/", "https://xn--wgv71a.example/feeds/", "xn--wgv71a.example,2026-01-01"},
	} {
		c, err := parse(FileName, t.TempDir(), []byte(tt.content), Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.content, err)
			continue
		}
		equal(t, tt.content+": site.url", c.Site.URL.String(), tt.url)
		equal(t, tt.content+": site.feeds_url", c.Site.FeedsURL.String(), tt.feeds)
		equal(t, tt.content+": site.id_authority", c.Site.IDAuthority, tt.authority)
	}
}

// The store and the published folder are no articles, wherever they lie.
func TestOwnFoldersAreExcluded(t *testing.T) {
	for content, want := range map[string][]string{
		"{sources: [{name: a, folder: .}], store: store.db}":                                    {"feeds/**", "store.db*"},
		"{sources: [{name: a, folder: .}], store: 'data[1]/s.db', public: out}":                 {"out/**", `data\[1]/**`},
		"{sources: [{name: a, folder: articles}], public: articles/x/y}":                        {"x/y/**"},
		"{sources: [{name: a, folder: articles, exclude: ['*.md']}], store: 'postgres://h/db'}": {"*.md"},
	} {
		c, err := parse(FileName, t.TempDir(), []byte(content), Options{})
		if err != nil {
			t.Errorf("%s: %v", content, err)
			continue
		}
		equal(t, content, c.Sources[0].Exclude, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	folder := t.TempDir()
	yml := filepath.Join(folder, "yml")
	write(t, yml, "feedpub.yml", "")
	file := write(t, folder, "article.md", "")
	for _, tt := range []struct {
		name string
		load func() (*Config, error)
		want string
	}{
		{"a missing file", func() (*Config, error) { return Load(filepath.Join(folder, "none.yaml"), Options{}) }, "none.yaml"},
		{"a missing folder", func() (*Config, error) { return LoadFolder(filepath.Join(folder, "none"), Options{}) }, "none"},
		{"a folder as the file", func() (*Config, error) { return Load(folder, Options{}) }, "is a directory"},
		{"a file as the folder", func() (*Config, error) { return LoadFolder(file, Options{}) }, "article.md"},
		{"feedpub.yml", func() (*Config, error) { return LoadFolder(yml, Options{}) }, "must be feedpub.yaml"},
		{"a huge file", func() (*Config, error) {
			return Load(write(t, folder, "huge.yaml", strings.Repeat("# no\n", maxSize/5+1)), Options{})
		}, "huge.yaml:1:1: larger than"},
	} {
		if _, err := tt.load(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

// What no text file shows cannot stand in the archives of TestMistakes.
func TestNoText(t *testing.T) {
	for content, want := range map[string]string{
		"site:\n  title: é\xff\n":   "feedpub.yaml:2:11: byte 0xff: the file is not UTF-8",
		"\xff\xfes\x00i\x00":        "feedpub.yaml:1:1: byte 0xff: the file is not UTF-8",
		"store: a\x00b":             "feedpub.yaml:1:9: control character U+0000",
		"store: a\r\npublic: \x1b":  "feedpub.yaml:2:9: control character U+001B",
		"store: a\u0085b\uffff":     "feedpub.yaml:1:11: control character U+FFFF",
		strings.Repeat("[", 20_000): "exceeded max depth",
		strings.Repeat("- ", 20000): "exceeded max depth",
	} {
		if got := mistakes(t, content); !strings.Contains(got, want) {
			t.Errorf("%.20q: got %s, want %s", content, got, want)
		}
	}
}

func TestManyMistakes(t *testing.T) {
	got := strings.Split(mistakes(t, "feeds:\n"+strings.Repeat("  - {}\n", 5000)), "\n")
	equal(t, "lines", len(got), maxErrors+1)
	equal(t, "the last", got[maxErrors], "feedpub.yaml:101:5: 4900 more mistakes follow")
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(full))
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for part := range strings.SplitSeq(string(data), "\n-- ") {
			if _, content, ok := strings.Cut(part, ".yaml --\n"); ok {
				f.Add([]byte(content))
			}
		}
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parse(FileName, folder, data, Options{})
		var mistakes Errors
		switch {
		case err == nil:
			c.Settings()
		case !errors.As(err, &mistakes):
			t.Errorf("got %v, want Errors", err)
		case strings.Count(err.Error(), "\n") != len(mistakes)-1:
			t.Errorf("got %q, want a line for each of %d mistakes", err, len(mistakes))
		}
	})
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func write(t *testing.T, folder, name, content string) string {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
