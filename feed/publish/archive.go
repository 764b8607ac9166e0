package publish

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// archiveSize is how many entries a document of an archive holds at most.
const archiveSize = 100

// archiveFolder is where a feed's archive lies, below the feed's own folder.
const archiveFolder = "archive"

// An archive is what a feed published before the entries of its live document: one document for each month, or several
// where there were more entries than one may hold, oldest first. Their bounds are made by the entries' dates alone, so
// that a full document changes only with what stands in it, and once when a later one comes (RFC 5005, 4).
type archive struct {
	channel      channel
	query        store.Query
	state        store.Archive
	parts        map[store.Month][]part // those that are planned anew
	last         feed.Entry             // the oldest entry of the live document
	shown        []string               // IDs of entries that were written
	whole        bool                   // every document is as it should be
	reconfigured bool
}

// A part is one document of an archive as it should be, in each of the feed's formats.
type part struct {
	month  store.Month
	n      int
	refs   []store.Ref
	digest string // as it was published; empty when it was not, or is to be written anew
}

// folder is where the part lies, below the published folder: news/archive/2026-03, the second news/archive/2026-03-2.
func (c channel) archiveFolder(month store.Month, n int) string {
	name := month.String()
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return path.Join(c.Name, archiveFolder, name)
}

// archive brings the archive of a channel up to date, and gives where its newest document lies; empty where everything
// stands in the live document, whose entries are given.
func (r *run) archive(ctx context.Context, c channel, live []feed.Entry, reconfigured bool, report *FeedReport) (a *archive, err error) {
	a = &archive{channel: c, query: c.query(r.at), parts: map[store.Month][]part{}, whole: true, reconfigured: reconfigured}
	if a.state, err = r.store.Archive(ctx, c.Name); err != nil {
		return nil, err
	}
	if len(a.state.Parts) == 0 {
		if err := r.recoverArchive(ctx, c); err != nil {
			return nil, err
		}
	}
	mark, err := r.store.Mark(ctx)
	if err != nil {
		return nil, err
	}
	if reconfigured || r.incomplete[c.Name] {
		a.state = store.Archive{}
	}
	full := c.Limit > 0 && len(live) >= c.Limit
	if full {
		a.last = live[len(live)-1]
	}
	if err := r.planArchive(ctx, a, full); err != nil {
		return nil, err
	}
	state, err := r.writeArchive(ctx, a, report)
	if err != nil {
		return nil, err
	}
	if a.whole {
		state.Seq, state.At = mark, r.at
	}
	a.state = state
	return a, nil
}

// recoverArchive brings back what an archive of ours holds that the store does not know, because it was lost.
func (r *run) recoverArchive(ctx context.Context, c channel) error {
	var published []string
	below := path.Join(c.Name, archiveFolder) + "/"
	for _, name := range r.list.pathsOf(func(name string) bool { return strings.HasPrefix(name, below) }) {
		format, isFeed := formatOf(r.list.files[name].Type)
		if !isFeed {
			continue
		}
		if f, err := r.readDocument(name, format); err == nil && f != nil {
			published = append(published, ids(f.Entries)...)
		}
	}
	lost, err := r.store.Missing(ctx, published)
	if err != nil || len(lost) == 0 {
		return err
	}
	if err := r.recover(ctx, c, lost); err != nil {
		return fmt.Errorf("recover what is archived: %w", err)
	}
	return nil
}

// readDocument reads back a document as it is published; nil where there is none.
func (r *run) readDocument(name string, format feed.Format) (*feed.Feed, error) {
	doc, err := r.list.read(name)
	if err != nil || doc == nil {
		return nil, err
	}
	return feed.Read(doc, format)
}

// isPartMissing looks once for documents that somebody removed: that costs a look at each, so a daemon does it when it
// starts.
func (r *run) isPartMissing(ctx context.Context, c channel) (bool, error) {
	if !c.Archives || r.looked[c.Name] {
		return false, nil
	}
	state, err := r.store.Archive(ctx, c.Name)
	if err != nil {
		return false, err
	}
	r.looked[c.Name] = true
	return slices.ContainsFunc(state.Parts, func(p store.Part) bool {
		return slices.ContainsFunc(c.Documents, func(d Document) bool {
			return r.list.isMissing(path.Join(c.archiveFolder(p.Month, p.N), d.File))
		})
	}), nil
}

