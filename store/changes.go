package store

import (
	"context"
	"database/sql"
	"fmt"

	"feedpub/feed"
)

// A Change is an entry that was put, withdrawn or restored.
type Change struct {
	ID     string
	Facets []feed.Facet // as they are now, none for a draft: its feeds are those that hold it or take these
	Feeds  []string     // whose published window holds it

	Withdrawn bool // it is
}

// Changes gives the entries that changed after the sequence number since, in the order of their last change, at most
// limit of them, and the sequence number of the last one, which is since where nothing changed.
func (s *Store) Changes(ctx context.Context, since int64, limit int) (changes []Change, upTo int64, err error) {
	upTo = since
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var r row
		var holder sql.NullString
		var listed bool
		var withdrawn bool
		if err := rows.Scan(&upTo, &r.id, &r.tags, &r.authors, &r.language, &r.source, &withdrawn, &listed, &holder); err != nil {
			return err
		}
		if n := len(changes); n == 0 || changes[n-1].ID != r.id {
			c := Change{ID: r.id, Withdrawn: withdrawn}
			if listed {
				e, err := r.entry()
				if err != nil {
					return err
				}
				c.Facets = e.Facets()
			}
			changes = append(changes, c)
		}
		if holder.Valid {
			c := &changes[len(changes)-1]
			c.Feeds = append(c.Feeds, holder.String)
		}
		return nil
	}, `
		SELECT e.seq, e.id, e.tags, e.authors, e.language, e.source, e.withdrawn IS NOT NULL, e.listed, f.feed
		FROM (SELECT seq, id, tags, authors, language, source, withdrawn, listed FROM entries WHERE seq > $1 ORDER BY seq LIMIT $2) AS e
		LEFT JOIN feed_entries AS f ON f.entry = e.id
		ORDER BY e.seq, f.feed`, since, limit)
	if err != nil {
		return nil, since, fmt.Errorf("read the changes after %d: %w", since, err)
	}
	return changes, upTo, nil
}

// WithdrawnIDs gives the entries that changed after the sequence number since, and are withdrawn.
func (s *Store) WithdrawnIDs(ctx context.Context, since int64) (ids []string, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM entries WHERE withdrawn IS NOT NULL AND seq > $1`, since)
	if err != nil {
		return nil, fmt.Errorf("read what was withdrawn after change %d: %w", since, err)
	}
	return ids, nil
}

// LastChange is the sequence number of the last change.
func (s *Store) LastChange(ctx context.Context) (int64, error) {
	var seq int64
	err := s.read.QueryRowContext(ctx, `SELECT value FROM counters WHERE name = 'seq'`).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("read the last change: %w", s.explain(err))
	}
	return seq, nil
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
