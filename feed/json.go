package feed

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"github.com/gorilla/feeds"
)

const jsonVersion = "https://jsonfeed.org/version/1.1"

// jsonDocument and jsonItem add to gorilla's types, and shadow those of their fields that come out wrong.
type jsonDocument struct {
	*feeds.JSONFeed
	Items []*jsonItem `json:"items"` // required, also when there is none
}

type jsonItem struct {
	*feeds.JSONItem
	ContentText string           `json:"content_text,omitempty"`
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
}

type jsonAttachment struct {
	URL      string `json:"url"`
	Type     string `json:"mime_type"`
	Size     int64  `json:"size_in_bytes,omitempty"`
	Title    string `json:"title,omitempty"`
	Duration int64  `json:"duration_in_seconds,omitempty"`
}

func writeJSON(w io.Writer, c *Feed) error {
	doc := jsonDocument{
		JSONFeed: &feeds.JSONFeed{
			Version:     jsonVersion,
			Title:       c.Title,
			HomePageUrl: c.SiteURL,
			FeedUrl:     c.SelfURL[JSON],
			NextUrl:     c.History.Prev[JSON],
			Icon:        c.Image.URL,
			Favicon:     c.Icon,
			Description: c.Description,
			Language:    c.Language,
			Authors:     jsonAuthors(c.Authors),
		},
		Items: []*jsonItem{},
	}
	for i := range c.Entries {
		doc.Items = append(doc.Items, newJSONItem(&c.Entries[i]))
	}
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false) // \u003c makes a feed a quarter larger
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := w.Write(appendIndented(make([]byte, 0, compact.Len()+compact.Len()/8), compact.Bytes()))
	return err
}

func newJSONItem(e *Entry) *jsonItem {
	item := &jsonItem{
		JSONItem: &feeds.JSONItem{
			Id:            e.ID,
			Url:           e.URL,
			Title:         e.Title,
			ContentHTML:   e.Content,
			Summary:       e.Summary,
			Image:         e.Image.URL,
			PublishedDate: &e.Published,
			ModifiedDate:  &e.Updated,
			Authors:       jsonAuthors(e.Authors),
			Tags:          e.Tags,
		},
		Language: e.Language,
	}
	if e.Content == "" {
		item.ContentText = e.Summary // one of the two is required
	}
	for _, c := range e.Enclosures {
		item.Attachments = append(item.Attachments, jsonAttachment{
			URL: c.URL, Type: c.Type, Title: c.Title, Size: c.Length, Duration: int64(c.Duration / time.Second),
		})
	}
	return item
}

func jsonAuthors(authors []Author) []*feeds.JSONAuthor {
	var out []*feeds.JSONAuthor
	for _, a := range authors {
		out = append(out, &feeds.JSONAuthor{Name: a.Name, Url: a.URL})
	}
	return out
}
