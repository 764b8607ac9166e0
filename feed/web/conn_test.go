package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
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
