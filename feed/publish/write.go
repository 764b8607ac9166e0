package publish

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// publish brings one channel up to date: select, write, check, replace. What fails is in the report and the log,
// and the channel stays marked, so that the next run tries again.
func (r *run) publish(ctx context.Context, c channel) outcome {
	report := FeedReport{Name: c.Name}
	p, err := r.channel(ctx, c, &report)
	if errors.Is(err, errNotAlone) {
		return outcome{postponed: true}
	}
	if err != nil {
		report.Error = err.Error()
		p = progress{state: r.states[c.Name]}
		p.state.Name, p.state.Dirty = c.Name, true
	}
	p.state.LastRun, p.state.Result = r.at, report.problem()
	if p.state.Result != "" {
		r.log.ErrorContext(ctx, "feed not published whole", "feed", c.Name, "error", p.state.Result)
	}
	if n := report.changed(); n > 0 {
		r.log.InfoContext(ctx, "feed published", "feed", c.Name, "entries", report.Entries, "documents", n)
	}
	return outcome{begun: true, progress: p, report: report}
}

func (r *run) channel(ctx context.Context, c channel, report *FeedReport) (progress, error) {
	st := r.states[c.Name]
	st.Name, st.Dirty = c.Name, false
	reconfigured, restyled := c.changed(st.Config)
	st.Config = c.digest()
	q := c.query(r.at)
	prevs, err := r.published(ctx, c, reconfigured)
	if err != nil {
		return progress{}, err
	}
	entries, gone, err := r.selectEntries(ctx, c, q, prevs)
	if err != nil {
		return progress{}, err
	}
	if st.Next, err = r.nextChange(ctx, c, q, entries); err != nil {
		return progress{}, err
	}
	if c.facet != nil && !st.Published && len(entries) == 0 {
		return progress{state: st, whole: true}, nil
	}
	left, err := r.reasons(ctx, c, reconfigured, entries, gone)
	if err != nil {
		return progress{}, err
	}
	p := progress{whole: true, left: left}
	updated := st.Updated
	if !r.trustsWindow(c, prevs) {
		updated = lastUpdated(updated, prevs)
	}
	next := c.feed(entries, updated)
	if c.Tombstones {
		if next.Tombstones, err = r.tombstones(ctx, c, q); err != nil {
			return progress{}, err
		}
	}
	if c.Archives {
		if p.archive, err = r.archive(ctx, c, entries, reconfigured, restyled, report); err != nil {
			return progress{}, err
		}
		p.whole = p.archive.whole
		p.archive.inFront(next)
	}
	hidden := withdrawn(entries, left)
	docs := compose(c.papers(c.Name), func(i int) *draft {
		format := c.Documents[i].Format
		return &draft{format: format, next: next, prev: prevs[format], left: left, withdrawn: hidden}
	})
	newest := ""
	if p.archive != nil {
		newest = p.archive.newest
	}
	err = r.put(ctx, docs, c.page(), r.feedPage(c, newest), docs.onPage())
	report.Documents = append(report.Documents, docs.reports...)
	if err != nil {
		return progress{}, err
	}
	carried := map[string]bool{}
	for i, d := range c.Documents {
		p.whole = p.whole && docs.reports[i].Error == ""
		if err := r.copies(c, d); err != nil {
			return progress{}, err
		}
		for _, id := range docs.carried[i] {
			carried[id] = true
		}
	}
	p.entries = slices.DeleteFunc(entries, func(e feed.Entry) bool { return !carried[e.ID] })
	report.Entries = len(p.entries)
	if report.changed() > 0 {
		st.LastChange = r.at
	}
	// Another version of the program may make what this one cannot, and nothing tells of that but the attempt.
	st.Dirty = !p.whole || p.archive != nil && p.archive.unmade || slices.ContainsFunc(next.Entries, isUnmade)
	st.Published, st.Entries, st.Updated = true, len(p.entries), next.Updated
	p.state = st
	return p, nil
}

// isUnmade says of what is to be published that its content could not be made.
func isUnmade(e feed.Entry) bool { return e.Unmade != "" }

// nextChange is when the channel changes by the clock alone; zero for never.
func (r *run) nextChange(ctx context.Context, c channel, q store.Query, entries []feed.Entry) (time.Time, error) {
	next, err := r.store.NextChange(ctx, q, entries)
	if err != nil || !c.Archives && !c.Tombstones {
		return next, err
	}
	end, err := r.store.NextEnd(ctx, q)
	if next.IsZero() || !end.IsZero() && end.Before(next) {
		next = end
	}
	return next, err
}

// lastUpdated is the updated date that the channel had: the stored one, or a later one that a document tells.
func lastUpdated(stored time.Time, prevs map[feed.Format]*previous) time.Time {
	last := stored
	for _, prev := range prevs {
		// With itself nothing is superseded: what is left is what stands around the entries.
		if f := prev.superseded(prev.doc); f != nil && f.Updated.After(last) {
			last = f.Updated
		}
	}
	return last
}

