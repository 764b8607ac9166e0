package web

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// A conn gives each piece of what is written a deadline of its own: a time for the whole would cut off who is slow
// but reads on.
type conn struct {
	net.Conn
	stall   time.Duration
	release func()
}

func newConn(c net.Conn, l limits, release func()) *conn {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(l.sendBuffer) // what the system makes of it will do
	}
	return &conn{Conn: c, stall: l.stall, release: sync.OnceFunc(release)}
}

const piece = 16 << 10

func (c *conn) Write(b []byte) (n int, err error) {
	for {
		if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
			return n, err
		}
		m, err := c.Conn.Write(b[n:min(n+piece, len(b))])
		n += m
		if errors.Is(err, os.ErrDeadlineExceeded) {
			c.forget()
		}
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
