package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// talk is what a client hears that sends pieces, each when the one before was read, until it is cut off.
func talk(ln *pipeListener, pieces ...string) string {
	c := ln.dial()
	go func() {
		for _, piece := range pieces {
			if _, err := io.WriteString(c, piece); err != nil {
				return
			}
		}
	}()
	heard, _ := io.ReadAll(c)
	c.Close()
	return string(heard)
}

// byNetHTTP accepts connections all of whose requests net/http answers.
type byNetHTTP struct{ *listener }

func (l byNetHTTP) Accept() (net.Conn, error) {
	c, err := l.listener.Accept()
	if err == nil {
		c.(*conn).plain = nil
	}
	return c, err
}

// heardOf is what a client hears of h that sends pieces, here and where net/http answers all.
func heardOf(t *testing.T, h http.Handler, pieces ...string) (here, there string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		ln, ended := newPipeListener(), make(chan error)
		go func() { ended <- Serve(ctx, ln, h, time.Minute) }()
		here = talk(ln, pieces...)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ln, ended := newPipeListener(), make(chan error)
		l := publicLimits()
		accepting := l.listener(t.Context(), ln, h)
		srv := l.server(accepting, h)
		go func() { ended <- srv.Serve(byNetHTTP{accepting}) }()
		there = talk(ln, pieces...)
		srv.Shutdown(t.Context())
		<-ended
	})
	return here, there
}

const lastRequest = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

// What is answered here is what net/http makes of it, to the byte, whatever is asked before and after.
func TestPlainAsByNetHTTP(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{Moved: map[string]string{"moved": "news"}, Gone: []string{"gone"}})
	etag := ask(s, "GET", "/news/rss.xml").Header().Get("Etag")
	var all []string
	for _, path := range []string{"/news/rss.xml", "/news/", "/news", "/none", "/", "/healthz", "/readyz", "/moved/rss.xml", "/gone/rss.xml", "//news/rss.xml",
		"/news/rss.xml?a=b", "/news/%72ss.xml", "/%zz", "/%2e%2e/x", "/a;b", "/a#b", "/news/rss.xml?%zz", "/a|b", "/ä", "*", "http://x/news/rss.xml"} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "get"} {
			all = append(all, method+" "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
		}
	}
	for _, header := range []string{"Accept-Encoding: gzip", "accept-encoding:gzip, br", "Accept-Encoding:  zstd\t ", "If-None-Match: " + etag,
		"If-None-Match: \"a\"\r\nIf-None-Match: " + etag, "If-Modified-Since: Fri, 31 Dec 9999 23:59:59 GMT", "Sec-Fetch-Dest: document",
		"Connection: keep-alive", "Connection: Keep-Alive", "Connection: keep-alive, x", "Connection: upgrade\r\nUpgrade: websocket", "Expect: 100-continue", "Expect: x",
		"Content-Length: 0", "Content-Length: 5\r\n\r\nhello", "Content-Length: x", "Content-Length: 0\r\nContent-Length: 1", "Transfer-Encoding: chunked\r\n\r\n0", "Transfer-Encoding: x",
		"Host: y", "X", ": x", "X : y", " X: y", "X: y\r\n z", "X: y\n", "X: \x00", "X: \x7f", "X: ä", "Ä: x", "X:", "Trailer: X", "Pragma: no-cache",
		"X: " + strings.Repeat("y", 5000), strings.Repeat("X: y\r\n", 300) + "Y: z"} {
		all = append(all, "GET /news/rss.xml HTTP/1.1\r\nHost: x\r\n"+header+"\r\n\r\n")
	}
	for _, host := range []string{"", "Host:\r\n", "Host: a b\r\n", "Host: [::1]:80\r\n", "Host: ä\r\n", "Host: a/b\r\n", "host: x\r\n"} {
		all = append(all, "GET /news/rss.xml HTTP/1.1\r\n"+host+"\r\n")
	}
	all = append(all, "GET /news/rss.xml HTTP/1.0\r\nHost: x\r\n\r\n", "GET /news/rss.xml HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /news/rss.xml HTTP/1.2\r\nHost: x\r\n\r\n",
		"GET /news/rss.xml\r\n\r\n", "GET  /news/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n", "GET /news/rss.xml  HTTP/1.1\r\nHost: x\r\n\r\n", "GET /news/rss.xml HTTP/1.1 \r\nHost: x\r\n\r\n",
		"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /news/rss.xml HTTP/1.1\nHost: x\n\n", "GET /news/rss.xml HTTP/1.1\r\nHost: x\n\r\n", "\r\nGET /news/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n", "G", "GET /")
	const plainOne = "GET /news/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, request := range all {
		whole := plainOne + request + plainOne + lastRequest
		here, there := heardOf(t, s, whole)
		if here != there {
			t.Errorf("%.80q: got  %q\nwant %q", request, here, there)
		}
		if !strings.HasPrefix(here, "HTTP/1.1 200 OK\r\n") {
			t.Errorf("%.80q: got  %q", request, here)
		}
	}
	for at := 1; at < len(plainOne); at += 7 {
		if here, there := heardOf(t, s, plainOne+plainOne[:at], plainOne[at:]+plainOne, lastRequest); here != there || strings.Count(here, " 200 OK") != 3 {
			t.Errorf("cut at %d: got  %q\nwant %q", at, here, there)
		}
	}
}

