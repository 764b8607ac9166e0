package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"feedpub/feed"
)

// Feeds are selected by few kinds of facets, and the lines of one that none is selected by are a tenth of what an import
// costs. So the index holds those of a kind from the first time on that somebody asks for it.

// kinds are those that are known to be kept whole, which they stay.
type kinds struct {
	sync.Mutex
	whole map[feed.Kind]bool
}

// Keep sees to it that the index of facets has the lines of a kind for all entries, as whoever selects by it first does. Before
// the articles come that is less work than afterwards. It may write, and the error be ErrLocked.
func (s *Store) Keep(ctx context.Context, kind feed.Kind) error {
	s.kinds.Lock()
	defer s.kinds.Unlock()
	if s.kinds.whole[kind] {
		return nil
	}
	whole, err := s.isWhole(ctx, kind)
	if err == nil && !whole {
		err = s.index(ctx, kind)
	}
	if err != nil {
		return fmt.Errorf("index the entries by %s: %w", kind, err)
	}
	if s.kinds.whole == nil {
		s.kinds.whole = map[feed.Kind]bool{}
	}
	s.kinds.whole[kind] = true
	return nil
}

func (s *Store) isWhole(ctx context.Context, kind feed.Kind) (whole bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT whole FROM kinds WHERE kind = $1`, kind).Scan(&whole)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return whole, s.explain(err)
}

// indexedAtOnce is how many entries are indexed in one transaction; others may write between two, see turn.
const indexedAtOnce = 2000

// index writes the lines of a kind. First it says that they are kept, so that whoever writes an entry meanwhile writes its own.
func (s *Store) index(ctx context.Context, kind feed.Kind) error {
	err := s.inTx(ctx, func(t *tx) error {
		return t.exec(ctx, `INSERT INTO kinds (kind, whole) VALUES ($1, 0) ON CONFLICT DO NOTHING`, kind)
	})
	from, after, more := int64(math.MinInt64), "", true
	for more && err == nil {
		err = s.inTx(ctx, func(t *tx) error {
			n := 0
			err := t.collect(ctx, func(rows *sql.Rows) (err error) {
				n++
				from, after, err = t.indexRow(rows, kind)
				return err
			}, `SELECT id, visible_from, seq, status, withdrawn, source, language, authors, tags FROM entries
				WHERE visible_from >= $1 AND (visible_from > $1 OR id < $2) ORDER BY visible_from, id DESC LIMIT $3`, from, after, indexedAtOnce)
			if more = n == indexedAtOnce; err == nil && !more {
				err = t.exec(ctx, `UPDATE kinds SET whole = 1 WHERE kind = $1`, kind)
			}
			return err
		})
	}
	return err
}

// indexRow notes the lines of a kind of an entry, and that it is in its months.
func (t *tx) indexRow(rows *sql.Rows, kind feed.Kind) (from int64, id string, err error) {
	var r row // visible_from stands for published and embargo, of which it is the later
	var seq int64
	if err := rows.Scan(&r.id, &r.published, &seq, &r.status, &r.withdrawn, &r.source, &r.language, &r.authors, &r.tags); err != nil {
		return 0, "", err
	}
	e, err := r.entry()
	if err != nil {
		return 0, "", err
	}
	facets := ofKinds(e.Facets(), []feed.Kind{kind})
	t.touchMonths(seq, nil, &r, nil, facets)
	t.noteLines(r.id, nil, r.lines(facets))
	return r.visibleFrom(), r.id, nil
}

// keptKinds are the kinds whose lines are kept.
func (t *tx) keptKinds(ctx context.Context) ([]feed.Kind, error) {
	if t.kinds != nil {
		return t.kinds, nil
	}
	kept := []feed.Kind{}
	err := t.collect(ctx, func(rows *sql.Rows) error {
		var kind feed.Kind
		err := rows.Scan(&kind)
		kept = append(kept, kind)
		return err
	}, `SELECT kind FROM kinds`)
	t.kinds = kept
	return kept, err
}

// ofKinds are the facets of some kinds.
func ofKinds(facets []feed.Facet, kinds []feed.Kind) []feed.Facet {
	return slices.DeleteFunc(facets, func(f feed.Facet) bool { return !slices.Contains(kinds, f.Kind) })
}
