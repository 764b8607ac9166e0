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
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// archiveSize is how many entries a document of an archive holds at most.
const archiveSize = 100

// archiveFolder is where a feed's archive lies, below the feed's own folder.
const archiveFolder = manifest.ArchiveFolder

// An archive is what a feed published before the entries of its live document: one document for each month, or several
// where there were more entries than one may hold, oldest first. Their bounds are made by the entries' dates alone, so
// that a full document changes only with what stands in it, and once when a later one comes (RFC 5005, 4).
type archive struct {
	channel      channel
	query        store.Query
	state        store.Archive
	stored       map[store.Month][]store.Part // the parts as they were, of the months that are looked at
	near         map[store.Month]bool         // the months of which links may change
	planned      map[store.Month][]part       // the parts as they are to be, of the months that something changed in
	changed      []store.Part                 // the parts of which something was written
	gone         []store.Part                 // that are no parts any more
	newest       string                       // the folder of the newest part; empty where there is none
	last         feed.Entry                   // the oldest entry of the live document
	shown        few                          // entries that were written
	refs         map[store.Month][]store.Ref  // of months that were read last
	whole        bool                         // every document is as it should be
	unmade       bool                         // but for entries whose content cannot be made
	reconfigured bool
}

// A part is one document of an archive as it should be, in each of the feed's formats.
type part struct {
	month  store.Month
	n      int
	refs   string // the digest of the entries that it is to hold; empty where nothing of its month changed
	digest string // as it was published; empty when that failed, or lacks what cannot be made
}

// unwritten is the digest of a part that is to be written whatever it was.
const unwritten = "unwritten"

// folder is where the part lies, below the published folder: news/archive/2026-03, the second news/archive/2026-03-2.
func (c channel) archiveFolder(month store.Month, n int) string {
	name := month.String()
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return path.Join(c.Name, archiveFolder, name)
}

// archive brings the archive of a channel up to date, whose live document holds those entries; anew looks at all of it.
func (r *run) archive(ctx context.Context, c channel, live []feed.Entry, reconfigured, anew bool, report *FeedReport) (a *archive, err error) {
	a = &archive{
		channel: c, query: c.query(r.at), whole: true, reconfigured: reconfigured,
		stored: map[store.Month][]store.Part{}, near: map[store.Month]bool{}, planned: map[store.Month][]part{}, refs: map[store.Month][]store.Ref{},
	}
	if a.state, err = r.store.Archive(ctx, c.Name); err != nil {
		return nil, err
	}
	if a.state.Last == 0 {
		if err := r.recoverArchive(ctx, c); err != nil {
			return nil, err
		}
	}
	full := c.Limit > 0 && len(live) >= c.Limit
	if full {
		a.last = live[len(live)-1]
	}
	if err := r.planArchive(ctx, a, full, anew || r.incomplete[c.Name]); err != nil {
		return nil, err
	}
	return a, r.writeArchive(ctx, a, report)
}

