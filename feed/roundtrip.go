package feed

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// compare reports where got, which was read from a document, is not want, which the document should say.
func compare(want, got *Feed, format Format) Problems {
	c := &comparison{}
	c.text("id", want.ID, got.ID)
	c.text("title", want.Title, got.Title)
	c.text("description", want.Description, got.Description)
	c.text("language", want.Language, got.Language)
	c.authors(want.Authors, got.Authors)
	c.url("site URL", want.SiteURL, got.SiteURL)
	c.url("self URL", want.SelfURL[format], got.SelfURL[format])
	if format != JSON {
		c.time("updated", want.Updated, got.Updated)
	}
	c.equal("number of entries", len(want.Entries), len(got.Entries))
	for i := range min(len(want.Entries), len(got.Entries)) {
		c.compareEntry(&want.Entries[i], &got.Entries[i])
	}
	return c.problems
}

type comparison struct {
	entry    string // the entry that is compared
	problems Problems
}

func (c *comparison) compareEntry(want, got *Entry) {
	c.entry = want.ID
	c.text("id", want.ID, got.ID)
	c.url("url", want.URL, got.URL)
	c.text("title", want.Title, got.Title)
	c.text("summary", want.Summary, got.Summary)
	c.text("content", want.Content, got.Content)
	c.text("language", want.Language, got.Language)
	c.authors(want.Authors, got.Authors)
	c.equal("number of tags", len(want.Tags), len(got.Tags))
	for i := range min(len(want.Tags), len(got.Tags)) {
		c.text(fmt.Sprintf("tags[%d]", i), want.Tags[i], got.Tags[i])
	}
	c.url("image", want.Image.URL, got.Image.URL)
	c.enclosures(want.Enclosures, got.Enclosures)
	c.time("published", want.Published, got.Published)
	c.time("updated", want.Updated, got.Updated)
}

func (c *comparison) authors(want, got []Author) {
	c.equal("number of authors", len(want), len(got))
	for i := range min(len(want), len(got)) {
		c.text(fmt.Sprintf("authors[%d].name", i), want[i].Name, got[i].Name)
		c.text(fmt.Sprintf("authors[%d].email", i), want[i].Email, got[i].Email)
		c.url(fmt.Sprintf("authors[%d].url", i), want[i].URL, got[i].URL)
	}
}

func (c *comparison) enclosures(want, got []Enclosure) {
	c.equal("number of enclosures", len(want), len(got))
	for i := range min(len(want), len(got)) {
		c.url(fmt.Sprintf("enclosures[%d].url", i), want[i].URL, got[i].URL)
		c.text(fmt.Sprintf("enclosures[%d].type", i), want[i].Type, got[i].Type)
		c.equal(fmt.Sprintf("enclosures[%d].length", i), want[i].Length, got[i].Length)
		c.equal(fmt.Sprintf("enclosures[%d].duration", i), want[i].Duration, got[i].Duration)
	}
}

// text compares what gofeed trims.
func (c *comparison) text(field, want, got string) {
	if strings.TrimSpace(want) != strings.TrimSpace(got) {
		c.differ(field, excerpt(want, got), excerpt(got, want))
	}
}

// url compares what gofeed encodes anew where it is an attribute named href.
func (c *comparison) url(field, want, got string) {
	if want == got {
		return
	}
	if u, err := url.Parse(want); err != nil || u.String() != got {
		c.differ(field, excerpt(want, got), excerpt(got, want))
	}
}

func (c *comparison) time(field string, want, got time.Time) {
	if !want.Equal(got) {
		c.differ(field, want.Format(time.RFC3339), got.Format(time.RFC3339))
	}
}

func (c *comparison) equal(field string, want, got any) {
	if want != got {
		c.differ(field, fmt.Sprint(want), fmt.Sprint(got))
	}
}

func (c *comparison) differ(field, want, got string) {
	c.problems = append(c.problems, Problem{EntryID: c.entry, Field: field, Reason: fmt.Sprintf("reads back as %s, not %s", got, want)})
}

// excerpt quotes s from shortly before the place where it parts from other.
func excerpt(s, other string) string {
	const before, length = 10, 60
	i := 0
	for i < min(len(s), len(other)) && s[i] == other[i] {
		i++
	}
	i = max(0, i-before)
	return fmt.Sprintf("%q", strings.ToValidUTF8(s[i:min(len(s), i+length)], ""))
}
