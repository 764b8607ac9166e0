package ingest

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"feedpub/feed"
)

// Each file of testdata/dialects is an article under its key, and what must come out of it.
func TestDialects(t *testing.T) {
	files, err := filepath.Glob("testdata/dialects/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("got files %q, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source, wanted := archive.Files[0], archive.Files[1]
			var want map[string]any
			if err := json.Unmarshal(wanted.Data, &want); err != nil {
				t.Fatal(err)
			}
			a, err := newReader(t).Read("blog", source.Name, source.Data)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
			first := feed.Revise(nil, a.Entry, now)
			for name, want := range want {
				got := field(&first, name, now)
				if name == "aliases" {
					got = anySlice(a.Aliases)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func anySlice(ss []string) []any {
	all := []any{}
	for _, s := range ss {
		all = append(all, s)
	}
	return all
}

// What is in doubt is refused, with the line and the name of what is wrong.
func TestRefusals(t *testing.T) {
	tests := []struct{ name, key, raw, want string }{
		{"one key in two cases", "a.md", "---\nDraft: true\ndraft: false\n---\nx\n", "a.md:3: draft: duplicate key, given on line 2 already"},
		{"front matter after blank lines", "a.md", "\n\n---\ntitle: T\ndraft: flase\n---\nx\n", `a.md:5: draft: "flase" is neither true nor false`},
		{"published", "a.md", "---\ntitle: T\npublished: maybe\n---\nx\n",
			`a.md:3: published: "maybe" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z`},
		{"embargo", "a.md", "---\ntitle: T\nembargo: true\n---\nx\n", `a.md:3: embargo: "true" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z`},
		{"embargo list", "a.md", "---\ntitle: T\nembargo: [2026-01-01]\n---\nx\n", "a.md:3: embargo: want a date, got a list"},
		{"scheduled for no date", "a.md", "---\ntitle: T\nstatus: scheduled\n---\nx\n", "a.md:3: status: scheduled, but for no date"},
		{"guid list", "a.md", "---\ntitle: T\nguid: [a]\n---\nx\n", "a.md:3: guid: want text, got a list"},
		{"two at once", "a.md", "---\ntitle: [a]\ndate: soon\n---\nx\n",
			"a.md:2: title: want text, got a list\na.md:3: date: \"soon\" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z"},
		{"TOML date", "a.md", "+++\ntitle = 'T'\ndate = 2026-02-30\n+++\nx\n", "a.md:3: date: TOML: impossible date"},
		{"other kind", "a.rst", "x", `a.rst: not an article: ".rst" is neither Markdown (.md), text (.txt), HTML (.html), JSON (.json, .ndjson, .jsonl) nor a feed (.xml, .rss, .atom, .rdf)`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newReader(t).Read("blog", test.key, []byte(test.raw))
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
}

// An article without a date cannot be where a permalink with dates wants it.
func TestPermalinks(t *testing.T) {
	tests := []struct{ permalink, key, head, want string }{
		{"/posts/:slug/", "a/B c.md", "", "https://example.org/blog/posts/b-c/"},
		{"/:year/:month/:day/:slug.html", "2026-03-01-x.md", "", "https://example.org/blog/2026/03/01/x.html"},
		{"/:path/", "Docs/ä b/index.md", "", "https://example.org/blog/Docs/%C3%A4%20b/"},
		{"/posts/:slug/", "x.md", "permalink: /:year/:title/\ndate: 2026-03-01\n", "https://example.org/blog/2026/x/"},
		{"/posts/:slug/", "x.md", "permalink: pretty\n", "https://example.org/blog/posts/x/"},
		{"/posts/:slug/", "x.md", "permalink: /y/\n", "https://example.org/y/"},
		{"/posts/:slug/", "x.md", "canonical_url: https://e.example/y\n", "https://e.example/y"},
		{"/:year/:slug/", "x.md", "", ""},
	}
	for _, test := range tests {
		r := newReader(t)
		r.Site = r.Site.JoinPath("/blog/")
		r.Permalink = test.permalink
		a, err := r.Read("s", test.key, []byte("---\ntitle: T\n"+test.head+"---\n![](p.png)\n"))
		if a.URL != test.want || (err != nil) != (test.want == "") {
			t.Errorf("permalink %s, key %s, %q: got %q, %v, want %q", test.permalink, test.key, test.head, a.URL, err, test.want)
		}
	}
}
