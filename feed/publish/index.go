package publish

import (
	"cmp"
	"context"
	"path"
	"slices"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
)

// indexPath is the start page: all feeds, and the newest entries of the first. A feed's own page has the same name.
const indexPath = "index.html"

// The start page has room for so much: entries, feeds with a link to each of their documents and without, and feeds of a
// tag, of an author and so on.
const (
	indexEntries = 10
	offeredFeeds = 12
	namedFeeds   = 50
	groupFeeds   = 60
)

// pageSetting is the name of the setting that says with which feeds the start page was written.
const pageSetting = "start page"

// A listing is every channel that has documents, as the start page and the list for readers name them.
type listing struct {
	named  []channel // in the order of the configuration
	groups []group
}

// A group is the channels of one kind: of tags, of authors.
type group struct {
	kind     feed.Kind
	channels []channel
}

// all are the channels in the order of the configuration, those of tags and so on last.
func (l *listing) all() []channel {
	all := slices.Clone(l.named)
	for _, g := range l.groups {
		all = append(all, g.channels...)
	}
	return all
}

// listing finds the feeds that readers are to be told of.
func (r *run) listing(ctx context.Context) (*listing, error) {
	l := new(listing)
	for _, c := range r.channels {
		shown, err := r.isShown(ctx, c)
		if err != nil {
			return nil, err
		}
		if !shown {
			continue
		}
		if c.facet == nil {
			l.named = append(l.named, c)
			continue
		}
		i := slices.IndexFunc(l.groups, func(g group) bool { return g.kind == c.facet.Kind })
		if i < 0 {
			i = len(l.groups)
			l.groups = append(l.groups, group{kind: c.facet.Kind})
		}
		l.groups[i].channels = append(l.groups[i].channels, c)
	}
	return l, nil
}

// digest tells whether the start page, and what lies beside it, would be others.
func (l *listing) digest(c Config, style string, beside []extra) string {
	parts := []any{writerVersion, c.Site, c.Redirects, style}
	for _, x := range beside {
		parts = append(parts, x.name, manifest.Digest(x.content))
	}
	var last Spec
	for _, ch := range l.all() {
		parts = append(parts, ch.Name, ch.Title, ch.Description)
		if ch.facet == nil || !slices.Equal(ch.Documents, last.Documents) { // those of one Spec have the same
			parts = append(parts, ch.Documents)
		}
		last = ch.Spec
	}
	return digest(parts...)
}

// index writes the start page when a feed was published in this run, the feeds are others than before, or the page is
// not there; and what lies beside it. It returns what is to be noted when all is safe.
func (r *run) index(ctx context.Context) (setting string, err error) {
	l, err := r.listing(ctx)
	if err != nil {
		return "", err
	}
	setting = l.digest(r.config, r.style, r.extras())
	written, err := r.store.Setting(ctx, pageSetting)
	if err != nil {
		return "", err
	}
	relisted := setting != written || r.isExtraMissing()
	if relisted {
		if err := r.putExtras(ctx, l); err != nil {
			return "", err
		}
	}
	if !relisted && len(r.report.Feeds) == 0 && !r.list.isMissing(indexPath) {
		return setting, nil
	}
	start := page.Start{Site: r.pageSite(), Root: "./"}
	start.Feeds, start.More = l.byName()
	for _, g := range l.groups {
		start.Groups = append(start.Groups, r.largest(g))
	}
	if len(r.channels) > 0 {
		first := r.channels[0]
		newest, err := r.newest(ctx, first)
		if err != nil {
			return "", err
		}
		start.Newest, start.Image = page.Titles(newest, r.config.Site.Language, r.zone()), first.Image
	}
	doc, err := r.theme.Start(start)
	if err != nil {
		return "", err
	}
	return setting, r.putPage(ctx, indexPath, pageType, doc)
}

