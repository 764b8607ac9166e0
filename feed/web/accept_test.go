package web

import (
	"crypto/rand"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// decoded undoes the answer's content coding.
func decoded(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = w.Body
	var err error
	switch c := w.Header().Get("Content-Encoding"); c {
	case "":
	case "gzip":
		r, err = gzip.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		// A browser may refuse a window over 8 MB.
		r, err = zstd.NewReader(r, zstd.WithDecoderMaxWindow(8<<20), zstd.WithDecoderConcurrency(1))
	default:
		t.Fatalf("got Content-Encoding %q", c)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAcceptEncoding(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	d := s.folder.Load().documents["news/rss.xml"]
	smallest := gzipped
	for _, x := range []coding{brotlied, zstandard} {
		if len(bytesIn(t, d, x)) < len(bytesIn(t, d, smallest)) {
			smallest = x
		}
	}
	for accept, want := range map[string]string{
		"-":                               "", // no header at all
		"":                                "",
		"gzip":                            "gzip",
		"x-gzip":                          "gzip",
		"GZip":                            "gzip",
		"br":                              "br",
		"zstd":                            "zstd",
		"deflate":                         "",
		"gzip, deflate, br, zstd":         smallest.String(),
		"*":                               smallest.String(),
		"gzip;q=1, br;q=0.5":              "gzip",
		"gzip; q=0.1 ,\tzstd ; Q=0.2":     "zstd",
		"gzip;q=0.001":                    "gzip",
		"gzip;q=0":                        "",
		"gzip;q=0.000":                    "",
		"identity":                        "",
		"identity;q=0.5, gzip;q=0.4":      "",
		"identity;q=0.5, gzip;q=0.5":      "gzip",
		"identity;q=0":                    "", // nothing is left, and plain bytes are better than 406
		"*;q=0":                           "",
		"gzip, *;q=0":                     "gzip",
		"identity;q=0, zstd;q=0.1":        "zstd",
		"zstd;q=0, br;q=0, *":             "gzip",
		"gzip;q=wrong":                    "",
		"gzip;q=2":                        "",
		"gzip;q=NaN":                      "",
		"gzip;level=9":                    "gzip",
		",,;q=1,gzip":                     "gzip",
		"br;q=0.3, gzip;q=0.3, *;q=0.001": map[bool]string{true: "br", false: "gzip"}[len(bytesIn(t, d, brotlied)) < len(bytesIn(t, d, gzipped))],
	} {
		t.Run(accept, func(t *testing.T) {
			var headers []string
			if accept != "-" {
				headers = []string{"Accept-Encoding", accept}
			}
			w := ask(s, "GET", "/news/rss.xml", headers...)
			if got := w.Header().Get("Content-Encoding"); w.Code != 200 || got != want {
				t.Errorf("got %d, %q, want 200, %q", w.Code, got, want)
			}
			if got := decoded(t, w); got != rss("News") {
				t.Errorf("got %d bytes that differ from the document", len(got))
			}
		})
	}
}

// A strong entity tag stands for bytes, so no two codings share one.
func TestEntityTagPerCoding(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	tag := ask(s, "GET", "/news/rss.xml").Header().Get("Etag")
	if len(tag) != 34 || strings.Trim(tag[1:33], "0123456789abcdef") != "" || tag[0] != '"' || tag[33] != '"' {
		t.Errorf("got the tag %s, want 32 hexadecimal digits in quotes", tag)
	}
	for _, c := range []string{"gzip", "br", "zstd"} {
		for _, match := range []string{"", "*"} {
			w := ask(s, "GET", "/news/rss.xml", "Accept-Encoding", c, "If-None-Match", match)
			if got, want := w.Header().Get("Etag"), tag[:33]+"-"+c+`"`; got != want {
				t.Errorf("%s, status %d: got %s, want %s", c, w.Code, got, want)
			}
		}
	}
}

func TestNotWorthCompressing(t *testing.T) {
	p := newSite(t)
	p.document("news/rss.xml", "application/rss+xml", strings.Repeat("a", minCompressed-1), changed)
	p.document("news/atom.xml", "application/atom+xml", rand.Text()+rand.Text()+rand.Text()+rand.Text()+rand.Text()+rand.Text()+rand.Text()+rand.Text(), changed)
	noise := make([]byte, 1000)
	rand.Read(noise)
	p.document("news/feed.json", "application/feed+json", string(noise), changed)
	p.publish()
	s := newServer(t, p.dir, Options{})
	for _, path := range []string{"/news/rss.xml", "/news/feed.json"} {
		w := ask(s, "GET", path, "Accept-Encoding", "gzip, br, zstd")
		if got := w.Header().Get("Content-Encoding"); got != "" || !strings.HasPrefix(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: got %q, Vary %q", path, got, w.Header().Get("Vary"))
		}
		// Whoever cannot read plain bytes gets what they can read.
		w = ask(s, "GET", path, "Accept-Encoding", "gzip, identity;q=0")
		if got := w.Header().Get("Content-Encoding"); got != "gzip" {
			t.Errorf("%s without identity: got %q, want gzip", path, got)
		}
	}
}
