package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

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
// not keep others from being published, nor itself from being withdrawn. The error is that of ctx.
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
			s.makeOnce(e)
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
	return s.keepMade(ctx, unmade)
}

// makeOnce makes the content of an entry, or takes what another is making of it just now: feeds that hold the same new entries
// are published side by side.
func (s *Store) makeOnce(e *feed.Entry) {
	type text struct{ content, summary, unmade, fault string }
	made, _, _ := s.making.Do(e.ID+" "+e.Raw, func() (any, error) {
		own := *e
		if err := s.makeContent(&own); err != nil {
			own.Fault = err.Error()
		}
		return text{own.Content, own.Summary, own.Unmade, own.Fault}, nil
	})
	t := made.(text)
	e.Content, e.Summary, e.Unmade, e.Fault = t.content, t.summary, t.unmade, t.fault
}

// keepWait is how long made content waits for others who write.
const keepWait = 100 * time.Millisecond

// keepMade keeps the content of entries, so that it need not be made again. That is all it is for: where the store cannot be
// written, or somebody else writes to it for long, it is made again the next time. The error is that of ctx.
func (s *Store) keepMade(ctx context.Context, made []*feed.Entry) error {
	begun, giveUp := context.WithCancel(ctx)
	defer giveUp()
	waited := time.AfterFunc(keepWait, giveUp)
	_ = s.inTx(begun, func(t *tx) error {
		waited.Stop()
		for _, e := range made {
			err := t.exec(begun, `
				UPDATE entries SET content = $1, summary = $2, unmade = $3 WHERE id = $4 AND raw = $5 AND length(unmade) > 0`,
				e.Content, e.Summary, []byte{}, e.ID, e.Raw)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return ctx.Err()
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
