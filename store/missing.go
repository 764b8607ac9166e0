package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Missing gives those of the IDs that no entry is stored under, each once. One that was adopted is missing until its
// article comes.
func (s *Store) Missing(ctx context.Context, ids []string) ([]string, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	stored := map[string]bool{}
	for chunk := range slices.Chunk(ids, maxParameters) {
		err := s.collect(ctx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			stored[id] = true
			return err
		}, `SELECT id FROM entries WHERE id IN (`+marks(1, len(chunk))+`)`, anys(chunk)...)
		if err != nil {
			return nil, fmt.Errorf("find what is not stored: %w", err)
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return stored[id] }), nil
}
