package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"feedpub/feed"
)

// A Month is a calendar month in UTC, 202603: the part of a feed's archive that an entry belongs to.
type Month int64

// MonthOf is the month of t.
func MonthOf(t time.Time) Month {
	t = t.UTC()
	return Month(t.Year()*100 + int(t.Month()))
}

// String is the month as archives name it: 2026-03.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", m/100, m%100) }

// Start is the first moment of the month.
func (m Month) Start() time.Time {
	return time.Date(int(m/100), time.Month(m%100), 1, 0, 0, 0, 0, time.UTC)
}

// End is the first moment after the month.
func (m Month) End() time.Time { return m.Start().AddDate(0, 1, 0) }

// touchMonths notes that something changed in the months of the row as it was and as it is, for every facet of the
// two. The notes are written when the transaction ends, once each.
func (t *tx) touchMonths(seq int64, old, r *row, was, is []feed.Facet) {
	touch := func(r *row, facets []feed.Facet) {
		month := MonthOf(time.UnixMicro(r.visibleFrom()))
		for _, at := range append([]feed.Facet{{}}, facets...) {
			at := touched{at.Kind, at.Value, month}
			t.months[at] = max(t.months[at], seq)
		}
	}
	if old != nil {
		touch(old, was)
	}
	touch(r, is)
}

// touched is a month of a facet; the empty facet is of all entries.
type touched struct {
	kind  feed.Kind
	value string
	month Month
}

// saveMonths writes what touchMonths noted.
func (t *tx) saveMonths(ctx context.Context) error {
	var values []any
	months := slices.SortedFunc(maps.Keys(t.months), func(a, b touched) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.value, b.value), cmp.Compare(a.month, b.month))
	})
	for _, m := range months {
		values = append(values, m.kind, m.value, int64(m.month), t.months[m])
	}
	return t.insertRows(ctx, `INSERT INTO months (kind, value, month, seq)`, 4, values,
		`ON CONFLICT (kind, value, month) DO UPDATE SET seq = CASE WHEN months.seq > excluded.seq THEN months.seq ELSE excluded.seq END`)
}

