package validate_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed/validate"
)

func TestURL(t *testing.T) {
	var self string
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	doc := func() []byte {
		return []byte(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://example.org/</link><description>D</description><atom:link rel="self" href="` + self + `"/></channel></rss>`)
	}
	gzipped := func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(doc())
		z.Close()
		return b.Bytes()
	}
	serve := func(path string, h http.HandlerFunc) { mux.HandleFunc(path, h) }
	// compressing answers with the plain document, or to those who take it with the compressed one.
	compressing := func(header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
			w.Header().Set("Vary", "Accept-Encoding")
			w.Header().Set("ETag", `"1"`)
			body := doc()
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				body = gzipped()
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("ETag", `"1-gzip"`)
			}
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			http.ServeContent(w, r, "", time.Unix(1e9, 0), bytes.NewReader(body))
		}
	}
	serve("/good", compressing())
	serve("/one-tag", compressing("ETag", `"1"`))
	serve("/weak-tag", compressing("ETag", `W/"1"`))
	serve("/no-vary", compressing("Vary", "Origin"))
	serve("/private", compressing("Cache-Control", "max-age=60, Private"))
	serve("/always", func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Encoding", "gzip")
		compressing()(w, r)
	})
	for path, ignored := range map[string]string{"/no-match": "If-None-Match", "/no-since": "If-Modified-Since"} {
		serve(path, func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del(ignored)
			compressing()(w, r)
		})
	}
	serve("/page", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write(doc())
	})
	serve("/forgetful", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("ETag", `"1"`)
		w.Write(doc())
	})
	mux.Handle("/old", http.RedirectHandler("/good", http.StatusMovedPermanently))
	mux.Handle("/other", http.RedirectHandler("/old", http.StatusFound))
	for _, test := range []struct {
		path, self string
		want       []string
	}{
		{"/good", "/good", nil},
		{"/good", "/elsewhere", []string{"http-self"}},
		{"/one-tag", "/one-tag", []string{"http-etag-coding"}},
		{"/weak-tag", "/weak-tag", nil},
		{"/no-vary", "/no-vary", []string{"http-vary"}},
		{"/private", "/private", []string{"http-cache"}},
		{"/always", "/always", []string{"http-coding"}},
		{"/no-match", "/no-match", []string{"http-not-modified"}},
		{"/no-since", "/no-since", []string{"http-not-modified"}},
		{"/page", "/page", []string{"http-encoding", "http-type", "http-validators"}},
		{"/forgetful", "/forgetful", []string{"http-encoding", "http-not-modified", "http-type-generic"}},
		{"/old", "/good", []string{"http-moved"}},
		{"/other", "/good", []string{"http-redirect"}},
		{"/nowhere", "/nowhere", []string{"http-status"}},
	} {
		self = server.URL + test.self
		asker := validate.NewAsker("feedpub", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
		r, err := asker.URL(t.Context(), server.URL+test.path, validate.Options{})
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Code)
		}
		slices.Sort(got)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, %v, want %v", test.path, got, err, test.want)
		}
	}
	if _, err := validate.NewAsker("feedpub", nil).URL(t.Context(), server.URL+"/good", validate.Options{}); err == nil || !strings.Contains(err.Error(), "network.allow") {
		t.Errorf("this machine is asked: %v", err)
	}
}

func TestDatesToCome(t *testing.T) {
	doc := []byte(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://example.org/</link><description>D</description><atom:link rel="self" href="https://example.org/rss"/>` +
		`<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate></channel></rss>`)
	for now, want := range map[string]int{"2026-02-01": 1, "2026-03-01": 0} {
		at, err := time.Parse(time.DateOnly, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := validate.Document(doc, validate.Options{Now: at}).Findings; len(got) != want {
			t.Errorf("on %s: got %v, want %d", now, got, want)
		}
	}
}

func TestHubs(t *testing.T) {
	for _, doc := range []string{
		`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://example.org/</link><description>D</description><atom:link rel="hub" href="https://a.example/"/><atom:link rel="self" href="https://example.org/rss"/><atom:link rel="hub" href="https://b.example/"/></channel></rss>`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x:1</id><updated>2026-01-01T00:00:00Z</updated><link rel="self" href="https://example.org/atom"/><link rel="hub" href="https://a.example/"/><link rel="hub" href="https://b.example/"/></feed>`,
		`{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [], "hubs": [{"type": "WebSub", "url": "https://a.example/"}, {"type": "WebSub", "url": "https://b.example/"}]}`,
	} {
		if got, want := validate.Document([]byte(doc), validate.Options{}).Hubs, []string{"https://a.example/", "https://b.example/"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v, of %s", got, want, doc)
		}
	}
}
