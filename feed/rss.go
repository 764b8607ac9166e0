package feed

import (
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/gorilla/feeds"
)

// The namespaces of what RSS 2.0 has no element for. Only those that a document uses are declared.
const (
	atomNamespace    = "http://www.w3.org/2005/Atom"
	contentNamespace = "http://purl.org/rss/1.0/modules/content/"
	dcNamespace      = "http://purl.org/dc/elements/1.1/"
)

const rssTime = "Mon, 02 Jan 2006 15:04:05 GMT"

// rssDocument, rssChannel and rssItem add to gorilla's types, and shadow those of their fields that come out
// wrong. Shadowing goes by XML name, and the shallower field wins.
type rssDocument struct {
	*feeds.RssFeedXml
	AtomNS    string      `xml:"xmlns:atom,attr"`
	ContentNS string      `xml:"xmlns:content,attr,omitempty"`
	DCNS      string      `xml:"xmlns:dc,attr,omitempty"`
	Channel   *rssChannel `xml:"channel"`
}

// FeedXml is asked for by feeds.WriteXML. Without it the embedded type's would be, and every addition lost.
func (d *rssDocument) FeedXml() any { return d }

type rssChannel struct {
	*feeds.RssFeed
	Self     rssLink    `xml:"atom:link"`
	Creators []string   `xml:"dc:creator"`
	Items    []*rssItem `xml:"item"` // last: what follows the items is invalid
}

type rssLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	Title string `xml:"title"`
	Link  string `xml:"link,omitempty"`
	*feeds.RssItem
	Creators   []string `xml:"dc:creator"`
	Categories []string `xml:"category"`
	Updated    string   `xml:"atom:updated,omitempty"`
}

func writeRSS(w io.Writer, c *Feed) error {
	doc := &rssDocument{
		RssFeedXml: &feeds.RssFeedXml{Version: "2.0"},
		AtomNS:     atomNamespace,
		Channel:    newRSSChannel(c),
	}
	creators := len(doc.Channel.Creators)
	for i := range c.Entries {
		creators += len(c.Entries[i].Authors)
		if c.Entries[i].Content != "" {
			doc.ContentNS = contentNamespace
		}
	}
	if creators > 0 {
		doc.DCNS = dcNamespace
	}
	return feeds.WriteXML(doc, w)
}

func newRSSChannel(c *Feed) *rssChannel {
	channel := &rssChannel{
		RssFeed: &feeds.RssFeed{
			Title:         c.Title,
			Link:          c.SiteURL,
			Description:   c.Description,
			Language:      c.Language,
			LastBuildDate: c.Updated.Format(rssTime),
			Generator:     Generator,
		},
		Self: rssLink{Href: c.SelfURL[RSS], Rel: "self", Type: RSS.MediaType()},
	}
	if hasEditor(c.Authors) {
		channel.ManagingEditor = fmt.Sprintf("%s (%s)", c.Authors[0].Email, c.Authors[0].Name)
	} else {
		channel.Creators = names(c.Authors)
	}
	for i := range c.Entries {
		channel.Items = append(channel.Items, newRSSItem(&c.Entries[i]))
	}
	return channel
}

// hasEditor says whether the authors fit managingEditor, which is one e-mail address with one name in brackets.
func hasEditor(authors []Author) bool {
	return len(authors) == 1 && authors[0].Email != "" && authors[0].URL == "" && !strings.ContainsAny(authors[0].Name, `()@\"`)
}

func newRSSItem(e *Entry) *rssItem {
	item := &rssItem{
		Title: e.Title,
		Link:  e.URL,
		RssItem: &feeds.RssItem{
			// Even when it is empty: content:encoded without a description before it is a warning to the W3C validator.
			Description: textAsHTML(e.Summary),
			Guid:        &feeds.RssGuid{Id: e.ID, IsPermaLink: strconv.FormatBool(e.ID == e.URL)},
			PubDate:     e.Published.Format(rssTime),
		},
		Creators:   names(e.Authors),
		Categories: e.Tags,
	}
	if e.Content != "" {
		item.Content = &feeds.RssContent{Content: e.Content}
	}
	if len(e.Enclosures) > 0 {
		c := e.Enclosures[0]
		item.Enclosure = &feeds.RssEnclosure{Url: c.URL, Type: c.Type, Length: strconv.FormatInt(c.Length, 10)}
	}
	// RSS has no element for it. The W3C validator warns of dc:date beside pubDate, not of atom:updated.
	if !e.Updated.Equal(e.Published) {
		item.Updated = e.Updated.Format(atomTime)
	}
	return item
}

func names(authors []Author) []string {
	var names []string
	for _, a := range authors {
		names = append(names, a.Name)
	}
	return names
}

// textAsHTML is plain text as RSS's description has it, which is HTML: only what an HTML parser would misread is
// escaped, so that "Q & A" stays itself also where a reader takes the description for text.
func textAsHTML(s string) string {
	if !strings.ContainsAny(s, "&<") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '<':
			b.WriteString("&lt;")
		case s[i] == '&' && i+1 < len(s) && strings.IndexByte(" \t\n<&", s[i+1]) < 0:
			b.WriteString("&amp;")
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// htmlAsText reverses textAsHTML.
func htmlAsText(s string) string { return html.UnescapeString(s) }
