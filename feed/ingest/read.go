package ingest

import (
	"context"
	"fmt"

	"feedpub/store"
)

// readAll reads the files that were found, but for those that need not be read.
func (run *load) readAll(ctx context.Context) (err error) {
	if run.empty, err = run.Store.HoldsNone(ctx, run.src.Name); err != nil {
		return err
	}
	total, toRead := run.folder.found.n, 0
	for f := range run.folder.found.all() {
		if !run.isUnread(f) {
			toRead++
		}
		if slot := store.SlotOf(f.key); !run.untouched[slot] && f.noted() != asItIs {
			run.stamps.open[slot]++
		}
	}
	unread := total - toRead
	run.report.Read += unread
	run.report.Unchanged += unread
	done := 0
	progress := func(n int) {
		if done += n; run.Progress != nil && n > 0 {
			run.Progress(done, total)
		}
	}
	progress(unread)
	if run.PutOff && run.Each == nil && toRead > manyChanges {
		run.reader = run.Reader.puttingOff()
	}
	for f := range run.ahead(ctx) {
		if err := run.read(ctx, f); err != nil {
			return err
		}
		progress(1)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	run.doubles.warn(run.report)
	return run.flush(ctx)
}

// read takes the articles of a file into the batch.
func (run *load) read(ctx context.Context, f *readFile) error {
	if f.fault != nil {
		panic(f.fault) // where it would have been without reading ahead
	}
	if f.lost != nil {
		return f.lost
	}
	k, _ := kindOf(f.key)
	if k.many {
		f.raw, f.err = run.folder.read(f.key)
	}
	if f.err != nil {
		run.report.Read++
		run.folder.problem(f.key, f.err)
		return nil
	}
	f.unsure = k.window != nil && k.window(f.raw)
	passed := false
	if k.many {
		run.noteRead(&f.file)
	}
	for m := range run.articles(f, k) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if m.rec.slight && !run.folder.named[f.key] {
			if f.unsure = true; !passed {
				run.report.Other++
			}
			passed = true
			continue
		}
		refused, err := run.article(ctx, f, &m)
		if err != nil {
			return err
		}
		if refused && k.many {
			f.unsure = true
		}
		if err := run.flushFull(ctx); err != nil {
			return err
		}
	}
	run.missIn(f)
	f.raw, f.made = nil, nil // what is left waits in the batch
	return nil
}

// article takes one article of a file into the batch. Why it is refused is in the report; the error is the store's.
func (run *load) article(ctx context.Context, f *readFile, m *madeArticle) (refused bool, err error) {
	rec := &m.rec
	run.report.Read++
	if rec.err == nil && !m.whole {
		if first, again := f.seen[rec.key]; again {
			rec.err = fmt.Errorf("its name in the file, %s, is that of %s already", quoted(nameIn(rec.key)), first)
			m.made = false
		} else {
			f.seen[rec.key] = rec.place()
		}
	}
	if !m.made {
		if run.isUnchanged(f, rec) {
			run.report.Unchanged++
			if m.whole {
				run.noteStored(&f.file, true)
			}
			return false, nil
		}
		m.article, m.err = run.reader.article(run.src.Name, f.name, run.drafts, rec)
	}
	a := m.article
	_, known := f.known[rec.key]
	if !known {
		if double, err := run.isDouble(ctx, &a, rec); err != nil || double {
			return false, err
		}
	}
	run.report.Warnings = append(run.report.Warnings, a.Warnings...)
	if m.err != nil {
		run.doubles.claim(&a)
		run.refuse(f.name, a, m.err)
		if m.whole {
			run.noteRefused(&f.file)
		}
		return true, nil
	}
	run.batch = append(run.batch, readArticle{Article: a, of: f, whole: m.whole, known: known})
	run.size += len(a.Content) + len(a.Unmade)
	return false, nil
}

// isUnchanged says that an article is stored as it stands in its file, and as it is read now.
func (run *load) isUnchanged(f *readFile, rec *record) bool {
	if rec.key == f.key && f.noted == doubted {
		return false // it may have been refused since
	}
	known, stored := f.known[rec.key]
	return rec.err == nil && stored && !known.Adopted && run.same && !run.Reread && known.Raw == Hash(rec.raw)
}

func (run *load) refuse(file string, a Article, err error) {
	run.report.refuse(err)
	if run.Each != nil {
		run.Each(file, a, err)
	}
}
