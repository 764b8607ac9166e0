package publish

import (
	"cmp"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// query selects what readers of the channel are to see at the moment now.
func (c channel) query(now time.Time) store.Query {
	return store.Query{Select: c.Select, Limit: c.Limit, Now: now, WithdrawnSince: now.Add(-c.WithdrawnFor)}
}

// feed makes the feed of the entries that were selected, newest first. Its updated date is its newest entry's,
// but at least what it was before: an entry that leaves takes nothing back.
func (c channel) feed(entries []feed.Entry, before time.Time) *feed.Feed {
	f := &feed.Feed{
		Name:        c.Name,
		ID:          "tag:" + c.Site.IDAuthority + ":feed:" + c.Name,
		Title:       c.Title,
		Description: c.Description,
		Language:    c.Site.Language,
		Authors:     c.Site.Authors,
		SiteTitle:   c.Site.Title,
		SiteURL:     c.Site.URL,
		SelfURL:     map[feed.Format]string{},
		Rights:      c.Rights,
		Image:       feed.Image{URL: c.Image},
		Icon:        c.Icon,
		Cadence:     c.Cadence,
		Stylesheet:  c.Site.stylesheet(),
		Updated:     before,
		Entries:     make([]feed.Entry, len(entries)),
	}
	for _, d := range c.Documents {
		f.SelfURL[d.Format] = c.Site.FeedsURL + c.path(d)
	}
	f.Podcast = c.podcast(f.SelfURL[feed.RSS])
	for i, e := range entries {
		f.Entries[i] = c.present(e)
		if e.Updated.After(f.Updated) {
			f.Updated = e.Updated
		}
	}
	if f.Updated.IsZero() {
		f.Updated = firstMoment(c.Site.IDAuthority)
	}
	return f
}

// podcast is the channel's, named after its address where it has no name of its own. One that has moved says where to,
// for those that still read it in its old place.
func (c channel) podcast(address string) *feed.Podcast {
	if c.Podcast == nil {
		return nil
	}
	p := *c.Podcast
	p.GUID = cmp.Or(p.GUID, feed.PodcastGUID(address))
	if len(c.OldPaths) > 0 {
		p.NewFeedURL = cmp.Or(p.NewFeedURL, address)
	}
	return &p
}

// stylesheetName is where feedpub's own CSS lies, below the published folder.
const stylesheetName = "feed.css"

// stylesheet is the URL of the CSS that the documents name; empty for none.
func (s Site) stylesheet() string {
	if s.Stylesheet == NoStylesheet {
		return ""
	}
	return cmp.Or(s.Stylesheet, s.FeedsURL+stylesheetName)
}

// firstMoment is the updated date of a feed that never had an entry: Atom requires one, and it must not come from
// the clock. The date of the ID authority (RFC 4151) is the site's own.
func firstMoment(authority string) time.Time {
	_, date, _ := strings.Cut(authority, ",")
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, date); err == nil {
			return t
		}
	}
	return time.Unix(0, 0).UTC()
}
