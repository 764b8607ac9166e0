package store

import (
	"context"
	"os"
	"testing"
	"time"
)

// Another process can write while this one writes one transaction after the other for longer than anybody waits.
func TestOthersHaveTheirTurn(t *testing.T) {
	if os.Getenv("LONG_TESTS") == "" {
		t.Skip("takes as long as others wait; LONG_TESTS is not set")
	}
	path := t.TempDir() + "/store.db"
	s, other := openFile(t, path), openFile(t, path)
	ctx, stop := context.WithTimeout(t.Context(), busyTimeout+5*time.Second)
	defer stop()
	ended := make(chan error)
	go func() {
		for ctx.Err() == nil {
			_ = s.inTx(ctx, func(*tx) error { // as long as a batch of an import
				time.Sleep(60 * time.Millisecond)
				return nil
			})
		}
		close(ended)
	}()
	time.Sleep(100 * time.Millisecond)
	began := time.Now()
	if err := other.SetSetting(t.Context(), "a", "b"); err != nil {
		t.Error(err)
	}
	if waited := time.Since(began); waited > longestTurn+2*time.Second {
		t.Errorf("it had to wait %v, as if nobody gave way", waited)
	}
	stop()
	<-ended
}