// MonthsSince gives the months in which entries that the query may select changed: those written after the sequence
// number seq, and those whose time came or went after since and up to q.Now.
func (s *Store) MonthsSince(ctx context.Context, q Query, seq int64, since time.Time) ([]Month, error) {
	var months []Month
	collect := func(rows *sql.Rows) error {
		var m Month
		err := rows.Scan(&m)
		months = append(months, m)
		return err
	}
	paths, err := s.paths(ctx, q.Select)
	for i := 0; err == nil && i < len(paths); i++ {
		facet := cmp.Or(paths[i].facet, &feed.Facet{})
		err = s.collect(ctx, collect, `SELECT month FROM months WHERE kind = $1 AND value = $2 AND seq > $3`,
			facet.Kind, facet.Value, seq)
	}
	term := q.Now.Sub(q.WithdrawnSince)
	for _, clock := range []struct {
		column   string
		from, to time.Time
	}{
		{"visible_from", since, q.Now},
		{"expiry", since, q.Now},
		{"withdrawn", since.Add(-term), q.WithdrawnSince},
	} {
		if err == nil && !since.IsZero() {
			err = s.collect(ctx, func(rows *sql.Rows) error {
				var at int64
				err := rows.Scan(&at)
				months = append(months, MonthOf(time.UnixMicro(at)))
				return err
			}, `SELECT visible_from FROM entries WHERE `+clock.column+` > $1 AND `+clock.column+` <= $2`,
				clock.from.UnixMicro(), clock.to.UnixMicro())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("find the months that changed: %w", err)
	}
	slices.Sort(months)
	return slices.Compact(months), nil
}

// A Ref names an entry as it is at present.
type Ref struct {
	ID          string
	VisibleFrom time.Time
	Seq         int64 // of its last change
}

// Refs gives what Newest would give of one month, oldest first.
func (s *Store) Refs(ctx context.Context, q Query, month Month) ([]Ref, error) {
	paths, err := s.paths(ctx, q.Select)
	if err != nil {
		return nil, fmt.Errorf("read the entries of %s: %w", month, err)
	}
	var refs []Ref
	for _, p := range paths {
		found, err := s.refs(ctx, q, p, month)
		if err != nil {
			return nil, fmt.Errorf("read the entries of %s%s: %w", month, p, err)
		}
		refs = append(refs, found...)
	}
	slices.SortFunc(refs, func(a, b Ref) int {
		return cmp.Or(a.VisibleFrom.Compare(b.VisibleFrom), -cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(refs, func(a, b Ref) bool { return a.ID == b.ID }), nil
}

func (s *Store) refs(ctx context.Context, q Query, p path, month Month) (refs []Ref, err error) {
	args := []any{q.Now.UnixMicro(), q.WithdrawnSince.UnixMicro(), month.Start().UnixMicro(), month.End().UnixMicro()}
	query := monthly
	if p.facet != nil {
		query, args = monthlyOfFacet, append(args, p.facet.Kind, p.facet.Value)
	}
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var r Ref
		var at int64
		err := rows.Scan(&r.ID, &at, &r.Seq)
		r.VisibleFrom = time.UnixMicro(at).UTC()
		refs = append(refs, r)
		return err
	}, query, args...)
	if err != nil || p.whole {
		return refs, err
	}
	return s.selected(ctx, q.Select, refs)
}

// selected are those of the refs whose entries the selection takes.
func (s *Store) selected(ctx context.Context, sel feed.Selection, refs []Ref) (kept []Ref, err error) {
	for page := range slices.Chunk(refs, pageSize) {
		ids := make([]string, len(page))
		for i, r := range page {
			ids[i] = r.ID
		}
		entries, err := s.toSelect(ctx, sel, `SELECT `+columns+` FROM entries WHERE id IN (`+marks(1, len(ids))+`)`, anys(ids)...)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(entries, feed.Compare)
		for i := range entries {
			if sel.Matches(&entries[i]) {
				kept = append(kept, page[slices.Index(ids, entries[i].ID)])
			}
		}
	}
	return kept, nil
}

// monthly and monthlyOfFacet stand alone, so that a test can ask for their plan.
const (
	monthly = `
		SELECT id, visible_from, seq FROM entries
		WHERE visible_from >= $3 AND visible_from < $4 AND visible_from <= $1 AND listed = 1 AND
			(withdrawn IS NULL AND (expiry IS NULL OR expiry > $1) OR withdrawn > $2 AND shown = 1)`
	monthlyOfFacet = `
		SELECT e.id, e.visible_from, e.seq FROM entry_facets AS f JOIN entries AS e ON e.id = f.entry
		WHERE f.kind = $5 AND f.value = $6 AND f.visible_from >= $3 AND f.visible_from < $4 AND f.visible_from <= $1 AND
			(withdrawn IS NULL AND (expiry IS NULL OR expiry > $1) OR withdrawn > $2 AND shown = 1)`
)

// EntriesByID gives the entries by those IDs, newest first; at most as many as a document holds are asked for at once.
// What is not stored is left out.
func (s *Store) EntriesByID(ctx context.Context, ids []string) ([]feed.Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	es, err := s.entries(ctx, `SELECT `+columns+` FROM entries WHERE id IN (`+marks(1, len(ids))+`)`, anys(ids)...)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	slices.SortFunc(es, feed.Compare)
	return es, nil
}

// AreWithdrawn says which of the entries by those IDs are withdrawn; as many at once as EntriesByID.
func (s *Store) AreWithdrawn(ctx context.Context, ids []string) (map[string]bool, error) {
	withdrawn := map[string]bool{}
	if len(ids) == 0 {
		return withdrawn, nil
	}
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		withdrawn[id] = true
		return err
	}, `SELECT id FROM entries WHERE withdrawn IS NOT NULL AND id IN (`+marks(1, len(ids))+`)`, anys(ids)...)
	if err != nil {
		return nil, fmt.Errorf("find what is withdrawn: %w", err)
	}
	return withdrawn, nil
}

// Withdrawn gives the entries that the query selects and that were withdrawn after q.WithdrawnSince, once readers had
// seen them: the last withdrawn first, at most q.Limit. Their content may be still to be made.
func (s *Store) Withdrawn(ctx context.Context, q Query) ([]feed.Entry, error) {
	es, err := s.toSelect(ctx, q.Select, `SELECT `+columns+` FROM entries WHERE withdrawn > $1 AND shown = 1 ORDER BY withdrawn DESC, id`,
		q.WithdrawnSince.UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("read the withdrawn entries: %w", err)
	}
	es = slices.DeleteFunc(es, func(e feed.Entry) bool { return !q.Select.Matches(&e) })
	if q.Limit > 0 && len(es) > q.Limit {
		es = es[:q.Limit]
	}
	return es, nil
}

// An Archive is how far the archiving of a feed has come.
type Archive struct {
	Seq  int64     // up to which changes are in it
	At   time.Time // at which moment it was made
	Last Month     // of its newest document; 0 where it has none
}

