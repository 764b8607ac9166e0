package web

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A conn gives each piece of what is written a deadline of its own: a time for the whole would cut off who is slow
// but reads on.
type conn struct {
	net.Conn
	plain     *plain // nil once requests are net/http's
	limits    limits
	release   func()
	turn      atomic.Int64 // in which its place in the crowd was taken, or the last answer was done
	since     atomic.Int64 // when its place was taken, or it was offered something last, in nanoseconds since started
	reading   readDeadline
	answering bool      // what is written is the handler's; else net/http's own refusal of what is no request
	deadline  time.Time // for what is written
	parts     [2][]byte
	rest      net.Buffers // of them, that is not written yet
	broken    error       // why nothing more is written
}

// started is a moment by whose clock connections are told apart; it is not set back.
var started = time.Now()

func newConn(c net.Conn, l limits, release func()) *conn {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(l.sendBuffer) // what the system makes of it will do
	}
	return &conn{Conn: c, limits: l, release: sync.OnceFunc(release)}
}

// piece is what has to be taken within the time for a piece. More is offered at once, which costs less than many pieces.
const piece = 16 << 10

// badRequest is said in place of net/http's 501 and 505. A coding or a version that does not exist is no fault of the
// server's, and must not count as one where somebody watches.
const badRequest = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"

func (c *conn) Write(b []byte) (int, error) {
	if !c.answering && bytes.HasPrefix(b, []byte("HTTP/1.1 5")) {
		if _, err := c.write([]byte(badRequest)); err != nil {
			return 0, err
		}
		return len(b), nil
	}
	return c.write(b)
}

func (c *conn) write(b []byte) (int, error) {
	n, err := c.writeParts(b)
	return int(n), err
}

// writeParts writes all of the parts, unless the client takes too little of them. Then nothing is written any more: another
// answer must not follow one that is cut.
func (c *conn) writeParts(parts ...[]byte) (n int64, err error) {
	if c.broken != nil {
		return 0, c.broken
	}
	defer func() { c.parts, c.rest, c.broken = [2][]byte{}, nil, err }()
	for c.rest = c.parts[:copy(c.parts[:], parts)]; ; {
		if err := c.extend(); err != nil {
			return n, err
		}
		m, err := c.writeRest()
		n += m
		if errors.Is(err, os.ErrDeadlineExceeded) {
			if m >= piece {
				continue
			}
			c.forget()
		}
		return n, err
	}
}

// writeRest writes what is left of the parts, and takes it off them.
func (c *conn) writeRest() (int64, error) {
	if len(c.rest) > 1 {
		return c.rest.WriteTo(c.Conn)
	}
	n, err := c.Conn.Write(c.rest[0]) // which takes less than several of one
	c.rest[0] = c.rest[0][n:]
	return int64(n), err
}

// extend gives the next piece its time, or a little less: setting a deadline for each answer shows in a profile.
func (c *conn) extend() error {
	now := time.Now()
	c.since.Store(int64(now.Sub(started)))
	if c.deadline.Sub(now) > c.limits.stall-c.limits.stall/8 {
		return nil
	}
	c.deadline = now.Add(c.limits.stall)
	return c.Conn.SetWriteDeadline(c.deadline)
}

// SetWriteDeadline does nothing: net/http takes away the deadline after each answer, which is extend's.
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// CloseWrite ends our half of the connection, where the other can still be read.
func (c *conn) CloseWrite() error {
	if c, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}

// forget makes Close drop what was not sent yet; the system would try for minutes to get rid of it.
func (c *conn) forget() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
}

func (c *conn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

// connKey is what a request's context holds its connection under.
type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// noting has the connection know when h answers, and be closed after the answer where the server ends.
func (l *listener) noting(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Context().Value(connKey{}).(*conn).answering = true
		if l.ending.Load() {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}
