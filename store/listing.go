package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"feedpub/feed"
)

// A listing is the lines of an entry in the index of facets: as they are stored, and as they are to be.
type listing struct{ was, is []line }

// A line of the index says of an entry that it is to be found by a facet, and since when.
type line struct {
	feed.Facet
	from  int64
	entry string
}

// compare is the order of the index.
func (l line) compare(o line) int {
	if c := strings.Compare(string(l.Kind), string(o.Kind)); c != 0 {
		return c
	}
	if c := strings.Compare(l.Value, o.Value); c != 0 {
		return c
	}
	if c := cmp.Compare(l.from, o.from); c != 0 {
		return c
	}
	return strings.Compare(o.entry, l.entry)
}

// without are the lines that are not among the others.
func without(lines, others []line) []line {
	return slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return slices.Contains(others, l) })
}

// lines are those of an entry that a row holds: none for a draft.
func (r *row) lines(facets []feed.Facet) []line {
	if !r.listed() {
		return nil
	}
	lines := make([]line, len(facets))
	for i, f := range facets {
		lines[i] = line{f, r.visibleFrom(), r.id}
	}
	return lines
}

// list notes the lines of a row. What was noted is written when the transaction ends, in the order of the index, for all
// entries at once.
func (t *tx) list(ctx context.Context, seq int64, old, r *row, e *feed.Entry) error {
	kinds, err := t.keptKinds(ctx)
	if err != nil {
		return err
	}
	facets, before := ofKinds(e.Facets(), kinds), []feed.Facet(nil)
	switch {
	case old == nil:
	case old.tags == r.tags && old.authors == r.authors && old.language == r.language && old.source == r.source:
		before = facets
	default:
		was, err := old.entry()
		if err != nil {
			return err
		}
		before = ofKinds(was.Facets(), kinds)
	}
	t.touchMonths(seq, old, r, before, facets)
	var was []line
	if old != nil {
		was = old.lines(before)
	}
	t.noteLines(r.id, was, r.lines(facets))
	return nil
}

// noteLines notes the lines of an entry, as they were before, unless that is noted already, and as they are.
func (t *tx) noteLines(id string, was, is []line) {
	l, again := t.listings[id]
	if !again {
		l.was = was
	}
	l.is = is
	t.listings[id] = l
	for _, line := range l.is {
		if slices.Contains(l.was, line) {
			continue
		}
		if any := (feed.Facet{Kind: line.Kind, Value: line.Value}); !t.spelt[any] {
			t.spelt[any] = true
			t.spellings = append(t.spellings, line.Kind, line.Value, line.Label)
		}
	}
}

// saveListings writes what noteLines noted.
func (t *tx) saveListings(ctx context.Context) error {
	err := t.insertRows(ctx, `INSERT INTO facets (kind, value, label)`, 3, t.spellings, `ON CONFLICT DO NOTHING`)
	if err != nil {
		return err
	}
	var gone, lines []line
	for _, l := range t.listings {
		gone, lines = append(gone, without(l.was, l.is)...), append(lines, without(l.is, l.was)...)
	}
	slices.SortFunc(gone, line.compare)
	slices.SortFunc(lines, line.compare)
	for _, l := range gone {
		err := t.exec(ctx, `DELETE FROM entry_facets WHERE kind = $1 AND value = $2 AND visible_from = $3 AND entry = $4`, l.Kind, l.Value, l.from, l.entry)
		if err != nil {
			return err
		}
	}
	values := make([]any, 0, 5*len(lines))
	for _, l := range lines {
		values = append(values, l.Kind, l.Value, l.from, l.entry, l.Label)
	}
	return t.insertRows(ctx, `INSERT INTO entry_facets (kind, value, visible_from, entry, label)`, 5, values,
		`ON CONFLICT DO NOTHING`) // who indexes a kind may have come before, see index
}
