package feed

import (
	"io"
	"strconv"
	"time"

	"github.com/gorilla/feeds"
)

const atomTime = time.RFC3339

// atomDocument and atomEntry add to gorilla's types, and shadow those of their fields that come out wrong.
type atomDocument struct {
	Language string    `xml:"xml:lang,attr,omitempty"`
	Title    atomText  `xml:"title"`
	Subtitle *atomText `xml:"subtitle"`
	*feeds.AtomFeed
	Links     []feeds.AtomLink   `xml:"link"`
	Authors   []feeds.AtomAuthor `xml:"author"`
	Generator string             `xml:"generator"`
	Entries   []*atomEntry       `xml:"entry"`
}

// FeedXml is asked for by feeds.WriteXML. Without it the embedded type's would be, and every addition lost.
func (d *atomDocument) FeedXml() any { return d }

type atomEntry struct {
	Language string   `xml:"xml:lang,attr,omitempty"`
	Title    atomText `xml:"title"`
	*feeds.AtomEntry
	Links      []feeds.AtomLink   // untagged, as the field that it shadows
	Authors    []feeds.AtomAuthor `xml:"author"`
	Categories []atomCategory     `xml:"category"`
	Summary    *atomText          `xml:"summary"`
	Content    *atomHTML          `xml:"content"`
}

// atomText is plain text: all of eleven readers show it right, where type="html" came out damaged in seven.
type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// atomHTML is HTML in CDATA sections, which cost gofeed half of what escaped HTML does.
type atomHTML struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",cdata"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

func writeAtom(w io.Writer, c *Feed) error {
	doc := &atomDocument{
		Language: c.Language,
		Title:    atomText{"text", c.Title},
		AtomFeed: &feeds.AtomFeed{
			Xmlns:   atomNamespace,
			Id:      c.ID,
			Updated: c.Updated.Format(atomTime),
		},
		Links: []feeds.AtomLink{
			{Rel: "alternate", Type: "text/html", Href: c.SiteURL},
			{Rel: "self", Type: Atom.MediaType(), Href: c.SelfURL[Atom]},
		},
		Authors:   atomAuthors(c.Authors),
		Generator: Generator,
	}
	if c.Description != "" {
		doc.Subtitle = &atomText{"text", c.Description}
	}
	for i := range c.Entries {
		doc.Entries = append(doc.Entries, newAtomEntry(&c.Entries[i]))
	}
	return feeds.WriteXML(doc, w)
}

func newAtomEntry(e *Entry) *atomEntry {
	entry := &atomEntry{
		Language: e.Language,
		Title:    atomText{"text", e.Title},
		AtomEntry: &feeds.AtomEntry{
			Id:        e.ID,
			Published: e.Published.Format(atomTime),
			Updated:   e.Updated.Format(atomTime),
		},
		Links:   atomLinks(e),
		Authors: atomAuthors(e.Authors),
	}
	for _, tag := range e.Tags {
		entry.Categories = append(entry.Categories, atomCategory{tag})
	}
	if e.Summary != "" {
		entry.Summary = &atomText{"text", e.Summary}
	}
	if e.Content != "" {
		entry.Content = &atomHTML{"html", e.Content}
	}
	return entry
}

func atomLinks(e *Entry) []feeds.AtomLink {
	var links []feeds.AtomLink
	if e.URL != "" {
		links = append(links, feeds.AtomLink{Rel: "alternate", Type: "text/html", Href: e.URL})
	}
	for _, c := range e.Enclosures {
		link := feeds.AtomLink{Rel: "enclosure", Type: c.Type, Href: c.URL}
		if c.Length > 0 {
			link.Length = strconv.FormatInt(c.Length, 10)
		}
		links = append(links, link)
	}
	return links
}

func atomAuthors(authors []Author) []feeds.AtomAuthor {
	var out []feeds.AtomAuthor
	for _, a := range authors {
		out = append(out, feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: a.Name, Email: a.Email, Uri: a.URL}})
	}
	return out
}
