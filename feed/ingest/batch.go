package ingest

import (
	"context"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// A readArticle waits to be stored.
type readArticle struct {
	Article
	of    *readFile
	whole bool // it is all that its file holds
	known bool // it was stored before by its key
}

// The bounds of one transaction, so that neither it nor the memory grows with the source. The more it holds, the fewer times the
// pages of indexes are written.
const (
	batchArticles = 1000
	batchBytes    = 16 << 20
)

// flushFull stores the batch when it is full.
func (run *load) flushFull(ctx context.Context) error {
	if len(run.batch) < batchArticles && run.size < batchBytes {
		return nil
	}
	return run.flush(ctx)
}

// flush stores the batch.
func (run *load) flush(ctx context.Context) error {
	if len(run.batch) == 0 {
		return nil
	}
	if err := run.findFormer(ctx); err != nil {
		return err
	}
	entries := make([]feed.Entry, len(run.batch))
	for i := range run.batch {
		entries[i] = run.batch[i].Entry
	}
	var results []store.PutResult
	err := run.Store.Together(ctx, func(ctx context.Context) (err error) {
		if err = run.leaveBatch(ctx); err == nil {
			results, err = run.Store.PutAll(ctx, entries)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, result := range results {
		a, of := run.batch[i].Article, run.batch[i].of
		switch {
		case result.Err != nil:
			run.doubles.claim(&a)
			run.refuse(of.name, a, &Problem{File: of.name, Reason: result.Err.Error()})
			continue
		case result.New:
			run.report.New++
			if !run.batch[i].known {
				run.added++
			}
		case result.Changed:
			run.report.Changed++
		default:
			run.report.Unchanged++
		}
		if run.batch[i].whole {
			run.noteStored(&of.file, run.batch[i].known)
		}
		if a.FormerKey != "" && !result.New {
			run.report.Moved++
		}
		if run.Each != nil {
			run.Each(of.name, a.stored(result.Entry), nil)
		}
	}
	clear(run.batch)
	run.batch, run.size = run.batch[:0], 0
	if len(run.stamps.read) < notedAtOnce {
		return nil
	}
	return run.saveRead(ctx)
}

// stored is the article as it is stored now. The store keeps microseconds; a date that the article names more finely
// stays as it is named.
func (a Article) stored(e feed.Entry) Article {
	if a.Dated && a.Published.Truncate(time.Microsecond).Equal(e.Published) {
		e.Published = a.Published
	}
	a.Entry = e
	return a
}
