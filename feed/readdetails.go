package feed

import (
	"cmp"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// DetailsOfRSS are what an item of RSS says of an entry beside what every entry has, as it stands there. Categories are
// not among them.
func DetailsOfRSS(item *rss.Item) Details {
	d := Details{
		License:    value(item.Extensions, "creativeCommons", "license"),
		Discussion: readDiscussion(item.Comments, item.Extensions),
		Episode:    readEpisode(item),
	}
	if dc := item.DublinCoreExt; dc != nil {
		d.Contributors, d.Rights = named(dc.Contributor), first(dc.Rights)
	}
	if item.Source != nil {
		d.Origin = &Origin{Title: item.Source.Title, FeedURL: item.Source.URL}
	}
	return d
}

// DetailsOfAtom are what an entry of Atom says beside what every entry has, as it stands there. Categories are not among
// them.
func DetailsOfAtom(entry *atom.Entry) Details {
	d := Details{
		Contributors: readAtomAuthors(entry.Contributors),
		Rights:       entry.Rights,
		License:      atomLinkTo(entry.Links, "license"),
		Discussion:   readAtomDiscussion(entry.Links, entry.Extensions),
	}
	if s := entry.Source; s != nil {
		d.Origin = &Origin{ID: s.ID, Title: s.Title, FeedURL: atomLinkTo(s.Links, "self"), SiteURL: atomLinkTo(s.Links, "alternate")}
		if s.UpdatedParsed != nil {
			d.Origin.Updated = *s.UpdatedParsed
		}
	}
	return d
}

// DescribeMedia completes an image and enclosures with what Media RSS says of the same files.
func DescribeMedia(extensions ext.Extensions, image *Image, enclosures []Enclosure) {
	contents := extensions["media"]["content"]
	for _, group := range extensions["media"]["group"] {
		contents = append(contents, group.Children["content"]...)
	}
	for _, m := range contents {
		c := readMediaContent(m)
		if c.URL == image.URL {
			image.Alt, image.Credit = cmp.Or(image.Alt, c.Description, c.Title), cmp.Or(image.Credit, c.Credit)
		}
		for i := range enclosures {
			e := &enclosures[i]
			if !sameURL(c.URL, e.URL) {
				continue
			}
			e.Title, e.Description, e.Credit = cmp.Or(e.Title, c.Title), cmp.Or(e.Description, c.Description), cmp.Or(e.Credit, c.Credit)
			e.Thumbnail, e.Duration, e.Length = cmp.Or(e.Thumbnail, c.Thumbnail), cmp.Or(e.Duration, c.Duration), cmp.Or(e.Length, c.Length)
		}
	}
}