// withdrawn are the entries whose content must not stand anywhere any more.
func withdrawn(window []feed.Entry, left map[string]string) map[string]bool {
	ids := map[string]bool{}
	for _, e := range window {
		ids[e.ID] = e.Status == feed.Withdrawn
	}
	for id, why := range left {
		if why == string(feed.Withdrawn) {
			ids[id] = true
		}
	}
	return ids
}

// selectEntries reads the channel's entries, and says which others its documents hold that its stored window may not. What
// is published but not stored was lost with another store: it is recovered from what is published.
func (r *run) selectEntries(ctx context.Context, c channel, q store.Query, prevs map[feed.Format]*previous) (entries []feed.Entry, gone []string, err error) {
	if entries, err = r.store.Newest(ctx, q); err != nil {
		return nil, nil, err
	}
	if r.trustsWindow(c, prevs) {
		return entries, nil, nil
	}
	gone = c.gone(entries, prevs)
	lost, err := r.store.Missing(ctx, gone)
	if err != nil || len(lost) == 0 {
		return entries, gone, err
	}
	if err := r.recover(ctx, c, lost); err != nil {
		return nil, nil, fmt.Errorf("recover what is published: %w", err)
	}
	if entries, err = r.store.Newest(ctx, q); err != nil {
		return nil, nil, err
	}
	return entries, c.gone(entries, prevs), nil
}

// trustsWindow says that the channel's documents hold what its stored window names: they are as they were written when that
// was noted.
func (r *run) trustsWindow(c channel, prevs map[feed.Format]*previous) bool {
	for _, prev := range prevs {
		if !prev.proven {
			return false
		}
	}
	return r.isTrusted() && r.states[c.Name].Result == "" // else some document may be of another run than the others
}

// isTrusted says that the store and the list are of one run.
func (r *run) isTrusted() bool { return r.noted != nil || r.isOwn() }

// gone are the IDs of what the documents hold beside the entries, or in another version.
func (c channel) gone(entries []feed.Entry, prevs map[feed.Format]*previous) (gone []string) {
	next := c.feed(entries, time.Time{})
	for _, d := range c.Documents {
		gone = append(gone, goneFrom(prevs[d.Format], next)...)
	}
	return gone
}

// goneFrom are the IDs of what the document before holds that next has not, or in another version.
func goneFrom(prev *previous, next *feed.Feed) []string {
	if prev.doc == nil {
		return nil
	}
	var doc bytes.Buffer
	_ = next.Write(&doc, prev.format) // where it cannot be written, all that is published counts
	was := prev.superseded(doc.Bytes())
	if was == nil {
		return nil
	}
	return ids(was.Entries)
}

// errNotAlone says that something is to be recovered, which is done for one channel after the other: what one recovers is
// selected by the next. So it is from the start where the store may have been put back or lost.
var errNotAlone = errors.New("something is to be recovered while others select")

func (r *run) recover(ctx context.Context, c channel, lost []string) error {
	if !r.alone {
		return errNotAlone
	}
	if r.shown == nil {
		r.shown = map[string]feed.Entry{}
		for _, e := range richest(r.readDocuments(ctx, r.list)) {
			r.shown[e.ID] = e
		}
	}
	entries := make([]feed.Entry, len(lost))
	for i, id := range lost {
		entries[i] = r.shown[id]
	}
	r.log.InfoContext(ctx, "entries that are not stored recovered from what is published", "feed", c.Name, "entries", len(lost))
	return r.store.Recover(ctx, sanitised(entries))
}

// published are the channel's documents as they are now.
func (r *run) published(ctx context.Context, c channel, reconfigured bool) (map[feed.Format]*previous, error) {
	prevs := map[feed.Format]*previous{}
	for _, d := range c.Documents {
		var err error
		if prevs[d.Format], err = r.previous(ctx, c.path(d), d.Format, reconfigured); err != nil {
			return nil, err
		}
	}
	return prevs, nil
}

// tombstones are the entries of the channel that were withdrawn of late.
func (r *run) tombstones(ctx context.Context, c channel, q store.Query) (tombstones []feed.Tombstone, err error) {
	entries, err := r.store.Withdrawn(ctx, q)
	for _, e := range entries {
		tombstones = append(tombstones, feed.Tombstone{ID: e.ID, When: e.Withdrawn, Note: cmp.Or(e.Note, withdrawnNote)})
	}
	return tombstones, err
}

// copies puts the document at its old addresses too, where readers cannot be sent on.
func (r *run) copies(c channel, d Document) error {
	if len(c.Copies[d.Format]) == 0 {
		return nil
	}
	doc, err := r.list.read(c.path(d))
	if err != nil || doc == nil {
		return err
	}
	for _, name := range c.Copies[d.Format] {
		old, err := r.list.read(name)
		if err != nil {
			return err
		}
		if _, err := r.list.replace(name, d.Format.MediaType(), old, doc); err != nil {
			return err
		}
	}
	return nil
}

func ids(entries []feed.Entry) []string {
	out := make([]string, len(entries))
	for i := range entries {
		out[i] = entries[i].ID
	}
	return out
}
