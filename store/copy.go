package store

import (
	"context"
	"fmt"
)

// CopyTo writes a copy of the store as it is now to a new SQLite file, so that what a run would do can be tried on it.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	if _, err := s.read.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		return fmt.Errorf("copy the store to %s: %w", path, s.explain(err))
	}
	return nil
}
