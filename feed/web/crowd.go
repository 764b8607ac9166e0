package web

import (
	"container/list"
	"net"
	"net/http"
	"sync"
	"time"
)

// A listener keeps so many connections at once, and drops those that take no bytes. Where there are more, a new one
// takes the place of the one whose last answer, or beginning, is longest ago: it is idle or slow, and who is answered
// at once is neither. golang.org/x/net/netutil's listener makes the new ones wait, so that the slow shut out the
// others, and hides CloseWrite, without which an early refusal is lost on a client that is still sending.
type listener struct {
	net.Listener
	limits limits
	left   chan struct{} // told, perhaps, when a connection left
	closed chan struct{}
	once   sync.Once

	mu    sync.Mutex
	kept  *list.List // of *place, longest without an answer first
	place map[net.Conn]*list.Element
}

// A place is that of one connection.
type place struct {
	conn  *conn
	since time.Time // when it was taken, or the last answer was done
}

func (l limits) listener(ln net.Listener) *listener {
	return &listener{
		Listener: ln, limits: l, left: make(chan struct{}, 1), closed: make(chan struct{}),
		kept: list.New(), place: map[net.Conn]*list.Element{},
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
	l.mu.Lock()
	defer l.mu.Unlock()
	l.place[c] = l.kept.PushBack(&place{c, time.Now()})
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
	if l.kept.Len() < l.limits.connections {
		return nil, 0
	}
	p := l.kept.Front().Value.(*place)
	return p.conn, l.limits.patience - time.Since(p.since)
}

// answered notes that a connection's answer is done; it is what net/http tells of its connections.
func (l *listener) answered(c net.Conn, state http.ConnState) {
	if state != http.StateIdle {
		return
	}
	c.(*conn).answering = false
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.place[c]; e != nil {
		e.Value.(*place).since = time.Now()
		l.kept.MoveToBack(e)
	}
}

func (l *listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept.Remove(l.place[c])
	delete(l.place, c)
	select {
	case l.left <- struct{}{}:
	default:
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}
