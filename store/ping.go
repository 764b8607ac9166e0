package store

import (
	"context"
	"fmt"
)

// Ping asks the database for the least that it can tell, to see whether it answers.
func (s *Store) Ping(ctx context.Context) error {
	var jobs int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM jobs`).Scan(&jobs); err != nil {
		return fmt.Errorf("ask the store: %w", s.explain(err))
	}
	return nil
}
