package web

import (
	"net/http"
	"testing"
	"time"
)

// Each case is one rule of conditional requests, or what a reader or proxy was seen to send.
func TestConditional(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	etag := ask(s, "GET", "/news/rss.xml").Header().Get("Etag")
	bare := etag[1 : len(etag)-1]
	same, before := changed.Format(http.TimeFormat), changed.Add(-time.Second).Format(http.TimeFormat)
	for _, c := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"nothing", nil, 200},
		{"the tag", []string{"If-None-Match", etag}, 304},
		{"another tag", []string{"If-None-Match", `"abc"`}, 200},
		{"weak", []string{"If-None-Match", "W/" + etag}, 304},
		{"small w", []string{"If-None-Match", "w/" + etag}, 304},
		{"any", []string{"If-None-Match", "*"}, 304},
		{"a tag that looks like any", []string{"If-None-Match", `"*"`}, 200},
		{"list", []string{"If-None-Match", `"a", W/"b,c" ,` + etag}, 304},
		{"list without", []string{"If-None-Match", `"a", W/"b"`}, 200},
		{"list in two headers", []string{"If-None-Match", `"a"`, "If-None-Match", etag}, 304},
		{"a comma in another tag", []string{"If-None-Match", `"a,` + bare + `,b"`}, 200},
		{"no quotes", []string{"If-None-Match", bare}, 304},
		{"one quote", []string{"If-None-Match", `"` + bare}, 304},
		{"-gzip by a proxy", []string{"If-None-Match", `"` + bare + `-gzip"`}, 304},
		{";gzip by a proxy", []string{"If-None-Match", `"` + bare + `;gzip"`}, 304},
		{"--gzip by a proxy", []string{"If-None-Match", `W/"` + bare + `--gzip"`}, 304},
		{"-gzip behind the quote", []string{"If-None-Match", etag + "-gzip"}, 304},
		{"another coding of ours", []string{"If-None-Match", `"` + bare + `-br"`}, 304},
		{"two codings", []string{"If-None-Match", `"` + bare + `-br-gzip"`}, 200},
		{"a longer tag", []string{"If-None-Match", `"` + bare + `0"`}, 200},
		{"a shorter tag", []string{"If-None-Match", `"` + bare[:31] + `"`}, 200},
		{"a prefix", []string{"If-None-Match", `"x` + bare + `"`}, 200},
		{"the date", []string{"If-Modified-Since", same}, 304},
		{"an earlier date", []string{"If-Modified-Since", before}, 200},
		{"a later date", []string{"If-Modified-Since", changed.Add(time.Minute).Format(http.TimeFormat)}, 304},
		{"RFC 850", []string{"If-Modified-Since", "Sunday, 01-Mar-26 12:00:00 GMT"}, 304},
		{"asctime", []string{"If-Modified-Since", "Sun Mar  1 12:00:00 2026"}, 304},
		{"asctime, earlier", []string{"If-Modified-Since", "Sun Mar  1 11:59:59 2026"}, 200},
		{"numeric zone", []string{"If-Modified-Since", "Sun, 01 Mar 2026 12:00:00 -0000"}, 304},
		{"another zone", []string{"If-Modified-Since", "Sun, 01 Mar 2026 13:00:00 +0100"}, 304},
		{"another zone, earlier", []string{"If-Modified-Since", "Sun, 01 Mar 2026 12:59:59 +0100"}, 200},
		{"UTC", []string{"If-Modified-Since", "Sun, 01 Mar 2026 12:00:00 UTC"}, 304},
		{"with a length", []string{"If-Modified-Since", same + "; length=123"}, 304},
		{"no date", []string{"If-Modified-Since", "yesterday"}, 200},
		{"no date, of length 0", []string{"If-Modified-Since", ""}, 200},
		{"tag wins over an old date", []string{"If-None-Match", etag, "If-Modified-Since", before}, 304},
		{"another tag wins over the date", []string{"If-None-Match", `"abc"`, "If-Modified-Since", same}, 200},
		{"an empty tag does not", []string{"If-None-Match", "", "If-Modified-Since", same}, 304},
		{"a range is not ours", []string{"Range", "bytes=0-9"}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(s, "GET", "/news/rss.xml", c.headers...)
			if w.Code != c.status {
				t.Fatalf("got %d, want %d", w.Code, c.status)
			}
			if head := ask(s, "HEAD", "/news/rss.xml", c.headers...); head.Code != c.status {
				t.Errorf("HEAD: got %d, want %d", head.Code, c.status)
			}
			for name, want := range map[string]string{
				"Etag": etag, "Last-Modified": same, "Cache-Control": "public, max-age=900", "Vary": "Accept-Encoding, Sec-Fetch-Dest",
				"Access-Control-Allow-Origin": "*",
			} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
			if w.Code == 304 && w.Body.Len()+len(w.Header().Get("Content-Length")) > 0 {
				t.Errorf("304 has a body or a length: %d bytes, %v", w.Body.Len(), w.Header())
			}
		})
	}
}

// A document that the list dates a second ahead, since its bytes changed twice in one second, must not be taken for
// the one that a reader was given with the earlier date. Nor may it be told under that date: newsboat's HTTP library throws
// away the body of an answer whose Last-Modified is not after what was asked with, and the reader misses an entry.
func TestLastModifiedNeverInTheFuture(t *testing.T) {
	p := newSite(t)
	p.document("news/rss.xml", "application/rss+xml", rss("Later"), now.Add(time.Second))
	p.publish()
	s := newServer(t, p.dir, Options{})
	today := now.Format(http.TimeFormat)
	w := ask(s, "GET", "/news/rss.xml", "If-Modified-Since", today)
	if got := w.Header().Get("Last-Modified"); w.Code != 200 || got != "" {
		t.Errorf("got %d, Last-Modified %q, want 200 and none", w.Code, got)
	}
}
