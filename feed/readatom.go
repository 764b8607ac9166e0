package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"feedpub/feed/internal/strict"
)

func parseAtom(doc []byte) (*Feed, Problems, error) {
	parsed, err := (&atom.Parser{}).Parse(bytes.NewReader(doc))
	if err != nil {
		return nil, nil, err
	}
	dates := &dateReader{parse: parseRFC3339, rule: "is no RFC 3339 date"}
	f := &Feed{
		ID:          parsed.ID,
		Title:       parsed.Title,
		Description: parsed.Subtitle,
		Language:    parsed.Language,
		Authors:     readAtomAuthors(parsed.Authors),
		SiteURL:     atomLinkTo(parsed.Links, "alternate"),
		SelfURL:     map[Format]string{Atom: atomLinkTo(parsed.Links, "self")},
		Rights:      parsed.Rights,
		Image:       Image{URL: parsed.Logo},
		Icon:        parsed.Icon,
		Updated:     dates.read("", "updated", parsed.Updated, parsed.UpdatedParsed),
		Tombstones:  readTombstones(parsed.Extensions, dates),
		History:     readHistory(parsed.Extensions, Atom, func(rel string) string { return atomLinkTo(parsed.Links, rel) }),
	}
	exact := readExact(doc)
	if len(exact.Entries) == len(parsed.Entries) {
		f.ID = strings.TrimSpace(exact.ID)
	}
	var problems Problems
	for i, entry := range parsed.Entries {
		var language string
		if len(exact.Entries) == len(parsed.Entries) {
			entry.ID, language = strings.TrimSpace(exact.Entries[i].ID), exact.Entries[i].Language
		}
		e, found := readAtomEntry(entry, dates)
		e.Language = language
		f.Entries = append(f.Entries, e)
		problems = append(problems, found...)
	}
	return f, append(problems, dates.problems...), nil
}

// exactAtom is what gofeed does not give back as it stands: it re-encodes IDs as if they were URLs, so that
// another ID may come of one with an international path, and it does not read the language of an entry.
type exactAtom struct {
	ID      string
	Entries []exactEntry
}

type exactEntry struct{ ID, Language string }

// readExact reads what it can; a document that it cannot read whole has another number of entries, or none.
func readExact(doc []byte) exactAtom {
	var exact exactAtom
	skimmer, d := strict.NewSkimmer(doc)
	inEntry := false
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return exactAtom{}
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			id := (*string)(nil)
			isID := t.Name == (xml.Name{Space: atomNamespace, Local: "id"})
			switch {
			case depth == 2:
				if inEntry = t.Name == (xml.Name{Space: atomNamespace, Local: "entry"}); inEntry {
					exact.Entries = append(exact.Entries, exactEntry{Language: languageOf(t)})
				} else if isID {
					id = &exact.ID
				}
			case depth == 3 && inEntry && isID:
				id = &exact.Entries[len(exact.Entries)-1].ID
			}
			if id != nil {
				if d.DecodeElement(id, &t) != nil {
					return exactAtom{}
				}
				depth--
			}
		case xml.EndElement:
			if depth--; depth == 0 {
				return exact
			}
		}
		if depth > 0 {
			skimmer.SkipText(d)
		}
	}
}

func languageOf(t xml.StartElement) (language string) {
	for _, a := range t.Attr {
		if a.Name == (xml.Name{Space: "http://www.w3.org/XML/1998/namespace", Local: "lang"}) {
			language = a.Value
		}
	}
	return language
}

func readAtomEntry(entry *atom.Entry, dates *dateReader) (Entry, Problems) {
	e := Entry{
		ID:        entry.ID,
		URL:       atomLinkTo(entry.Links, "alternate"),
		Title:     entry.Title,
		Summary:   entry.Summary,
		Authors:   readAtomAuthors(entry.Authors),
		Published: dates.read(entry.ID, "published", entry.Published, entry.PublishedParsed),
		Updated:   dates.read(entry.ID, "updated", entry.Updated, entry.UpdatedParsed),
	}
	if entry.Content != nil {
		e.Content = entry.Content.Value
	}
	for _, c := range entry.Categories {
		if c.Scheme == "" && c.Label == "" {
			e.Tags = append(e.Tags, c.Term)
		} else {
			e.Categories = append(e.Categories, Category(*c))
		}
	}
	categories := e.Categories
	e.Details = DetailsOfAtom(entry)
	e.Categories = categories
	if s := entry.Source; s != nil {
		dates.read(entry.ID, "source updated", s.Updated, s.UpdatedParsed)
	}
	var problems Problems
	for _, link := range entry.Links {
		if link.Rel != "enclosure" {
			continue
		}
		var length int64
		if link.Length != "" {
			var err error
			if length, err = strconv.ParseInt(link.Length, 10, 64); err != nil {
				problems = append(problems, Problem{EntryID: e.ID, Field: fmt.Sprintf("enclosures[%d].length", len(e.Enclosures)), Reason: fmt.Sprintf("%q is no number", link.Length)})
			}
		}
		e.Enclosures = append(e.Enclosures, Enclosure{URL: link.Href, Type: link.Type, Length: length, Title: link.Title})
	}
	e.Image, e.Enclosures = readMedia(entry.Extensions, e.Enclosures)
	return e, problems
}

func readAtomAuthors(people []*atom.Person) []Author {
	var authors []Author
	for _, p := range people {
		authors = append(authors, Author{Name: p.Name, Email: p.Email, URL: p.URI})
	}
	return authors
}

func atomLinkTo(links []*atom.Link, rel string) string {
	for _, link := range links {
		if link.Rel == rel {
			return link.Href
		}
	}
	return ""
}
