package feed

import (
	"bytes"
	"cmp"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"feedpub/feed/internal/clean"
)

func parseRSS(doc []byte) (*Feed, Problems, error) {
	channel, err := (&rss.Parser{}).Parse(bytes.NewReader(doc))
	if err != nil {
		return nil, nil, err
	}
	dates := &dateReader{parse: mail.ParseDate, rule: "is no RFC 822 date"}
	f := &Feed{
		Title:       channel.Title,
		Description: channel.Description,
		Language:    channel.Language,
		Authors:     rssChannelAuthors(channel),
		SiteURL:     channel.Link,
		SelfURL:     map[Format]string{RSS: rssLinkTo(channel.Extensions, "self")},
		Rights:      channel.Copyright,
		Updated:     dates.read("", "lastBuildDate", channel.LastBuildDate, channel.LastBuildDateParsed),
		History:     readHistory(channel.Extensions, RSS, func(rel string) string { return rssLinkTo(channel.Extensions, rel) }),
		Cadence:     readCadence(channel),
		Podcast:     readPodcast(channel),
	}
	if channel.Image != nil {
		f.Image.URL = channel.Image.URL
	}
	var problems Problems
	if channel.Description == "" {
		problems = append(problems, Problem{Field: "description", Reason: "is missing"})
	}
	for _, item := range channel.Items {
		e, found := readRSSItem(item, dates)
		f.Entries = append(f.Entries, e)
		problems = append(problems, found...)
	}
	return f, append(problems, dates.problems...), nil
}

func rssChannelAuthors(channel *rss.Feed) []Author {
	if a, err := parseEditor(channel.ManagingEditor); err == nil {
		return []Author{a}
	}
	return creators(channel.DublinCoreExt)
}

// parseEditor reads "email (Name)".
func parseEditor(s string) (Author, error) {
	email, name, ok := strings.Cut(s, " (")
	if !ok || !strings.HasSuffix(name, ")") {
		return Author{}, fmt.Errorf("%q is not of the form email (Name)", s)
	}
	return Author{Name: strings.TrimSuffix(name, ")"), Email: email}, nil
}

func creators(dc *ext.DublinCoreExtension) []Author {
	if dc == nil {
		return nil
	}
	return named(dc.Creator)
}

func named(names []string) []Author {
	var authors []Author
	for _, name := range names {
		authors = append(authors, Author{Name: name})
	}
	return authors
}

func rssLinkTo(extensions ext.Extensions, rel string) string {
	for _, link := range extensions["atom"]["link"] {
		if link.Attrs["rel"] == rel {
			return link.Attrs["href"]
		}
	}
	return ""
}

func readRSSItem(item *rss.Item, dates *dateReader) (Entry, Problems) {
	e := Entry{
		URL:     item.Link,
		Title:   item.Title,
		Summary: readDescription(item.Description),
		Content: item.Content,
		Authors: creators(item.DublinCoreExt),
	}
	var problems Problems
	if item.GUID != nil {
		e.ID = item.GUID.Value
		if item.GUID.IsPermalink == "true" && checkWebURL(e.ID) != nil {
			problems = append(problems, Problem{EntryID: e.ID, Field: "guid", Reason: "is no URL, yet isPermaLink says so"})
		}
	}
	if item.Author != "" && len(e.Authors) == 0 {
		e.Authors = []Author{{Name: item.Author}}
	}
	for _, c := range item.Categories {
		if c.Domain == "" {
			e.Tags = append(e.Tags, c.Value)
		} else {
			e.Categories = append(e.Categories, Category{Term: c.Value, Scheme: c.Domain})
		}
	}
	if item.DublinCoreExt != nil {
		e.Language = first(item.DublinCoreExt.Language)
	}
	categories := e.Categories
	e.Details = DetailsOfRSS(item)
	e.Categories = categories
	for i, c := range item.Enclosures {
		length, err := strconv.ParseInt(c.Length, 10, 64)
		if err != nil {
			problems = append(problems, Problem{EntryID: e.ID, Field: fmt.Sprintf("enclosures[%d].length", i), Reason: fmt.Sprintf("%q is no number", c.Length)})
		}
		e.Enclosures = append(e.Enclosures, Enclosure{URL: c.URL, Type: c.Type, Length: length})
	}
	e.Image, e.Enclosures = readMedia(item.Extensions, e.Enclosures)
	problems = append(problems, readITunesItem(item, &e)...)
	e.Published = dates.read(e.ID, "pubDate", item.PubDate, item.PubDateParsed)
	e.Updated = e.Published
	if updated := item.Extensions["atom"]["updated"]; len(updated) > 0 {
		rfc3339 := &dateReader{parse: parseRFC3339, rule: "is no RFC 3339 date"}
		e.Updated = rfc3339.read(e.ID, "atom:updated", updated[0].Value, nil)
		problems = append(problems, rfc3339.problems...)
	}
	return e, problems
}

// readITunesItem takes what iTunes' elements repeat, where the item says it nowhere else.
func readITunesItem(item *rss.Item, e *Entry) (problems Problems) {
	if item.ITunesExt == nil {
		return nil
	}
	if d := readDuration(item.ITunesExt.Duration); d > 0 && len(e.Enclosures) > 0 {
		c := &e.Enclosures[0]
		if c.Duration > 0 && (c.Duration-d).Abs() > time.Second {
			problems = append(problems, Problem{EntryID: e.ID, Field: "itunes:duration", Reason: fmt.Sprintf("is %s, but the media's is %s", d, c.Duration)})
		}
		c.Duration = cmp.Or(c.Duration, d)
	}
	e.Image.URL = cmp.Or(e.Image.URL, item.ITunesExt.Image)
	return problems
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// readDescription is the text of a description, which is HTML.
func readDescription(s string) string {
	if strings.Contains(s, "<") {
		return clean.Text(s)
	}
	return htmlAsText(s)
}
