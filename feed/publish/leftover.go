package publish

import (
	"context"
	"path"
	"slices"

	"feedpub/feed"
	"feedpub/store"
)

// clearLeftovers takes what was withdrawn out of documents that the configuration no longer has: they stay where
// readers find them until they are pruned, but a withdrawal is carried out everywhere.
func (r *run) clearLeftovers(ctx context.Context, changes []store.Change) error {
	leftovers := r.leftovers()
	if len(leftovers) == 0 {
		return nil
	}
	withdrawn := map[string]bool{}
	for _, ch := range changes {
		e, err := r.store.Entry(ctx, ch.ID)
		if err != nil {
			return err
		}
		if e.Status == feed.Withdrawn {
			withdrawn[ch.ID] = true
		}
	}
	if len(withdrawn) == 0 {
		return nil
	}
	for _, path := range leftovers {
		if err := r.clearLeftover(ctx, path, withdrawn); err != nil {
			return err
		}
	}
	return r.list.write()
}

func (r *run) clearLeftover(ctx context.Context, path string, withdrawn map[string]bool) error {
	file := r.list.files[path]
	format, _ := formatOf(file.Type)
	old, err := r.list.read(path)
	if err != nil || old == nil {
		return err
	}
	prev := &previous{format: format, doc: old}
	if prev.whole() == nil {
		r.log.WarnContext(ctx, "published document unreadable", "path", path)
		return nil
	}
	d := draft{format: format, prev: prev, next: &feed.Feed{SelfURL: prev.whole().SelfURL}, withdrawn: withdrawn}
	doc, err := d.withoutWithdrawn()
	if err != nil || doc == nil {
		return err
	}
	changed, err := r.list.replace(path, file.Type, old, doc)
	if changed {
		r.report.Written++
		r.log.InfoContext(ctx, "withdrawn entries taken out", "path", path)
	}
	return err
}

// leftovers are the listed feed documents that belong to no channel.
func (r *run) leftovers() (paths []string) {
	owned := map[string]bool{}
	for _, c := range r.channels {
		for _, d := range c.Documents {
			for _, name := range c.paths(d) {
				owned[name] = true
			}
		}
	}
	for _, path := range r.list.paths() {
		if _, isFeed := formatOf(r.list.files[path].Type); isFeed && !owned[path] && !r.isArchived(path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// isArchived says whether a document belongs to the archive of a channel, which keeps it in order itself.
func (r *run) isArchived(name string) bool {
	folder := path.Dir(path.Dir(name))
	return path.Base(folder) == archiveFolder && slices.ContainsFunc(r.channels, func(c channel) bool {
		return c.Archives && c.Name == path.Dir(folder) &&
			slices.ContainsFunc(c.Documents, func(d Document) bool { return d.File == path.Base(name) })
	})
}
