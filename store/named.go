package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"feedpub/feed"
)

// Named gives to yield the entries whose "source/key" begins with prefix and which have the status, empty for any, until it
// returns false: the last by name first, since names often begin with a date, and where no prefix is given the newest first. After
// them come the tombstones whose articles are not stored. Of an entry there is its source, key, title and status.
func (s *Store) Named(ctx context.Context, prefix string, status feed.Status, yield func(*feed.Entry) bool) error {
	const last = "\U0010ffff" // after all that names go on with
	where, order, args := `source <> ''`, `ORDER BY visible_from DESC, id`, []any(nil)
	if source, key, whole := strings.Cut(prefix, "/"); whole {
		where, args = `source = $1 AND key >= $2 AND key < $3`, []any{source, key, key + last}
	} else if prefix != "" {
		where, args = `source >= $1 AND source < $2`, []any{prefix, prefix + last}
	}
	if prefix != "" {
		order = `ORDER BY source DESC, key DESC`
	}
	now, stop := s.Now(), errors.New("enough")
	scan := func(rows *sql.Rows) error {
		var e feed.Entry
		var withdrawn, expiry, from sql.NullInt64
		if err := rows.Scan(&e.Source, &e.Key, &e.Title, &e.Status, &withdrawn, &expiry, &from); err != nil {
			return err
		}
		e.Published, e.Expiry = moment(from), moment(expiry)
		if withdrawn.Valid {
			e.Status = feed.Withdrawn
		}
		if e.Status = e.StatusAt(now); (status == "" || e.Status == status) && !yield(&e) {
			return stop
		}
		return nil
	}
	err := s.collect(ctx, scan, `
		SELECT source, key, title, status, withdrawn, expiry, visible_from FROM entries WHERE `+where+` `+order, args...)
	if err == nil {
		err = s.collect(ctx, scan, `
			SELECT source, key, '', 'published', withdrawn, NULL, NULL FROM adopted
			WHERE withdrawn IS NOT NULL AND `+where+` ORDER BY source DESC, key DESC`, args...)
	}
	if err != nil && err != stop {
		return fmt.Errorf("read the names of entries: %w", err)
	}
	return nil
}
