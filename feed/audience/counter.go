package audience

import (
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hash/maphash"

	"feedpub/store"
)

// An Answer is how a request was answered.
type Answer struct {
	Feed, Format string // empty for what is no feed's
	Code         int    // of HTTP
	Sent, Saved  int64  // bytes: those of the body that went out, and those that a coding or a 304 spared
}

// Totals are of all answers of one kind.
type Totals struct{ Requests, Sent, Saved int64 }

// A Kind is what answers have in common that are counted together.
type Kind struct {
	Feed, Format string
	Code         int
}

type cell struct{ requests, sent, saved atomic.Int64 }

func (c *cell) totals() Totals { return Totals{c.requests.Load(), c.sent.Load(), c.saved.Load()} }

// mostCells is how many kinds of answers are told apart; those beyond count as no feed's.
const mostCells = 100_000

// A Counter counts answers since the process began, and the readers of the day. Its methods may be called at the same
// time. What a request costs is two short looks under a lock that readers share, and no memory.
type Counter struct {
	now func() time.Time

	mu    sync.RWMutex
	cells map[Kind]*cell

	seen seen

	readers sync.Mutex
	today   *day
	unsaved map[store.Readers]int64 // the numbers, by what they belong to

	saving  sync.Mutex
	saved   map[Kind]Totals // in the store
	thinned store.Day       // when old days were thinned out last
}

// New makes a Counter, whose days are those of the clock.
func New(now func() time.Time) *Counter {
	c := &Counter{now: now, cells: map[Kind]*cell{}, unsaved: map[store.Readers]int64{}, saved: map[Kind]Totals{}}
	c.seen.seed = maphash.MakeSeed()
	return c
}

// Count counts the answer to a request. Its reader is noted first: once the answer is saved, so is who read it, and Pending
// needs to look at answers alone.
func (c *Counter) Count(r *http.Request, a Answer) {
	if a.isRead() && r.Method == http.MethodGet && c.seen.first(r, a) {
		c.note(r, a)
	}
	cell := c.cell(Kind{a.Feed, a.Format, a.Code})
	cell.requests.Add(1)
	if a.Sent > 0 {
		cell.sent.Add(a.Sent)
	}
	if a.Saved > 0 {
		cell.saved.Add(a.Saved)
	}
}

// isRead says that somebody has the feed now as it is.
func (a *Answer) isRead() bool {
	return a.Feed != "" && (a.Code == http.StatusOK || a.Code == http.StatusNotModified) &&
		(a.Format == "rss" || a.Format == "atom" || a.Format == "json")
}

func (c *Counter) cell(k Kind) *cell {
	c.mu.RLock()
	known := c.cells[k]
	c.mu.RUnlock()
	if known != nil {
		return known
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.cells) >= mostCells {
		k.Feed, k.Format = "", ""
	}
	if c.cells[k] == nil {
		k.Feed, k.Format = strings.Clone(k.Feed), strings.Clone(k.Format) // they may be a part of the request
		c.cells[k] = new(cell)
	}
	return c.cells[k]
}

// Totals gives what was answered since the process began.
func (c *Counter) Totals() map[Kind]Totals {
	c.mu.RLock()
	cells := maps.Clone(c.cells)
	c.mu.RUnlock()
	totals := make(map[Kind]Totals, len(cells))
	for k, cell := range cells {
		totals[k] = cell.totals()
	}
	return totals
}
