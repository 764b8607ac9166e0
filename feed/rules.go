package feed

import (
	"fmt"
	"regexp"
)

// mediaType is the form of a MIME type (RFC 2045, 5.1), parameters allowed.
var mediaType = regexp.MustCompile(`^[^\s()<>,;:\\"/\[\]?=]+/[^\s()<>,;:\\"/\[\]?=]+(\s*;.*)?$`)

// checkRules holds what was read from a document against what its format requires and its readers need.
func checkRules(f *Feed, format Format) Problems {
	r := &rules{format: format}
	r.require(f.Title != "", "title", "is missing")
	r.webURL(f.SiteURL, "site URL")
	r.webURL(f.SelfURL[format], "self URL")
	if format == Atom {
		r.require(isIRI(f.ID), "id", "is missing or not an absolute IRI")
		r.require(!f.Updated.IsZero(), "updated", "is missing")
	}
	seen := make(map[string]bool, len(f.Entries))
	for i := range f.Entries {
		e := &f.Entries[i]
		r.entry = e.ID
		r.require(e.ID != "", fmt.Sprintf("entries[%d].id", i), "is missing")
		r.require(!seen[e.ID], "id", "stands twice")
		seen[e.ID] = true
		r.checkEntry(e)
	}
	return r.problems
}

type rules struct {
	format   Format
	entry    string // the entry that is looked at
	problems Problems
}

func (r *rules) require(ok bool, field, reason string) {
	if !ok {
		r.problems = append(r.problems, Problem{EntryID: r.entry, Field: field, Reason: reason})
	}
}

func (r *rules) webURL(s, field string) {
	if err := checkWebURL(s); err != nil {
		r.require(false, field, err.Error())
	}
}

func (r *rules) checkEntry(e *Entry) {
	if e.URL != "" {
		r.webURL(e.URL, "url")
	}
	for i, c := range e.Enclosures {
		r.webURL(c.URL, fmt.Sprintf("enclosures[%d].url", i))
		// Atom and RSS readers choose a player by it; in Atom it is optional (RFC 4287, 4.2.7.3).
		r.require(mediaType.MatchString(c.Type) || c.Type == "" && r.format == Atom, fmt.Sprintf("enclosures[%d].type", i), fmt.Sprintf("%q is no media type", c.Type))
		r.require(c.Length >= 0, fmt.Sprintf("enclosures[%d].length", i), "is negative")
	}
	if e.Image.URL != "" {
		r.webURL(e.Image.URL, "image")
	}
	for i, a := range e.Authors {
		if a.URL != "" {
			r.webURL(a.URL, fmt.Sprintf("authors[%d].url", i))
		}
	}
	if !e.Published.IsZero() && !e.Updated.IsZero() {
		r.require(!e.Updated.Before(e.Published), "updated", "is before published")
	}
	switch r.format {
	case RSS:
		r.require(e.Title != "" || e.Summary != "" || e.Content != "", "title", "is missing, and the description as well")
	case Atom:
		r.checkAtomEntry(e)
	}
}

// checkAtomEntry is what RFC 4287, 4.1.2 asks for; an author may stand on the feed, but a third of the readers
// does not look there.
func (r *rules) checkAtomEntry(e *Entry) {
	r.require(e.ID == "" || isIRI(e.ID), "id", "is not an absolute IRI")
	r.require(e.Title != "", "title", "is missing")
	r.require(!e.Updated.IsZero(), "updated", "is missing")
	r.require(len(e.Authors) > 0, "author", "is missing")
	r.require(e.Content != "" || e.URL != "", "link", "is missing, and the content as well")
	for i, a := range e.Authors {
		r.require(a.Name != "", fmt.Sprintf("authors[%d].name", i), "is missing")
	}
}
