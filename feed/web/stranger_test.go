package web

import (
	"bufio"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// overTCP serves the test site to clients that are no browsers.
func overTCP(t *testing.T) (address string) {
	t.Helper()
	o := Options{Moved: map[string]string{"moved": "news"}, Gone: []string{"gone"}}
	return serveTCP(t, newServer(t, newSite(t).dir, o))
}

// serveTCP serves until the test ends.
func serveTCP(t *testing.T, s *Server) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, ln, s, time.Second) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return ln.Addr().String()
}

// exchange sends bytes on a connection of their own, and gives the status of each answer.
func exchange(t *testing.T, address, sent string) (statuses []int) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() {
		io.WriteString(c, sent) // the answer may come, and the end, before all is sent
		c.(*net.TCPConn).CloseWrite()
	}()
	method, _, _ := strings.Cut(sent, " ")
	for r := bufio.NewReader(c); ; {
		answer, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			return statuses
		}
		statuses = append(statuses, answer.StatusCode)
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			return statuses
		}
	}
}

// fine says whether a status is none that puts the fault on the server.
func fine(status int) bool {
	switch status {
	case 200, 206, 301, 304:
		return true
	}
	return status >= 400 && status < 500
}

// Whatever is sent, the answer does not say that the server is at fault.
func TestStrangeRequests(t *testing.T) {
	address := overTCP(t)
	const end = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
	long := strings.Repeat("x", 100<<10)
	requests := map[string]string{
		"nothing":                  "",
		"a line end":               "\r\n\r\n",
		"no version":               "GET /\r\n\r\n",
		"another version":          "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
		"HTTP/2's beginning":       "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"TLS":                      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"no host":                  "GET / HTTP/1.1\r\n\r\n",
		"two hosts":                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"a host that is none":      "GET / HTTP/1.1\r\nHost: a b\x01\r\n\r\n",
		"a long address":           "GET /" + long + end + "\r\n",
		"a long query":             "GET /news/rss.xml?" + long + end + "\r\n",
		"a long header":            "GET /" + end + "X: " + long + "\r\n\r\n",
		"a long name of a header":  "GET /" + end + long + ": x\r\n\r\n",
		"many headers":             "GET /" + end + strings.Repeat("X: y\r\n", 5000) + "\r\n",
		"a long method":            long + " /" + end + "\r\n",
		"a bad header":             "GET /" + end + "no colon\r\n\r\n",
		"a folded header":          "GET /" + end + "X: y\r\n z\r\n\r\n",
		"a NUL in a header":        "GET /" + end + "X: \x00\r\n\r\n",
		"a bad length":             "GET /" + end + "Content-Length: -1\r\n\r\n",
		"two lengths":              "POST /" + end + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"a length and pieces":      "POST /" + end + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"pieces that are none":     "POST /" + end + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"an unknown coding":        "GET /" + end + "Transfer-Encoding: gzip\r\n\r\n",
		"a coding, twice":          "POST /" + end + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
		"a body on GET":            "GET /news/rss.xml" + end + "Content-Length: 5\r\n\r\nhello",
		"to be continued":          "POST /" + end + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
		"an unknown expectation":   "GET /" + end + "Expect: wonders\r\n\r\n",
		"an upgrade":               "GET /" + end + "Connection: Upgrade\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
		"an address of elsewhere":  "GET http://elsewhere.example/news/rss.xml" + end + "\r\n",
		"an address without slash": "GET news/rss.xml" + end + "\r\n",
		"the asterisk":             "OPTIONS *" + end + "\r\n",
		"GET of the asterisk":      "GET *" + end + "\r\n",
		"a proxy's CONNECT":        "CONNECT elsewhere.example:443" + end + "\r\n",
		"a space in the address":   "GET /news/ rss.xml" + end + "\r\n",
	}
	for _, path := range []string{"/%00", "/news/%00rss.xml", "/news/rss.xml%00", "/%", "/%zz", "/%2e%2e/%2e%2e/etc/passwd",
		"/../../etc/passwd", "/news/..%2f..%2f.feedpub.json", "/.feedpub.json", "/news/.rss.xml.feedpub-tmp", "/%c0%ae%c0%ae/", "/news\\rss.xml",
		"//news//rss.xml", "/news/rss.xml/", "/news/rss.xml/x", "/NEWS/RSS.XML", "/con", "/news/rss.xml::$DATA", "/\xff\xfe", "/moved/%00", "/gone/%0d%0aX:y",
		"/moved/%0d%0aSet-Cookie:x", "/moved//elsewhere.example/", "/news%0a", "/%E2%80%AE", "/" + strings.Repeat("a/", 5000), "/" + strings.Repeat("%2e/", 2000)} {
		requests["GET "+path[:min(len(path), 40)]] = "GET " + path + end + "\r\n"
	}
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "PURGE", "QUERY", "get", "G T", "GET\x00", "Ü", "."} {
		requests[method+" of a feed"] = method + " /news/rss.xml" + end + "\r\n"
	}
	for name, sent := range requests {
		for _, status := range exchange(t, address, sent) {
			if !fine(status) {
				t.Errorf("%s: got %d", name, status)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		garbage := make([]byte, random.IntN(2000))
		for i := range garbage {
			garbage[i] = byte(random.Uint32())
		}
		sent := string(garbage)
		if random.IntN(2) == 0 {
			sent = "GET /news/rss.xml" + end + sent + "\r\n\r\n"
		}
		for _, status := range exchange(t, address, sent) {
			if !fine(status) {
				t.Errorf("got %d for %q", status, sent)
			}
		}
	}
	if got := exchange(t, address, "GET /news/rss.xml"+end+"\r\n"); len(got) != 1 || got[0] != 200 {
		t.Errorf("after all of it: got %v, want 200", got)
	}
}

// Conditions, ranges and codings are put together by chance of what readers, proxies and attackers write in them.
func TestStrangeConditions(t *testing.T) {
	address := overTCP(t)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answers := bufio.NewReader(c)
	tag := `"` + strings.Repeat("0", 32) + `"`
	random := rand.New(rand.NewPCG(3, 4))
	seen := map[int]int{}
	for n := range 1000 {
		method := pick(random, "GET", "GET", "HEAD")
		var b strings.Builder
		b.WriteString(method + " /news/" + pick(random, "rss.xml", "atom.xml", "feed.json") + " HTTP/1.1\r\nHost: x\r\n")
		for range random.IntN(5) {
			b.WriteString(strangeCondition(random, tag) + "\r\n")
		}
		if _, err := io.WriteString(c, b.String()+"\r\n"); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(answers, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Fatalf("%q: %v", b.String(), err)
		}
		seen[answer.StatusCode]++
		if !slices.Contains([]int{200, 206, 304, 412, 416}, answer.StatusCode) {
			t.Errorf("%d: got %d for %q", n, answer.StatusCode, b.String())
		}
		if n%10 == 0 {
			tag = answer.Header.Get("Etag")
		}
	}
	if seen[200] == 0 || seen[304] == 0 {
		t.Errorf("got the statuses %v, want some of 200 and of 304", seen)
	}
}

// strangeCondition is one header, often one that is right.
func strangeCondition(random *rand.Rand, tag string) string {
	name := pick(random, "If-None-Match", "If-Modified-Since", "If-Range", "Range", "Accept-Encoding", "If-Match", "If-Unmodified-Since", "A-IM")
	var parts []string
	for range 1 + random.IntN(4) {
		parts = append(parts, pick(random, tag, "W/"+tag, strings.Trim(tag, `"`), tag+"-gzip", "*", `"*"`, `"`, "W/", `""`, ",", ";", "-", "=", "",
			"Sun, 01 Mar 2026 12:00:00 GMT", "Sunday, 01-Mar-26 12:00:00 GMT", "Sun Mar  1 12:00:00 2026", "Sun, 31 Feb 2026 25:61:61 GMT",
			"Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "0", "-1", "99999999999999999999", "1e999", "\xff\xfe", "日本",
			"bytes=0-0", "bytes=0-", "bytes=-1", "bytes=-0", "bytes=5-2", "bytes=0-99999999999999999999", "bytes=0-1,5-9,-1", "bytes=,,", "lines=1-2", "bytes",
			"bytes="+strings.Repeat("0-0,", 1000), "gzip", "br;q=0.5", "zstd;q=2", "identity;q=0", "*;q=0", "gzip;q=NaN", ";q=", "feed", strings.Repeat("x", 3000)))
	}
	return name + ": " + strings.Join(parts, pick(random, ",", ", ", " ", ";", ""))
}

func pick(random *rand.Rand, from ...string) string { return from[random.IntN(len(from))] }
