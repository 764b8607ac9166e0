package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// limits are what one client may take of the server.
type limits struct {
	headerBytes int           // of request line and headers
	header      time.Duration // until they are there
	request     time.Duration // until a body is there too; we read none
	idle        time.Duration // between two requests; more than the 60 s after which proxies give up
	stall       time.Duration // in which a piece of an answer must be taken
	connections int           // at once; later ones wait to be accepted
}

func publicLimits() limits {
	return limits{
		headerBytes: 16 << 10,
		header:      5 * time.Second,
		request:     10 * time.Second,
		idle:        75 * time.Second,
		stall:       10 * time.Second,
		connections: 10_000,
	}
}

// Serve answers the requests that come through ln with h, within limits that keep slow or greedy clients from the
// others: 16 KiB and 5 s for the headers of a request, 10 s for each 16 KiB of an answer, 10 000 connections at
// once. When ctx is done it takes no new requests and returns nil after those under way are answered, or, when that
// takes longer than grace, an error and the connections are cut. What net/http has to tell goes to the log package.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, grace time.Duration) error {
	return publicLimits().serve(ctx, ln, h, grace)
}

func (l limits) serve(ctx context.Context, ln net.Listener, h http.Handler, grace time.Duration) error {
	srv := &http.Server{
		Handler:           h,
		MaxHeaderBytes:    l.headerBytes - 4096, // net/http allows 4 096 more
		ReadHeaderTimeout: l.header,
		ReadTimeout:       l.request,
		IdleTimeout:       l.idle,
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l.listener(ln)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err := srv.Shutdown(drain)
	if err != nil {
		srv.Close()
		err = fmt.Errorf("answer the last requests: %w", err)
	}
	<-ended
	return err
}

// A listener accepts so many connections at once, and drops those that take no bytes. golang.org/x/net/netutil's
// hides CloseWrite, without which an early refusal is lost on a client that is still sending.
type listener struct {
	net.Listener
	stall  time.Duration
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once
}

func (l limits) listener(ln net.Listener) *listener {
	return &listener{Listener: ln, stall: l.stall, slots: make(chan struct{}, l.connections), closed: make(chan struct{})}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &conn{Conn: c, stall: l.stall, release: sync.OnceFunc(func() { <-l.slots })}, nil
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// A conn gives each piece of what is written a deadline of its own: a time for the whole would cut off who is slow
// but reads on.
type conn struct {
	net.Conn
	stall   time.Duration
	release func()
}

const piece = 16 << 10

func (c *conn) Write(b []byte) (n int, err error) {
	for {
		if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
			return n, err
		}
		m, err := c.Conn.Write(b[n:min(n+piece, len(b))])
		n += m
		if err != nil || n == len(b) {
			return n, err
		}
	}
}

// CloseWrite ends our half of the connection, where the other can still be read.
func (c *conn) CloseWrite() error {
	if c, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}

func (c *conn) Close() error {
	defer c.release()
	return c.Conn.Close()
}
