package ingest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"iter"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"feedpub/feed"
)

// atomEntries are the entries of an Atom feed.
func (doc *xmlFeed) atomEntries() iter.Seq[record] {
	return func(yield func(record) bool) {
		head, err := (&atom.Parser{}).Parse(bytes.NewReader(doc.rest))
		if err != nil {
			yield(record{err: fmt.Errorf("head of Atom: %w", err)})
			return
		}
		for i, span := range doc.items {
			rec := record{item: i + 1, line: span.line}
			one := doc.document(span)
			f, err := (&atom.Parser{}).Parse(bytes.NewReader(one))
			exact, exactErr := readExact(one)
			switch {
			case err != nil:
				rec.err = fmt.Errorf("entry of Atom: %w", err)
			case len(f.Entries) != 1:
				continue // of another namespace
			case exactErr != nil:
				rec.err = fmt.Errorf("entry of Atom: %w", exactErr)
			default:
				in := f.Entries[0]
				item := atomItem(in, exact, head)
				rec = item.record(rec.item, rec.line, doc.raw(span))
				rec.complete = func(e *feed.Entry) {
					e.Details = feed.DetailsOfAtom(in)
					feed.DescribeMedia(in.Extensions, &e.Image, e.Enclosures)
				}
			}
			if !yield(rec) {
				return
			}
		}
	}
}

// An exactEntry is what gofeed does not give back as it stands: it encodes IDs anew as if they were URLs, and tells
// neither what a text is written in nor the language of an entry.
type exactEntry struct {
	id, language            string
	title, summary, content textKind
}

// A textKind is what an Atom text is written in: text, html, xhtml or a media type; text where nothing is said.
type textKind string

func readExact(doc []byte) (exactEntry, error) {
	var feed struct {
		Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
		Entries  []struct {
			XMLName  xml.Name
			Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Children []struct {
				XMLName xml.Name
				Type    textKind `xml:"type,attr"`
				Text    string   `xml:",chardata"`
			} `xml:",any"`
		} `xml:"entry"`
	}
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.Entity = xml.HTMLEntity
	if err := d.Decode(&feed); err != nil || len(feed.Entries) == 0 {
		return exactEntry{}, err
	}
	entry := feed.Entries[0]
	exact := exactEntry{language: firstOf(entry.Language, feed.Language)}
	for _, c := range entry.Children {
		if c.XMLName.Space != entry.XMLName.Space { // media:content is another thing
			continue
		}
		switch c.XMLName.Local {
		case "id":
			exact.id = c.Text
		case "title":
			exact.title = c.Type
		case "summary":
			exact.summary = c.Type
		case "content":
			exact.content = c.Type
		}
	}
	return exact, nil
}

func atomItem(in *atom.Entry, exact exactEntry, head *atom.Feed) feedItem {
	item := feedItem{
		guid:      exact.id,
		url:       pageLink(in.Links),
		title:     in.Title,
		published: in.Published,
		updated:   in.Updated,
		date:      in.Updated,
		summary:   exact.summary.html(in.Summary),
		authors:   atomAuthors(in.Authors),
		language:  exact.language,
		image:     mediaImage(in.Extensions),
		base:      firstOf(pageLink(head.Links), linkOf(head.Links, "self")),
	}
	if exact.title.isHTML() {
		item.title = plainTitle(in.Title)
	}
	if in.Content != nil {
		item.content = exact.content.html(in.Content.Value)
	}
	if len(item.authors) == 0 && in.Source != nil {
		item.authors = atomAuthors(in.Source.Authors)
	}
	if len(item.authors) == 0 {
		item.authors = atomAuthors(head.Authors)
	}
	for _, c := range in.Categories {
		item.tags = append(item.tags, firstOf(c.Label, c.Term))
	}
	for _, link := range in.Links {
		if link.Rel == "enclosure" {
			item.enclosures = append(item.enclosures, textMap("url", link.Href, "type", link.Type, "length", link.Length))
		}
	}
	return item
}

func (k textKind) isHTML() bool { return strings.Contains(strings.ToLower(string(k)), "html") }

// html is a text of the kind as HTML. What is neither text nor HTML, a picture or other XML, is none.
func (k textKind) html(value string) string {
	switch kind := strings.ToLower(strings.TrimSpace(string(k))); {
	case k.isHTML():
		return value
	case kind == "" || kind == "text" || strings.HasPrefix(kind, "text/"):
		return textAsHTML(value)
	}
	return ""
}

// textAsHTML is plain text as HTML: blank lines part paragraphs.
func textAsHTML(s string) string {
	var b strings.Builder
	for _, p := range blankLines.Split(strings.TrimSpace(s), -1) {
		if p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>\n") + "</p>\n")
		}
	}
	return b.String()
}

// pageLink is the link to the page, one of HTML rather than another.
func pageLink(links []*atom.Link) string {
	for _, link := range links {
		if link.Rel == "alternate" && strings.Contains(link.Type, "html") {
			return link.Href
		}
	}
	return linkOf(links, "alternate")
}

func linkOf(links []*atom.Link, rel string) string {
	for _, link := range links {
		if link.Rel == rel {
			return link.Href
		}
	}
	return ""
}

func atomAuthors(people []*atom.Person) (authors []*node) {
	for _, p := range people {
		authors = append(authors, textMap("name", p.Name, "email", p.Email, "url", p.URI))
	}
	return authors
}
