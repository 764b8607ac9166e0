package ingest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feedpub/feed/internal/fetch"
)

// A wire is a server with one feed, and a bench that reads it.
type wire struct {
	*bench
	server *httptest.Server
	now    time.Time
	answer http.HandlerFunc
	asked  []*http.Request
}

func newWire(t *testing.T) *wire {
	w := &wire{bench: newBench(t), now: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	var mu sync.Mutex
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock() // several may be asked for at once
		w.asked = append(w.asked, r)
		mu.Unlock()
		w.answer(rw, r)
	}))
	t.Cleanup(w.server.Close)
	w.source = Source{Name: "old", Feed: w.server.URL + "/feed"}
	w.loader.Web = fetch.New(fetch.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	w.loader.Now = func() time.Time { return w.now }
	return w
}

func oldFeed(items ...string) string {
	return `<rss version="2.0"><channel><title>Old</title><link>https://e.example/</link>` + strings.Join(items, "") + `</channel></rss>`
}

func numbered(n int) string {
	return fmt.Sprintf(`<item><guid isPermaLink="false">urn:n:%d</guid><link>https://e.example/%d</link><title>Item %d</title></item>`, n, n, n)
}

func (w *wire) load() (Report, error) {
	w.t.Helper()
	r := w.loader.LoadFeeds(w.t.Context(), []Source{w.source})[0]
	return r.Report, r.Err
}

func (w *wire) mustLoad(want string) Report {
	w.t.Helper()
	r, err := w.load()
	if err != nil {
		w.t.Fatal(err)
	}
	w.wantCounts(r, want)
	return r
}

func TestLoadFeedOnTheWeb(t *testing.T) {
	w := newWire(t)
	items := []string{numbered(1), numbered(2), "<item><description>no name</description></item>"}
	w.answer = func(rw http.ResponseWriter, r *http.Request) {
		etag := fmt.Sprintf(`"%d"`, len(items))
		rw.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(rw, oldFeed(items...))
	}
	first := w.mustLoad("3 2 0 0 1 0 0")
	if _, ok := w.known()["urn:n:1"]; !ok {
		t.Errorf("got the keys %v, want the guids", w.known())
	}
	again := w.mustLoad("0 0 0 0 1 0 0") // unchanged, but what is wrong with it is still told
	if got, want := again.Problems[0].Error(), first.Problems[0].Error(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	items = []string{numbered(2), numbered(3), numbered(4), numbered(5)} // the window slid
	w.mustLoad("4 3 0 1 0 0 0")
	if n := len(w.known()); n != 5 {
		t.Errorf("got %d entries, want 5: what left the feed is kept", n)
	}
	w.loader.Reader.Authors = append(w.loader.Reader.Authors, w.loader.Reader.Authors...)
	w.loader.Reader.Permalink = "/other/:slug/" // read otherwise now
	w.mustLoad("4 0 0 4 0 0 0")
}

func TestFeedServersAreObeyed(t *testing.T) {
	status := func(code int, headers ...string) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				rw.Header().Set(headers[i], headers[i+1])
			}
			rw.WriteHeader(code)
			fmt.Fprint(rw, oldFeed(numbered(1)))
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		rest   time.Duration // before which nobody asks
		want   string        // in the error; empty for none
	}{
		"a cache for a while":  {status(200, "Cache-Control", "max-age=600"), 10 * time.Minute, ""},
		"a cache for too long": {status(200, "Cache-Control", "max-age=99999999"), time.Hour, ""},
		"too many requests":    {status(429, "Retry-After", "1800"), 30 * time.Minute, "429"},
		"unavailable":          {status(503, "Retry-After", "Sun, 01 Mar 2026 02:00:00 GMT"), time.Minute, "503"},
		"gone":                 {status(410), 24 * time.Hour, "take it out of the configuration"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWire(t)
			w.answer = test.answer
			check := func(when string, asked int) {
				t.Helper()
				_, err := w.load()
				if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
					t.Errorf("%s: got %v, want %q", when, err, test.want)
				}
				if len(w.asked) != asked {
					t.Errorf("%s: asked %d times, want %d", when, len(w.asked), asked)
				}
			}
			check("first", 1)
			w.now = w.now.Add(test.rest - time.Second)
			check("before it may", 1)
			w.now = w.now.Add(2 * time.Second)
			check("after", 2)
		})
	}
}