// Whatever a stranger sends, in whatever pieces, what he hears is what net/http would have answered.
func FuzzPlain(f *testing.F) {
	f.Add("GET /news/rss.xml HTTP/1.1\r\nHost: x\r\n\r\nGET /news/rss.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 50)
	f.Add("HEAD /news/ HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nConnection: keep-alive\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\n\r\n", 3)
	f.Add("GET /a?b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 90)
	s := newServer(f, newSite(f).dir, Options{Moved: map[string]string{"old": "news"}, Gone: []string{"gone"}})
	f.Fuzz(func(t *testing.T, sent string, cut int) {
		cut = min(max(cut, 0), len(sent))
		if here, there := heardOf(t, s, sent[:cut], sent[cut:], lastRequest); here != there {
			t.Errorf("%q, %q: got  %q\nwant %q", sent[:cut], sent[cut:], here, there)
		}
	})
}

// The answers of other handlers are net/http's too, whether they tell of their length and type or not.
func TestPlainWriter(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for name, h := range map[string]http.HandlerFunc{
		"nothing":      func(http.ResponseWriter, *http.Request) {},
		"a text":       hello,
		"a page":       func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!doctype html>") },
		"typed":        func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "a/b"); hello(w, nil) },
		"coded":        func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", "x"); hello(w, nil) },
		"no content":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204); hello(w, nil) },
		"not modified": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304); hello(w, nil) },
		"unavailable":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503); hello(w, nil) },
		"a header of two lines": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", "a\r\nSet-Cookie: b")
			w.Header().Add("X", "c")
			hello(w, nil)
		},
		"length told": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(long)))
			io.WriteString(w, long)
		},
		"in pieces": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(long)))
			io.WriteString(w, long[:5])
			io.WriteString(w, long[5:])
		},
		"what is asked": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, r.Method, r.URL, r.Proto, r.ProtoMajor, r.ProtoMinor, r.Header, r.ContentLength, r.TransferEncoding, r.Close, r.Host, r.RemoteAddr, r.RequestURI, r.Context().Value(http.LocalAddrContextKey))
		},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			here, there := heardOf(t, h, method+" /a%20b?c HTTP/1.1\r\nHost: x.example:80\r\nx-a: 1\r\nX-B:2\r\nx-A:  3 \r\n\r\n", lastRequest)
			if here != there {
				t.Errorf("%s, %s: got  %q\nwant %q", name, method, here, there)
			}
		}
	}
	// What has a length to net/http only when its buffer is full comes in pieces from it, and whole from here.
	unknown := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, long) }
	here, _ := heardOf(t, http.HandlerFunc(unknown), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", lastRequest)
	r, err := http.ReadResponse(bufio.NewReader(strings.NewReader(here)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(r.Body); err != nil || string(body) != long || r.ContentLength != int64(len(long)) {
		t.Errorf("got %d bytes of %d told, %v", len(body), r.ContentLength, err)
	}
}

// A connection has as long for each head as for its first, and as long between two as any.
func TestPlainTimes(t *testing.T) {
	for name, c := range map[string]struct {
		then string
		want time.Duration
	}{
		"asks no more":             {"", 75 * time.Second},
		"never ends a second head": {"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", 5 * time.Second},
		"a long one":               {"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: " + strings.Repeat("x", 5000), 5 * time.Second},
		"begins another":           {"POST / HTTP/1.1\r\n", 5 * time.Second},
		"never sends its body":     {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			serving(t, publicLimits(), hello, func(t *testing.T, ln *pipeListener) {
				conn := ln.dial()
				defer conn.Close()
				for range 20 {
					answer(t, conn)
					time.Sleep(30 * time.Second)
				}
				answer(t, conn)
				if _, err := io.WriteString(conn, c.then); err != nil {
					t.Fatal(err)
				}
				if got := cutAfter(t, conn); got < c.want || got > c.want+time.Second {
					t.Errorf("got cut after %v, want %v", got, c.want)
				}
			})
		})
	}
}

// Who sends a head byte by byte has no longer for it than who sends nothing.
func TestTricklingHead(t *testing.T) {
	for _, head := range []string{"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: " + strings.Repeat("x", 200), "POST / HTTP/1.1\r\nX-Slow: " + strings.Repeat("x", 200)} {
		serving(t, publicLimits(), hello, func(t *testing.T, ln *pipeListener) {
			conn := ln.dial()
			defer conn.Close()
			answer(t, conn)
			time.Sleep(time.Minute)
			began := time.Now()
			for i := range head {
				if _, err := io.WriteString(conn, head[i:i+1]); err != nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if got := time.Since(began); got < 5*time.Second || got > 6*time.Second {
				t.Errorf("%.4s: got cut after %v, want 5s", head, got)
			}
		})
	}
}

// A head that turns out not to be plain, or to be long, has no more time than another.
func TestLateHead(t *testing.T) {
	for _, late := range []string{"X", "ET / HTTP/1.1\r\nX: " + strings.Repeat("x", 5000)} {
		serving(t, publicLimits(), hello, func(t *testing.T, ln *pipeListener) {
			conn := ln.dial()
			defer conn.Close()
			answer(t, conn)
			began := time.Now()
			io.WriteString(conn, "G")
			time.Sleep(4900 * time.Millisecond)
			go io.WriteString(conn, late)
			io.Copy(io.Discard, conn)
			if got := time.Since(began); got != 5*time.Second {
				t.Errorf("got cut after %v, want 5s", got)
			}
		})
	}
}

// Who asks what is not plain, and takes long to be answered, is asked for as long as he stays.
func TestSlowHandlerOfAnother(t *testing.T) {
	slow := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
			t.Errorf("%s: %v", r.URL, r.Context().Err())
		case <-time.After(20 * time.Second):
		}
		hello(w, r)
	}
	serving(t, publicLimits(), slow, func(t *testing.T, ln *pipeListener) {
		conn := ln.dial()
		defer conn.Close()
		answer(t, conn)
		answers := bufio.NewReader(conn)
		for _, path := range []string{"/first", "/second"} {
			go io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
			r, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, r.Body)
		}
	})
}

