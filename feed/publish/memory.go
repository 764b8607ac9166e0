package publish

import (
	"context"
	"path"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// remember puts on the list what an empty store would have to know: of the published entries those in a window, and
// those whose ID or dates their source does not tell; and the names of tags' feeds.
func (r *run) remember(ctx context.Context) error {
	remembered := map[string]bool{}
	r.list.entries, r.list.tags = nil, nil
	add := func(a store.Adopted) {
		if !remembered[a.ID] {
			remembered[a.ID] = true
			r.list.entries = append(r.list.entries, memoryOf(a))
		}
	}
	for _, p := range r.done {
		for _, e := range p.entries {
			add(adoptedOf(e))
		}
	}
	for a, err := range r.store.Memory(ctx) {
		if err != nil {
			return err
		}
		add(a)
	}
	published := map[string]bool{}
	for _, st := range r.states {
		published[st.Name] = st.Published
	}
	for _, p := range r.done {
		published[p.state.Name] = p.state.Published
	}
	for _, c := range r.channels {
		if c.ofTag && published[c.Name] {
			r.list.tags = append(r.list.tags, manifest.Tag{Name: path.Base(c.Name), Tag: store.FoldTag(c.Tags[0])})
		}
	}
	return nil
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
