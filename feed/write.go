package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Generator is what the documents name as their maker. It carries no version, which would change their bytes.
const Generator = "feedpub"

// Write writes the feed as a document of the format. The same feed makes the same bytes. An error is [Problems], or
// what w returned; before the document is whole, nothing is written.
//
// What an Entry says is written as it is: the choice of full content or summary, and the note in place of a
// withdrawn article, are the publisher's.
func (f *Feed) Write(w io.Writer, format Format) error {
	c := f.carried(format)
	if err := c.writable(format); err != nil {
		return err
	}
	doc := documents.Get().(*bytes.Buffer)
	defer documents.Put(doc)
	doc.Reset()
	if err := c.encode(doc, format); err != nil {
		return fmt.Errorf("write %s: %w", format, err)
	}
	_, err := w.Write(styled(doc.Bytes(), c.Stylesheet))
	return err
}

// documents are buffers: a feed is a document in three formats, and most of what one costs would be to make room for it.
var documents = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// styled puts the instruction that names the stylesheet (https://www.w3.org/TR/xml-stylesheet/) behind the XML
// declaration, where gorilla's encoder has no place for it.
func styled(doc []byte, stylesheet string) []byte {
	if stylesheet == "" {
		return doc
	}
	var href bytes.Buffer
	_ = xml.EscapeText(&href, []byte(stylesheet)) // a bytes.Buffer takes it all
	declaration, rest, _ := bytes.Cut(doc, []byte("?>"))
	return slices.Concat(declaration, []byte("?>\n<?xml-stylesheet type=\"text/css\" href=\""), href.Bytes(), []byte("\"?>\n"), rest)
}

// stylesheetPattern finds the address in an instruction that styled made.
var stylesheetPattern = regexp.MustCompile(`<\?xml-stylesheet type="text/css" href="([^"]*)"\?>`)

// readStylesheet finds the stylesheet that the document names before its root; gofeed passes over it.
func readStylesheet(doc []byte) string {
	m := stylesheetPattern.FindSubmatch(doc[:min(len(doc), 4096)])
	if m == nil {
		return ""
	}
	return html.UnescapeString(string(m[1]))
}

func (c *Feed) encode(w io.Writer, format Format) error {
	switch format {
	case RSS:
		return writeRSS(w, c)
	case Atom:
		return writeAtom(w, c)
	case JSON:
		return writeJSON(w, c)
	}
	return fmt.Errorf("%q is no feed format", format)
}

// writable reports what no document can do without. What makes a document wrong beyond that is for Check, which
// reads it back.
func (c *Feed) writable(format Format) error {
	var problems Problems
	require := func(ok bool, id, field, reason string) {
		if !ok {
			problems = append(problems, Problem{EntryID: id, Field: field, Reason: reason})
		}
	}
	require(c.Title != "", "", "title", "is missing")
	require(c.ID != "" || format != Atom, "", "id", "is missing")
	require(c.SiteURL != "", "", "site URL", "is missing")
	require(c.SelfURL[format] != "", "", "self URL", "is missing")
	require(isDate(c.Updated), "", "updated", "is missing, or not of the years 1000 to 9999")
	if c.Podcast != nil {
		require(c.Image.URL != "", "", "image", "is missing; a podcast needs one")
		require(c.Language != "", "", "language", "is missing; a podcast needs one")
		require(len(c.Podcast.Categories) > 0, "", "podcast.categories", "is missing; a podcast needs one of Apple's")
		for i, category := range c.Podcast.Categories {
			require(category.isApples(), "", fmt.Sprintf("podcast.categories[%d]", i), fmt.Sprintf("%q, %q is none of Apple's", category.Name, category.Sub))
		}
	}
	seen := make(map[string]bool, len(c.Entries))
	for i := range c.Entries {
		e := &c.Entries[i]
		require(c.Podcast == nil || len(e.Enclosures) > 0, e.ID, "enclosures", "is missing; an episode needs one")
		require(e.ID != "", "", fmt.Sprintf("entries[%d].id", i), "is missing")
		require(!seen[e.ID], e.ID, "id", "stands twice")
		require(e.Unmade == "", e.ID, "content", cmp.Or(e.Fault, "is still to be made"))
		require(isDate(e.Published), e.ID, "published", "is missing, or not of the years 1000 to 9999")
		require(isDate(e.Updated), e.ID, "updated", "is missing, or not of the years 1000 to 9999")
		seen[e.ID] = true
	}
	return problems.err()
}

// isDate says whether every format can write t and every reader parse it.
func isDate(t time.Time) bool {
	return !t.IsZero() && t.Year() >= 1000 && t.Year() <= 9999
}
