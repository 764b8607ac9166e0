package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"feedpub/feed"
)

// ErrNotWithdrawn says that an entry which is to be restored was not withdrawn.
var ErrNotWithdrawn = errors.New("not withdrawn")

// Withdraw takes an entry back: readers get the note in place of its content, and its ID is never used again. To
// withdraw it again with another note changes the note. What was adopted can be withdrawn before its article comes, or when
// it never does. The error is ErrNotFound where nothing by that ID is known.
func (s *Store) Withdraw(ctx context.Context, id, note string) (feed.Entry, error) {
	e, err := s.alter(ctx, id, func(e *feed.Entry, now time.Time) error {
		if e.Status == feed.Withdrawn && e.Note == note {
			return nil
		}
		if e.Status != feed.Withdrawn {
			e.Status, e.Withdrawn = feed.Withdrawn, now
		}
		e.Note, e.Updated = note, feed.Touch(e.Updated, time.Time{}, now)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		e, err = s.withdrawAdopted(ctx, id, note)
	}
	if err != nil {
		return feed.Entry{}, fmt.Errorf("withdraw %s: %w", id, err)
	}
	return e, nil
}

func (s *Store) withdrawAdopted(ctx context.Context, id, note string) (feed.Entry, error) {
	var e feed.Entry
	err := s.inTx(ctx, func(t *tx) error {
		a, err := t.oneAdopted(ctx, `
			SELECT `+adoptedColumns+`
			FROM adopted WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrNotFound
		}
		if a.Withdrawn.IsZero() {
			a.Withdrawn, a.Updated = t.now, feed.Touch(a.Updated, time.Time{}, t.now)
		}
		a.Note = note
		e = a.tombstone()
		return t.exec(ctx, `UPDATE adopted SET withdrawn = $2, updated = $3, note = $4 WHERE id = $1`,
			id, micros(a.Withdrawn), micros(a.Updated), note)
	})
	return e, err
}

// KeepWithdrawn withdraws, as they were then, entries that were withdrawn while the store was in a later state than now: an older
// copy of it was put back. What the store knows to have happened to an entry after that stands. It gives how many it did not know.
func (s *Store) KeepWithdrawn(ctx context.Context, as []Adopted) (n int, err error) {
	var unknown []Adopted
	for _, a := range as {
		_, err := s.alter(ctx, a.ID, func(e *feed.Entry, _ time.Time) error {
			if e.Status == feed.Withdrawn || e.Updated.After(a.Withdrawn) {
				return nil
			}
			n++
			e.Status, e.Withdrawn, e.Note = feed.Withdrawn, canonical(a.Withdrawn), a.Note
			if a.Updated.After(e.Updated) {
				e.Updated = canonical(a.Updated)
			}
			return nil
		})
		if errors.Is(err, ErrNotFound) {
			unknown = append(unknown, a)
		} else if err != nil {
			return n, fmt.Errorf("withdraw %s again: %w", a.ID, err)
		}
	}
	if len(unknown) == 0 {
		return n, nil
	}
	return n, s.Adopt(ctx, unknown)
}

// Restore takes a withdrawal back: the entry is what its source says, under the same ID. The error is ErrNotWithdrawn
// or ErrNotFound.
func (s *Store) Restore(ctx context.Context, id string) (feed.Entry, error) {
	e, err := s.alter(ctx, id, func(e *feed.Entry, now time.Time) error {
		if e.Status != feed.Withdrawn {
			return ErrNotWithdrawn
		}
		e.Status, e.Withdrawn, e.Note = "", time.Time{}, ""
		e.Updated = feed.Touch(e.Updated, time.Time{}, now)
		return nil
	})
	if err != nil {
		return feed.Entry{}, fmt.Errorf("restore %s: %w", id, err)
	}
	return e, nil
}

// alter changes an entry in one transaction. The status that its source gave stands below a withdrawal.
func (s *Store) alter(ctx context.Context, id string, change func(*feed.Entry, time.Time) error) (feed.Entry, error) {
	var e feed.Entry
	err := s.inTx(ctx, func(t *tx) error {
		var old row
		found, err := t.get(ctx, old.dest(), `SELECT `+columns+` FROM entries WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if e, err = old.entry(); err != nil {
			return err
		}
		if err := change(&e, t.now); err != nil {
			return err
		}
		next, err := t.rowOf(&e, feed.Status(old.status))
		if err != nil || next == old {
			return err
		}
		if err := t.save(ctx, &old, &next, &e); err != nil {
			return err
		}
		e, err = next.entry()
		return err
	})
	return e, err
}
