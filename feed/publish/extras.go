package publish

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"

	"feedpub/feed/internal/page"
)

// What is published beside the feeds and the start page, for the folder to be whole by itself.
const (
	opmlName      = "feeds.opml"
	redirectsName = "_redirects"
)

//go:embed feed.css
var stylesheet []byte

// extras writes the list of feeds for feed readers, the style of the documents and the redirects.
func (r *run) extras(ctx context.Context, l *listing) error {
	theme := r.config.Theme.pages()
	files := []struct {
		name, mediaType string
		content         []byte
	}{
		{opmlName, "text/x-opml", opml(l, r.config.Site)},
		{stylesheetName, "text/css", nil},
		{redirectsName, "text/plain", redirects(r.config)},
		{page.StyleName, "text/css", theme.File(page.StyleName)},
		{page.CopyName, "text/javascript", theme.File(page.CopyName)},
		{page.IconName, "image/x-icon", theme.File(page.IconName)},
	}
	if r.config.Site.stylesheet() == r.config.Site.FeedsURL+stylesheetName {
		files[1].content = stylesheet
	}
	for _, f := range files {
		if f.content == nil {
			continue
		}
		if err := r.putPage(ctx, f.name, f.mediaType, f.content); err != nil {
			return err
		}
	}
	return nil
}

// outline is a feed in OPML 2.0 (http://opml.org/spec2.opml).
type outline struct {
	Type        string `xml:"type,attr"`
	Text        string `xml:"text,attr"`
	Title       string `xml:"title,attr"`
	Description string `xml:"description,attr,omitempty"`
	XMLURL      string `xml:"xmlUrl,attr"`
	HTMLURL     string `xml:"htmlUrl,attr"`
}

// opml lists each feed once, by its preferred document, so that readers can subscribe to all at once.
func opml(l *listing, site Site) []byte {
	type document struct {
		XMLName  xml.Name  `xml:"opml"`
		Version  string    `xml:"version,attr"`
		Title    string    `xml:"head>title"`
		Outlines []outline `xml:"body>outline"`
	}
	doc := document{Version: "2.0", Title: site.Title}
	for _, f := range l.all() {
		o := outline{Type: "rss", Text: f.Title, Title: f.Title, Description: f.Description, XMLURL: f.Documents[0].URL, HTMLURL: site.URL}
		doc.Outlines = append(doc.Outlines, o)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	_ = e.Encode(doc) // strings in a buffer
	b.WriteByte('\n')
	return b.Bytes()
}

// redirects is the file that many static hosts read: "FROM TO 301" a line, paths from the root of the host. It is nil
// where nothing has moved.
func redirects(c Config) []byte {
	if len(c.Redirects) == 0 {
		return nil
	}
	base, err := url.Parse(c.Site.FeedsURL)
	if err != nil {
		return nil
	}
	var b bytes.Buffer
	for _, r := range c.Redirects {
		to := r.To
		if !strings.Contains(to, "://") {
			to = base.Path + to
		}
		fmt.Fprintf(&b, "%s%s %s 301\n", base.Path, r.From, to)
	}
	return b.Bytes()
}
