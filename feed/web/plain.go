package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Nearly all requests are plain: GET or HEAD, no body, a short head in the usual spelling. A connection answers them itself
// until another comes; that one and all after it are net/http's. For each request net/http has a goroutine watch whether
// the client leaves, sets five deadlines and copies the answer's head twice, which takes longer than the answer: here are 1.4 to
// 1.7 times as many a second, of what is compressed or 304, for 0.6 of the CPU (BenchmarkBesideBare).

// A plain is what a connection needs to answer plain requests.
type plain struct {
	*listener
	like    *http.Request // a request of the connection, but for what it asks
	request http.Request  // this and the next two are used again
	header  http.Header
	values  []string // of the header
	reply   reply
}

func newPlain(l *listener, c *conn) *plain {
	like := &http.Request{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody, RemoteAddr: c.RemoteAddr().String()}
	ctx := context.WithValue(l.ctx, http.LocalAddrContextKey, c.LocalAddr()) // as net/http has it: the status page asks for it
	return &plain{
		listener: l, like: like.WithContext(ctx), header: make(http.Header),
		reply: reply{conn: c, header: make(http.Header)},
	}
}

var endOfHead = []byte("\r\n\r\n")

// answerPlain answers plain requests until another comes, and gives what is read of that. b is net/http's buffer, of 4 KiB.
func (c *conn) answerPlain(b []byte) (n int, err error) {
	answered, begun := false, false
	for mayBePlain(b[:n]) {
		end := bytes.Index(b[:n], endOfHead) + len(endOfHead)
		if end < len(endOfHead) {
			if n == len(b) {
				break
			}
			switch {
			case !answered: // what net/http set for the first head stands
			case n == 0:
				c.SetReadDeadline(time.Now().Add(c.limits.idle))
			case !begun:
				c.SetReadDeadline(time.Now().Add(c.limits.header))
				begun = true
			}
			if c.plain.ending.Load() { // after the deadline is set, or it could be set over that of endPlain
				return 0, io.EOF
			}
			m, err := c.read(b[n:])
			if n += m; err != nil {
				if n == 0 || errors.Is(err, os.ErrDeadlineExceeded) {
					return 0, err
				}
				break // net/http gets what came, and finds out itself that it is all
			}
			continue
		}
		r, ok := c.plain.parse(string(b[:end]))
		if !ok {
			break
		}
		if !c.plain.answer(r) {
			return 0, io.EOF
		}
		answered, begun = true, false
		n = copy(b, b[end:n])
	}
	if answered && !begun {
		c.SetReadDeadline(time.Now().Add(c.limits.header))
	}
	return n, nil
}

// mayBePlain tells by how a request begins whether to wait for the rest of it.
func mayBePlain(begin []byte) bool {
	for _, method := range []string{"GET /", "HEAD /"} {
		if n := min(len(begin), len(method)); string(begin[:n]) == method[:n] {
			return true
		}
	}
	return false
}

// parse reads the head of a request with the empty line at its end. What net/http would take otherwise, or not take, is not ok.
func (p *plain) parse(head string) (*http.Request, bool) {
	line, rest, _ := strings.Cut(head, "\r\n")
	method, line, _ := strings.Cut(line, " ")
	target, ok := strings.CutSuffix(line, " HTTP/1.1")
	if !ok || method != http.MethodGet && method != http.MethodHead || strings.HasPrefix(target, "//") || !isVisible(target) {
		return nil, false
	}
	r, h, values := &p.request, p.header, p.values[:0]
	clear(h)
	*r = *p.like
	r.Method, r.RequestURI, r.Header = method, target, h
	var err error
	if r.URL, err = url.ParseRequestURI(target); err != nil {
		return nil, false
	}
	for hosts := 0; ; {
		if line, rest, _ = strings.Cut(rest, "\r\n"); line == "" {
			p.values = values
			return r, hosts == 1
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		if len(name) == len(line) || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return nil, false
		}
		switch name = textproto.CanonicalMIMEHeaderKey(name); name {
		case "Host":
			r.Host = value
			if hosts++; !httpguts.ValidHostHeader(value) {
				return nil, false
			}
			continue
		case "Connection":
			if !strings.EqualFold(value, "keep-alive") {
				return nil, false
			}
		case "Content-Length", "Transfer-Encoding", "Trailer", "Expect", "Upgrade", "Pragma":
			return nil, false
		}
		if before := h[name]; before != nil {
			h[name] = append(before, value)
			continue
		}
		values = append(values, value)
		h[name] = values[len(values)-1 : len(values) : len(values)]
	}
}

// isVisible says that each byte is a visible character of ASCII. A # begins what no client sends.
func isVisible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '#' {
			return false
		}
	}
	return true
}

// answer has the handler answer, unless the server ends; not ok means that no other answer can follow.
func (p *plain) answer(r *http.Request) (ok bool) {
	if p.ending.Load() {
		return false
	}
	p.reply.begin(r)
	p.handler.ServeHTTP(&p.reply, r)
	p.reply.end()
	c := p.reply.conn
	c.turn.Store(p.turns.Add(1))
	return c.broken == nil
}

// endPlain has connections take no more plain requests, and waits for the answers under way, or for ctx to end.
func (l *listener) endPlain(ctx context.Context) error {
	l.ending.Store(true)
	l.mu.Lock()
	for c := range l.kept {
		c.Conn.SetReadDeadline(time.Unix(1, 0)) // who waits for a request finds out
	}
	l.mu.Unlock()
	answered := make(chan struct{})
	go func() {
		l.answering.Wait()
		close(answered)
	}()
	select {
	case <-answered:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
