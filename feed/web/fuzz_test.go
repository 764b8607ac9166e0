package web

import (
	"net/http/httptest"
	"strconv"
	"testing"
)

// Whatever a stranger sends, the answer is a document whole, or a refusal that is not the server's fault.
func FuzzServeHTTP(f *testing.F) {
	f.Add("/news/rss.xml", `W/"abc-gzip", *`, "Sun, 01 Mar 2026 12:00:00 GMT", "gzip;q=0.5, *;q=0")
	f.Add("/old/../x", `"`, "Sunday, 01-Mar-26 12:00:00 GMT", "identity;q=0")
	f.Add("//%00\\", `W/`, ";", "*,br;q=1e-9")
	s := newServer(f, newSite(f).dir, Options{Moved: map[string]string{"old": "news"}, Gone: []string{"gone"}})
	f.Fuzz(func(t *testing.T, path, match, since, accept string) {
		w := ask(s, "GET", path, "If-None-Match", match, "If-Modified-Since", since, "Accept-Encoding", accept)
		switch w.Code {
		case 200:
			if d := s.folder.Load().documents[path[1:]]; d != nil {
				checkWhole(t, w, string(bytesIn(t, d, identity)))
			}
		case 304, 404, 410:
		case 301:
			if got := w.Header().Get("Location"); got == "" {
				t.Error("got no Location")
			}
		default:
			t.Errorf("%q: got %d", path, w.Code)
		}
	})
}

func checkWhole(t *testing.T, w *httptest.ResponseRecorder, want string) {
	if got := w.Header().Get("Content-Length"); got != strconv.Itoa(w.Body.Len()) {
		t.Errorf("got Content-Length %s for %d bytes", got, w.Body.Len())
	}
	if got := decoded(t, w); got != want {
		t.Errorf("got %d bytes that differ from the document", len(got))
	}
}
