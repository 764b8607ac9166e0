package publish

import (
	"context"
	"maps"
	"slices"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// remember puts on the list what an empty store would have to know: of the published entries those in a window, and
// those whose ID or dates their source does not tell; and the names of the feeds of tags, authors and so on. Where the list
// is the one that the last run wrote, only the entries are looked at of which something changed since.
func (r *run) remember(ctx context.Context) error {
	now := map[string]manifest.Entry{}
	add := func(found store.Remembered) {
		if found.Hidden {
			found.Adopted = lastShown(found.Adopted, r.list.entry(found.ID))
		}
		now[found.ID] = memoryOf(found.Adopted)
	}
	var stays []manifest.Entry // on the list as they are, unless they are in now
	if stirred := r.stirred(); !stirred.many && r.mayRecall() {
		ids := slices.Sorted(maps.Keys(stirred.ids))
		found, err := r.store.MemoryOf(ctx, r.at, ids)
		if err != nil {
			return err
		}
		for _, e := range found {
			add(e)
		}
		stays = slices.DeleteFunc(slices.Clone(r.list.entries), func(e manifest.Entry) bool { return stirred.ids[e.ID] })
	} else {
		for e, err := range r.store.Memory(ctx, r.at) {
			if err != nil {
				return err
			}
			add(e)
		}
		r.recalled = r.at
	}
	for _, p := range r.done {
		for _, e := range p.entries {
			now[e.ID] = memoryOf(adoptedOf(e))
		}
	}
	r.list.entries = merge(stays, now)
	r.remembered = true
	r.rememberFacets()
	return nil
}

// merge puts entries among others, which are in the order of their IDs, in place of those with the same ID.
func merge(stays []manifest.Entry, now map[string]manifest.Entry) []manifest.Entry {
	merged := make([]manifest.Entry, 0, len(stays)+len(now))
	for _, id := range slices.Sorted(maps.Keys(now)) {
		n, found := slices.BinarySearchFunc(stays, id, byID)
		merged = append(append(merged, stays[:n]...), now[id])
		if found {
			n++
		}
		stays = stays[n:]
	}
	return append(merged, stays...)
}

func byID(e manifest.Entry, id string) int { return strings.Compare(e.ID, id) }

// mayRecall says that the list tells what the last run knew, and that no time has come since at which
// something is hidden. Now and then all is looked at nevertheless.
func (r *run) mayRecall() bool {
	return r.isOwn() && !slices.ContainsFunc(r.done, func(p progress) bool { return isPast(r.states[p.state.Name].Next, r.at) })
}

// isOwn says that the store and the list are as the last run left them, of this process or of one that noted what this one
// has to know, as far as somebody looked lately.
func (r *run) isOwn() bool {
	return (r.own || r.continued) && !r.at.Before(r.recalled) && r.at.Sub(r.recalled) <= lookAgain
}

// stirred are the entries of which the memory may have changed: those that changed, or that the run before or this one
// took into a window, an archive, or out of one.
func (r *run) stirred() few { return r.leaving().with(r.unsettled) }

// leaving are the entries whose places are noted only after the list is written, and what changed.
func (r *run) leaving() few {
	ids := r.changed.with(few{})
	for _, p := range r.done {
		for id := range p.left {
			ids.add(id)
		}
		for _, e := range p.entries {
			ids.add(e.ID)
		}
		if p.archive != nil {
			ids = ids.with(p.archive.shown)
		}
	}
	return ids
}

func (r *run) rememberFacets() {
	r.list.facets = nil
	published, named := map[string]bool{}, map[feed.Facet]bool{}
	for _, st := range r.states {
		published[st.Name] = st.Published
	}
	for _, p := range r.done {
		published[p.state.Name] = p.state.Published
	}
	for _, c := range r.channels {
		if c.facet != nil && published[c.Name] && !named[*c.facet] {
			named[*c.facet] = true
			r.list.facets = append(r.list.facets, manifest.Facet{Kind: string(c.facet.Kind), Name: c.value, Value: c.facet.Value})
		}
	}
}

// lastShown is what may be told of an entry that is hidden: what the list told when readers last saw it, if it did,
// and what became of it since.
func lastShown(a store.Adopted, was manifest.Entry) store.Adopted {
	told := recalled(was)
	told.ID, told.Withdrawn, told.Note = a.ID, a.Withdrawn, a.Note
	if was.ID == "" {
		told.Published, told.Updated = a.Published, a.Updated
	}
	return told
}

func adoptedOf(e feed.Entry) store.Adopted {
	return store.Adopted{
		ID: e.ID, Source: e.Source, Key: e.Key, URL: e.URL, Raw: e.Raw,
		Published: e.Published, Updated: e.Updated, Withdrawn: e.Withdrawn, Note: e.Note,
	}
}

func memoryOf(a store.Adopted) manifest.Entry {
	m := manifest.Entry{
		ID: a.ID, Source: a.Source, Key: a.Key, URL: a.URL, Raw: a.Raw,
		Published: a.Published, Updated: a.Updated, Note: a.Note,
	}
	if !a.Withdrawn.IsZero() {
		m.Withdrawn = &a.Withdrawn
	}
	return m
}

func recalled(m manifest.Entry) store.Adopted {
	a := store.Adopted{
		ID: m.ID, Source: m.Source, Key: m.Key, URL: m.URL, Raw: m.Raw,
		Published: m.Published, Updated: m.Updated, Note: m.Note,
	}
	if m.Withdrawn != nil {
		a.Withdrawn = *m.Withdrawn
	}
	return a
}
