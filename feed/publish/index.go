package publish

import (
	"cmp"
	"context"
	"path"

	"feedpub/feed"
	"feedpub/feed/internal/page"
)

// indexPath is the start page: all feeds, and the newest entries of the first. A feed's own page has the same name.
const indexPath = "index.html"

// indexEntries is how many entries the start page shows, groupFeeds how many feeds of a tag, of an author and so on.
const (
	indexEntries = 10
	groupFeeds   = 100
)

// pageSetting is the name of the setting that says with which feeds the start page was written.
const pageSetting = "start page"

// listing is every feed that has documents, as the start page and the list for readers name them.
type listing struct {
	feeds  []page.Listed
	groups []page.Group
}

// all are the feeds in the order of the configuration, those of tags and so on last.
func (l *listing) all() []page.Listed {
	all := l.feeds
	for _, g := range l.groups {
		all = append(all[:len(all):len(all)], g.Feeds...)
	}
	return all
}

// listing finds the feeds that readers are to be told of.
func (r *run) listing(ctx context.Context) (*listing, error) {
	l := new(listing)
	at := map[feed.Kind]int{}
	for _, c := range r.channels {
		shown, err := r.isShown(ctx, c)
		switch {
		case err != nil:
			return nil, err
		case !shown:
		case c.facet == nil:
			l.feeds = append(l.feeds, listedOf(c))
		default:
			i, known := at[c.facet.Kind]
			if !known {
				i = len(l.groups)
				at[c.facet.Kind] = i
				l.groups = append(l.groups, page.Group{Title: groupTitles[c.facet.Kind]})
			}
			l.groups[i].Feeds = append(l.groups[i].Feeds, listedOf(c))
		}
	}
	return l, nil
}

var groupTitles = map[feed.Kind]string{
	feed.ByTag: "By tag", feed.ByAuthor: "By author", feed.ByLanguage: "By language", feed.BySource: "By source",
}

// short are the groups as the start page lists them.
func (l *listing) short() []page.Group {
	groups := make([]page.Group, len(l.groups))
	for i, g := range l.groups {
		groups[i] = g
		if n := len(g.Feeds); n > groupFeeds {
			groups[i].Feeds, groups[i].More = g.Feeds[:groupFeeds], n-groupFeeds
		}
	}
	return groups
}

// index writes the start page when a feed was published in this run, the feeds are others than before, or the page is
// not there. It returns what is to be noted when the page is safe.
func (r *run) index(ctx context.Context) (setting string, err error) {
	l, err := r.listing(ctx)
	if err != nil {
		return "", err
	}
	setting = digest(writerVersion, r.config.Site, l.feeds, l.groups, r.config.Redirects)
	written, err := r.store.Setting(ctx, pageSetting)
	if err != nil || len(r.report.Feeds) == 0 && setting == written && !r.list.isMissing(indexPath) {
		return setting, err
	}
	if err := r.extras(ctx, l); err != nil {
		return setting, err
	}
	start := page.Start{Site: r.pageSite(), Feeds: l.feeds, Groups: l.short(), Root: "./"}
	if len(r.channels) > 0 {
		if start.Entries, err = r.newest(ctx, r.channels[0]); err != nil {
			return setting, err
		}
		start.Title = r.channels[0].Title
	}
	doc, err := r.config.Theme.pages().Start(start)
	if err != nil {
		return setting, err
	}
	return setting, r.putPage(ctx, indexPath, "text/html", doc)
}

func (r *run) newest(ctx context.Context, c channel) ([]page.Entry, error) {
	q := c.query(r.at)
	q.Limit = min(q.Limit, indexEntries)
	entries, err := r.store.Newest(ctx, q)
	for i := range entries {
		entries[i] = c.present(entries[i])
	}
	return page.Entries(&feed.Feed{Language: r.config.Site.Language}, entries), err
}

// listedOf links relative to the page, so that the folder can be moved or looked at where it lies.
func listedOf(c channel) page.Listed {
	l := page.Listed{Title: c.Title, Description: c.Description, Page: c.Name + "/", Documents: c.pageDocuments(c.Name)}
	if l.Description == l.Title || l.Description == c.Site.Description {
		l.Description = ""
	}
	return l
}

// pageDocuments are the channel's documents as pages link to them that reach its folder by a relative address.
func (c channel) pageDocuments(folder string) (docs []page.Document) {
	for _, d := range c.Documents {
		docs = append(docs, page.Document{
			Label: formatLabels[d.Format], Type: d.Format.MediaType(), Title: c.Title,
			Href: path.Join(folder, d.File), URL: c.Site.FeedsURL + c.path(d), ID: "address-" + cmp.Or(string(d.Format), "feed"),
		})
	}
	return docs
}

var formatLabels = map[feed.Format]string{feed.RSS: "RSS", feed.Atom: "Atom", feed.JSON: "JSON Feed"}
