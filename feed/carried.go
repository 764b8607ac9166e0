package feed

import (
	"cmp"
	"net/mail"
	"strings"
	"time"

	"feedpub/feed/internal/clean"
)

// carried is the feed as a document of the format says it: what the writers write, and what must come back when
// the document is read. Every string is cleaned, times are UTC and whole seconds, what the format has no place for
// is gone, and where it requires what an entry lacks, the nearest that the entry has stands in.
func (f *Feed) carried(format Format) *Feed {
	c := &Feed{
		ID:          line(f.ID),
		Title:       line(f.Title),
		Description: line(f.Description),
		Language:    line(f.Language),
		Authors:     carriedAuthors(f.Authors, format),
		SiteURL:     line(f.SiteURL),
		SelfURL:     map[Format]string{format: line(f.SelfURL[format])},
		Updated:     seconds(f.Updated),
		Entries:     make([]Entry, len(f.Entries)),
	}
	if format != Atom {
		c.ID = ""
	}
	if format == RSS {
		c.Description = cmp.Or(c.Description, c.Title) // RSS requires one
		if !hasEditor(c.Authors) {
			c.Authors = namesOnly(c.Authors)
		}
	}
	for i := range f.Entries {
		c.Entries[i] = c.carriedEntry(&f.Entries[i], format)
	}
	return c
}

func (c *Feed) carriedEntry(e *Entry, format Format) Entry {
	out := Entry{
		ID:         line(e.ID),
		URL:        line(e.URL),
		Title:      line(e.Title),
		Summary:    line(e.Summary),
		Content:    clean.String(e.Content),
		Authors:    c.entryAuthors(e.Authors, format),
		Tags:       carriedTags(e.Tags),
		Enclosures: carriedEnclosures(e.Enclosures, format),
		Published:  seconds(e.Published),
		Updated:    seconds(e.Updated),
	}
	if strings.TrimSpace(out.Content) == "" {
		out.Content = ""
	}
	if out.Updated.IsZero() {
		out.Updated = out.Published
	}
	// A title that is blank, and an entry that says nothing else, are errors to validators or empty rows in readers.
	out.Title = cmp.Or(out.Title, out.URL, out.ID)
	if out.Content == "" {
		out.Summary = cmp.Or(out.Summary, out.Title)
	}
	if l := line(e.Language); format != RSS && l != c.Language {
		out.Language = l
	}
	if format == JSON {
		out.Image.URL = line(e.Image.URL)
	}
	return out
}

// entryAuthors are the entry's authors, else the feed's: five of eleven readers do not inherit those. Atom requires
// one (RFC 4287, 4.2.1), which is then the feed itself.
func (c *Feed) entryAuthors(authors []Author, format Format) []Author {
	own := carriedAuthors(authors, format)
	if len(own) == 0 {
		own = c.Authors
	}
	if len(own) == 0 && format == Atom {
		own = []Author{{Name: c.Title}}
	}
	if format == RSS {
		return namesOnly(own)
	}
	return own
}

// carriedAuthors leaves out what would make an author invalid: every author has a name, an e-mail address that is
// one, and a web page that is one. JSON Feed has no place for e-mail addresses.
func carriedAuthors(authors []Author, format Format) []Author {
	var out []Author
	for _, a := range authors {
		a = Author{Name: line(a.Name), Email: line(a.Email), URL: line(a.URL)}
		if !isEmail(a.Email) {
			a.Email = ""
		}
		if checkWebURL(a.URL) != nil {
			a.URL = ""
		}
		if a.Name = cmp.Or(a.Name, a.Email, a.URL); a.Name == "" {
			continue
		}
		if format == JSON {
			a.Email = ""
		}
		out = append(out, a)
	}
	return out
}

func namesOnly(authors []Author) []Author {
	var out []Author
	for _, a := range authors {
		out = append(out, Author{Name: a.Name})
	}
	return out
}

func carriedTags(tags []string) []string {
	var out []string
	for _, t := range tags {
		if t = line(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

func carriedEnclosures(enclosures []Enclosure, format Format) []Enclosure {
	var out []Enclosure
	for _, c := range enclosures {
		c = Enclosure{
			URL:      line(c.URL),
			Type:     cmp.Or(line(c.Type), "application/octet-stream"),
			Length:   max(c.Length, 0),
			Duration: c.Duration.Round(time.Second),
		}
		if format != JSON {
			c.Duration = 0
		}
		out = append(out, c)
		if format == RSS {
			break // an RSS item has one
		}
	}
	return out
}

// line is a string that is no HTML, as it may stand in any document; readers trim it anyway.
func line(s string) string { return strings.TrimSpace(clean.String(s)) }

// seconds is t as all formats write it; zero stays zero.
func seconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && !strings.ContainsAny(s, `"( )`) && isASCII(s)
}
