package page_test

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/feed/ingest"
	"feedpub/feed/publish"
	"feedpub/feed/web"
	"feedpub/store"
)

// A site is published from a folder of articles and served on this machine, with the files that its articles show.
type site struct {
	*testing.T
	url      string // of the start page
	dir      string
	articles string // the folder
	config   publish.Config
	store    *store.Store
	now      time.Time
	server   *web.Server
	lenient  bool // articles may be refused
}

// pictures lie below /files/ of the site: a logo, and one for all else that articles show.
const (
	wave = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="300"><rect width="800" height="300" fill="#7fb2c9"/><path d="M0 180q100-80 200 0t200 0 200 0 200 0v120H0z" fill="#0b5c7c"/></svg>`
	logo = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200" fill="#c8553d"/><circle cx="100" cy="100" r="50" fill="#fdfcf9"/></svg>`
)

func newSite(t *testing.T, specs ...publish.Spec) *site {
	t.Helper()
	s := &site{T: t, dir: t.TempDir(), now: time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)}
	s.articles = filepath.Join(s.dir, "articles")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/files/logo.svg":
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, logo)
		case strings.HasPrefix(r.URL.Path, "/files/"):
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, wave)
		default:
			s.server.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	s.url = server.URL + "/"
	s.config = publish.Config{
		Site: publish.Site{
			Title: "The Harbour Gazette", Description: "News and history of a small harbour that does not exist.", URL: s.url + "home/", FeedsURL: s.url,
			Language: "en-GB", IDAuthority: "harbour.example,2026-01-01",
		},
		Specs: specs, Public: filepath.Join(s.dir, "feeds"),
	}
	var err error
	if s.store, err = store.Open(t.Context(), filepath.Join(s.dir, "store.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.store.Close() })
	s.store.Now = s.clock
	return s
}

func (s *site) clock() time.Time { return s.now }

func spec(name, title string) publish.Spec {
	return publish.Spec{
		Name: name, Title: title, Limit: 30, Content: publish.FullContent, WithdrawnFor: 14 * 24 * time.Hour, Schedule: "@hourly", ReadOn: "Read on",
		Documents: []publish.Document{{Format: feed.RSS, File: "rss.xml"}, {Format: feed.Atom, File: "atom.xml"}, {Format: feed.JSON, File: "feed.json"}},
	}
}

// write writes an article of the source.
func (s *site) write(name, text string) {
	s.Helper()
	name = filepath.Join(s.articles, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
}

// copy takes the articles of the example, with pictures that are there.
func (s *site) copy() {
	s.Helper()
	from := filepath.Join("..", "..", "..", "config", "example", "articles")
	names, err := os.ReadDir(from)
	if err != nil {
		s.Fatal(err)
	}
	for _, f := range names {
		text, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err != nil {
			s.Fatal(err)
		}
		s.write(f.Name(), strings.ReplaceAll(string(text), "https://harbour.example/images/", s.url+"files/"))
	}
}

// publish reads the articles, publishes the feeds and serves them.
func (s *site) publish() {
	s.Helper()
	home, err := url.Parse(s.config.Site.URL)
	if err != nil {
		s.Fatal(err)
	}
	reader := &ingest.Reader{
		Site: home, Permalink: "/:path/", Zone: time.UTC, IDAuthority: s.config.Site.IDAuthority, Authors: []feed.Author{{Name: "Gazette Newsroom"}},
	}
	loader := &ingest.Loader{Store: s.store, Reader: reader, Now: s.clock}
	report, err := loader.Load(s.Context(), ingest.Source{Name: "articles", Dir: s.articles, Missing: "keep"})
	if err != nil || report.Refused > 0 && !s.lenient {
		s.Fatalf("read the articles: %v, %v", err, report.Problems)
	}
	p := publish.New(slog.New(slog.NewTextHandler(testWriter{s.T}, nil)), s.store, s.config, s.clock)
	if report, err := p.Publish(s.Context(), publish.All); err != nil || report.Failed+report.Blocked+report.Refused > 0 {
		s.Fatalf("publish: %v, %+v", err, report)
	}
	s.server = web.New(s.config.Public, web.Options{Now: s.clock})
}

type testWriter struct{ testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	if !strings.Contains(string(p), "level=INFO") {
		w.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

// read gives a published file.
func (s *site) read(name string) string {
	s.Helper()
	data, err := os.ReadFile(filepath.Join(s.config.Public, name))
	if err != nil {
		s.Fatal(err)
	}
	return string(data)
}

// pages are the published pages.
func (s *site) pages() (names []string) {
	s.Helper()
	err := fs.WalkDir(os.DirFS(s.config.Public), ".", func(name string, d fs.DirEntry, err error) error {
		if path.Base(name) == "index.html" {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return names
}

// gazette is a site with all that pages may show.
func gazette(t *testing.T) *site {
	t.Helper()
	news, show, tags := spec("news", ""), spec("show", "Voices of the Harbour"), spec("tag/:tag", "The Harbour Gazette: :tag")
	news.Description, news.Archives = "Everything that the Gazette prints.", true
	show.Description, show.Select.Tags = "A podcast of people who live by the tide.", []string{"podcast"}
	tags.Each, tags.Content = feed.ByTag, publish.SummaryOnly
	s := newSite(t, news, show, tags)
	s.config.Specs[1].Image = s.url + "files/logo.svg"
	s.copy()
	for n := range 60 {
		s.write(fmt.Sprintf("log/%02d.md", n), fmt.Sprintf("---\ntitle: \"Harbour log, sheet %d: ships in and out, and what the wind did\"\ndate: 2025-%02d-%02d\ntags: [log]\n---\nWind from the west, %d knots. Two ships in, one out.\n", n, 1+n/6, 1+n%6*4, n))
	}
	s.write("full.md", "---\ntitle: What an article may hold\ndate: 2026-03-18T08:00:00Z\ntags: [log, how-to]\n---\n"+
		"A paragraph with a [link](https://harbour.example/x), *emphasis*, `code` and a very long word: "+strings.Repeat("longword", 12)+".\n\n## A heading\n\n"+
		"![A wave](/files/wave.svg)\n\n![](/files/wave.svg)\n\n> A quotation that somebody said at the quay.\n\n1. One\n2. Two\n\n"+
		"```\nfunc main() { fmt.Println(\"a line of code that is much too long for a narrow window, and then some more of it\") }\n```\n\n"+
		"### Deeper\n\n| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n| one column | another | a third one | and a fourth | fifth | sixth |\n\n---\n\nThe end.\n")
	s.write("episode.md", "---\ntitle: Ruth Penhallow, pilot\ndate: 2026-03-12T08:00:00Z\ntags: [podcast]\naudio: {url: \"/files/ruth.mp3\", type: audio/mpeg, length: 31000000}\nenclosures: [{url: \"/files/quay.mp4\", type: video/mp4, length: 120000}, {url: \"/files/notes.pdf\", type: application/pdf, length: 52000, title: Notes}]\n---\nForty minutes about the last two hundred metres.\n")
	s.write("arabic.md", "---\ntitle: \"الميناء في الشتاء\"\ndate: 2026-03-15T08:00:00Z\nlang: ar\ntags: [log]\n---\n"+strings.Repeat("وصلت السفينة إلى الميناء في الصباح الباكر، وكانت الريح غربية. ", 6)+"\n")
	s.publish()
	return s
}