// byName are the feeds of a name of their own as the start page lists them, and how many it has no room for.
func (l *listing) byName() (feeds []page.Listed, more int) {
	for i, c := range l.named[:min(len(l.named), namedFeeds)] {
		f := page.Listed{Title: c.Title, Label: c.Title, Page: c.Name + "/"}
		if c.Description != c.Title && c.Description != c.Site.Description {
			f.Description = c.Description
		}
		if i < offeredFeeds {
			f.Documents = c.pageDocuments(c.Name)
		}
		feeds = append(feeds, f)
	}
	return feeds, len(l.named) - len(feeds)
}

var groupTitles = map[feed.Kind]string{
	feed.ByTag: "By tag", feed.ByAuthor: "By author", feed.ByLanguage: "By language", feed.BySource: "By source",
}

// largest are the feeds of a group that hold most entries, in their order, as many as there is room for.
func (r *run) largest(g group) page.Group {
	listed := page.Group{Title: groupTitles[g.kind]}
	shown := map[string]bool{}
	if len(g.channels) > groupFeeds {
		size := map[string]int{}
		for name, st := range r.states {
			size[name] = st.Entries
		}
		for _, p := range r.done {
			size[p.state.Name] = p.state.Entries
		}
		bySize := slices.Clone(g.channels)
		slices.SortFunc(bySize, func(a, b channel) int { return cmp.Or(size[b.Name]-size[a.Name], cmp.Compare(a.Name, b.Name)) })
		for _, c := range bySize[:groupFeeds] {
			shown[c.Name] = true
		}
		listed.More = len(bySize) - groupFeeds
	}
	for _, c := range g.channels {
		if listed.More == 0 || shown[c.Name] {
			listed.Feeds = append(listed.Feeds, page.Listed{Title: c.Title, Label: c.facet.Label, Page: c.Name + "/"})
		}
	}
	return listed
}

// newest are the newest entries that stand in a channel's documents. Where it is published whole they are those of the
// store, else the document tells.
func (r *run) newest(ctx context.Context, c channel) ([]feed.Entry, error) {
	entries, err := r.newestStored(ctx, c)
	if err != nil {
		return nil, err
	}
	return entries[:min(len(entries), indexEntries)], nil
}

func (r *run) newestStored(ctx context.Context, c channel) ([]feed.Entry, error) {
	st := r.states[c.Name]
	at := slices.IndexFunc(r.done, func(p progress) bool { return p.state.Name == c.Name })
	if at >= 0 {
		st = r.done[at].state
	}
	if st.Published && !st.Dirty && st.Result == "" && !(at < 0 && isPast(st.Next, r.at)) {
		q := c.query(r.at)
		q.Limit = min(q.Limit, 2*indexEntries) // some may be withdrawn
		entries, err := r.store.Newest(ctx, q)
		return without(entries, nil), err
	}
	for _, d := range c.Documents {
		if f, err := r.readDocument(c.path(d), d.Format); err == nil && f != nil {
			return r.stillShown(ctx, f.Entries)
		}
	}
	return nil, nil
}

// stillShown are the entries of a document that were not withdrawn since.
func (r *run) stillShown(ctx context.Context, entries []feed.Entry) ([]feed.Entry, error) {
	gone, err := r.store.AreWithdrawn(ctx, ids(entries))
	if err != nil {
		return nil, err
	}
	return without(entries, gone), nil
}

// pageDocuments are the channel's documents as pages link to them that reach its folder by a relative address.
func (c channel) pageDocuments(folder string) (docs []page.Document) {
	for _, d := range c.Documents {
		docs = append(docs, page.Document{
			Label: formatLabels[d.Format], Type: d.Format.MediaType(), Title: c.Title,
			Href: path.Join(folder, d.File), URL: c.Site.FeedsURL + c.path(d), ID: "address-" + string(d.Format),
		})
	}
	return docs
}

var formatLabels = map[feed.Format]string{feed.RSS: "RSS", feed.Atom: "Atom", feed.JSON: "JSON Feed"}
