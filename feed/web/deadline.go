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
	set    time.Time  // the connection's own: no later than wanted; zero for none
}

// soon is how far from now a deadline is set where the wanted one is later: most requests are over by then.
const soon = 4 * time.Second

// SetReadDeadline is net.Conn's.
func (c *conn) SetReadDeadline(t time.Time) error {
	d := &c.reading
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wanted = t
	if d.set.Unix() > 1 && (t.IsZero() || !t.Before(d.set)) {
		return nil
	}
	// None was set, it comes before the one that was, or that was of long ago, by which net/http ends a read ahead.
	if !t.IsZero() && t.Unix() <= 1 {
		return c.setRead(t)
	}
	least := time.Now().Add(soon)
	if !t.IsZero() && t.Before(least) {
		least = t
	}
	return c.setRead(least)
}

func (c *conn) setRead(t time.Time) error {
	c.reading.set = t
	return c.Conn.SetReadDeadline(t)
}

// Read is net/http's, which sees the first request that is not plain, and what comes after it.
func (c *conn) Read(b []byte) (int, error) {
	if c.plain == nil {
		return c.read(b)
	}
	defer func() {
		c.plain.answering.Done()
		c.plain = nil
	}()
	return c.answerPlain(b)
}

func (c *conn) read(b []byte) (int, error) {
	for {
		n, err := c.Conn.Read(b)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || c.isTime() {
			return n, err
		}
	}
}

// isTime says that reading has to end, or sets the deadline that is wanted: who is idle is woken once. It looks last whether the
// server ends, or it could set the deadline over that of endPlain.
func (c *conn) isTime() bool {
	d := &c.reading
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.wanted.IsZero() && !d.wanted.After(time.Now()) || c.setRead(d.wanted) != nil {
		return true
	}
	return c.plain != nil && c.plain.ending.Load()
}
