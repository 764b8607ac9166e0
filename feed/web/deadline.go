package web

import (
	"errors"
	"os"
	"sync"
	"time"
)

// net/http sets the deadline for reading five times a request, most often to a later one. That showed in a profile, so a
// later one is only noted: who reads until the one that is set finds out whether it is time already, and sets the noted one
// if not.

// A readDeadline is what a connection is told of when reading is to end.
type readDeadline struct {
	mu     sync.Mutex // net/http reads ahead while it sets
	wanted time.Time  // zero for none
	set    time.Time  // no later than wanted; the connection's own
}

// soon is how far from now a deadline is set where the wanted one is later: no request takes as long as that.
const soon = 4 * time.Second

// SetReadDeadline is net.Conn's.
func (c *conn) SetReadDeadline(t time.Time) error {
	d := &c.reading
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted = t
	if !d.set.IsZero() && (t.IsZero() || !t.Before(d.set)) {
		return nil
	}
	return c.setRead(time.Now())
}

// setRead sets the wanted deadline, or one that comes before it.
func (c *conn) setRead(now time.Time) error {
	d := &c.reading
	d.set = d.wanted
	if least := now.Add(soon); d.wanted.IsZero() || d.wanted.After(least) {
		d.set = least
	}
	return c.Conn.SetReadDeadline(d.set)
}

func (c *conn) Read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || c.isTime() {
			return n, err
		}
	}
}

// isTime says that reading has to end, or sets another deadline.
func (c *conn) isTime() bool {
	d, now := &c.reading, time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.wanted.IsZero() && !d.wanted.After(now) {
		return true
	}
	if now.Sub(d.set) < soon { // it was not time yet: who is idle is not woken again
		d.set = d.wanted
		return c.Conn.SetReadDeadline(d.set) != nil
	}
	return c.setRead(now) != nil // net/http ended a read by a deadline of long ago, as after each request
}
