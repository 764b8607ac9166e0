package web

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A listener keeps so many connections at once, and drops those that take no bytes. Where there are more, a new one
// takes the place of the one whose last answer, or beginning, is longest ago: it is idle or slow, and who is answered
// at once is neither. golang.org/x/net/netutil's listener makes the new ones wait, so that the slow shut out the
// others, and hides CloseWrite, without which an early refusal is lost on a client that is still sending.
type listener struct {
	net.Listener
	ctx     context.Context // of plain requests
	handler http.Handler    // of them
	limits  limits
	left    chan struct{} // told, perhaps, when a connection left
	closed  chan struct{}
	once    sync.Once

	turns     atomic.Int64
	ending    atomic.Bool
	answering sync.WaitGroup // of the connections that answer plain requests

	mu   sync.Mutex
	kept map[*conn]bool
}

func (l limits) listener(ctx context.Context, ln net.Listener, h http.Handler) *listener {
	return &listener{
		Listener: ln, ctx: ctx, handler: h, limits: l, left: make(chan struct{}, 1), closed: make(chan struct{}),
		kept: map[*conn]bool{},
	}
}

func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if err := l.makeRoom(); err != nil {
		inner.Close()
		return nil, err
	}
	var c *conn
	c = newConn(inner, l.limits, func() { l.leave(c) })
	c.since.Store(int64(time.Since(started)))
	c.turn.Store(l.turns.Add(1))
	c.plain = newPlain(l, c)
	l.answering.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept[c] = true
	return c, nil
}

// makeRoom waits until there is room for one more, or somebody has kept a place for long enough to lose it: of the
// many that come at once when an article is news, nobody is cut off unheard.
func (l *listener) makeRoom() error {
	for {
		slowest, wait := l.slowest()
		switch {
		case slowest == nil:
			return nil
		case wait <= 0:
			slowest.forget()
			slowest.Close()
			continue
		}
		select {
		case <-l.left:
		case <-time.After(wait):
		case <-l.closed:
			return net.ErrClosed
		}
	}
}

// slowest is the connection that is to make room, and how long it still has; nil where there is room.
func (l *listener) slowest() (*conn, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) < l.limits.connections {
		return nil, 0
	}
	var slowest *conn
	for c := range l.kept {
		if slowest == nil || c.turn.Load() < slowest.turn.Load() {
			slowest = c
		}
	}
	return slowest, l.limits.patience - (time.Since(started) - time.Duration(slowest.since.Load()))
}

// answered notes that a connection's answer is done; it is what net/http tells of its connections.
func (l *listener) answered(c net.Conn, state http.ConnState) {
	if state != http.StateIdle {
		return
	}
	known := c.(*conn)
	known.answering = false
	known.turn.Store(l.turns.Add(1)) // without a lock, for which all would wait after each answer
}

func (l *listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.kept, c)
	select {
	case l.left <- struct{}{}:
	default:
	}
}

func (l *listener) Close() (err error) {
	l.once.Do(func() {
		close(l.closed)
		err = l.Listener.Close()
	})
	return err
}
