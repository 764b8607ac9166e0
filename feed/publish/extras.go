package publish

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"feedpub/feed/internal/page"
)

// What is published beside the feeds and the start page, for the folder to be whole by itself.
const (
	opmlName      = "feeds.opml"
	opmlType      = "text/x-opml"
	redirectsName = "_redirects"
)

//go:embed feed.css
var stylesheet []byte

// An extra is a file that is published beside the start page.
type extra struct {
	name, mediaType string
	content         []byte
}

// extras are the style of the documents, what pages need, and the redirects.
func (p *Publisher) extras() []extra {
	extras := []extra{
		{page.StyleName, "text/css", p.theme.File(page.StyleName)},
		{page.ScriptName, "text/javascript", p.theme.File(page.ScriptName)},
		{page.IconName, "image/x-icon", p.theme.File(page.IconName)},
	}
	if p.config.Site.stylesheet() == p.config.Site.FeedsURL+stylesheetName {
		extras = append(extras, extra{stylesheetName, "text/css", stylesheet})
	}
	if moves := redirects(p.config); moves != nil {
		extras = append(extras, extra{redirectsName, "text/plain", moves})
	}
	return extras
}

// putExtras writes them, and the list of feeds for feed readers.
func (r *run) putExtras(ctx context.Context, l *listing) error {
	for _, x := range append(r.extras(), extra{opmlName, opmlType, opml(l, r.config.Site)}) {
		if err := r.putPage(ctx, x.name, x.mediaType, x.content); err != nil {
			return err
		}
	}
	return nil
}

// claimExtras puts them on the list before they are written.
func (r *run) claimExtras() {
	r.list.claim(indexPath, pageType)
	r.list.claim(opmlName, opmlType)
	for _, x := range r.extras() {
		r.list.claim(x.name, x.mediaType)
	}
}

// isExtraMissing says that one of them was written and is gone.
func (r *run) isExtraMissing() bool {
	return r.isPageMissing(opmlName) || slices.ContainsFunc(r.extras(), func(x extra) bool { return r.isPageMissing(x.name) })
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
	for _, c := range l.all() {
		o := outline{Type: "rss", Text: c.Title, Title: c.Title, Description: c.Description, XMLURL: c.Site.FeedsURL + c.path(c.Documents[0]), HTMLURL: site.URL}
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
