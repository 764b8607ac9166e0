package store

import (
	"context"
	"sync"
	"time"
)

// Who waits for SQLite's lock looks for it again after up to a tenth of a second, and gives up after busyTimeout. Who writes one
// transaction after the other, as an import does, would keep others out until it ends; so it pauses now and then.
const (
	longestTurn = 8 * time.Second        // of writing without a pause
	pause       = 120 * time.Millisecond // that others do not miss
)

// A turn is how long this process has been writing without a pause.
type turn struct {
	sync.Mutex
	began, ended time.Time // ended is the moment after its last transaction
}

// begin begins a transaction, after a pause where the turn is long enough.
func (t *turn) begin(ctx context.Context) {
	t.Lock()
	defer t.Unlock()
	now := time.Now()
	switch {
	case now.Sub(t.ended) > pause:
		t.began = now
	case now.Sub(t.began) > longestTurn:
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		t.began = time.Now()
	}
}

func (t *turn) end() {
	t.Lock()
	defer t.Unlock()
	t.ended = time.Now()
}
