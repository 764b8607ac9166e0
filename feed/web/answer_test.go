package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"feedpub/feed/internal/manifest"
)

// What is told of an answer is what the client got, and names nothing that a stranger made up.
func TestAnswered(t *testing.T) {
	p := newSite(t)
	p.document("tag/go/rss.xml", "application/rss+xml", rss("Go"), changed)
	p.publish()
	part := manifest.File{Path: "news/archive/2026-03/rss.xml", Type: "application/rss+xml", SHA256: manifest.Digest([]byte(rss("March"))), Changed: changed}
	p.file(part.Path, rss("March"))
	if err := manifest.WritePart(p.root(), "news/archive/2026-03", []manifest.File{part}); err != nil {
		t.Fatal(err)
	}
	var told []Answer
	s := newServer(t, p.dir, Options{
		Moved:     map[string]string{"old": "news"},
		Redirects: map[string]string{"blog/old.xml": "tag/go/rss.xml"},
		Gone:      []string{"over"},
		Answered:  func(_ *http.Request, a Answer) { told = append(told, a) },
	})
	plain := int64(len(rss("News")))
	etag := ask(s, "GET", "/news/rss.xml").Header().Get("Etag")
	zipped := int64(ask(s, "GET", "/news/rss.xml", "Accept-Encoding", "gzip").Body.Len())
	told = nil
	for _, c := range []struct {
		method, path string
		headers      []string
		want         Answer
	}{
		{"GET", "/news/rss.xml", nil, Answer{"news", "rss", 200, plain, 0}},
		{"GET", "/news/rss.xml", []string{"Accept-Encoding", "gzip"}, Answer{"news", "rss", 200, zipped, plain - zipped}},
		{"HEAD", "/news/rss.xml", nil, Answer{"news", "rss", 200, 0, 0}},
		{"GET", "/news/rss.xml", []string{"If-None-Match", etag}, Answer{"news", "rss", 304, 0, plain}},
		{"GET", "/news/rss.xml", []string{"If-None-Match", etag, "Accept-Encoding", "gzip"}, Answer{"news", "rss", 304, 0, zipped}},
		{"GET", "/news/feed.json", nil, Answer{"news", "json", 200, 12, 0}},
		{"GET", "/tag/go/rss.xml", nil, Answer{"tag/go", "rss", 200, int64(len(rss("Go"))), 0}},
		{"GET", "/" + part.Path, nil, Answer{"news", "rss", 200, int64(len(rss("March"))), 0}},
		{"GET", "/pages/", nil, Answer{"pages", "page", 200, 8, 0}},
		{"GET", "/pages", nil, Answer{"pages", "", 301, 0, 0}},
		{"GET", "/old/rss.xml", nil, Answer{"old", "", 301, 0, 0}},
		{"GET", "/blog/old.xml", nil, Answer{"tag/go", "", 301, 0, 0}},
		{"GET", "/over/rss.xml", nil, Answer{"over", "", 410, 0, 0}},
		{"GET", "/made/up.xml", nil, Answer{"", "", 404, 0, 0}},
		{"GET", "/news/archive/made-up/rss.xml", nil, Answer{"", "", 404, 0, 0}},
		{"GET", "/../x", nil, Answer{"", "", 404, 0, 0}},
		{"POST", "/news/rss.xml", nil, Answer{"", "", 405, 0, 0}},
	} {
		told = nil
		w := ask(s, c.method, c.path, c.headers...)
		if len(told) != 1 || told[0] != c.want || w.Code != c.want.Code {
			t.Errorf("%s %s %q: got %d, told %v, want %v", c.method, c.path, c.headers, w.Code, told, c.want)
		}
	}
	told = nil
	ask(s, "GET", "/healthz")
	ask(s, "GET", "/readyz")
	if told != nil {
		t.Errorf("the daemon's own addresses: told %v", told)
	}
	empty := newServer(t, t.TempDir(), Options{Answered: func(_ *http.Request, a Answer) { told = append(told, a) }})
	empty.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if len(told) != 1 || told[0] != (Answer{Code: 503}) {
		t.Errorf("nothing is published: told %v", told)
	}
}