// A Part is one document of an archive, in each of the feed's formats.
type Part struct {
	Month  Month
	N      int    // from 1, within the month
	Digest string // of all that its bytes are made of; empty where they are not as they should be
}

// Archive gives the state of a feed's archive, the zero one where it has none.
func (s *Store) Archive(ctx context.Context, name string) (Archive, error) {
	var a Archive
	var at, last sql.NullInt64
	err := s.collect(ctx, func(rows *sql.Rows) error { return rows.Scan(&a.Seq, &at, &last) }, `
		SELECT seq, made, (SELECT MAX(month) FROM archive_parts WHERE archive_parts.feed = archives.feed)
		FROM archives WHERE feed = $1`, name)
	if err != nil {
		return a, fmt.Errorf("read the archive of feed %s: %w", name, err)
	}
	a.At, a.Last = moment(at), Month(last.Int64)
	return a, nil
}

// LastMonth is after every month, for [Store.Parts].
const LastMonth Month = math.MaxInt32

// Parts gives the documents of a feed's archive from one month to another, oldest first.
func (s *Store) Parts(ctx context.Context, name string, from, to Month) ([]Part, error) {
	var parts []Part
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var p Part
		err := rows.Scan(&p.Month, &p.N, &p.Digest)
		parts = append(parts, p)
		return err
	}, `SELECT month, part, digest FROM archive_parts WHERE feed = $1 AND month >= $2 AND month <= $3 ORDER BY month, part`,
		name, int64(from), int64(to))
	if err != nil {
		return nil, fmt.Errorf("read the archive of feed %s: %w", name, err)
	}
	return parts, nil
}

// FailedMonths gives the months of a feed's archive with a document whose digest is empty: it is not as it should be.
func (s *Store) FailedMonths(ctx context.Context, name string) (months []Month, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var m Month
		err := rows.Scan(&m)
		months = append(months, m)
		return err
	}, `SELECT DISTINCT month FROM archive_parts WHERE feed = $1 AND digest = '' ORDER BY month`, name)
	if err != nil {
		return nil, fmt.Errorf("read the archive of feed %s: %w", name, err)
	}
	return months, nil
}

// Beside gives the months of a feed's archive right before and right after a month; 0 where there is none.
func (s *Store) Beside(ctx context.Context, name string, m Month) (before, after Month, err error) {
	var prev, next sql.NullInt64
	err = s.collect(ctx, func(rows *sql.Rows) error { return rows.Scan(&prev, &next) }, `
		SELECT (SELECT MAX(month) FROM archive_parts WHERE feed = $1 AND month < $2),
			(SELECT MIN(month) FROM archive_parts WHERE feed = $1 AND month > $2)`, name, int64(m))
	if err != nil {
		return 0, 0, fmt.Errorf("read the archive of feed %s: %w", name, err)
	}
	return Month(prev.Int64), Month(next.Int64), nil
}

// MarkShown notes that readers have seen the entries of those IDs, which an archive holds.
func (s *Store) MarkShown(ctx context.Context, ids []string) error {
	err := s.inTx(ctx, func(t *tx) error {
		for _, id := range ids {
			if err := t.markShown(ctx, id); err != nil {
				return fmt.Errorf("entry %s: %w", id, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note what was shown: %w", err)
	}
	return nil
}

// SaveArchive stores how far a feed's archive has come, and those of its documents that changed or are no more.
func (s *Store) SaveArchive(ctx context.Context, name string, a Archive, changed, gone []Part) error {
	err := s.inTx(ctx, func(t *tx) error {
		err := t.exec(ctx, `
			INSERT INTO archives (feed, seq, made) VALUES ($1, $2, $3)
			ON CONFLICT (feed) DO UPDATE SET seq = excluded.seq, made = excluded.made`, name, a.Seq, micros(a.At))
		for i := 0; err == nil && i < len(changed); i++ {
			err = t.exec(ctx, `
				INSERT INTO archive_parts (feed, month, part, digest) VALUES ($1, $2, $3, $4)
				ON CONFLICT (feed, month, part) DO UPDATE SET digest = excluded.digest`,
				name, int64(changed[i].Month), changed[i].N, changed[i].Digest)
		}
		for i := 0; err == nil && i < len(gone); i++ {
			err = t.exec(ctx, `DELETE FROM archive_parts WHERE feed = $1 AND month = $2 AND part = $3`,
				name, int64(gone[i].Month), gone[i].N)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("save the archive of feed %s: %w", name, err)
	}
	return nil
}