// recoverArchive brings back what an archive of ours holds that the store does not know, because it was lost.
func (r *run) recoverArchive(ctx context.Context, c channel) error {
	var published []string
	for _, name := range r.list.archived(c.Name) {
		file, _ := r.list.file(name)
		format, isFeed := formatOf(file.Type)
		if !isFeed {
			continue
		}
		if f, err := r.readDocument(name, format); err == nil && f != nil {
			published = append(published, ids(f.Entries)...)
		}
	}
	if err := r.list.settleParts(path.Join(c.Name, archiveFolder)); err != nil {
		return err
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
	parts, err := r.store.Parts(ctx, c.Name, 0, store.LastMonth)
	if err != nil {
		return false, err
	}
	r.looked[c.Name] = true
	for _, p := range parts {
		folder := c.archiveFolder(p.Month, p.N)
		missing := r.isPageMissing(path.Join(folder, indexPath)) || slices.ContainsFunc(c.Documents, func(d Document) bool { return r.list.isMissing(path.Join(folder, d.File)) })
		if err := r.list.settle(folder); err != nil {
			delete(r.looked, c.Name)
			return missing, err
		}
		if missing {
			return true, nil
		}
	}
	return false, nil
}

// order is the parts of the months that are looked at, oldest first: the planned months as planned, the others as they
// were. Whatever is missing in between has no part in what changes.
func (a *archive) order() []part {
	var order []part
	for m, stored := range a.stored {
		planned, isPlanned := a.planned[m]
		if !isPlanned {
			for _, p := range stored {
				order = append(order, part{month: p.Month, n: p.N, digest: p.Digest})
			}
			continue
		}
		for _, p := range planned {
			if p.digest = unwritten; p.n <= len(stored) {
				p.digest = stored[p.n-1].Digest
			}
			order = append(order, p)
		}
		a.gone = append(a.gone, stored[min(len(planned), len(stored)):]...)
	}
	slices.SortFunc(order, func(p, q part) int { return cmp.Or(cmp.Compare(p.month, q.month), cmp.Compare(p.n, q.n)) })
	return order
}

// writeArchive writes the parts that changed, and those whose neighbours did.
func (r *run) writeArchive(ctx context.Context, a *archive, report *FeedReport) error {
	order := a.order()
	folder := func(i int) string {
		if i < 0 || i >= len(order) {
			return ""
		}
		return a.channel.archiveFolder(order[i].month, order[i].n)
	}
	for i, p := range order {
		if !a.near[p.month] {
			continue
		}
		now, err := r.writePart(ctx, a, p, neighbours{Prev: folder(i - 1), Self: folder(i), Next: folder(i + 1)}, report)
		if err != nil {
			return err
		}
		if now != p.digest {
			a.changed = append(a.changed, store.Part{Month: p.month, N: p.n, Digest: now})
		}
	}
	a.newest = folder(len(order) - 1)
	return nil
}

// neighbours are the folders of a part and of those beside it; empty where there is none.
type neighbours struct{ Prev, Self, Next string }

// writePart writes the documents of a part where anything that their bytes are made of is not as it was, and gives the
// digest of that. A part of a month that nothing changed in is known by its digest alone, which tells its neighbours.
func (r *run) writePart(ctx context.Context, a *archive, p part, place neighbours, report *FeedReport) (string, error) {
	was, links, _ := strings.Cut(p.digest, " ")
	if linked := digest(place); links == linked && (p.refs == "" || p.refs == was) {
		return p.digest, nil
	}
	refs, err := r.refsOf(ctx, a, p)
	if err != nil || refs == nil {
		return p.digest, err
	}
	now := digestRefs(refs) + " " + digest(place)
	list := make([]string, len(refs))
	for i, ref := range refs {
		list[i] = ref.ID
	}
	entries, err := r.store.EntriesByID(ctx, list)
	if err != nil {
		return "", err
	}
	if err := r.claimPart(a.channel, place.Self); err != nil {
		return "", err
	}
	docs, err := r.composePart(ctx, a, entries, place)
	if err != nil {
		return "", err
	}
	err = r.put(ctx, docs, path.Join(place.Self, indexPath), r.partPage(a.channel, p.title(), place), docs.onPage())
	report.Documents = append(report.Documents, docs.reports...)
	if err != nil {
		return "", err
	}
	for _, doc := range docs.reports {
		if doc.Error != "" {
			now, a.whole = "", false
		}
	}
	if slices.ContainsFunc(docs.works[0].next.Entries, isUnmade) {
		now, a.unmade = "", true
	}
	for _, id := range list {
		a.shown.add(id)
	}
	if err := r.store.MarkShown(ctx, list); err != nil {
		return "", err
	}
	return now, r.list.settle(place.Self)
}

// claimPart puts the paths of new documents of a part on its list before the first of them is written, and before that the
// archive on the list of the whole folder: without that nobody would look for the part once the feed is not configured.
func (r *run) claimPart(c channel, folder string) error {
	claimed := false
	claim := func(file, mediaType string) {
		name := path.Join(folder, file)
		if _, listed := r.list.file(name); !listed {
			r.list.claim(name, mediaType)
			claimed = true
		}
		r.list.name(c.Name, name)
	}
	for _, d := range c.Documents {
		claim(d.File, d.Format.MediaType())
	}
	claim(indexPath, pageType)
	if err := r.list.writeClaims(); err != nil || !claimed || r.config.DryRun {
		return err
	}
	return r.list.claimPart(folder)
}

// refsOf are the entries of a part; nil where there are none for it.
func (r *run) refsOf(ctx context.Context, a *archive, p part) ([]store.Ref, error) {
	refs, err := r.refs(ctx, a, p.month)
	if err != nil || len(refs) <= (p.n-1)*archiveSize {
		return nil, err
	}
	return refs[(p.n-1)*archiveSize : min(p.n*archiveSize, len(refs))], nil
}

// composePart renders and checks the documents of a part.
func (r *run) composePart(ctx context.Context, a *archive, entries []feed.Entry, place neighbours) (*formats, error) {
	papers := a.channel.papers(place.Self)
	works := make([]*draft, len(papers))
	for i, p := range papers {
		prev, err := r.previous(ctx, p.name, p.Format, a.reconfigured)
		if err != nil {
			return nil, err
		}
		next := a.channel.feed(entries, lastUpdated(time.Time{}, map[feed.Format]*previous{p.Format: prev}))
		a.channel.inArchive(next, place)
		left := map[string]string{}
		for _, id := range goneFrom(prev, next) {
			if !slices.ContainsFunc(entries, func(n feed.Entry) bool { return n.ID == id }) {
				left[id] = "moved within the archive"
			}
		}
		works[i] = &draft{format: p.Format, next: next, prev: prev, left: left, withdrawn: withdrawn(entries, nil)}
	}
	return compose(papers, func(i int) *draft { return works[i] }), nil
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
	if a.newest == "" {
		f.History.Complete = true
		return
	}
	f.History.Prev = map[feed.Format]string{}
	for _, d := range a.channel.Documents {
		f.History.Prev[d.Format] = a.channel.Site.FeedsURL + path.Join(a.newest, d.File)
	}
}

// dropParts removes the documents that are no part of the archive any more: their entries were withdrawn, or the live
// document holds them. It comes last, when no other document links to them.
func (r *run) dropParts(a *archive) error {
	if r.config.DryRun {
		return nil
	}
	var drop []string
	for _, p := range a.gone {
		for _, name := range r.list.partFiles(a.channel.archiveFolder(p.Month, p.N)) {
			if a.channel.hasFile(path.Base(name)) {
				drop = append(drop, name)
			}
		}
	}
	if len(drop) == 0 {
		return nil
	}
	slices.Sort(drop)
	return r.remove(drop)
}

// save notes that the archive has come up to the change mark. Where the feed is not as it should be, what changed since is looked at again.
func (a *archive) save(ctx context.Context, s *store.Store, mark int64, whole bool) error {
	if !whole {
		return s.SaveArchive(ctx, a.channel.Name, a.state, a.changed, nil)
	}
	a.state.Seq, a.state.At = mark, a.query.Now
	return s.SaveArchive(ctx, a.channel.Name, a.state, a.changed, a.gone)
}
