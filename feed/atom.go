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
	namespaces
	Links   []atomLink         `xml:"link"`
	Authors []feeds.AtomAuthor `xml:"author"`
	historyElements
	Generator  string         `xml:"generator"`
	Tombstones []deletedEntry `xml:"at:deleted-entry"`
	Entries    []*atomEntry   `xml:"entry"`
}

// FeedXml is asked for by feeds.WriteXML. Without it the embedded type's would be, and every addition lost.
func (d *atomDocument) FeedXml() any { return d }

type atomEntry struct {
	Language string   `xml:"xml:lang,attr,omitempty"`
	Title    atomText `xml:"title"`
	*feeds.AtomEntry
	Links        []atomLink              `xml:"link"`
	Authors      []feeds.AtomAuthor      `xml:"author"`
	Contributors []feeds.AtomContributor `xml:"contributor"`
	Categories   []atomCategory          `xml:"category"`
	Source       *atomSource             `xml:"source"`
	Summary      *atomText               `xml:"summary"`
	Content      *atomHTML               `xml:"content"`
	discussionElements
	mediaElements
}

// atomLink is gorilla's with a title.
type atomLink struct {
	Href   string `xml:"href,attr"`
	Rel    string `xml:"rel,attr,omitempty"`
	Type   string `xml:"type,attr,omitempty"`
	Length string `xml:"length,attr,omitempty"`
	Title  string `xml:"title,attr,omitempty"`
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
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomSource struct {
	ID      string     `xml:"id"`
	Title   atomText   `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []atomLink `xml:"link"`
}

// atomWriter makes the parts of an Atom document, and knows of which namespaces they are.
type atomWriter struct{ namespaces }

func writeAtom(w io.Writer, c *Feed) error {
	var parts atomWriter
	doc := &atomDocument{
		Language: c.Language,
		Title:    atomText{"text", c.Title},
		AtomFeed: &feeds.AtomFeed{
			Xmlns:   atomNamespace,
			Id:      c.ID,
			Updated: c.Updated.Format(atomTime),
			Icon:    c.Icon,
			Logo:    c.Image.URL,
			Rights:  c.Rights,
		},
		Links: []atomLink{
			{Rel: "alternate", Type: "text/html", Href: c.SiteURL},
			{Rel: "self", Type: Atom.MediaType(), Href: c.SelfURL[Atom]},
		},
		Authors:         atomAuthors(c.Authors),
		historyElements: parts.history(c.History),
		Generator:       Generator,
		Tombstones:      parts.tombstones(c.Tombstones),
	}
	for _, l := range c.History.links(Atom) {
		doc.Links = append(doc.Links, atomLink{Rel: l.rel, Type: Atom.MediaType(), Href: l.URL})
	}
	if c.Description != "" {
		doc.Subtitle = &atomText{"text", c.Description}
	}
	for i := range c.Entries {
		doc.Entries = append(doc.Entries, parts.entry(&c.Entries[i]))
	}
	doc.namespaces = parts.namespaces
	return feeds.WriteXML(doc, w)
}

func (w *atomWriter) entry(e *Entry) *atomEntry {
	entry := &atomEntry{
		Language: e.Language,
		Title:    atomText{"text", e.Title},
		AtomEntry: &feeds.AtomEntry{
			Id:        e.ID,
			Published: e.Published.Format(atomTime),
			Updated:   e.Updated.Format(atomTime),
			Rights:    e.Rights,
		},
		Links:              atomLinks(e),
		Authors:            atomAuthors(e.Authors),
		discussionElements: w.discussion(e.Discussion),
	}
	for _, a := range e.Contributors {
		entry.Contributors = append(entry.Contributors, feeds.AtomContributor{AtomPerson: atomPerson(a)})
	}
	for _, tag := range e.Tags {
		entry.Categories = append(entry.Categories, atomCategory{Term: tag})
	}
	for _, c := range e.Categories {
		entry.Categories = append(entry.Categories, atomCategory(c))
	}
	if o := e.Origin; o != nil {
		entry.Source = &atomSource{ID: o.ID, Title: atomText{"text", o.Title}, Updated: o.Updated.Format(atomTime)}
		entry.Source.Links = []atomLink{{Rel: "self", Href: o.FeedURL}}
		if o.SiteURL != "" {
			entry.Source.Links = append(entry.Source.Links, atomLink{Rel: "alternate", Type: "text/html", Href: o.SiteURL})
		}
	}
	if e.Summary != "" {
		entry.Summary = &atomText{"text", e.Summary}
	}
	if e.Content != "" {
		entry.Content = &atomHTML{"html", e.Content}
	}
	var more []Enclosure
	for _, c := range e.Enclosures {
		if saysMore(c) {
			more = append(more, c)
		}
	}
	entry.mediaElements = w.media(e.Image, more)
	return entry
}

func atomLinks(e *Entry) []atomLink {
	var links []atomLink
	if e.URL != "" {
		links = append(links, atomLink{Rel: "alternate", Type: "text/html", Href: e.URL})
	}
	for _, c := range e.Enclosures {
		link := atomLink{Rel: "enclosure", Type: c.Type, Href: c.URL, Title: c.Title}
		if c.Length > 0 {
			link.Length = strconv.FormatInt(c.Length, 10)
		}
		links = append(links, link)
	}
	if e.License != "" {
		links = append(links, atomLink{Rel: "license", Href: e.License}) // RFC 4946
	}
	return append(links, repliesLinks(e.Discussion)...)
}

func atomAuthors(authors []Author) []feeds.AtomAuthor {
	var out []feeds.AtomAuthor
	for _, a := range authors {
		out = append(out, feeds.AtomAuthor{AtomPerson: atomPerson(a)})
	}
	return out
}

func atomPerson(a Author) feeds.AtomPerson {
	return feeds.AtomPerson{Name: a.Name, Email: a.Email, Uri: a.URL}
}
