package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
)

var (
	changed = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) // when the test site's documents changed
	now     = changed.Add(time.Hour)
)

// rss is a document of the size of real ones, which compresses as text does.
func rss(title string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>` + title + `</title>`)
	for i := range 300 {
		fmt.Fprintf(&b, "<item><title>Story %d of %s</title><guid>tag:example.org,2026:%d</guid><description>%x</description></item>\n", i, title, i, i*i*7919)
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// A site is a published folder and its writer.
type site struct {
	t    testing.TB
	dir  string
	list manifest.Manifest
}

func newSite(t testing.TB) *site {
	p := &site{t: t, dir: t.TempDir()}
	p.document("index.html", "text/html", "<!DOCTYPE html><title>Feeds</title>"+strings.Repeat("<p>news", 100), changed)
	p.document("news/rss.xml", "application/rss+xml", rss("News"), changed)
	p.document("news/atom.xml", "application/atom+xml", "<feed/>", changed)
	p.document("news/feed.json", "application/feed+json", `{"items":[]}`, changed)
	p.document("pages/index.html", "text/html", "<p>pages", changed)
	p.document("old/rss.xml", "application/rss+xml", rss("Old"), changed)
	p.publish()
	return p
}

func (p *site) root() *os.Root {
	p.t.Helper()
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { root.Close() })
	return root
}

// document writes a document and puts it on the list, which publish writes.
func (p *site) document(path, mediaType, body string, changed time.Time) {
	p.t.Helper()
	p.file(path, body)
	f := manifest.File{Path: path, Type: mediaType, SHA256: manifest.Digest([]byte(body)), Changed: changed}
	for i := range p.list.Files {
		if p.list.Files[i].Path == path {
			p.list.Files[i] = f
			return
		}
	}
	p.list.Files = append(p.list.Files, f)
}

func (p *site) file(path, body string) {
	p.t.Helper()
	if err := durable.WriteFile(p.root(), path, []byte(body)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *site) publish() {
	p.t.Helper()
	if _, err := p.list.Write(p.root()); err != nil {
		p.t.Fatal(err)
	}
}

func newServer(t testing.TB, dir string, o Options) *Server {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	return New(dir, o)
}

// ask sends a request with headers given as name, value, name, value.
func ask(s *Server, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := &http.Request{Method: method, URL: &url.URL{Path: path}, Header: http.Header{}, RequestURI: path}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestRoutes(t *testing.T) {
	p := newSite(t)
	p.file("news/stranger.xml", "not on the list")
	p.file("news/.rss.xml.feedpub-tmp", "temporary")
	p.document(".secret/rss.xml", "application/rss+xml", "hidden", changed)
	p.document("tag/go/rss.xml", "application/rss+xml", rss("Go"), changed)
	p.publish()
	s := newServer(t, p.dir, Options{
		Moved:     map[string]string{"old": "news", "tag/x": "tag/go", "far": "https://feeds.example.net/far/", "one": "https://example.net/feed.xml"},
		Redirects: map[string]string{"blog/old.xml": "tag/go/rss.xml", "old.xml": "tag/go/rss.xml"},
		Gone:      []string{"over", "tag"},
	})
	for _, c := range []struct {
		method, path string
		status       int
		header       string // name: value
	}{
		{"GET", "/", 200, "Content-Type: text/html; charset=utf-8"},
		{"GET", "/", 200, "Content-Security-Policy: " + page.Policy + "; frame-ancestors 'none'"},
		{"GET", "/", 200, "Referrer-Policy: strict-origin-when-cross-origin"},
		{"GET", "/index.html", 200, "X-Content-Type-Options: nosniff"},
		{"GET", "/news/rss.xml", 200, "Content-Type: application/rss+xml; charset=utf-8"},
		{"GET", "/news/rss.xml", 200, "Access-Control-Allow-Origin: *"},
		{"GET", "/news/rss.xml", 200, "X-Content-Type-Options: nosniff"},
		{"GET", "/news/rss.xml", 200, "Content-Security-Policy: "},
		{"GET", "/news/atom.xml", 200, "Content-Type: application/atom+xml; charset=utf-8"},
		{"GET", "/news/feed.json", 200, "Content-Type: application/feed+json; charset=utf-8"},
		{"GET", "/tag/go/rss.xml", 200, ""},
		{"GET", "/pages", 301, "Location: pages/"},
		{"GET", "/pages/", 200, ""},
		{"GET", "/news", 404, ""},
		{"GET", "/news/", 404, ""},
		{"GET", "/news/rss.xml/", 404, ""},
		{"GET", "/news/stranger.xml", 404, ""},
		{"GET", "/news/.rss.xml.feedpub-tmp", 404, ""},
		{"GET", "/.feedpub.json", 404, ""},
		{"GET", "/.secret/rss.xml", 404, ""},
		{"GET", "/robots.txt", 404, ""},
		{"GET", "/favicon.ico", 404, ""},
		{"GET", "//news/rss.xml", 404, ""},
		{"GET", "/news//rss.xml", 404, ""},
		{"GET", "/pages/../news/rss.xml", 404, ""},
		{"GET", "/../../etc/passwd", 404, ""},
		{"GET", `/news\rss.xml`, 404, ""},
		{"GET", "/news/rss.xml\x00", 404, ""},
		{"GET", "/NEWS/rss.xml", 404, ""},
		{"GET", "*", 404, ""},
		{"GET", "", 404, ""},
		{"GET", "/" + strings.Repeat("a/", 1<<16), 404, ""},
		{"GET", "/old/rss.xml", 301, "Location: ../news/rss.xml"},
		{"GET", "/old/rss.xml", 301, "Cache-Control: public, max-age=3600"},
		{"GET", "/old/", 301, "Location: ../news/"},
		{"GET", "/old", 301, "Location: news/"},
		{"GET", "/old/a b\r\nX: y", 301, "Location: ../news/a%20b%0D%0AX:%20y"},
		{"GET", "/old/..", 404, ""},
		{"GET", "/blog/old.xml", 301, "Location: ../tag/go/rss.xml"},
		{"GET", "/old.xml", 301, "Location: tag/go/rss.xml"},
		{"GET", "/blog/old.xml/", 404, ""},
		{"GET", "/tag/x/atom.xml", 301, "Location: ../../tag/go/atom.xml"},
		{"GET", "/tag/x", 301, "Location: ../tag/go/"},
		{"GET", "/far/rss.xml", 301, "Location: https://feeds.example.net/far/rss.xml"},
		{"GET", "/far/", 301, "Location: https://feeds.example.net/far/"},
		{"GET", "/one/rss.xml", 301, "Location: https://example.net/feed.xml"},
		{"GET", "/over/rss.xml", 410, ""},
		{"GET", "/over", 410, ""},
		{"HEAD", "/over/", 410, ""},
		{"POST", "/news/rss.xml", 405, "Allow: GET, HEAD"},
		{"OPTIONS", "/", 405, "Allow: GET, HEAD"},
		{"DELETE", "/nowhere", 405, "Allow: GET, HEAD"},
		{"GET", "/healthz", 200, "Cache-Control: no-store"},
		{"GET", "/readyz", 200, "Cache-Control: no-store"},
	} {
		w := ask(s, c.method, c.path)
		name := c.method + " " + c.path[:min(len(c.path), 40)]
		if w.Code != c.status {
			t.Errorf("%s: got %d, want %d", name, w.Code, c.status)
		}
		if header, want, _ := strings.Cut(c.header, ": "); w.Header().Get(header) != want {
			t.Errorf("%s: got %s: %q, want %q", name, header, w.Header().Get(header), want)
		}
	}
}

// A query is no part of a document's name: readers and trackers add what they like.
func TestQueryIgnored(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/news/rss.xml?_=1&utm_source=x", nil))
	if w.Code != 200 || w.Body.String() != rss("News") {
		t.Errorf("got %d with %d bytes, want 200 with %d", w.Code, w.Body.Len(), len(rss("News")))
	}
}

func TestHead(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	get, head := ask(s, "GET", "/news/rss.xml", "Accept-Encoding", "gzip"), ask(s, "HEAD", "/news/rss.xml", "Accept-Encoding", "gzip")
	if got, want := fmt.Sprint(head.Header()), fmt.Sprint(get.Header()); got != want {
		t.Errorf("headers of HEAD: got %s, want those of GET, %s", got, want)
	}
	if head.Body.Len() != 0 || get.Header().Get("Content-Length") != strconv.Itoa(get.Body.Len()) {
		t.Errorf("got %d bytes with HEAD, %d with GET under Content-Length %s", head.Body.Len(), get.Body.Len(), get.Header().Get("Content-Length"))
	}
}

func TestCacheControl(t *testing.T) {
	age := map[string]time.Duration{"news/rss.xml": 20 * time.Minute, "news/atom.xml": time.Second, "news/feed.json": 24 * time.Hour}
	s := newServer(t, newSite(t).dir, Options{MaxAge: func(path string) time.Duration { return age[path] }})
	for path, want := range map[string]string{
		"/news/rss.xml":   "public, max-age=1200",
		"/news/atom.xml":  "public, max-age=900",
		"/news/feed.json": "public, max-age=3600",
	} {
		for _, w := range []*httptest.ResponseRecorder{ask(s, "GET", path), ask(s, "GET", path, "If-None-Match", "*")} {
			if got := w.Header().Get("Cache-Control"); got != want {
				t.Errorf("%s, status %d: got %q, want %q", path, w.Code, got, want)
			}
		}
	}
}

func TestReady(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "feeds")
	s := newServer(t, dir, Options{})
	expect := func(path string, status int, body string) {
		t.Helper()
		if w := ask(s, "GET", path); w.Code != status || !strings.Contains(w.Body.String(), body) {
			t.Errorf("%s: got %d %q, want %d %q", path, w.Code, w.Body, status, body)
		}
	}
	expect("/healthz", 200, "ok")
	expect("/readyz", 503, "nothing is published yet")
	expect("/news/rss.xml", 503, "")
	expect("/../x", 404, "")

	s = newServer(t, newSite(t).dir, Options{})
	expect("/readyz", 200, "ok")
	s.Configure(Options{Ready: func(context.Context) error { return errors.New("the store is locked") }})
	expect("/readyz", 503, "the store is locked")
	expect("/healthz", 200, "ok")
	expect("/news/rss.xml", 200, "")
}

// A damaged list must not keep the publisher beside the server from making it anew.
func TestDamagedListIsWaitedFor(t *testing.T) {
	for _, damaged := range []string{"", "null", "[]", `{"files": [`, `{"files": null}`} {
		p := newSite(t)
		p.document("news/rss.xml", "application/rss+xml", "news", changed)
		if err := os.WriteFile(filepath.Join(p.dir, manifest.Name), []byte(damaged), 0o644); err != nil {
			t.Fatal(err)
		}
		s := newServer(t, p.dir, Options{})
		if w := ask(s, http.MethodGet, "/news/rss.xml"); w.Code != http.StatusServiceUnavailable {
			t.Errorf("list %q: got %d, want 503", damaged, w.Code)
		}
		p.publish()
		if _, err := s.Refresh(); err != nil {
			t.Error(err)
		}
		if w := ask(s, http.MethodGet, "/news/rss.xml"); w.Code != http.StatusOK {
			t.Errorf("list %q made anew: got %d, want 200", damaged, w.Code)
		}
	}
}

// A feed that somebody opens in a browser is called XML, or Chromium would show its source. Feed readers get its own type,
// also those that look like browsers.
func TestOpenedFeed(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	for _, c := range []struct{ path, dest, want string }{
		{"/news/rss.xml", "document", "application/xml; charset=utf-8"},
		{"/news/atom.xml", "document", "application/xml; charset=utf-8"},
		{"/news/rss.xml", "", "application/rss+xml; charset=utf-8"},
		{"/news/rss.xml", "empty", "application/rss+xml; charset=utf-8"},
		{"/news/feed.json", "document", "application/feed+json; charset=utf-8"},
		{"/", "document", "text/html; charset=utf-8"},
	} {
		headers := []string{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "User-Agent", "Mozilla/5.0"}
		if c.dest != "" {
			headers = append(headers, "Sec-Fetch-Dest", c.dest)
		}
		w := ask(s, "GET", c.path, headers...)
		if got := w.Header().Get("Content-Type"); got != c.want {
			t.Errorf("%s for %q: got %s, want %s", c.path, c.dest, got, c.want)
		}
		if isXML := strings.HasSuffix(c.path, ".xml"); strings.Contains(w.Header().Get("Vary"), "Sec-Fetch-Dest") != isXML {
			t.Errorf("%s: Vary %q", c.path, w.Header().Get("Vary"))
		}
	}
}
