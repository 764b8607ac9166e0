package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestGet(t *testing.T) {
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("ETag", `W/"1"`)
		h.Set("Last-Modified", "Sat, 04 Oct 2025 10:00:00 GMT")
		h.Set("Content-Type", "application/atom+xml; charset=utf-8")
		h.Set("Cache-Control", "public, max-age=600")
		h.Set("Set-Cookie", "who=you")
		io.WriteString(w, "the feed")
	})
	r, err := newClient(t, Options{}).Get(t.Context(), s.URL+"/feed?a=b#part", Validators{})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%+v %s", *r, r.Body)
	want := fmt.Sprintf("%+v the feed", Response{
		Validators:  Validators{ETag: `W/"1"`, LastModified: "Sat, 04 Oct 2025 10:00:00 GMT"},
		URL:         s.URL + "/feed?a=b",
		ContentType: "application/atom+xml; charset=utf-8",
		MaxAge:      10 * time.Minute,
		Body:        []byte("the feed"),
	})
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWhatIsSent(t *testing.T) {
	var sent http.Header
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		sent = r.Header
		w.Header().Set("Set-Cookie", "who=you")
	})
	c := newClient(t, Options{UserAgent: "Example (+https://example.org/)"})
	for range 2 { // a cookie would come back the second time
		if _, err := c.Get(t.Context(), s.URL, Validators{ETag: `"1"`, LastModified: "yesterday"}); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.ReplaceAll(fmt.Sprint(sent), "map", "")
	if want := `[Accept-Encoding:[gzip] If-Modified-Since:[yesterday] If-None-Match:["1"] User-Agent:[Example (+https://example.org/)]]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNotModified(t *testing.T) {
	var header http.Header
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range header {
			w.Header().Set(name, header.Get(name))
		}
		w.WriteHeader(http.StatusNotModified)
	})
	c := newClient(t, Options{})
	known := Validators{ETag: `"1"`, LastModified: "Sat, 04 Oct 2025 10:00:00 GMT"}
	r, err := c.Get(t.Context(), s.URL, known)
	if err != nil || !r.NotModified || r.Body != nil || r.Validators != known {
		t.Errorf("got %+v, %v, want the known validators", r, err)
	}
	header = http.Header{"Etag": {`"2"`}}
	r, err = c.Get(t.Context(), s.URL, known)
	if err != nil || !r.NotModified || r.Validators != (Validators{ETag: `"2"`}) {
		t.Errorf("got %+v, %v, want the new validators", r, err)
	}
	// Unchanged since when?
	_, err = c.Get(t.Context(), s.URL, Validators{})
	if e, ok := errors.AsType[*StatusError](err); !ok || e.Code != http.StatusNotModified {
		t.Errorf("got %v, want a status error", err)
	}
}

func TestStatusErrors(t *testing.T) {
	for _, c := range []struct {
		code       int
		retryAfter string
		want       time.Duration
		text       string
	}{
		{http.StatusNoContent, "", 0, "204 No Content"},
		{http.StatusPartialContent, "", 0, "206 Partial Content"},
		{http.StatusMultipleChoices, "", 0, "300 Multiple Choices"},
		{http.StatusFound, "", 0, "302 Found"}, // without a Location
		{http.StatusNotFound, "120", 0, "404 Not Found"},
		{http.StatusGone, "", 0, "410 Gone"},
		{http.StatusTooManyRequests, "120", 2 * time.Minute, "429 Too Many Requests"},
		{http.StatusTooManyRequests, "", 0, "429 Too Many Requests"},
		{http.StatusServiceUnavailable, "Sat, 04 Oct 2025 11:00:00 GMT", time.Hour, "503 Service Unavailable"},
		{599, "", 0, "599"},
	} {
		s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
			if c.retryAfter != "" {
				w.Header().Set("Retry-After", c.retryAfter)
			}
			w.WriteHeader(c.code)
		})
		client := newClient(t, Options{})
		client.now = func() time.Time { return time.Date(2025, 10, 4, 10, 0, 0, 0, time.UTC) }
		_, err := client.Get(t.Context(), s.URL+"/feed", Validators{})
		e, ok := errors.AsType[*StatusError](err)
		if !ok || *e != (StatusError{URL: s.URL + "/feed", Code: c.code, RetryAfter: c.want}) {
			t.Errorf("got %+v (%v), want %d, %v", e, err, c.code, c.want)
		}
		if want := "get " + s.URL + "/feed: the server answers " + c.text; err != nil && err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

func TestRedirects(t *testing.T) {
	moved, found, permanent := http.StatusMovedPermanently, http.StatusFound, http.StatusPermanentRedirect
	for _, c := range []struct {
		codes     []int
		permanent string
		want      error
	}{
		{nil, "", nil},
		{[]int{moved}, "/1", nil},
		{[]int{permanent}, "/1", nil},
		{[]int{moved, permanent, moved}, "/3", nil},
		{[]int{found}, "", nil},
		{[]int{http.StatusSeeOther}, "", nil},
		{[]int{http.StatusTemporaryRedirect}, "", nil},
		{[]int{moved, found}, "/1", nil},
		{[]int{moved, found, moved}, "/1", nil},
		{[]int{found, moved}, "", nil},
		{[]int{moved, moved, moved, moved, moved}, "/5", nil},
		{[]int{moved, moved, moved, moved, moved, moved}, "", ErrTooManyRedirects},
	} {
		t.Run(fmt.Sprint(c.codes), func(t *testing.T) {
			s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
				var n int
				fmt.Sscanf(r.URL.Path, "/%d", &n)
				if n < len(c.codes) {
					http.Redirect(w, r, fmt.Sprintf("/%d#part", n+1), c.codes[n])
				}
			})
			r, err := newClient(t, Options{}).Get(t.Context(), s.URL+"/0", Validators{})
			if c.want != nil {
				if !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("%s/%d", s.URL, len(c.codes)); r.URL != want {
				t.Errorf("got URL %s, want %s", r.URL, want)
			}
			if want := c.permanent; want != strings.TrimPrefix(r.Permanent, s.URL) {
				t.Errorf("got permanent %s, want %s", r.Permanent, want)
			}
		})
	}
}

func TestRedirectInACircle(t *testing.T) {
	asked := 0
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, r.URL.Path, http.StatusFound)
	})
	_, err := newClient(t, Options{}).Get(t.Context(), s.URL+"/", Validators{})
	if !errors.Is(err, ErrTooManyRedirects) || asked != 1+maxRedirects {
		t.Errorf("got %v after %d requests, want %v after %d", err, asked, ErrTooManyRedirects, 1+maxRedirects)
	}
}

// What a caller means for one host does not go to another, nor to the first when another sends us back.
func TestSecretsStayWithTheirHost(t *testing.T) {
	var home, away *httptest.Server
	var sent []string
	note := func(r *http.Request) {
		sent = append(sent, r.URL.Path+":"+r.Header.Get("Authorization")+r.Header.Get("Cookie")+r.Header.Get("X-Api-Key")+r.Referer())
	}
	home = startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		switch r.URL.Path {
		case "/":
			http.Redirect(w, r, "/again", http.StatusFound)
		case "/again":
			http.Redirect(w, r, away.URL+"/away", http.StatusFound)
		}
	})
	away = startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		http.Redirect(w, r, home.URL+"/back", http.StatusFound)
	})
	req, err := http.NewRequest("GET", home.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"a"}, "Cookie": {"b=c"}, "X-Api-Key": {"d"}}
	resp, err := newClient(t, Options{}).HTTP().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if want := []string{"/:ab=cd", "/again:ab=cd", "/away:", "/back:"}; !slices.Equal(sent, want) {
		t.Errorf("got %q, want %q", sent, want)
	}
}

// trust makes c take s for a server with a good certificate.
func trust(c *Client, s *httptest.Server) {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	c.http.Transport.(*transport).TLSClientConfig.RootCAs = roots
	c.http.Transport.(*transport).TLSClientConfig.ServerName = "example.com" // which httptest's certificate names
}

func TestTLS(t *testing.T) {
	start := func(change func(*tls.Config)) *httptest.Server {
		s := newPublic(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) })
		s.EnableHTTP2 = true
		s.TLS = &tls.Config{}
		change(s.TLS)
		s.StartTLS()
		return s
	}
	modern := start(func(c *tls.Config) {})
	c := newClient(t, Options{})
	if _, err := c.Get(t.Context(), modern.URL, Validators{}); !isCertificateError(err) {
		t.Errorf("a stranger's certificate: got %v", err)
	}
	c = newClient(t, Options{})
	trust(c, modern)
	if r, err := c.Get(t.Context(), modern.URL, Validators{}); err != nil || string(r.Body) != "HTTP/2.0" {
		t.Errorf("got %v, %v, want an answer by HTTP/2", r, err)
	}
	old := start(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	c = newClient(t, Options{})
	trust(c, old)
	if _, err := c.Get(t.Context(), old.URL, Validators{}); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.1: got %v, want a complaint of the version", err)
	}
}

func isCertificateError(err error) bool {
	_, ok := errors.AsType[*tls.CertificateVerificationError](err)
	return ok
}

func TestRedirectFromHTTPS(t *testing.T) {
	plain := startPublic(t, func(w http.ResponseWriter, r *http.Request) { t.Error("the plain server was asked") })
	secure := newPublic(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain.URL, http.StatusFound) })
	secure.StartTLS()
	c := newClient(t, Options{})
	trust(c, secure)
	_, err := c.Get(t.Context(), secure.URL, Validators{})
	if !errors.Is(err, ErrRefusedURL) || !strings.Contains(err.Error(), secure.URL+" leads from https to http") {
		t.Errorf("got %v", err)
	}
	up := startPublic(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, secure.URL, http.StatusFound) })
	if _, err := c.Get(t.Context(), up.URL, Validators{}); !errors.Is(err, ErrRefusedURL) {
		t.Errorf("by way of http: got %v", err)
	}
}

func gzipped(t *testing.T, b []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestSize(t *testing.T) {
	const limit = 1000
	text := bytes.Repeat([]byte("a"), limit+1)
	for _, c := range []struct {
		name, coding string
		body         []byte
		chunked      bool
		want         error
	}{
		{"at the limit", "", text[:limit], false, nil},
		{"at the limit, in chunks", "", text[:limit], true, nil},
		{"at the limit, compressed", "gzip", gzipped(t, text[:limit]), false, nil},
		{"over", "", text, false, ErrTooLarge},
		{"over, in chunks", "", text, true, ErrTooLarge},
		{"over, compressed", "gzip", gzipped(t, text), false, ErrTooLarge},
		{"a bomb", "gzip", gzipped(t, make([]byte, 4<<20)), true, ErrTooLarge},
		{"cut off", "gzip", gzipped(t, text[:limit])[:20], false, io.ErrUnexpectedEOF},
		{"no gzip", "gzip", text[:limit], false, gzip.ErrHeader},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
				if c.coding != "" {
					w.Header().Set("Content-Encoding", c.coding)
				}
				if c.chunked {
					w.(http.Flusher).Flush()
				}
				w.Write(c.body)
			})
			r, err := newClient(t, Options{MaxBytes: limit}).Get(t.Context(), s.URL, Validators{})
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if err == nil && !bytes.Equal(r.Body, text[:limit]) {
				t.Errorf("got %d bytes, want %d", len(r.Body), limit)
			}
		})
	}
}

// What says that it will be too large is not read at all.
func TestSizeIsAnnounced(t *testing.T) {
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1001")
		w.(http.Flusher).Flush()
		untilGone(r)
	})
	_, err := newClient(t, Options{MaxBytes: 1000}).Get(t.Context(), s.URL, Validators{})
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want %v", err, ErrTooLarge)
	}
}

func TestCodingThatNobodyAskedFor(t *testing.T) {
	for _, coding := range []string{"br", "deflate", "gzip, gzip", "zstd"} {
		s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", coding)
			io.WriteString(w, "what is this?")
		})
		_, err := newClient(t, Options{}).Get(t.Context(), s.URL, Validators{})
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("the coding %q", coding)) {
			t.Errorf("%s: got %v", coding, err)
		}
	}
}

func TestHugeHeader(t *testing.T) {
	for name, flood := range map[string]func(http.Header){
		"one field":   func(h http.Header) { h.Set("X-Long", strings.Repeat("a", 2*maxHeaderBytes)) },
		"many fields": func(h http.Header) { h["X-Many"] = slices.Repeat([]string{"a"}, maxHeaderBytes/4) },
	} {
		s := startPublic(t, func(w http.ResponseWriter, r *http.Request) { flood(w.Header()) })
		_, err := newClient(t, Options{}).Get(t.Context(), s.URL, Validators{})
		if err == nil || !strings.Contains(err.Error(), "headers exceeded") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// untilGone waits until the client of r has given up.
func untilGone(r *http.Request) { <-r.Context().Done() }

// No server holds us up for longer than it may: nothing of what follows would end by itself. How net/http says that
// the whole took too long is its own choice.
func TestTime(t *testing.T) {
	const moment, hour = 50 * time.Millisecond, time.Hour
	empty := gzipped(t, nil)
	for _, c := range []struct {
		name          string
		step, timeout time.Duration
		handler       http.HandlerFunc
		complaint     string
	}{
		{"no header", moment, hour, func(w http.ResponseWriter, r *http.Request) { untilGone(r) }, "awaiting response headers"},
		{"no body", moment, hour, func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			untilGone(r)
		}, "the server sent nothing for 50ms"},
		{"half a body", moment, hour, func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "<rss>")
			w.(http.Flusher).Flush()
			untilGone(r)
		}, "the server sent nothing for 50ms"},
		{"packed nothing, without end", moment, hour, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			for r.Context().Err() == nil {
				w.Write(empty)
			}
		}, "the server sent nothing for 50ms"},
		{"a byte at a time", hour, 4 * moment, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, "a")
				w.(http.Flusher).Flush()
			}
		}, ""},
		{"redirect that is slow", hour, 4 * moment, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/next", http.StatusFound)
				return
			}
			untilGone(r)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := startPublic(t, c.handler)
			_, err := newClient(t, Options{StepTimeout: c.step, Timeout: c.timeout}).Get(t.Context(), s.URL+"/", Validators{})
			if err == nil || !strings.Contains(err.Error(), c.complaint) || !isTimeout(err) {
				t.Errorf("got %v, want a timeout: %s", err, c.complaint)
			}
		})
	}
}

// It is the server's silence that counts, not how long a caller thinks between two reads.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		b := newBody(ctx, cancel, io.NopCloser(strings.NewReader("feed")), Options{MaxBytes: 10, StepTimeout: time.Second})
		defer b.Close()
		for range 4 {
			if _, err := b.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
			synctest.Wait()
		}
		if ctx.Err() != nil {
			t.Errorf("got %v", context.Cause(ctx))
		}
	})
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

func TestHandshakeThatNeverEnds(t *testing.T) {
	silent := listenPrivate(t)
	c := newClient(t, Options{StepTimeout: 50 * time.Millisecond, Timeout: time.Hour})
	_, err := c.Get(t.Context(), "https://"+public.String()+":"+silent.port()+"/", Validators{})
	if err == nil || !strings.Contains(err.Error(), "TLS handshake timeout") {
		t.Errorf("got %v", err)
	}
}

// A caller who gives up, or whose time is over, gets to know that it was so.
func TestCallerGivesUp(t *testing.T) {
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		cancel(enough)
		untilGone(r)
	})
	if _, err := newClient(t, Options{}).Get(ctx, s.URL, Validators{}); !errors.Is(err, enough) {
		t.Errorf("got %v, want %v", err, enough)
	}
}

// The bounds hold for whoever takes the plain client.
func TestHTTP(t *testing.T) {
	s := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "2000")
		if r.Method == http.MethodGet {
			w.Write(make([]byte, 2000))
		}
	})
	c := newClient(t, Options{MaxBytes: 1000}).HTTP()
	resp, err := c.Head(s.URL)
	if err != nil || resp.ContentLength != 2000 {
		t.Fatalf("got %v, %v, want a length of 2000", resp, err)
	}
	resp.Body.Close()
	if resp, err = c.Get(s.URL); err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); n != 1000 || !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %d bytes, %v, want 1000, %v", n, err, ErrTooLarge)
	}
	if _, err := c.Post("http://127.0.0.1/", "text/plain", strings.NewReader("secret")); !errors.Is(err, ErrRefusedAddress) {
		t.Errorf("got %v, want %v", err, ErrRefusedAddress)
	}
}
