package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"feedpub/feed"
)

// pageSize is how many rows a listing reads at a time. No connection is held while the caller looks at them.
const pageSize = 200

// Entry gives the entry by that ID, or ErrNotFound.
func (s *Store) Entry(ctx context.Context, id string) (feed.Entry, error) {
	es, err := s.entries(ctx, `SELECT `+columns+` FROM entries WHERE id = $1`, id)
	if err == nil && len(es) == 0 {
		es, err = s.tombstones(ctx, `
			SELECT `+adoptedColumns+`
			FROM adopted WHERE withdrawn IS NOT NULL AND id = $1`, id)
	}
	if err != nil {
		return feed.Entry{}, fmt.Errorf("read entry %s: %w", id, err)
	}
	if len(es) == 0 {
		return feed.Entry{}, fmt.Errorf("entry %s: %w", id, ErrNotFound)
	}
	return es[0], nil
}

// Lookup gives the entry that a person names: by its ID, else its URL, else "source/key", else its slug. The error is
// ErrNotFound, or lists the IDs where several entries go by that name.
func (s *Store) Lookup(ctx context.Context, ref string) (feed.Entry, error) {
	source, key, _ := strings.Cut(ref, "/")
	for _, by := range []struct {
		where string
		args  []any
	}{
		{`id = $1`, []any{ref}},
		{`url = $1`, []any{ref}},
		{`source = $1 AND key = $2`, []any{source, key}},
		{`slug = $1 AND slug <> ''`, []any{ref}},
	} {
		es, err := s.entries(ctx, `SELECT `+columns+` FROM entries WHERE `+by.where+` ORDER BY id LIMIT 10`, by.args...)
		if err != nil {
			return feed.Entry{}, fmt.Errorf("look up %s: %w", ref, err)
		}
		if len(es) == 1 {
			return es[0], nil
		}
		if len(es) > 1 {
			ids := make([]string, len(es))
			for i := range es {
				ids[i] = es[i].ID
			}
			return feed.Entry{}, fmt.Errorf("%s names several entries, give the ID of one: %s", ref, strings.Join(ids, " "))
		}
	}
	return s.lookupAdopted(ctx, ref, source, key)
}

// lookupAdopted gives what is known of an entry that was adopted and whose article has not come: enough to withdraw it.
func (s *Store) lookupAdopted(ctx context.Context, ref, source, key string) (feed.Entry, error) {
	es, err := s.tombstones(ctx, `
		SELECT `+adoptedColumns+`
		FROM adopted WHERE id = $1 OR url = $1 OR source = $2 AND key = $3 ORDER BY id LIMIT 1`, ref, source, key)
	if err == nil && len(es) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return feed.Entry{}, fmt.Errorf("entry %s: %w", ref, err)
	}
	return es[0], nil
}

// A Filter narrows a listing; empty fields take everything.
type Filter struct {
	Source string
	Tag    string      // in any case
	Status feed.Status // at the moment of the listing
	Whole  bool        // with the content that is still to be made, which takes a while
}

// List gives the entries newest first, then by ID; after them the tombstones whose articles are not stored. Content that
// is still to be made is made where the filter says so. Entries may be written while it runs.
func (s *Store) List(ctx context.Context, f Filter) iter.Seq2[feed.Entry, error] {
	return func(yield func(feed.Entry, error) bool) {
		now := s.Now()
		takes := func(e *feed.Entry) bool {
			return (f.Source == "" || e.Source == f.Source) &&
				(f.Status == "" || e.StatusAt(now) == f.Status) &&
				(f.Tag == "" || feed.Selection{Tags: []string{f.Tag}}.Matches(e))
		}
		from, after := int64(math.MaxInt64), ""
		for {
			page, err := s.asStored(ctx, `SELECT `+columns+` FROM entries
				WHERE visible_from <= $1 AND (visible_from < $1 OR id > $2)
				ORDER BY visible_from DESC, id LIMIT $3`, from, after, pageSize)
			if err != nil {
				yield(feed.Entry{}, fmt.Errorf("list entries: %w", err))
				return
			}
			whole := len(page) == pageSize
			if whole {
				last := page[len(page)-1]
				from, after = last.VisibleFrom().UnixMicro(), last.ID
			}
			page = slices.DeleteFunc(page, func(e feed.Entry) bool { return !takes(&e) })
			if f.Whole {
				if err := s.made(ctx, page); err != nil {
					yield(feed.Entry{}, fmt.Errorf("list entries: %w", err))
					return
				}
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if !whole {
				break
			}
		}
		rest, err := s.tombstones(ctx, `
			SELECT `+adoptedColumns+`
			FROM adopted WHERE withdrawn IS NOT NULL ORDER BY id`)
		if err != nil {
			yield(feed.Entry{}, fmt.Errorf("list tombstones: %w", err))
			return
		}
		for _, e := range rest {
			if takes(&e) && !yield(e, nil) {
				return
			}
		}
	}
}

// entries runs a query for columns, and makes what is still to be made.
func (s *Store) entries(ctx context.Context, query string, args ...any) ([]feed.Entry, error) {
	es, err := s.asStored(ctx, query, args...)
	if err == nil {
		err = s.made(ctx, es)
	}
	return es, err
}

// asStored runs a query for columns.
func (s *Store) asStored(ctx context.Context, query string, args ...any) ([]feed.Entry, error) {
	var es []feed.Entry
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var r row
		if err := rows.Scan(r.dest()...); err != nil {
			return err
		}
		e, err := r.entry()
		es = append(es, e)
		return err
	}, query, args...)
	return es, err
}

// tombstones runs a query for what was adopted.
func (s *Store) tombstones(ctx context.Context, query string, args ...any) ([]feed.Entry, error) {
	var es []feed.Entry
	err := s.collect(ctx, func(rows *sql.Rows) error {
		a, err := scanAdopted(rows)
		es = append(es, a.tombstone())
		return err
	}, query, args...)
	return es, err
}
