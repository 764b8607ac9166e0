package ingest

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// probed is a wire with an article whose enclosures lie on its server.
func probed(t *testing.T, answer http.HandlerFunc) *wire {
	w := newWire(t)
	w.answer = answer
	w.source = Source{Name: "articles", Dir: t.TempDir()}
	w.write("one.md", "---\ntitle: One\ndate: 2026-01-01\nenclosures:\n  - "+w.server.URL+"/a.mp3\n  - {url: "+w.server.URL+"/b, type: video/mp4}\n---\nText.\n")
	if _, err := w.loader.Load(t.Context(), w.source); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *wire) one() feed.Entry {
	w.t.Helper()
	e, err := w.store.Entry(w.t.Context(), w.known()["one.md"].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *wire) probe(want int) []feed.Enclosure {
	w.t.Helper()
	found, err := w.loader.Probe(w.t.Context(), []Source{w.source})
	if err != nil || found != want {
		w.t.Fatalf("found out of %d enclosures, %v; want %d", found, err, want)
	}
	return w.one().Enclosures
}

func media(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "audio/ogg; codecs=opus")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(strings.Repeat("x", 1234)))
}

func TestProbe(t *testing.T) {
	w := probed(t, media)
	before := w.one()
	for _, c := range w.probe(2) {
		want := "audio/mpeg" // its name's, and the article's own, stand
		if strings.HasSuffix(c.URL, "/b") {
			want = "video/mp4"
		}
		if c.Length != 1234 || c.Type != want {
			t.Errorf("got %+v, want 1234 bytes of %s", c, want)
		}
	}
	if after := w.one(); !after.Updated.Equal(before.Updated) || !after.Published.Equal(before.Published) {
		t.Errorf("dates moved from %v, %v to %v, %v", before.Published, before.Updated, after.Published, after.Updated)
	}
	asked := len(w.asked)
	w.probe(0)
	w.write("one.md", "---\ntitle: One, edited\ndate: 2026-01-01\nenclosure: "+w.server.URL+"/a.mp3\n---\nText.\n")
	if _, err := w.loader.Load(t.Context(), w.source); err != nil {
		t.Fatal(err)
	}
	if c := w.probe(0)[0]; c.Length != 1234 {
		t.Errorf("an edit forgets what was found out: %+v", c)
	}
	if len(w.asked) != asked {
		t.Errorf("asked %d times again for what is known", len(w.asked)-asked)
	}
}

func TestProbeAsksMoreAndMoreSeldom(t *testing.T) {
	w := probed(t, http.NotFound)
	var asked []time.Duration
	start := w.now
	for range 24 * 30 {
		n := len(w.asked)
		w.probe(0)
		if len(w.asked) > n {
			asked = append(asked, w.now.Sub(start)/time.Hour)
		}
		w.now = w.now.Add(time.Hour)
	}
	if want := []time.Duration{0, 1, 3, 7, 15, 31, 63, 127, 255, 511}; len(asked) != len(want) || asked[9] != want[9] {
		t.Errorf("asked after %d hours, want %d", asked, want)
	}
	w.answer = media
	w.now = w.now.Add(lastWait)
	if c := w.probe(2)[0]; c.Length != 1234 {
		t.Errorf("got %+v, want 1234 bytes", c)
	}
}

// A server that never ends its answer, says nonsense or leads to the inside makes nothing worse.
func TestProbeOfBadServers(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"a length below zero": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")
				conn.Close()
			}
		},
		"an empty file":         func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "0") },
		"redirects in a circle": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"a redirect to the inside": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		},
		"a range without an end": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			w.Header().Set("Content-Range", "bytes 0-0/*")
			w.WriteHeader(http.StatusPartialContent)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range probed(t, answer).probe(0) {
				if c.Length != 0 {
					t.Errorf("got %+v, want no length", c)
				}
			}
		})
	}
}
