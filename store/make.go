package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"feedpub/feed"
)

// An entry may be put with its content still to be made of the article's own text (feed.Entry.Unmade). It is made when
// somebody reads the entry, and kept: of many articles that are imported at once most are in no document for now.

// toSelect runs a query for columns, and makes the content only where the selection reads it.
func (s *Store) toSelect(ctx context.Context, sel feed.Selection, query string, args ...any) ([]feed.Entry, error) {
	if sel.ReadsText() {
		return s.entries(ctx, query, args...)
	}
	return s.asStored(ctx, query, args...)
}

// made gives entries their content, and keeps it. One whose content cannot be made stays as it is, with its Fault: it must
// not keep others from being published, nor itself from being withdrawn. The error is that of ctx, or the database's.
func (s *Store) made(ctx context.Context, es []feed.Entry) error {
	var unmade []*feed.Entry
	for i := range es {
		if es[i].Unmade != "" {
			unmade = append(unmade, &es[i])
		}
	}
	if len(unmade) == 0 {
		return nil
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, e := range unmade {
		g.Go(func() error {
			if err := s.makeContent(e); err != nil {
				e.Fault = err.Error()
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	unmade = slices.DeleteFunc(unmade, func(e *feed.Entry) bool { return e.Unmade != "" })
	if len(unmade) == 0 {
		return nil
	}
	err := s.inTx(ctx, func(t *tx) error {
		for _, e := range unmade {
			err := t.exec(ctx, `
				UPDATE entries SET content = $1, summary = $2, significant = $3, unmade = '' WHERE id = $4 AND raw = $5 AND unmade <> ''`,
				e.Content, e.Summary, e.Significant(), e.ID, e.Raw)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the content of %d entries: %w", len(unmade), err)
	}
	return nil
}

// makeContent makes the content of an entry, if that is still to be done. Where it fails, the entry is as it was.
func (s *Store) makeContent(e *feed.Entry) error {
	switch {
	case e.Unmade == "":
		return nil
	case s.Make == nil:
		return errors.New("it was not made of the article's text, and nobody here can make it")
	}
	made := *e
	if err := s.Make(&made); err != nil {
		return fmt.Errorf("make it of the article's text: %w", err)
	}
	*e = made
	e.Unmade = ""
	return nil
}
