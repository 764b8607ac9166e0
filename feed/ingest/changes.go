package ingest

import (
	"slices"
	"time"
)

const (
	quiet       = 25 * time.Millisecond // without an event, and what is being written is written
	longestWait = time.Second           // for quiet: what is written without end is read meanwhile
	manyChanges = 500                   // changed at once: to look at all of the source is no more work
	goneAfter   = 3 * time.Second       // editors and version control take a file away before they write it anew
)

// changes are what a Watch has not told yet.
type changes struct {
	now     func() time.Time
	keys    map[string]bool // of what changed
	whole   bool            // keys do not hold all that changed
	stale   bool            // folders are to be watched anew
	first   time.Time       // of the changes
	settled time.Time       // when they are told
	gone    map[string]bool // keys of what was there
	doubt   bool            // gone does not hold all that is gone
	forGood time.Time       // when what is gone is told
}

func newChanges() changes {
	return changes{now: time.Now, keys: map[string]bool{}, gone: map[string]bool{}}
}

// add notes a change.
func (c *changes) add(key string) {
	c.keys[key] = true
	c.stir()
}

// all notes that anything may have changed, and that folders are to be watched anew.
func (c *changes) all() {
	c.whole, c.stale = true, true
	c.stir()
}

func (c *changes) stir() {
	now := c.now()
	if c.first.IsZero() {
		c.first = now
	}
	c.settled = now.Add(quiet)
	if latest := c.first.Add(longestWait); c.settled.After(latest) {
		c.settled = latest
	}
}

// suspect notes that something may be gone.
func (c *changes) suspect() { c.doubt, c.forGood = true, c.now().Add(goneAfter) }

// next is when there is something to tell, zero for never.
func (c *changes) next() time.Time {
	if c.settled.IsZero() || !c.forGood.IsZero() && c.forGood.Before(c.settled) {
		return c.forGood
	}
	return c.settled
}

// told is what there is to tell, if its time has come: what changed, or without keys that something is gone.
func (c *changes) told(isThere func(key string) bool) (keys []string, ok bool) {
	now := c.now()
	switch {
	case !c.settled.IsZero() && !c.settled.After(now):
		keys = c.changed(isThere)
		return keys, len(keys) > 0
	case !c.forGood.IsZero() && !c.forGood.After(now):
		return nil, c.isGone(isThere)
	}
	return nil, false
}

func (c *changes) changed(isThere func(key string) bool) (keys []string) {
	whole := c.whole || len(c.keys) > manyChanges
	for key := range c.keys {
		switch {
		case whole:
		case isThere(key):
			keys = append(keys, key)
		default:
			c.gone[key] = true
			c.forGood = c.now().Add(goneAfter)
		}
	}
	c.keys, c.whole, c.first, c.settled = map[string]bool{}, false, time.Time{}, time.Time{}
	if whole {
		c.suspect()
		return []string{"."}
	}
	slices.Sort(keys)
	return keys
}

func (c *changes) isGone(isThere func(key string) bool) bool {
	gone := c.doubt
	for key := range c.gone {
		gone = gone || !isThere(key)
	}
	c.gone, c.doubt, c.forGood = map[string]bool{}, false, time.Time{}
	return gone
}
