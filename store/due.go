package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// NextWindowChange is the earliest moment at which a feed's window changes by the clock alone; zero for never.
func (s *Store) NextWindowChange(ctx context.Context) (time.Time, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(next_change) FROM feeds`).Scan(&next)
	if err != nil {
		return time.Time{}, fmt.Errorf("next change of a feed: %w", s.explain(err))
	}
	return moment(next), nil
}

// SaveFeedResult stores how a run that published nothing of the feed ended. What was published before stands.
func (s *Store) SaveFeedResult(ctx context.Context, st FeedState) error {
	err := s.inTx(ctx, func(t *tx) error { return t.saveState(ctx, st) })
	if err != nil {
		return fmt.Errorf("save feed %s: %w", st.Name, err)
	}
	return nil
}
