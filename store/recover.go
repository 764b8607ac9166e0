package store

import (
	"context"
	"fmt"

	"feedpub/feed"
)

// Recover stores entries as a published document shows them: those that readers have, but that neither the store nor
// its sources know, as after an older store was put back. What the store knows already is left alone. Where feedpub
// once read them from, if it was adopted, they are found again; else by their ID or URL.
func (s *Store) Recover(ctx context.Context, es []feed.Entry) error {
	return s.inTx(ctx, func(t *tx) error {
		for _, e := range es {
			if err := t.recover(ctx, e); err != nil {
				return fmt.Errorf("recover %s: %w", e.ID, err)
			}
		}
		return nil
	})
}

func (t *tx) recover(ctx context.Context, e feed.Entry) error {
	var n int
	found, err := t.get(ctx, []any{&n}, `SELECT 1 FROM entries WHERE id = $1`, e.ID)
	if err != nil || found {
		return err
	}
	truncateTimes(&e)
	e.Status, e.Shown, e.FirstSeen, e.Raw = feed.Published, true, e.Published, ""
	e.Source, e.Key = "", e.ID
	a, err := t.oneAdopted(ctx, `
		SELECT `+adoptedColumns+`
		FROM adopted WHERE id = $1`, e.ID)
	if err != nil {
		return err
	}
	if a != nil {
		// The key may be another entry's by now, as after an older store was put back and files had moved since.
		holder, err := t.version(ctx, a.Source, a.Key)
		if err != nil {
			return err
		}
		if a.Source != "" && holder == nil {
			e.Source, e.Key, e.Raw = a.Source, a.Key, a.Raw
		}
		if !a.Withdrawn.IsZero() {
			e.Status, e.Withdrawn, e.Note = feed.Withdrawn, a.Withdrawn, a.Note
			e.Updated = a.Updated
		}
		if err := t.exec(ctx, `DELETE FROM adopted WHERE id = $1`, e.ID); err != nil {
			return err
		}
	}
	next, err := t.rowOf(&e, feed.Published)
	if err != nil {
		return err
	}
	return t.save(ctx, nil, &next, &e)
}

// recovered is the stored row of a new article that was recovered without knowing its source, or nil.
func (t *tx) recovered(ctx context.Context, e *feed.Entry) (*row, error) {
	if any, err := t.anyRecovered(ctx); err != nil || !any {
		return nil, err
	}
	var r row
	found, err := t.get(ctx, r.dest(), `SELECT `+columns+` FROM entries WHERE source = '' AND id = $1`, e.ID)
	if err == nil && !found && e.URL != "" {
		found, err = t.get(ctx, r.dest(),
			`SELECT `+columns+` FROM entries WHERE source = '' AND url = $1 ORDER BY id LIMIT 1`, e.URL)
	}
	if err != nil || !found {
		return nil, err
	}
	return &r, nil
}
