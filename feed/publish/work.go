package publish

import (
	"context"
	"slices"

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
	if err := r.clearLeftovers(ctx, changes); err != nil {
		return err
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
	byChange := map[string]bool{} // the tags of what changed, and the feeds that hold it
	for _, ch := range changes {
		for _, tag := range ch.Tags {
			byChange["tag "+tag] = true
		}
		for _, name := range ch.Feeds {
			byChange["feed "+name] = true
		}
	}
	for _, c := range r.channels {
		st, known := r.states[c.Name]
		held := byChange["feed "+c.Name] || len(c.Tags) == 0 && len(changes) > 0 ||
			slices.ContainsFunc(c.Tags, func(tag string) bool { return byChange["tag "+store.FoldTag(tag)] })
		if held || !known || st.Config != c.digest() || st.Published && r.isMissing(c) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (r *run) isMissing(c channel) bool {
	return slices.ContainsFunc(c.Documents, func(d Document) bool { return r.list.isMissing(c.path(d)) })
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
			r.list.claim(c.path(d), d.Format.MediaType())
		}
	}
	return r.list.write()
}