// slowlyIn answers /slow after d, and the rest at once.
func slowlyIn(d time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			time.Sleep(d)
		}
		hello(w, r)
	}
}

// Who is not answered within the grace is told of, whoever answers him; and who asks meanwhile is answered once.
func TestPlainGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln, ended := newPipeListener(), make(chan error)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { ended <- Serve(ctx, ln, slowlyIn(100*time.Second), 10*time.Second) }()
		asking, other := ln.dial(), ln.dial()
		answers := bufio.NewReader(other)
		post := func() *http.Response {
			go io.WriteString(other, "POST / HTTP/1.1\r\nHost: x\r\n\r\n")
			r, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, r.Body)
			return r
		}
		post()
		io.WriteString(asking, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
		cancel()
		time.Sleep(6 * time.Second)
		if r := post(); !r.Close {
			t.Error("while the server ends, a connection stays open")
		}
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Serve: got %v", err)
		}
		asking.Close()
		other.Close()
		time.Sleep(100 * time.Second) // the handler that was cut off
	})
}

// When the server ends, who is between two requests, or in the middle of one, goes at once, and who is answered gets all of it.
func TestPlainDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln, ended := newPipeListener(), make(chan error)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { ended <- Serve(ctx, ln, slowlyIn(10*time.Second), time.Minute) }()
		idle, begun, asking, silent := ln.dial(), ln.dial(), ln.dial(), ln.dial()
		answer(t, idle)
		answer(t, begun)
		answer(t, asking)
		io.WriteString(begun, "GET / HT")
		io.WriteString(asking, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
		synctest.Wait()
		cancel()
		for name, c := range map[string]net.Conn{"idle": idle, "begun": begun, "silent": silent} {
			if got := cutAfter(t, c); got != 0 {
				t.Errorf("%s: got cut after %v, want at once", name, got)
			}
		}
		began := time.Now()
		if b, err := io.ReadAll(asking); err != nil || !strings.HasSuffix(string(b), "hello") {
			t.Errorf("got %q, %v", b, err)
		}
		if err := <-ended; err != nil || time.Since(began) > 11*time.Second {
			t.Errorf("Serve: got %v after %v", err, time.Since(began))
		}
	})
}

// A handler's fault ends its connection and no other.
func TestPlainPanics(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	h := func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			panic("a fault")
		case "/short":
			w.Header().Set("Content-Length", "6")
		case "/long":
			w.Header().Set("Content-Length", "4")
		}
		hello(w, r)
	}
	serving(t, publicLimits(), h, func(t *testing.T, ln *pipeListener) {
		other := ln.dial()
		defer other.Close()
		answer(t, other)
		for _, path := range []string{"/panic", "/short", "/long"} {
			if heard := talk(ln, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n", lastRequest); heard != "" {
				t.Errorf("%s: got %q", path, heard)
			}
		}
		answer(t, other)
	})
}
