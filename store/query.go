package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

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
		{`slug = $1`, []any{ref}},
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
}

// List gives the entries newest first, then by ID; after them the tombstones whose articles are not stored. Entries
// may be written while it runs.
func (s *Store) List(ctx context.Context, f Filter) iter.Seq2[feed.Entry, error] {
	return func(yield func(feed.Entry, error) bool) {
		now := s.Now()
		takes := func(e *feed.Entry) bool {
			return (f.Source == "" || e.Source == f.Source) &&
				(f.Status == "" || e.StatusAt(now) == f.Status) &&
				(f.Tag == "" || slices.ContainsFunc(e.Tags, func(t string) bool { return FoldTag(t) == FoldTag(f.Tag) }))
		}
		from, after := int64(math.MaxInt64), ""
		for {
			page, err := s.entries(ctx, `SELECT `+columns+` FROM entries
				WHERE visible_from <= $1 AND (visible_from < $1 OR id > $2)
				ORDER BY visible_from DESC, id LIMIT $3`, from, after, pageSize)
			if err != nil {
				yield(feed.Entry{}, fmt.Errorf("list entries: %w", err))
				return
			}
			for _, e := range page {
				if takes(&e) && !yield(e, nil) {
					return
				}
			}
			if len(page) < pageSize {
				break
			}
			last := page[len(page)-1]
			from, after = last.VisibleFrom().UnixMicro(), last.ID
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

// A Known is what an import must know of an article to recognise it under another key.
type Known struct {
	ID, URL, GUID, Raw string
	Status             feed.Status // Draft, Published or Withdrawn
	Adopted            bool        // published before, see Adopt, but not stored: its article has not come yet
}

// Keys gives what is known of a source's articles, by their keys.
func (s *Store) Keys(ctx context.Context, source string) (map[string]Known, error) {
	known := make(map[string]Known)
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var key string
		var k Known
		var withdrawn sql.NullInt64
		if err := rows.Scan(&key, &k.ID, &k.URL, &k.GUID, &k.Raw, &k.Status, &withdrawn, &k.Adopted); err != nil {
			return err
		}
		if withdrawn.Valid {
			k.Status = feed.Withdrawn
		}
		if _, stored := known[key]; !stored || !k.Adopted {
			known[key] = k
		}
		return nil
	}, `
		SELECT key, id, url, '', raw, 'published', withdrawn, 1 FROM adopted WHERE source = $1 AND key <> ''
		UNION ALL SELECT key, id, url, guid, raw, status, withdrawn, 0 FROM entries WHERE source = $1`, source)
	if err != nil {
		return nil, fmt.Errorf("read the keys of source %s: %w", source, err)
	}
	return known, nil
}

// entries runs a query for columns.
func (s *Store) entries(ctx context.Context, query string, args ...any) ([]feed.Entry, error) {
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

// A Query asks for the window of a feed.
type Query struct {
	Tags           []string  // any of them, in any case; empty takes all entries
	Limit          int       // the most entries, 0 for no limit
	Now            time.Time // what is visible then
	WithdrawnSince time.Time // with those withdrawn later than this, as tombstones; zero: with all of them
}

// Newest gives the entries that are visible at q.Now and those withdrawn since q.WithdrawnSince that readers were
// shown, each where it stood, newest first, then by ID. An index leads to them: what is not given is not read, but for
// newer entries that have expired or were withdrawn long ago.
func (s *Store) Newest(ctx context.Context, q Query) ([]feed.Entry, error) {
	limit := int64(math.MaxInt64)
	if q.Limit > 0 {
		limit = int64(q.Limit)
	}
	now, since := q.Now.UnixMicro(), q.WithdrawnSince.UnixMicro()
	if len(q.Tags) == 0 {
		es, err := s.entries(ctx, newest, now, since, limit)
		if err != nil {
			return nil, fmt.Errorf("read the newest entries: %w", err)
		}
		return es, nil
	}
	var es []feed.Entry
	for _, tag := range foldTags(q.Tags) {
		tagged, err := s.entries(ctx, newestOfTag, now, since, limit, tag)
		if err != nil {
			return nil, fmt.Errorf("read the newest entries of tag %s: %w", tag, err)
		}
		es = append(es, tagged...)
	}
	slices.SortFunc(es, feed.Compare)
	es = slices.CompactFunc(es, func(a, b feed.Entry) bool { return a.ID == b.ID })
	return es[:min(int64(len(es)), limit)], nil
}

// The queries of Newest stand alone, so that a test can ask for their plan.
const (
	newest = `
		SELECT ` + columns + ` FROM entries
		WHERE visible_from <= $1 AND listed = 1 AND
			(withdrawn IS NULL AND (expiry IS NULL OR expiry > $1) OR withdrawn > $2 AND shown = 1)
		ORDER BY visible_from DESC, id LIMIT $3`
	newestOfTag = `
		SELECT ` + columns + ` FROM entry_tags AS t JOIN entries AS e ON e.id = t.entry
		WHERE t.tag = $4 AND t.visible_from <= $1 AND
			(withdrawn IS NULL AND (expiry IS NULL OR expiry > $1) OR withdrawn > $2 AND shown = 1)
		ORDER BY t.visible_from DESC, t.entry LIMIT $3`
	next = `
		SELECT visible_from FROM entries
		WHERE visible_from > $1 AND listed = 1 AND (withdrawn IS NULL OR shown = 1)
		ORDER BY visible_from LIMIT 1`
	nextOfTag = `
		SELECT t.visible_from FROM entry_tags AS t JOIN entries AS e ON e.id = t.entry
		WHERE t.tag = $2 AND t.visible_from > $1 AND (withdrawn IS NULL OR shown = 1)
		ORDER BY t.visible_from LIMIT 1`
)

// NextChange is the next moment after q.Now at which Newest(q) would give something else although nothing is written:
// an entry's time comes, or one of the window, which is what Newest(q) gave, expires or has been a tombstone for long
// enough, q.Now less q.WithdrawnSince. Zero is never.
func (s *Store) NextChange(ctx context.Context, q Query, window []feed.Entry) (time.Time, error) {
	var first time.Time
	consider := func(t time.Time) {
		if t.After(q.Now) && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, e := range window {
		switch {
		case e.Status != feed.Withdrawn:
			consider(e.Expiry)
		case !q.WithdrawnSince.IsZero():
			consider(e.Withdrawn.Add(q.Now.Sub(q.WithdrawnSince)))
		}
	}
	come := func(rows *sql.Rows) error {
		var t int64
		err := rows.Scan(&t)
		consider(time.UnixMicro(t).UTC())
		return err
	}
	var err error
	if len(q.Tags) == 0 {
		err = s.collect(ctx, come, next, q.Now.UnixMicro())
	}
	for _, tag := range foldTags(q.Tags) {
		if err == nil {
			err = s.collect(ctx, come, nextOfTag, q.Now.UnixMicro(), tag)
		}
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find the next change: %w", err)
	}
	return first, nil
}
