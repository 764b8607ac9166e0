package publish

import (
	"context"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// remember puts on the list what an empty store would have to know: of the published entries those in a window, and
// those whose ID or dates their source does not tell; and the names of the feeds of tags, authors and so on.
func (r *run) remember(ctx context.Context) error {
	before := map[string]manifest.Entry{}
	for _, e := range r.list.entries {
		before[e.ID] = e
	}
	remembered := map[string]bool{}
	r.list.entries, r.list.facets = nil, nil
	add := func(e manifest.Entry) {
		if !remembered[e.ID] {
			remembered[e.ID] = true
			r.list.entries = append(r.list.entries, e)
		}
	}
	for _, p := range r.done {
		for _, e := range p.entries {
			add(memoryOf(adoptedOf(e)))
		}
	}
	for e, err := range r.store.Memory(ctx, r.at) {
		if err != nil {
			return err
		}
		if e.Hidden {
			e.Adopted = lastShown(e.Adopted, before[e.ID])
		}
		add(memoryOf(e.Adopted))
	}
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
	return nil
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
