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
	changes, upTo, err := r.store.Changes(ctx, mark)
	if err != nil {
		return err
	}
	for _, c := range changes {
		r.changed[c.ID], r.unsettled[c.ID] = true, true
	}
	if err := r.clearLeftovers(ctx, changes); err != nil {
		return err
	}
	for _, c := range r.channels {
		if r.incomplete[c.Name], err = r.isPartMissing(ctx, c); err != nil {
			return err
		}
	}
	touched := r.touched(changes)
	if err := r.store.MarkDirty(ctx, touched, upTo); err != nil {
		return err
	}
	for _, name := range touched {
		st := r.states[name]
		st.Name, st.Dirty = name, true
		r.states[name] = st
	}
	return nil
}

// touched names the channels that have work, in their order.
func (r *run) touched(changes []store.Change) (names []string) {
	facets, feeds := map[facet]bool{}, map[string]bool{} // of what changed, and the feeds that hold it
	for _, ch := range changes {
		for _, f := range ch.Facets {
			facets[facet{f.Kind, f.Value}] = true
		}
		for _, name := range ch.Feeds {
			feeds[name] = true
		}
	}
	for _, c := range r.channels {
		st, known := r.states[c.Name]
		if !known || st.Config != c.digest() || st.Published && r.isMissing(c) || r.incomplete[c.Name] || feeds[c.Name] || c.mayTake(facets, len(changes) > 0) {
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
	return slices.ContainsFunc(c.Documents, func(d Document) bool { return slices.ContainsFunc(c.paths(d), r.list.isMissing) })
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
	r.list.claim(indexPath, "text/html")
	for _, c := range work {
		shown, err := r.isShown(ctx, c)
		if err != nil {
			return err
		}
		if !shown {
			continue
		}
		for _, d := range c.Documents {
			for _, name := range c.paths(d) {
				r.list.claim(name, d.Format.MediaType())
			}
		}
	}
	return r.list.writeClaims()
}
