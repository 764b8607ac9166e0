package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

// LockPublishing takes the lock that a process holds while it publishes what is in the store, waiting for at most
// wait; then the error is ErrLocked. It is the operating system's lock on a file beside the store: it ends with the
// process, however that ends. unlock may be called more than once.
func (s *Store) LockPublishing(ctx context.Context, wait time.Duration) (unlock func(), err error) {
	lock := flock.New(s.lockPath())
	locked, err := lock.TryLock()
	if err == nil && !locked && wait > 0 {
		waiting, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		locked, err = lock.TryLockContext(waiting, 20*time.Millisecond)
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = nil
		}
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", lock.Path(), err)
	case !locked:
		return nil, fmt.Errorf("%w: waited %s for %s", ErrLocked, wait, lock.Path())
	}
	return func() { _ = lock.Unlock() }, nil
}
