package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"feedpub/feed"
)

// A Query asks for the window of a feed.
type Query struct {
	Select         feed.Selection
	Limit          int       // the most entries, 0 for no limit
	Now            time.Time // what is visible then
	WithdrawnSince time.Time // with those withdrawn later than this, as tombstones; zero: with all of them
}

// Newest gives the entries that are visible at q.Now and those withdrawn since q.WithdrawnSince that readers were
// shown, each where it stood, newest first, then by ID. An index leads to the entries of a tag, an author, a language or
// a source, which is made when somebody selects by the first of them (see Keep); where the selection asks for more than one of those,
// what it does not take is read in vain.
func (s *Store) Newest(ctx context.Context, q Query) ([]feed.Entry, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = math.MaxInt
	}
	paths, err := s.paths(ctx, q.Select)
	if err != nil {
		return nil, fmt.Errorf("read the newest entries: %w", err)
	}
	var es []feed.Entry
	for _, p := range paths {
		found := 0
		for e, err := range s.visible(ctx, q, p) {
			if err != nil {
				return nil, fmt.Errorf("read the newest entries%s: %w", p, err)
			}
			es = append(es, e)
			if found++; found == limit {
				break
			}
		}
	}
	slices.SortFunc(es, feed.Compare)
	es = slices.CompactFunc(es, func(a, b feed.Entry) bool { return a.ID == b.ID })
	es = es[:min(len(es), limit)]
	return es, s.made(ctx, es)
}

// Any says whether Newest would give any entry.
func (s *Store) Any(ctx context.Context, q Query) (bool, error) {
	q.Limit = 1
	paths, err := s.paths(ctx, q.Select)
	for _, p := range paths {
		for _, err := range s.visible(ctx, q, p) {
			return err == nil, err
		}
	}
	return false, err
}

// A path is an index that leads to entries, newest first: that of a facet, or of all entries.
type path struct {
	facet *feed.Facet
	whole bool // all that is on it is selected
}

func (p path) String() string {
	if p.facet == nil {
		return ""
	}
	return fmt.Sprintf(" of %s %s", p.facet.Kind, p.facet.Value)
}

// paths are those that lead to all entries that are selected.
func (s *Store) paths(ctx context.Context, sel feed.Selection) ([]path, error) {
	kind, values, rest := Narrowest(sel)
	if kind == "" {
		return []path{{whole: sel.IsZero()}}, nil
	}
	if err := s.Keep(ctx, kind); err != nil {
		return nil, err
	}
	if kind == feed.ByLanguage {
		var err error
		if values, err = s.varieties(ctx, values); err != nil {
			return nil, err
		}
	}
	var paths []path
	for _, value := range fold(values) {
		paths = append(paths, path{&feed.Facet{Kind: kind, Value: value}, rest.IsZero()})
	}
	return paths, nil
}

// Narrowest is the facets of which every selected entry has one, and what the selection asks for beside them.
func Narrowest(sel feed.Selection) (kind feed.Kind, values []string, rest feed.Selection) {
	rest = sel
	switch {
	case len(sel.Tags) > 0:
		kind, values, rest.Tags = feed.ByTag, sel.Tags, nil
	case len(sel.Authors) > 0:
		kind, values, rest.Authors = feed.ByAuthor, sel.Authors, nil
	case len(sel.Sources) > 0:
		kind, values, rest.Sources = feed.BySource, sel.Sources, nil
	case len(sel.Languages) > 0:
		kind, values, rest.Languages = feed.ByLanguage, sel.Languages, nil
	default:
		for _, inner := range sel.All {
			if kind, values, _ := Narrowest(inner); kind != "" {
				return kind, values, sel
			}
		}
	}
	return kind, values, rest
}

// varieties are the stored languages that are the wanted ones or of them.
func (s *Store) varieties(ctx context.Context, wanted []string) (values []string, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var value string
		err := rows.Scan(&value)
		if slices.ContainsFunc(wanted, func(w string) bool { return feed.InLanguage(value, w) }) {
			values = append(values, value)
		}
		return err
	}, `SELECT value FROM facets WHERE kind = $1 ORDER BY value`, feed.ByLanguage)
	return values, err
}

// fold folds values and drops repeats.
func fold(values []string) []string {
	var folded []string
	for _, v := range values {
		if f := feed.Fold(v); !slices.Contains(folded, f) {
			folded = append(folded, f)
		}
	}
	return folded
}

// visible gives what the query selects of the entries on a path, a page at a time, so that no connection is held while
// the caller looks at them. Their content may be still to be made.
func (s *Store) visible(ctx context.Context, q Query, p path) iter.Seq2[feed.Entry, error] {
	return func(yield func(feed.Entry, error) bool) {
		from, after := q.Now.UnixMicro(), ""
		for page := range pages(q.Limit) {
			args := []any{q.Now.UnixMicro(), q.WithdrawnSince.UnixMicro(), from, after, page}
			query := newest
			if p.facet != nil {
				query, args = newestOfFacet, append(args, p.facet.Kind, p.facet.Value)
			}
			es, err := s.toSelect(ctx, q.Select, query, args...)
			if err != nil {
				yield(feed.Entry{}, err)
				return
			}
			for _, e := range es {
				if e.VisibleFrom().Before(q.Select.Since) {
					return
				}
				if (p.whole || q.Select.Matches(&e)) && !yield(e, nil) {
					return
				}
			}
			if len(es) < page {
				return
			}
			last := es[len(es)-1]
			from, after = last.VisibleFrom().UnixMicro(), last.ID
		}
	}
}

