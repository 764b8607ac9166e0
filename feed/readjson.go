package feed

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/mmcdole/gofeed/json"
)

func parseJSON(doc []byte) (*Feed, Problems, error) {
	parsed, err := (&json.Parser{}).Parse(bytes.NewReader(doc))
	if err != nil {
		return nil, nil, err
	}
	f := &Feed{
		Title:       parsed.Title,
		Description: parsed.Description,
		Language:    parsed.Language,
		Authors:     readJSONAuthors(parsed.Authors, parsed.Author),
		SiteURL:     parsed.HomePageURL,
		SelfURL:     map[Format]string{JSON: parsed.FeedURL},
		Image:       Image{URL: parsed.Icon},
		Icon:        parsed.Favicon,
		History:     History{Prev: oneURL(JSON, parsed.NextURL)},
	}
	var problems Problems
	if !strings.HasPrefix(parsed.Version, "https://jsonfeed.org/version/1") {
		problems = append(problems, Problem{Field: "version", Reason: fmt.Sprintf("%q is no version of JSON Feed", parsed.Version)})
	}
	if parsed.Items == nil {
		problems = append(problems, Problem{Field: "items", Reason: "is missing"})
	}
	dates := &dateReader{parse: parseRFC3339, rule: "is no RFC 3339 date"}
	for i, item := range parsed.Items {
		if item == nil {
			problems = append(problems, Problem{Field: fmt.Sprintf("items[%d]", i), Reason: "is null"})
			continue
		}
		e := readJSONItem(item, dates)
		if item.ContentHTML == "" && item.ContentText == "" {
			problems = append(problems, Problem{EntryID: e.ID, Field: "content_html", Reason: "is missing, and content_text as well"})
		}
		if e.Updated.After(f.Updated) {
			f.Updated = e.Updated
		}
		f.Entries = append(f.Entries, e)
	}
	return f, append(problems, dates.problems...), nil
}

func readJSONItem(item *json.Item, dates *dateReader) Entry {
	e := Entry{
		ID:        item.ID,
		URL:       item.URL,
		Title:     item.Title,
		Summary:   item.Summary,
		Content:   item.ContentHTML,
		Language:  item.Language,
		Authors:   readJSONAuthors(item.Authors, item.Author),
		Tags:      item.Tags,
		Image:     Image{URL: item.Image},
		Published: dates.read(item.ID, "date_published", item.DatePublished, nil),
		Updated:   dates.read(item.ID, "date_modified", item.DateModified, nil),
	}
	if item.ContentHTML == "" {
		e.Summary = cmp.Or(item.Summary, item.ContentText)
	}
	if e.Updated.IsZero() {
		e.Updated = e.Published
	}
	if item.Attachments == nil {
		return e
	}
	for _, a := range *item.Attachments {
		e.Enclosures = append(e.Enclosures, Enclosure{
			URL: a.URL, Type: a.MimeType, Title: a.Title, Length: a.SizeInBytes,
			Duration: time.Duration(min(a.DurationInSeconds, 1<<32)) * time.Second,
		})
	}
	return e
}

// readJSONAuthors takes the authors of JSON Feed 1.1, else the one of 1.0.
func readJSONAuthors(authors []*json.Author, author *json.Author) []Author {
	if len(authors) == 0 && author != nil {
		authors = []*json.Author{author}
	}
	var out []Author
	for _, a := range authors {
		if a != nil {
			out = append(out, Author{Name: a.Name, URL: a.URL})
		}
	}
	return out
}
