package publish

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
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
	left := map[string][]paper{} // by folder
	var pages []string
	for _, name := range leftovers {
		file, _ := r.list.file(name)
		format, isFeed := formatOf(file.Type)
		if !isFeed {
			pages = append(pages, name)
			continue
		}
		if err := r.clearLeftover(ctx, name, format, withdrawn); err != nil {
			return err
		}
		folder := path.Dir(name)
		left[folder] = append(left[folder], paper{Document{format, path.Base(name)}, name})
	}
	for _, name := range pages {
		if err := r.clearLeftPage(ctx, name, left[path.Dir(name)], withdrawn); err != nil {
			return err
		}
	}
	if err := r.list.settleParts("."); err != nil {
		return err
	}
	return r.list.write()
}

func (r *run) clearLeftover(ctx context.Context, path string, format feed.Format, withdrawn map[string]bool) error {
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
	changed, err := r.list.replace(path, format.MediaType(), old, doc)
	if changed {
		r.report.Written++
		r.log.InfoContext(ctx, "withdrawn entries taken out", "path", path)
	}
	return err
}

// clearLeftPage makes a page anew of what the documents beside it say, since nothing can be taken out of the page itself. One
// without such documents is removed.
func (r *run) clearLeftPage(ctx context.Context, name string, beside []paper, withdrawn map[string]bool) error {
	slices.SortFunc(beside, func(a, b paper) int {
		return slices.Index(feed.Formats, a.Format) - slices.Index(feed.Formats, b.Format)
	})
	for _, p := range beside {
		if f, err := r.readDocument(p.name, p.Format); err == nil && f != nil {
			return r.putFeedPage(ctx, name, r.leftPage(path.Dir(name), f, p.Format, beside), without(sanitised(f.Entries), withdrawn))
		}
	}
	return r.remove([]string{name})
}

// leftPage is the page of a folder by what one of the documents there says.
func (r *run) leftPage(folder string, f *feed.Feed, format feed.Format, beside []paper) page.Feed {
	c := channel{Site: r.config.Site, Spec: Spec{Name: folder, Title: f.Title, Description: f.Description, Image: f.Image.URL}}
	c.Site.Language = cmp.Or(f.Language, c.Site.Language)
	for _, p := range beside {
		c.Documents = append(c.Documents, p.Document)
	}
	name, _, archived := manifest.Part(path.Join(folder, indexPath))
	if archived {
		c.Name = name
	}
	partOf := func(url string) string {
		if url == "" {
			return ""
		}
		return path.Join(c.Name, archiveFolder, path.Base(path.Dir(url)))
	}
	prev := partOf(f.History.Prev[format])
	if !archived {
		return r.feedPage(c, prev)
	}
	return r.partPage(c, path.Base(folder), neighbours{Prev: prev, Self: folder, Next: partOf(f.History.Next[format])})
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
	isLeft := func(name string, file manifest.File) bool {
		_, isFeed := formatOf(file.Type)
		return (isFeed || file.Type == pageType) && !owned[name]
	}
	return append(r.list.pathsOf(isLeft), slices.DeleteFunc(r.strayArchived(), func(name string) bool {
		file, _ := r.list.file(name)
		return !isLeft(name, file)
	})...)
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
