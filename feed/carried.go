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
		Title:       line(f.Title),
		Description: line(f.Description),
		Language:    line(f.Language),
		Authors:     carriedAuthors(f.Authors, format),
		SiteURL:     line(f.SiteURL),
		SelfURL:     map[Format]string{format: line(f.SelfURL[format])},
		Image:       carriedImage(f.Image, JSON), // of a feed's, all formats carry the address alone
		Updated:     seconds(f.Updated),
		Entries:     make([]Entry, len(f.Entries)),
		Tombstones:  carriedTombstones(f.Tombstones, format),
		History:     carriedHistory(f.History, format),
	}
	if format == Atom {
		c.ID = line(f.ID)
	}
	if format != JSON {
		c.Rights, c.Stylesheet = line(f.Rights), webURL(f.Stylesheet)
	}
	if format != RSS {
		c.Icon = webURL(f.Icon)
	}
	if format == RSS {
		c.Description = cmp.Or(c.Description, c.Title) // RSS requires one
		if !hasEditor(c.Authors) {
			c.Authors = namesOnly(c.Authors)
		}
		c.Cadence, c.Podcast = carriedCadence(f.Cadence), carriedPodcast(f.Podcast)
	}
	site := Author{Name: cmp.Or(line(f.SiteTitle), c.Title)}
	for i := range f.Entries {
		c.Entries[i] = c.carriedEntry(&f.Entries[i], format, site)
	}
	return c
}

func (c *Feed) carriedEntry(e *Entry, format Format, site Author) Entry {
	out := Entry{
		ID:         line(e.ID),
		URL:        line(e.URL),
		Title:      line(e.Title),
		Summary:    line(e.Summary),
		Content:    clean.String(e.Content),
		Authors:    c.entryAuthors(e.Authors, format, site),
		Tags:       carriedTags(e.Tags),
		Image:      carriedImage(e.Image, format),
		Enclosures: carriedEnclosures(e.Enclosures, format),
		Published:  seconds(e.Published),
		Updated:    seconds(e.Updated),
		Unmade:     e.Unmade, // no document says it, and Write refuses it
		Fault:      e.Fault,
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
	if l := line(e.Language); l != c.Language {
		out.Language = l
	}
	out.Details = c.carriedDetails(e, format)
	var plain []string
	out.Categories, plain = carriedCategories(e.Categories, format)
	out.Tags = append(out.Tags, plain...)
	return out
}

// entryAuthors are the entry's authors, else the feed's: five of eleven readers do not inherit those. Atom requires
// one (RFC 4287, 4.2.1), which is then the site, so that an entry says the same in all of its feeds, else the feed itself.
func (c *Feed) entryAuthors(authors []Author, format Format, site Author) []Author {
	own := carriedAuthors(authors, format)
	if len(own) == 0 {
		own = c.Authors
	}
	if len(own) == 0 && format == Atom {
		own = []Author{site}
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

// carriedDetails are the details as a document of the format says them. JSON Feed has no place for any.
func (c *Feed) carriedDetails(e *Entry, format Format) Details {
	if format == JSON {
		return Details{}
	}
	out := Details{
		Contributors: carriedAuthors(e.Contributors, format),
		Rights:       line(e.Rights),
		License:      webURL(e.License),
		Origin:       carriedOrigin(e, format),
		Discussion:   carriedDiscussion(e.Discussion, format),
	}
	if format == RSS {
		out.Contributors = namesOnly(out.Contributors)
		if c.Podcast != nil {
			out.Episode = carriedEpisode(e.Episode)
		}
	}
	return out
}

// carriedCategories are the categories that the format can tell from tags, and the names of the others, which become
// tags: in RSS those without a domain, in Atom those with neither scheme nor label, in JSON Feed all.
func carriedCategories(categories []Category, format Format) (out []Category, plain []string) {
	for _, c := range categories {
		c = Category{Term: line(c.Term), Scheme: line(c.Scheme), Label: line(c.Label)}
		if !isIRI(c.Scheme) {
			c.Scheme = ""
		}
		name := cmp.Or(c.Label, c.Term)
		if format == RSS {
			c.Label = ""
		}
		switch {
		case c.Term == "":
		case format == JSON, c.Scheme == "" && c.Label == "":
			plain = append(plain, name)
		default:
			out = append(out, c)
		}
	}
	return out, plain
}

// carriedOrigin has what RFC 4287, 4.2.11 advises: an ID, a title and a date, made of what is there. RSS needs the
// feed's address.
func carriedOrigin(e *Entry, format Format) *Origin {
	if e.Origin == nil {
		return nil
	}
	o := Origin{Title: line(e.Origin.Title), FeedURL: webURL(e.Origin.FeedURL)}
	if o.Title = cmp.Or(o.Title, o.FeedURL); o.FeedURL == "" {
		return nil
	}
	if format == RSS {
		return &o
	}
	o.ID, o.SiteURL, o.Updated = line(e.Origin.ID), webURL(e.Origin.SiteURL), seconds(e.Origin.Updated)
	if !isIRI(o.ID) {
		o.ID = o.FeedURL
	}
	if !isDate(o.Updated) {
		o.Updated = seconds(e.Published)
	}
	return &o
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
