package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"feedpub/feed"
)

// A listing is the facets by which an entry is to be found, none for a draft, and since when.
type listing struct {
	from   int64
	facets []feed.Facet
	again  bool // it may have been listed before
}

// list notes the facets of a row where they or what orders them changed. What was noted is written when the transaction
// ends, in the order of the index, for all entries at once.
func (t *tx) list(seq int64, old, r *row, e *feed.Entry) error {
	facets, before := e.Facets(), []feed.Facet(nil)
	switch {
	case old == nil:
	case old.tags == r.tags && old.authors == r.authors && old.language == r.language && old.source == r.source:
		before = facets
	default:
		was, err := old.entry()
		if err != nil {
			return err
		}
		before = was.Facets()
	}
	t.touchMonths(seq, old, r, before, facets)
	if old != nil && slices.Equal(before, facets) && old.visibleFrom() == r.visibleFrom() && old.listed() == r.listed() {
		return nil
	}
	l := listing{from: r.visibleFrom(), again: old != nil}
	if r.listed() {
		l.facets = facets
	}
	for _, f := range l.facets {
		if any := (feed.Facet{Kind: f.Kind, Value: f.Value}); !t.spelt[any] {
			t.spelt[any] = true
			t.spellings = append(t.spellings, f.Kind, f.Value, f.Label)
		}
	}
	t.listings[r.id] = l
	return nil
}

// saveListings writes what list noted.
func (t *tx) saveListings(ctx context.Context) error {
	err := t.insertRows(ctx, `INSERT INTO facets (kind, value, label)`, 3, t.spellings, `ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	type line struct {
		feed.Facet
		from  int64
		entry string
	}
	var lines []line
	var again []any
	for _, id := range slices.Sorted(maps.Keys(t.listings)) {
		l := t.listings[id]
		if l.again {
			again = append(again, id)
		}
		for _, f := range l.facets {
			lines = append(lines, line{f, l.from, id})
		}
	}
	for ids := range slices.Chunk(again, maxParameters) {
		if err := t.exec(ctx, `DELETE FROM entry_facets WHERE entry IN (`+marks(1, len(ids))+`)`, ids...); err != nil {
			return err
		}
	}
	slices.SortFunc(lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value), cmp.Compare(b.from, a.from), cmp.Compare(a.entry, b.entry))
	})
	values := make([]any, 0, 5*len(lines))
	for _, l := range lines {
		values = append(values, l.Kind, l.Value, l.from, l.entry, l.Label)
	}
	return t.insertRows(ctx, `INSERT INTO entry_facets (kind, value, visible_from, entry, label)`, 5, values, ``)
}