func TestFeedsThatFail(t *testing.T) {
	w := newWire(t)
	w.answer = func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, oldFeed(numbered(1))) }
	w.mustLoad("1 1 0 0 0 0 0")
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"an error page": {func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, "<!DOCTYPE html><title>Sorry</title>") }, "HTML"},
		"cut short":     {func(rw http.ResponseWriter, r *http.Request) { fmt.Fprint(rw, oldFeed(numbered(2))[:150]) }, "XML"},
		"an entity": {func(rw http.ResponseWriter, r *http.Request) {
			fmt.Fprint(rw, `<!DOCTYPE rss [<!ENTITY a "b">]>`+oldFeed(numbered(3)))
		}, "ENTITY"},
		"a fault": {func(rw http.ResponseWriter, r *http.Request) { rw.WriteHeader(500) }, "500"},
		"a private place": {func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "http://10.0.0.1/feed", http.StatusFound)
		}, "network.allow"},
	} {
		t.Run(name, func(t *testing.T) {
			w.answer = test.answer
			if _, err := w.load(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
			if n := len(w.known()); n != 1 {
				t.Errorf("got %d entries, want the one that was there", n)
			}
		})
	}
}

func TestFeedThatMoved(t *testing.T) {
	w := newWire(t)
	w.answer = func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/feed" {
			http.Redirect(rw, r, "/new", http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(rw, oldFeed(numbered(1)))
	}
	if r := w.mustLoad("1 1 0 0 0 0 0"); len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "/new") {
		t.Errorf("got the warnings %v, want the new address", r.Warnings)
	}
	w.mustLoad("1 0 0 1 0 0 0")
	if got := w.asked[len(w.asked)-1].URL.Path; len(w.asked) != 3 || got != "/new" {
		t.Errorf("asked %d times, at last for %s, want 3 and /new", len(w.asked), got)
	}
}

// Feeds are asked side by side: one that does not answer holds up no other, and reports are in the sources' order.
func TestFeedsAreAskedSideBySide(t *testing.T) {
	w := newWire(t)
	var sources []Source
	all := make(chan struct{})
	var waiting atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if waiting.Add(1) == askedAtOnce {
			close(all)
		}
		select {
		case <-all: // answered only when as many are waiting: one after the other they would wait for ever
		case <-r.Context().Done():
			return
		}
		var n int
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		if n == 3 {
			http.Error(rw, "broken", http.StatusInternalServerError)
			return
		}
		fmt.Fprint(rw, oldFeed(numbered(n)))
	}))
	defer server.Close()
	for n := range 2 * askedAtOnce {
		sources = append(sources, Source{Name: fmt.Sprintf("s%d", n), Feed: fmt.Sprintf("%s/%d", server.URL, n)})
	}
	for n, r := range w.loader.LoadFeeds(t.Context(), sources) {
		if failed := r.Err != nil; failed != (n == 3) || !failed && r.New != 1 {
			t.Errorf("%d: got %d new, %v", n, r.New, r.Err)
		}
	}
}

// The server's word on the charset counts where the feed has none of its own.
func TestCharsetOfTheServer(t *testing.T) {
	w := newWire(t)
	w.answer = func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/rss+xml; charset=iso-8859-1")
		fmt.Fprint(rw, strings.ReplaceAll(oldFeed(numbered(1)), "Item 1", "Gr\xfc\xdfe"))
	}
	var titles []string
	w.loader.Each = func(_ string, a Article, _ error) { titles = append(titles, a.Title) }
	if _, err := w.load(); err != nil || len(titles) != 1 || titles[0] != "Grüße" {
		t.Errorf("got %q, %v, want Grüße", titles, err)
	}
}
