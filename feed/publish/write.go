package publish

import (
	"context"
	"errors"
	"fmt"

	"feedpub/feed"
	"feedpub/store"
)

// publish brings one channel up to date: select, write, check, replace. What fails is in the report and the log,
// and the channel stays marked, so that the next run tries again.
func (r *run) publish(ctx context.Context, c channel) {
	report := FeedReport{Name: c.Name}
	p, err := r.channel(ctx, c, &report)
	if err != nil {
		report.Error = err.Error()
		p.state = r.states[c.Name]
		p.state.Name, p.state.Dirty = c.Name, true
	}
	p.state.LastRun, p.state.Result = r.at, report.problem()
	if p.state.Result != "" {
		r.log.ErrorContext(ctx, "feed not published whole", "feed", c.Name, "error", p.state.Result)
	}
	if err == nil {
		r.done = append(r.done, p)
	} else if err := r.store.SaveFeedResult(ctx, p.state); err != nil {
		r.log.ErrorContext(ctx, "result not stored", "feed", c.Name, "error", err)
	}
	r.report.add(report)
	if n := report.changed(); n > 0 {
		r.log.InfoContext(ctx, "feed published", "feed", c.Name, "entries", report.Entries, "documents", n, "dry_run", r.config.DryRun)
	}
}

func (r *run) channel(ctx context.Context, c channel, report *FeedReport) (progress, error) {
	st := r.states[c.Name]
	st.Name, st.Dirty = c.Name, false
	q := c.query(r.at)
	entries, prevs, err := r.selectEntries(ctx, c, q)
	if err != nil {
		return progress{}, err
	}
	if st.Next, err = r.store.NextChange(ctx, q, entries); err != nil {
		return progress{}, err
	}
	if c.ofTag && !st.Published && len(entries) == 0 {
		st.Config = c.digest()
		return progress{state: st}, nil
	}
	before := st.Updated
	for _, prev := range prevs {
		if prev.Updated.After(before) {
			before = prev.Updated
		}
	}
	next := c.feed(entries, before)
	reconfigured := st.Config != c.digest()
	left, err := r.reasons(ctx, c, reconfigured, entries, prevs)
	if err != nil {
		return progress{}, err
	}
	failed := false
	for _, d := range c.Documents {
		doc := r.document(ctx, c, d, &draft{format: d.Format, next: next, prev: prevs[d.Format], left: left, withdrawn: r.isWithdrawn(ctx)})
		failed = failed || doc.Error != ""
		report.Documents = append(report.Documents, doc)
	}
	report.Entries = len(entries)
	if report.changed() > 0 {
		st.LastChange = r.at
	}
	st.Dirty, st.Published, st.Entries = failed, true, len(entries)
	st.Config, st.Updated = c.digest(), next.Updated
	return progress{state: st, entries: entries, left: left}, nil
}

// selectEntries reads the channel's entries and what is published of it. An entry that is published but that the
// store does not know was lost with another store: it is recovered from the document.
func (r *run) selectEntries(ctx context.Context, c channel, q store.Query) ([]feed.Entry, map[feed.Format]*feed.Feed, error) {
	prevs := r.published(ctx, c)
	var lost []feed.Entry
	for _, d := range c.Documents {
		prev := prevs[d.Format]
		if prev == nil {
			continue
		}
		for _, e := range prev.Entries {
			known, err := r.store.Entry(ctx, e.ID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, nil, err
			}
			if known.Title == "" { // unknown, or known by name alone
				lost = append(lost, e)
			}
		}
	}
	if len(lost) > 0 {
		r.log.WarnContext(ctx, "entries that the store does not know recovered from what is published", "feed", c.Name, "entries", len(lost))
		if err := r.store.Recover(ctx, richest(lost)); err != nil {
			return nil, nil, err
		}
	}
	entries, err := r.store.Newest(ctx, q)
	return entries, prevs, err
}

// published reads back the channel's documents as they are now. One that is not listed, or that cannot be read, has
// nothing to say: it was not ours, or somebody damaged it, and it is written anew.
func (r *run) published(ctx context.Context, c channel) map[feed.Format]*feed.Feed {
	prevs := map[feed.Format]*feed.Feed{}
	for _, d := range c.Documents {
		path := c.path(d)
		if r.listed[path].SHA256 == "" {
			continue
		}
		doc, err := r.read(path)
		if err == nil && doc == nil {
			continue
		}
		var prev *feed.Feed
		if err == nil {
			prev, err = feed.Read(doc, d.Format)
		}
		if err != nil {
			r.log.WarnContext(ctx, "published document unreadable, written anew", "path", path, "error", err)
			continue
		}
		prevs[d.Format] = prev
	}
	return prevs
}

func (r *run) document(ctx context.Context, c channel, d Document, work *draft) DocumentReport {
	path := c.path(d)
	report := DocumentReport{Path: path}
	doc, fallbacks, err := work.render()
	report.Fallbacks = fallbacks
	if err != nil {
		report.Error = fmt.Sprintf("%v; the last good document stands", err)
		doc, err = work.withoutWithdrawn()
		if err != nil {
			report.Error += "; " + err.Error()
		}
		if doc == nil {
			return report
		}
		report.Error += " without its withdrawn entries"
	}
	report.Bytes = len(doc)
	old, err := r.read(path)
	if err == nil {
		report.Changed, err = r.replace(path, d.Format.MediaType(), old, doc)
	}
	if err != nil {
		report.Error = err.Error()
	}
	return report
}

// isWithdrawn asks the store about an ID; when it cannot be asked nothing counts as withdrawn, and the run fails
// elsewhere.
func (r *run) isWithdrawn(ctx context.Context) func(string) bool {
	return func(id string) bool {
		e, err := r.store.Entry(ctx, id)
		return err == nil && e.Status == feed.Withdrawn
	}
}

func (f *FeedReport) changed() (n int) {
	for _, d := range f.Documents {
		if d.Changed {
			n++
		}
	}
	return n
}

// problem is what status tells about the feed: empty when all is well.
func (f *FeedReport) problem() string {
	if f.Error != "" {
		return f.Error
	}
	for _, d := range f.Documents {
		if d.Error != "" {
			return d.Path + ": " + d.Error
		}
		for _, b := range d.Fallbacks {
			return d.Path + ": " + b.Problem
		}
	}
	return ""
}

func (r *Report) add(f FeedReport) {
	if f.Error == "" && len(f.Documents) == 0 {
		return
	}
	r.Feeds = append(r.Feeds, f)
	refused := map[string]bool{}
	for _, d := range f.Documents {
		switch {
		case d.Error != "":
			r.Failed++
		case d.Changed:
			r.Written++
		}
		if d.Error == "" {
			r.Checked++
		}
		for _, b := range d.Fallbacks {
			refused[b.ID] = true
		}
	}
	r.Refused += len(refused)
	if f.Error != "" {
		r.Failed++
	}
}

func ids(entries []feed.Entry) []string {
	out := make([]string, len(entries))
	for i := range entries {
		out[i] = entries[i].ID
	}
	return out
}
