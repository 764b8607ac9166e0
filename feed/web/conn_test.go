package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Answers that are sent in one piece with their heads stay apart from each other, whatever is asked at once.
func TestAnswersOfOneConnection(t *testing.T) {
	p := newSite(t)
	large := strings.Repeat(rss("Large"), 2000)
	p.document("large/rss.xml", "application/rss+xml", large, changed)
	p.publish()
	s := newServer(t, p.dir, Options{})
	etag := ask(s, "GET", "/news/rss.xml").Header().Get("Etag")
	c, err := net.Dial("tcp", serveTCP(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	requests := []struct{ line, header, want string }{
		{"GET /large/rss.xml HTTP/1.1", "", large},
		{"HEAD /large/rss.xml HTTP/1.1", "", ""},
		{"GET /news/rss.xml HTTP/1.1", "", rss("News")},
		{"GET /news/rss.xml HTTP/1.1", "If-None-Match: " + etag + "\r\n", ""},
		{"GET /none HTTP/1.1", "", "404 page not found\n"},
		{"GET /large/rss.xml HTTP/1.0", "", large},
	}
	var all strings.Builder
	for _, r := range requests {
		all.WriteString(r.line + "\r\nHost: example.org\r\n" + r.header + "\r\n")
	}
	if _, err := io.WriteString(c, all.String()); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(c)
	for _, r := range requests {
		method, _, _ := strings.Cut(r.line, " ")
		response, err := http.ReadResponse(answers, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%s: %v", r.line, err)
		}
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != r.want {
			t.Errorf("%s %s: got %d bytes, %v; want %d", r.line, r.header, len(body), err, len(r.want))
		}
	}
	if _, err := answers.ReadByte(); err != io.EOF {
		t.Errorf("after the answers: %v; want the end", err)
	}
}

// Who takes nothing is let go also where he took the answers before.
func TestStalledAfterAnAnswer(t *testing.T) {
	large, failed := strings.Repeat("x", 1<<20), make(chan time.Duration, 1)
	answer := func(w http.ResponseWriter, r *http.Request) {
		body := []byte("small")
		if r.URL.Path == "/large" {
			body = []byte(large)
		}
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		began := time.Now()
		if _, err := w.Write(body); err != nil {
			failed <- time.Since(began)
		}
	}
	serving(t, publicLimits(), answer, func(t *testing.T, ln *pipeListener) {
		conn := ln.dial()
		defer conn.Close()
		go io.WriteString(conn, "GET /small HTTP/1.1\r\nHost: x\r\n\r\nGET /large HTTP/1.1\r\nHost: x\r\n\r\n")
		response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, response.Body, 5); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute) // reads nothing
		select {
		case after := <-failed:
			if after > 9*time.Second {
				t.Errorf("let go after %v", after)
			}
		default:
			t.Error("still there after a minute")
		}
	})
}

// An answer that is cut is the last one: another must not be taken for its end.
func TestNothingFollowsACutAnswer(t *testing.T) {
	for _, size := range []int{5, 511, 512, 513, 100_000} {
		answer := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(size))
			io.WriteString(w, strings.Repeat("x", size))
		}
		serving(t, publicLimits(), answer, func(t *testing.T, ln *pipeListener) {
			conn := ln.dial()
			defer conn.Close()
			go io.WriteString(conn, strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 2))
			begin := make([]byte, 20)
			if _, err := io.ReadFull(conn, begin); err != nil {
				t.Fatal(err)
			}
			time.Sleep(9 * time.Second)
			if rest, _ := io.ReadAll(conn); len(rest) > 0 {
				t.Errorf("%d bytes: %q came after %q", size, rest, begin)
			}
		})
	}
}
