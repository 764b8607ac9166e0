package ingest

import (
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// A page is HTML (.html, .htm, .xhtml). Of each field the first place that has one is taken:
//
//	title      JSON-LD headline or name, og:title, the first h1, title
//	summary    JSON-LD description, og:description, meta description, twitter:description, .p-summary (Medium's subtitle)
//	date       JSON-LD datePublished, article:published_time, .dt-published, pubdate or itemprop, time[datetime] outside
//	           of running text, meta date and its like
//	updated    JSON-LD dateModified, article:modified_time, og:updated_time, .dt-updated or itemprop, meta
//	expires    article:expiration_time, JSON-LD expires, meta robots unavailable_after
//	embargo    meta embargo
//	draft      meta draft; JSON-LD creativeWorkStatus Draft; Medium's file name draft_…
//	author     JSON-LD author, meta author, article:author where it is no URL, .p-author, rel=author
//	url        link rel=canonical, og:url, JSON-LD url or mainEntityOfPage, .p-canonical
//	language   html lang, JSON-LD inLanguage, og:locale, meta content-language
//	image      og:image with og:image:alt, JSON-LD image, twitter:image
//	tags       article:tag, JSON-LD keywords, meta keywords, all of them
//	body       Medium's section, itemprop articleBody, .e-content, .entry-content, article, main, where there is one of
//	           them; else all of the page's body
//
// In a page that begins with front matter, that has the fields, and the rest is the body; a first h1 is its title where
// the front matter has none.
type page struct {
	root     *html.Node
	meta     map[string][]string // by property or name, in lower case
	linked   linked
	ld       map[string]any // the article in it
	content  *html.Node     // where the article is
	warnings []string
}

func htmlFile(key string, raw []byte) iter.Seq[record] {
	rec := record{key: key, raw: raw}
	rec.err = rec.readHTML()
	return one(rec)
}

// objectStart begins JSON front matter, and no template.
var objectStart = pattern.New(`^\s*\{\s*["}]`)

func (rec *record) readHTML() error {
	text, err := decodeHTML(rec.raw)
	if err != nil {
		return err
	}
	rec.form = htmlTemplate
	rec.head, rec.body, err = splitFrontMatter(text, objectStart.MatchString(text))
	if err != nil || len(rec.body) < len(text) {
		return err
	}
	if isTemplate(text) {
		return errTemplate
	}
	p, err := parsePage(text)
	if err != nil {
		return err
	}
	title := p.title()
	if isTemplate(title) {
		return errTemplate
	}
	rec.form, rec.head, rec.warnings = htmlText, p.fields(title), p.warnings
	rec.base = p.base()
	rec.body, err = p.body(title)
	return err
}

// errTemplate refuses what the generator of a site would have filled in: {{ page.title }} is nobody's headline.
var errTemplate = errors.New("a template, not a page; exclude it, or give it front matter if it is an article")

func isTemplate(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{{") || strings.HasPrefix(text, "{%")
}

// parsePage parses a page and finds its parts.
func parsePage(text string) (*page, error) {
	root, err := parseHTML(text)
	if err != nil {
		return nil, err
	}
	p := &page{root: root, meta: map[string][]string{}}
	size := 0
	for n := range elements(root, isTag(atom.Script, atom.Meta)) {
		switch {
		case n.DataAtom == atom.Meta:
			p.addMeta(n)
		case strings.EqualFold(strings.TrimSpace(attr(n, "type")), "application/ld+json") && n.FirstChild != nil:
			if size += len(n.FirstChild.Data); size > maxLinked {
				p.warnings = append(p.warnings, fmt.Sprintf("JSON-LD of more than %d bytes; left out", maxLinked))
			} else if err := p.linked.add(n.FirstChild.Data); err != nil {
				p.warnings = append(p.warnings, fmt.Sprintf("JSON-LD: %v; left out", err))
			}
		}
	}
	p.ld = p.linked.article()
	removeAll(root, isUnseen)
	p.content = p.findContent()
	return p, nil
}

func (p *page) addMeta(n *html.Node) {
	content := oneLine(attr(n, "content"))
	if content == "" {
		return
	}
	names := attr(n, "property") + " " + attr(n, "name")
	if strings.EqualFold(strings.TrimSpace(attr(n, "http-equiv")), "content-language") {
		names += " content-language"
	}
	for _, name := range strings.Fields(strings.ToLower(names)) {
		p.meta[name] = append(p.meta[name], content)
	}
}

// metas are what the meta elements with the names say, name by name.
func (p *page) metas(names ...string) (found []string) {
	for _, name := range names {
		found = append(found, p.meta[name]...)
	}
	return found
}

// isMediumDraft says that an export of Medium's calls the page a draft, which it does by the file's name alone.
func isMediumDraft(key string) bool {
	return isHTML(key) && strings.HasPrefix(path.Base(key), "draft_")
}

func isHTML(key string) bool {
	switch strings.ToLower(path.Ext(key)) {
	case ".html", ".htm", ".xhtml":
		return true
	}
	return false
}

// htmlTemplate reads an HTML body below front matter into the entry.
func (r *Reader) htmlTemplate(f *fields, e *feed.Entry, base *url.URL, body string) {
	t := templates{reader: r, html: true}
	body = t.expand(body)
	for _, w := range t.warnings {
		f.warn(value{}, w)
	}
	p, err := parsePage(body)
	if err != nil {
		f.fail(err)
		return
	}
	if e.Title == "" {
		e.Title = p.title()
	}
	if body, err = p.body(e.Title); err != nil {
		f.fail(err)
		return
	}
	r.content(f, e, r.against(p.base(), base), body)
}

// against is the address that a base element names, or base where it names none that is on the web.
func (r *Reader) against(ref string, base *url.URL) *url.URL {
	if ref == "" {
		return base
	}
	link, err := clean.URL(ref, base)
	if err != nil {
		return base
	}
	if u, err := url.Parse(link); err == nil {
		return u
	}
	return base
}
