package publish

import (
	"context"
	"maps"
	"path"
	"slices"

	"feedpub/feed"
)

// clearLeftovers takes what was withdrawn out of documents that the configuration no longer has: they stay where
// readers find them until they are pruned, but a withdrawal is carried out everywhere.
func (r *run) clearLeftovers(ctx context.Context, withdrawn map[string]bool) error {
	if len(withdrawn) == 0 {
		return nil
	}
	leftovers := r.leftovers()
	if len(leftovers) == 0 {
		return nil
	}
	for _, path := range leftovers {
		if err := r.clearLeftover(ctx, path, withdrawn); err != nil {
			return err
		}
	}
	if err := r.list.settleParts(); err != nil {
		return err
	}
	return r.list.write()
}

func (r *run) clearLeftover(ctx context.Context, path string, withdrawn map[string]bool) error {
	file, _ := r.list.file(path)
	if file.Type == "text/html" { // a page that nobody can take anything out of
		return r.remove([]string{path})
	}
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

// leftovers are the listed feed documents and pages that belong to no channel.
func (r *run) leftovers() []string {
	owned := map[string]bool{indexPath: true}
	for _, c := range r.channels {
		owned[c.page()] = true
		for _, d := range c.Documents {
			for _, name := range c.paths(d) {
				owned[name] = true
			}
		}
	}
	isLeft := func(name string) bool {
		file, _ := r.list.file(name)
		_, isFeed := formatOf(file.Type)
		return (isFeed || file.Type == "text/html") && !owned[name]
	}
	return append(r.list.pathsOf(isLeft), slices.DeleteFunc(r.strayArchived(), func(name string) bool { return !isLeft(name) })...)
}

// strayArchived are the documents in archives that no channel keeps in order. An archive is looked at only where some of
// its documents are called otherwise than the channel's.
func (r *run) strayArchived() (stray []string) {
	for _, feed := range slices.Sorted(maps.Keys(r.list.archives)) {
		c, isChannel := r.named[feed]
		isOwn := func(file string) bool { return isChannel && c.Archives && c.hasFile(file) }
		for file := range r.list.archives[feed] {
			if !isOwn(file) {
				stray = append(stray, slices.DeleteFunc(r.list.archived(feed), func(name string) bool { return isOwn(path.Base(name)) })...)
				break
			}
		}
	}
	return stray
}

// hasFile says whether one of the channel's documents, or its page, has the name, in the channel's folder or its archive's.
func (c channel) hasFile(name string) bool {
	return name == indexPath || slices.ContainsFunc(c.Documents, func(d Document) bool { return d.File == name })
}
