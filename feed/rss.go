package feed

import (
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/gorilla/feeds"
)

const rssTime = "Mon, 02 Jan 2006 15:04:05 GMT"

// rssDocument, rssChannel and rssItem add to gorilla's types, and shadow those of their fields that come out
// wrong. Shadowing goes by XML name, and the shallower field wins.
type rssDocument struct {
	*feeds.RssFeedXml
	ContentNS string `xml:"xmlns:content,attr,omitempty"` // gorilla's is there always
	namespaces
	Channel *rssChannel `xml:"channel"`
}

// FeedXml is asked for by feeds.WriteXML. Without it the embedded type's would be, and every addition lost.
func (d *rssDocument) FeedXml() any { return d }

type rssChannel struct {
	*feeds.RssFeed
	Links     []rssLink `xml:"atom:link"`
	Creators  []string  `xml:"dc:creator"`
	SkipHours *rssHours `xml:"skipHours"`
	SkipDays  *rssDays  `xml:"skipDays"`
	periodElements
	historyElements
	podcastElements
	Items []*rssItem `xml:"item"` // last: what follows the items is invalid
}

type rssLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type rssItem struct {
	Title string `xml:"title"`
	Link  string `xml:"link,omitempty"`
	*feeds.RssItem
	Creators     []string      `xml:"dc:creator"`
	Contributors []string      `xml:"dc:contributor"`
	Categories   []rssCategory `xml:"category"`
	Language     string        `xml:"dc:language,omitempty"`
	Rights       string        `xml:"dc:rights,omitempty"`
	License      string        `xml:"creativeCommons:license,omitempty"`
	Source       *rssSource    `xml:"source"`
	Updated      string        `xml:"atom:updated,omitempty"`
	discussionElements
	mediaElements
	episodeElements
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Text   string `xml:",chardata"`
}

type rssSource struct {
	URL   string `xml:"url,attr"`
	Title string `xml:",chardata"`
}

// rssWriter makes the parts of an RSS document, and knows of which namespaces they are.
type rssWriter struct{ namespaces }

func writeRSS(w io.Writer, c *Feed) error {
	var parts rssWriter
	channel := parts.channel(c)
	return feeds.WriteXML(&rssDocument{
		RssFeedXml: &feeds.RssFeedXml{Version: "2.0"},
		ContentNS:  parts.Content,
		namespaces: parts.namespaces,
		Channel:    channel,
	}, w)
}

func (w *rssWriter) channel(c *Feed) *rssChannel {
	w.Atom = atomNamespace
	channel := &rssChannel{
		RssFeed: &feeds.RssFeed{
			Title:         c.Title,
			Link:          c.SiteURL,
			Description:   c.Description,
			Language:      c.Language,
			Copyright:     c.Rights,
			LastBuildDate: c.Updated.Format(rssTime),
			Generator:     Generator,
		},
		Links:           []rssLink{{c.SelfURL[RSS], "self", RSS.MediaType()}},
		historyElements: w.history(c.History),
		podcastElements: w.podcast(c.Podcast, c.Image),
	}
	w.tellCadence(channel, c.Cadence)
	for _, l := range c.History.links(RSS) {
		channel.Links = append(channel.Links, rssLink{l.URL, l.rel, RSS.MediaType()})
	}
	if hasEditor(c.Authors) {
		channel.ManagingEditor = fmt.Sprintf("%s (%s)", c.Authors[0].Email, c.Authors[0].Name)
	} else {
		channel.Creators = w.dc(names(c.Authors))
	}
	if c.Image.URL != "" {
		channel.Image = &feeds.RssImage{Url: c.Image.URL, Title: c.Title, Link: c.SiteURL}
	}
	for i := range c.Entries {
		channel.Items = append(channel.Items, w.item(&c.Entries[i], c.Podcast != nil))
	}
	return channel
}

// hasEditor says whether the authors fit managingEditor, which is one e-mail address with one name in brackets.
func hasEditor(authors []Author) bool {
	return len(authors) == 1 && authors[0].Email != "" && authors[0].URL == "" && !strings.ContainsAny(authors[0].Name, `()@\"`)
}

func (w *rssWriter) item(e *Entry, podcast bool) *rssItem {
	item := &rssItem{
		Title: e.Title,
		Link:  e.URL,
		RssItem: &feeds.RssItem{
			// Even when it is empty: content:encoded without a description before it is a warning to the W3C validator.
			Description: textAsHTML(e.Summary),
			Comments:    e.Discussion.URL,
			Guid:        &feeds.RssGuid{Id: e.ID, IsPermaLink: strconv.FormatBool(e.ID == e.URL)},
			PubDate:     e.Published.Format(rssTime),
		},
		Creators:           w.dc(names(e.Authors)),
		Contributors:       w.dc(names(e.Contributors)),
		License:            e.License,
		discussionElements: w.discussion(e.Discussion),
		mediaElements:      w.media(e.Image, e.Enclosures),
	}
	for _, tag := range e.Tags {
		item.Categories = append(item.Categories, rssCategory{Text: tag})
	}
	for _, c := range e.Categories {
		item.Categories = append(item.Categories, rssCategory{c.Scheme, c.Term})
	}
	if e.Content != "" {
		w.Content = contentNamespace
		item.Content = &feeds.RssContent{Content: e.Content}
	}
	if e.Language != "" || e.Rights != "" {
		w.DC = dcNamespace
		item.Language, item.Rights = e.Language, e.Rights
	}
	if e.License != "" {
		w.namespaces.License = licenseNamespace
	}
	if e.Origin != nil {
		item.Source = &rssSource{e.Origin.FeedURL, e.Origin.Title}
	}
	if len(e.Enclosures) > 0 {
		c := e.Enclosures[0] // an item has one; media:content has them all
		item.Enclosure = &feeds.RssEnclosure{Url: c.URL, Type: c.Type, Length: strconv.FormatInt(c.Length, 10)}
	}
	// RSS has no element for it. The W3C validator warns of dc:date beside pubDate, not of atom:updated.
	if !e.Updated.Equal(e.Published) {
		item.Updated = e.Updated.Format(atomTime)
	}
	if podcast {
		item.episodeElements = w.episode(e)
	}
	return item
}

// dc declares the namespace of what is there.
func (w *rssWriter) dc(values []string) []string {
	if len(values) > 0 {
		w.DC = dcNamespace
	}
	return values
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