// planArchive divides into parts the months that something changed in since the archive was made, and those that the
// live document has left since.
func (r *run) planArchive(ctx context.Context, a *archive, full bool) error {
	touched := map[store.Month]bool{}
	changed, err := r.store.MonthsSince(ctx, a.query, a.state.Seq, a.state.At)
	if err != nil {
		return err
	}
	for _, m := range changed {
		touched[m] = true
	}
	bound := store.Month(0) // the last month with anything to archive
	if full {
		bound = store.MonthOf(a.last.VisibleFrom())
		touched[bound] = true
	}
	if n := len(a.state.Parts); n > 0 {
		// The month that was archived in part, and those since, are looked at again.
		for m := a.state.Parts[n-1].Month; m <= bound; m = store.MonthOf(m.End()) {
			touched[m] = true
		}
	}
	for _, p := range a.state.Parts {
		if p.Month > bound {
			touched[p.Month] = true
		}
	}
	for m := range touched {
		a.parts[m] = nil
		if m <= bound {
			if err := r.planMonth(ctx, a, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// planMonth divides a month. A part of which everything stands in the live document is not archived yet.
func (r *run) planMonth(ctx context.Context, a *archive, month store.Month) error {
	refs, err := r.store.Refs(ctx, a.query, month)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(refs, archiveSize) {
		if !a.isOlder(chunk[0]) {
			break
		}
		a.parts[month] = append(a.parts[month], part{month: month, n: len(a.parts[month]) + 1, refs: chunk})
	}
	return nil
}

// isOlder says whether an entry comes after the last one of the live document.
func (a *archive) isOlder(r store.Ref) bool {
	c := a.last.VisibleFrom().Compare(r.VisibleFrom)
	return cmp.Or(c, cmp.Compare(r.ID, a.last.ID)) > 0
}

// order is all parts of the archive, oldest first: the planned months as planned, the others as they were.
func (a *archive) order() []part {
	var all []part
	for _, p := range a.state.Parts {
		if _, planned := a.parts[p.Month]; !planned {
			all = append(all, part{month: p.Month, n: p.N, digest: p.Digest})
		}
	}
	for _, parts := range a.parts {
		for _, p := range parts {
			if i := slices.IndexFunc(a.state.Parts, func(s store.Part) bool { return s.Month == p.month && s.N == p.n }); i >= 0 {
				p.digest = a.state.Parts[i].Digest
			}
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(p, q part) int { return cmp.Or(cmp.Compare(p.month, q.month), cmp.Compare(p.n, q.n)) })
	return all
}

// writeArchive writes the parts that changed, and those whose neighbours did, removes what is no part any more, and
// gives the archive as it is then.
func (r *run) writeArchive(ctx context.Context, a *archive, report *FeedReport) (store.Archive, error) {
	order := a.order()
	if err := r.claimArchive(a, order); err != nil {
		return store.Archive{}, err
	}
	state := store.Archive{Seq: a.state.Seq, At: a.state.At}
	for i, p := range order {
		place := neighbours{Self: a.channel.archiveFolder(p.month, p.n)}
		if i > 0 {
			place.Prev = a.channel.archiveFolder(order[i-1].month, order[i-1].n)
		}
		if i+1 < len(order) {
			place.Next = a.channel.archiveFolder(order[i+1].month, order[i+1].n)
		}
		digest, err := r.writePart(ctx, a, p, place, report)
		if err != nil {
			return state, err
		}
		state.Parts = append(state.Parts, store.Part{Month: p.month, N: p.n, Digest: digest})
	}
	return state, nil
}

// neighbours are the folders of a part and of those beside it; empty where there is none.
type neighbours struct{ Prev, Self, Next string }

// claimArchive puts the paths of new documents on the list before the first of them is written.
func (r *run) claimArchive(a *archive, order []part) error {
	claimed := false
	for _, p := range order {
		for _, d := range a.channel.Documents {
			name := path.Join(a.channel.archiveFolder(p.month, p.n), d.File)
			if _, listed := r.list.files[name]; !listed {
				r.list.claim(name, d.Format.MediaType())
				claimed = true
			}
		}
	}
	if !claimed {
		return nil
	}
	return r.list.write()
}

// writePart writes the documents of a part where anything that their bytes are made of is not as it was, and gives the
// digest of that. A part of a month that nothing changed in is known by its digest alone, which tells its neighbours.
func (r *run) writePart(ctx context.Context, a *archive, p part, place neighbours, report *FeedReport) (string, error) {
	linked := digest(place)
	if p.refs == nil {
		if _, links, _ := strings.Cut(p.digest, " "); links == linked {
			return p.digest, nil
		}
		refs, err := r.refsOf(ctx, a, p)
		if err != nil || refs == nil {
			return p.digest, err
		}
		p.refs = refs
	}
	now := digest(p.refs) + " " + linked
	if now == p.digest {
		return now, nil
	}
	list := make([]string, len(p.refs))
	for i, ref := range p.refs {
		list[i] = ref.ID
	}
	entries, err := r.store.EntriesByID(ctx, list)
	if err != nil {
		return "", err
	}
	for _, d := range a.channel.Documents {
		doc, err := r.archiveDocument(ctx, a, d, entries, place)
		if err != nil {
			return "", err
		}
		if doc.Error != "" {
			now, a.whole = "", false
		}
		report.Documents = append(report.Documents, doc)
	}
	a.shown = append(a.shown, list...)
	return now, nil
}

// refsOf are the entries of a part of a month that was not planned anew.
func (r *run) refsOf(ctx context.Context, a *archive, p part) ([]store.Ref, error) {
	refs, err := r.store.Refs(ctx, a.query, p.month)
	if err != nil {
		return nil, err
	}
	n := 0
	for chunk := range slices.Chunk(refs, archiveSize) {
		if n++; n == p.n {
			return chunk, nil
		}
	}
	return nil, nil
}

// archiveDocument writes, checks and replaces one document of a part.
func (r *run) archiveDocument(ctx context.Context, a *archive, d Document, entries []feed.Entry, place neighbours) (DocumentReport, error) {
	name := path.Join(place.Self, d.File)
	prev, err := r.previous(ctx, name, d.Format, a.reconfigured)
	if err != nil {
		return DocumentReport{}, err
	}
	next := a.channel.feed(entries, lastUpdated(time.Time{}, map[feed.Format]*previous{d.Format: prev}))
	a.channel.inArchive(next, place)
	left := map[string]string{}
	for _, id := range goneFrom(prev, next) {
		if !slices.ContainsFunc(entries, func(n feed.Entry) bool { return n.ID == id }) {
			left[id] = "moved within the archive"
		}
	}
	work := &draft{format: d.Format, next: next, prev: prev, left: left, withdrawn: withdrawn(entries, nil)}
	report, _ := r.replace(name, d.Format, work)
	return report, nil
}

// inArchive makes of the feed one of its archive's documents.
func (c channel) inArchive(f *feed.Feed, place neighbours) {
	at := func(folder string) map[feed.Format]string {
		urls := map[feed.Format]string{}
		for _, d := range c.Documents {
			if folder != "" {
				urls[d.Format] = c.Site.FeedsURL + path.Join(folder, d.File)
			}
		}
		return urls
	}
	f.SelfURL, f.Tombstones = at(place.Self), nil
	f.History = feed.History{Archive: true, Prev: at(place.Prev), Next: at(place.Next), Current: at(c.Name)}
}

// inFront makes of the feed the live document, before its archive.
func (a *archive) inFront(f *feed.Feed) {
	n := len(a.state.Parts)
	if n == 0 {
		f.History.Complete = true
		return
	}
	last := a.state.Parts[n-1]
	f.History.Prev = map[feed.Format]string{}
	for _, d := range a.channel.Documents {
		f.History.Prev[d.Format] = a.channel.Site.FeedsURL + path.Join(a.channel.archiveFolder(last.Month, last.N), d.File)
	}
}

// dropParts removes the documents that are no part of the archive any more: their entries were withdrawn, or the live
// document holds them. It comes last, when no other document links to them.
func (r *run) dropParts(a *archive) error {
	keep := map[string]bool{}
	for _, p := range a.state.Parts {
		keep[a.channel.archiveFolder(p.Month, p.N)] = true
	}
	below := path.Join(a.channel.Name, archiveFolder) + "/"
	drop := r.list.pathsOf(func(name string) bool {
		folder, file := path.Split(name)
		return strings.HasPrefix(name, below) && strings.Count(name[len(below):], "/") == 1 && !keep[path.Clean(folder)] && a.channel.hasFile(file)
	})
	if len(drop) == 0 || r.config.DryRun {
		return nil
	}
	return r.remove(drop)
}
