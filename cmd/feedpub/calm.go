package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// repeatAfter is how long a daemon keeps silent of what it has told: a full disk would fill its log at every run.
const repeatAfter = 10 * time.Minute

// A calmHandler drops warnings and errors that are those it passed on a short while ago.
type calmHandler struct {
	slog.Handler
	mu   sync.Mutex
	told map[string]time.Time // by the record's words; what is older than repeatAfter is forgotten
}

func (h *calmHandler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn && h.isRepeated(r) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h *calmHandler) isRepeated(r slog.Record) bool {
	words := r.Message
	r.Attrs(func(a slog.Attr) bool {
		words += "\x00" + a.String()
		return true
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	for told, at := range h.told {
		if age := r.Time.Sub(at); age >= repeatAfter || age < 0 { // or the clock was set back
			delete(h.told, told)
		}
	}
	if _, told := h.told[words]; told {
		return true
	}
	h.told[words] = r.Time
	return false
}

// forget has everything told again.
func (h *calmHandler) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.told)
}
