package web

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func bytesIn(t testing.TB, d *document, x coding) []byte {
	t.Helper()
	b, err := d.in(x)
	if err != nil {
		t.Fatal(err)
	}
	return b.bytes
}

// empty drops what is in memory, and sets what may be there from now on.
func (h *hot) empty(limit int) {
	h.limit = 0
	h.put(coded{content: new(content)}, []byte("anything"))
	h.limit = limit
}

// What no longer fits into memory is read from the folder, with the same answers.
func TestColdDocuments(t *testing.T) {
	p := newSite(t)
	const feeds = 20
	for i := range feeds {
		p.document(fmt.Sprintf("tag/%d/rss.xml", i), "application/rss+xml", rss(fmt.Sprint(i)), changed)
	}
	p.publish()
	whole, small := newServer(t, p.dir, Options{}), newServer(t, p.dir, Options{})
	small.hot.empty(100_000)
	for range 2 {
		for i := range feeds {
			for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
				path := fmt.Sprintf("/tag/%d/rss.xml", i)
				got, want := ask(small, "GET", path, "Accept-Encoding", coding), ask(whole, "GET", path, "Accept-Encoding", coding)
				if got.Code != http.StatusOK || got.Body.String() != want.Body.String() || fmt.Sprint(got.Header()) != fmt.Sprint(want.Header()) {
					t.Errorf("%s in %s: got %d %v, want %v", path, coding, got.Code, got.Header(), want.Header())
				}
				if again := ask(small, "GET", path, "Accept-Encoding", coding, "If-None-Match", got.Header().Get("Etag")); again.Code != http.StatusNotModified {
					t.Errorf("%s in %s: got %d, want 304", path, coding, again.Code)
				}
				if small.hot.used > small.hot.limit {
					t.Fatalf("got %d bytes in memory, want at most %d", small.hot.used, small.hot.limit)
				}
			}
		}
	}
}

// A document that is not in memory while a run replaces it is answered as it is by then, with validators of its own.
func TestColdDocumentIsReplaced(t *testing.T) {
	p := newSite(t)
	s := newServer(t, p.dir, Options{})
	before := ask(s, "GET", "/news/rss.xml").Header()
	s.hot.empty(hotBytes)

	p.file("news/rss.xml", rss("Newer")) // and not yet on the list
	got := ask(s, "GET", "/news/rss.xml", "Accept-Encoding", "gzip", "If-None-Match", before.Get("Etag"))
	if got.Code != http.StatusOK || got.Body.String() != rss("Newer") || got.Header().Get("Etag") == before.Get("Etag") {
		t.Errorf("got %d with tag %s, want 200 and the newer document with its own", got.Code, got.Header().Get("Etag"))
	}
	p.document("news/rss.xml", "application/rss+xml", rss("Newer"), changed.Add(time.Minute))
	p.publish()
	if _, err := s.Refresh(); err != nil {
		t.Fatal(err)
	}
	if again := ask(s, "GET", "/news/rss.xml", "If-None-Match", got.Header().Get("Etag")); again.Code != http.StatusNotModified {
		t.Errorf("got %d once it is listed, want 304: it is the same document", again.Code)
	}
	p.root().Remove("news/rss.xml")
	s.hot.empty(hotBytes)
	if got := ask(s, "GET", "/news/rss.xml"); got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") == "" {
		t.Errorf("got %d, want 503 while its file is not there", got.Code)
	}
}
