package publish

import (
	"context"
	"slices"

	"feedpub/feed"
	"feedpub/store"
)

// findWork marks the feeds that something since the last run touches: a change of an entry that is or was in them,
// the configuration, a file that somebody removed. What was withdrawn leaves also the documents that no feed of the
// configuration owns.
func (r *run) findWork(ctx context.Context) error {
	mark, err := r.store.Mark(ctx)
	if err != nil {
		return err
	}
	r.goOn(mark)
	news, err := r.news(ctx, mark)
	if err != nil {
		return err
	}
	r.mark = news.upTo
	if err := r.clearLeftovers(ctx, news.withdrawn); err != nil {
		return err
	}
	for _, c := range r.channels {
		missing, err := r.isPartMissing(ctx, c)
		if err != nil {
			return err
		}
		r.incomplete[c.Name] = missing || r.incomplete[c.Name] && c.Archives
	}
	touched := r.touched(news)
	if len(touched) == 0 && news.upTo == mark {
		return nil
	}
	if err := r.store.MarkDirty(ctx, touched, news.upTo); err != nil {
		return err
	}
	for _, name := range touched {
		st := r.states[name]
		st.Name, st.Dirty = name, true
		r.states[name] = st
	}
	return nil
}

// news is what changed since the last run, all entries taken together.
type news struct {
	upTo      int64           // the last change
	any       bool            // there is one
	all       bool            // so much that every feed is to be looked at; facets and feeds do not tell then
	facets    map[facet]bool  // of what changed, as it is now
	feeds     map[string]bool // that hold what changed
	withdrawn map[string]bool // IDs of what is withdrawn
}

// changesAtOnce is how many changes are read at once.
const changesAtOnce = 1000

func (r *run) news(ctx context.Context, mark int64) (news, error) {
	n := news{upTo: mark, facets: map[facet]bool{}, feeds: map[string]bool{}, withdrawn: map[string]bool{}}
	last, err := r.store.LastChange(ctx)
	if err != nil {
		return n, err
	}
	if last-mark >= int64(manyIDs) { // a first run, most likely, where all that there is changed
		withdrawn, err := r.store.WithdrawnIDs(ctx, mark)
		for _, id := range withdrawn {
			n.withdrawn[id] = true
		}
		n.upTo, n.any, n.all = last, true, true
		r.changed, r.unsettled = few{many: true}, few{many: true}
		return n, err
	}
	for {
		changes, upTo, err := r.store.Changes(ctx, n.upTo, changesAtOnce)
		if err != nil || len(changes) == 0 {
			return n, err
		}
		n.upTo, n.any = upTo, true
		for _, ch := range changes {
			n.add(ch)
			r.changed.add(ch.ID)
			r.unsettled.add(ch.ID)
		}
	}
}

func (n *news) add(ch store.Change) {
	for _, f := range ch.Facets {
		n.facets[facet{f.Kind, f.Value}] = true
	}
	for _, name := range ch.Feeds {
		n.feeds[name] = true
	}
	if ch.Withdrawn {
		n.withdrawn[ch.ID] = true
	}
}

// touched names the channels that have work, in their order. What somebody removed is looked for at first, and then now and
// then: with very many documents it is most of what a change costs.
func (r *run) touched(n news) (names []string) {
	look := !r.own || r.at.Before(r.lookedAt) || r.at.Sub(r.lookedAt) > lookAgain
	if look {
		r.lookedAt = r.at
	}
	for _, c := range r.channels {
		st, known := r.states[c.Name]
		if !known || st.Config != c.digest() || look && st.Published && r.isMissing(c) || r.incomplete[c.Name] || n.all || n.feeds[c.Name] || c.mayTake(n.facets, n.any) {
			names = append(names, c.Name)
		}
	}
	return names
}

// A facet is a feed.Facet in any spelling.
type facet struct {
	kind  feed.Kind
	value string
}

// mayTake says whether the channel may take one of the entries that have these facets between them.
func (c channel) mayTake(facets map[facet]bool, any bool) bool {
	kind, values, _ := store.Narrowest(c.Select)
	if kind == "" || kind == feed.ByLanguage {
		return any
	}
	return slices.ContainsFunc(values, func(v string) bool { return facets[facet{kind, feed.Fold(v)}] })
}

func (r *run) isMissing(c channel) bool {
	return r.isPageMissing(c.page()) || slices.ContainsFunc(c.Documents, func(d Document) bool { return slices.ContainsFunc(c.paths(d), r.list.isMissing) })
}

// isPageMissing says that a page is gone; one that a file of somebody else stands in place of never was there.
func (r *run) isPageMissing(name string) bool {
	_, ours := r.list.file(name)
	return ours && r.list.isMissing(name)
}

// work is the channels that are to be published in this run.
func (r *run) work(which Which) []channel {
	return slices.DeleteFunc(slices.Clone(r.channels), func(c channel) bool {
		st := r.states[c.Name]
		return !which(c, st) || !st.Dirty && !isPast(st.Next, r.at)
	})
}

// claim puts the paths of new documents on the list before the first of them is written.
func (r *run) claim(ctx context.Context, work []channel) error {
	r.claimExtras()
	for _, c := range work {
		shown, err := r.isShown(ctx, c)
		if err != nil {
			return err
		}
		if !shown {
			continue
		}
		r.list.claim(c.page(), pageType)
		for _, d := range c.Documents {
			for _, name := range c.paths(d) {
				r.list.claim(name, d.Format.MediaType())
			}
		}
	}
	return r.list.writeClaims()
}
