package ingest

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"feedpub/feed"
	"feedpub/feed/internal/pattern"
)

// rssItems are the items of RSS in any version.
func (doc *xmlFeed) rssItems() iter.Seq[record] {
	return func(yield func(record) bool) {
		channel, err := (&rss.Parser{}).Parse(bytes.NewReader(doc.rest))
		if err != nil {
			yield(record{err: fmt.Errorf("RSS: %w", err)})
			return
		}
		for i, span := range doc.items {
			rec := record{item: i + 1, line: span.line}
			switch f, err := (&rss.Parser{}).Parse(bytes.NewReader(doc.document(span))); {
			case err != nil:
				rec.err = fmt.Errorf("RSS: %w", err)
			case len(f.Items) != 1:
				continue // named like an item, but of another namespace
			default:
				in := f.Items[0]
				item := rssItem(in, channel)
				rec = item.record(rec.item, rec.line, doc.raw(span))
				rec.complete = func(e *feed.Entry) {
					e.Details = feed.DetailsOfRSS(in)
					feed.DescribeMedia(in.Extensions, &e.Image, e.Enclosures)
				}
			}
			if !yield(rec) {
				return
			}
		}
	}
}

func rssItem(in *rss.Item, channel *rss.Feed) feedItem {
	item := feedItem{
		url:       firstOf(append(in.Links, in.Link)...),
		title:     plainTitle(in.Title),
		published: in.PubDate,
		content:   in.Content,
		summary:   in.Description,
		language:  firstOf(dcLanguage(in.DublinCoreExt), channel.Language, dcLanguage(channel.DublinCoreExt)),
		image:     mediaImage(in.Extensions),
		base:      channel.Link,
	}
	if in.GUID != nil {
		item.guid = in.GUID.Value
		if item.url == "" && !strings.EqualFold(in.GUID.IsPermalink, "false") && isWebPage(item.guid) {
			item.url = item.guid
		}
	}
	if dc := in.DublinCoreExt; dc != nil {
		item.date = firstOf(dc.Date...)
		item.tags = append(item.tags, dc.Subject...)
	}
	if updated := in.Extensions["atom"]["updated"]; len(updated) > 0 {
		item.updated = updated[0].Value
	}
	for _, c := range in.Categories {
		item.tags = append(item.tags, plainTitle(c.Value))
	}
	item.authors = rssAuthors(in.DublinCoreExt, in.Author)
	if len(item.authors) == 0 && in.ITunesExt != nil {
		item.authors = rssAuthors(nil, in.ITunesExt.Author)
	}
	if len(item.authors) == 0 {
		item.authors = rssAuthors(channel.DublinCoreExt, channel.ManagingEditor)
	}
	duration := ""
	if it := in.ITunesExt; it != nil {
		duration, item.image = it.Duration, firstOf(item.image, it.Image)
	}
	for _, e := range in.Enclosures {
		item.enclosures = append(item.enclosures, textMap("url", e.URL, "type", e.Type, "length", e.Length, "duration", duration))
		duration = "" // it is that of the first
	}
	return item
}

func dcLanguage(dc *ext.DublinCoreExtension) string {
	if dc == nil {
		return ""
	}
	return firstOf(dc.Language...)
}

// rssAuthors are the authors by dc:creator, or else by RSS's own element, which is an address with a name in brackets.
func rssAuthors(dc *ext.DublinCoreExtension, author string) (authors []*node) {
	names := []string{author}
	if dc != nil && len(dc.Creator) > 0 {
		names = dc.Creator
	}
	for _, name := range names {
		if m := emailAndName.FindStringSubmatch(strings.TrimSpace(name)); m != nil {
			authors = append(authors, textMap("name", m[2], "email", m[1]))
		} else if strings.TrimSpace(name) != "" {
			authors = append(authors, textNode(plainTitle(name)))
		}
	}
	return authors
}

var emailAndName = pattern.New(`^(\S+@\S+)\s*\((.+)\)$`)

// mediaImage is the picture that an item shows by Media RSS.
func mediaImage(extensions ext.Extensions) string {
	media := extensions["media"]
	groups := []map[string][]ext.Extension{media}
	for _, g := range media["group"] {
		groups = append(groups, g.Children)
	}
	for _, g := range groups {
		for _, c := range g["content"] {
			if c.Attrs["medium"] == "image" || strings.HasPrefix(c.Attrs["type"], "image/") {
				return c.Attrs["url"]
			}
			groups = append(groups, c.Children)
		}
	}
	for _, g := range groups {
		for _, c := range g["thumbnail"] {
			return c.Attrs["url"]
		}
	}
	return ""
}
