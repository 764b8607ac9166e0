package store

import (
	"context"
	"database/sql"
	"fmt"
)

// A Change is an entry that was put, withdrawn or restored.
type Change struct {
	ID    string
	Tags  []string // as they are now, folded, none for a draft: its feeds are those that hold it or take these tags
	Feeds []string // whose published window holds it
}

// Changes gives the entries that changed after the sequence number since, in the order of their last change, and the
// sequence number of the last one, which is since where nothing changed.
func (s *Store) Changes(ctx context.Context, since int64) (changes []Change, upTo int64, err error) {
	upTo = since
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var id, tags string
		var feed sql.NullString
		var listed bool
		if err := rows.Scan(&upTo, &id, &tags, &listed, &feed); err != nil {
			return err
		}
		if n := len(changes); n == 0 || changes[n-1].ID != id {
			c := Change{ID: id}
			if listed {
				var labels []string
				if err := unlist(tags, &labels); err != nil {
					return err
				}
				c.Tags = foldTags(labels)
			}
			changes = append(changes, c)
		}
		if feed.Valid {
			c := &changes[len(changes)-1]
			c.Feeds = append(c.Feeds, feed.String)
		}
		return nil
	}, `
		SELECT e.seq, e.id, e.tags, e.listed, f.feed
		FROM entries AS e LEFT JOIN feed_entries AS f ON f.entry = e.id
		WHERE e.seq > $1 ORDER BY e.seq, f.feed`, since)
	if err != nil {
		return nil, since, fmt.Errorf("read the changes after %d: %w", since, err)
	}
	return changes, upTo, nil
}

// Mark is the sequence number up to which MarkDirty has noted the changes, 0 before the first.
func (s *Store) Mark(ctx context.Context) (int64, error) {
	var mark int64
	err := s.read.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = 'mark'`).Scan(&mark)
	if err != nil {
		return 0, fmt.Errorf("read the mark: %w", s.explain(err))
	}
	return mark, nil
}

// MarkDirty notes in one transaction that the feeds must be published anew, and that the changes up to upTo are seen.
// Only who holds the publishing lock may call it.
func (s *Store) MarkDirty(ctx context.Context, feeds []string, upTo int64) error {
	err := s.inTx(ctx, func(t *tx) error {
		for _, name := range feeds {
			err := t.exec(ctx, `
				INSERT INTO feeds (name, config, dirty, result, entries, published) VALUES ($1, '', 1, '', 0, 0)
				ON CONFLICT (name) DO UPDATE SET dirty = 1`, name)
			if err != nil {
				return err
			}
		}
		return t.exec(ctx, `UPDATE counters SET value = $1 WHERE name = 'mark' AND value < $1`, upTo)
	})
	if err != nil {
		return fmt.Errorf("mark feeds for publishing: %w", err)
	}
	return nil
}