// pages are how many rows to read at a time where limit are wanted, 0 for all: so many, and, for where most of what is on a
// path is not selected, twice as many each time, up to what a listing reads.
func pages(limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		page, most := limit, max(limit, pageSize)
		if limit <= 0 {
			page = pageSize
		}
		for yield(page) {
			page = min(2*page, most)
		}
	}
}

// The queries stand alone, so that a test can ask for their plan.
const (
	newest = `
		SELECT ` + columns + ` FROM entries
		WHERE visible_from <= $3 AND (visible_from < $3 OR id > $4) AND listed = 1 AND
			(withdrawn IS NULL AND (expiry IS NULL OR expiry > $1) OR withdrawn > $2 AND shown = 1)
		ORDER BY visible_from DESC, id LIMIT $5`
	newestOfFacet = `
		SELECT ` + columns + ` FROM entry_facets AS f JOIN entries AS e ON e.id = f.entry
		WHERE f.kind = $6 AND f.value = $7 AND f.visible_from <= $3 AND (f.visible_from < $3 OR f.entry > $4) AND
			(withdrawn IS NULL AND (expiry IS NULL OR expiry > $1) OR withdrawn > $2 AND shown = 1)
		ORDER BY f.visible_from DESC, f.entry LIMIT $5`
	next = `
		SELECT ` + columns + ` FROM entries
		WHERE visible_from > $1 AND listed = 1 AND (withdrawn IS NULL OR shown = 1)
		ORDER BY visible_from LIMIT $2 OFFSET $3`
	nextOfFacet = `
		SELECT ` + columns + ` FROM entry_facets AS f JOIN entries AS e ON e.id = f.entry
		WHERE f.kind = $4 AND f.value = $5 AND f.visible_from > $1 AND (withdrawn IS NULL OR shown = 1)
		ORDER BY f.visible_from LIMIT $2 OFFSET $3`
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
	paths, err := s.paths(ctx, q.Select)
	for i := 0; err == nil && i < len(paths); i++ {
		var come time.Time
		come, err = s.nextToCome(ctx, q, paths[i])
		consider(come)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find the next change: %w", err)
	}
	return first, nil
}

// nextToCome is when the first selected entry on the path will be visible; zero for never.
func (s *Store) nextToCome(ctx context.Context, q Query, p path) (time.Time, error) {
	page := 1
	if !p.whole {
		page = pageSize
	}
	for offset := 0; ; offset += page {
		query, args := next, []any{q.Now.UnixMicro(), page, offset}
		if p.facet != nil {
			query, args = nextOfFacet, append(args, p.facet.Kind, p.facet.Value)
		}
		es, err := s.toSelect(ctx, q.Select, query, args...)
		if err != nil {
			return time.Time{}, err
		}
		for _, e := range es {
			if p.whole || q.Select.Matches(&e) {
				return e.VisibleFrom(), nil
			}
		}
		if len(es) < page {
			return time.Time{}, nil
		}
	}
}

// NextEnd is the next moment after q.Now at which a selected entry expires, wherever it stands, or has been withdrawn for
// as long as its note stands. Zero is never.
func (s *Store) NextEnd(ctx context.Context, q Query) (time.Time, error) {
	first, err := s.firstOf(ctx, q, `expiry > $1 AND withdrawn IS NULL ORDER BY expiry`, q.Now)
	if err != nil {
		return time.Time{}, fmt.Errorf("find the next end: %w", err)
	}
	withdrawn, err := s.firstOf(ctx, q, `withdrawn > $1 AND shown = 1 ORDER BY withdrawn`, q.WithdrawnSince)
	if err != nil {
		return time.Time{}, fmt.Errorf("find the next end: %w", err)
	}
	var end time.Time
	if first != nil {
		end = first.Expiry
	}
	if withdrawn != nil {
		if t := withdrawn.Withdrawn.Add(q.Now.Sub(q.WithdrawnSince)); end.IsZero() || t.Before(end) {
			end = t
		}
	}
	return end, nil
}

// firstOf is the first selected entry of those that the condition takes, in its order; nil for none.
func (s *Store) firstOf(ctx context.Context, q Query, condition string, after time.Time) (*feed.Entry, error) {
	for offset := 0; ; offset += pageSize {
		es, err := s.toSelect(ctx, q.Select, `SELECT `+columns+` FROM entries WHERE `+condition+` LIMIT $2 OFFSET $3`,
			after.UnixMicro(), pageSize, offset)
		if err != nil {
			return nil, err
		}
		for i := range es {
			if q.Select.Matches(&es[i]) {
				return &es[i], nil
			}
		}
		if len(es) < pageSize {
			return nil, nil
		}
	}
}
