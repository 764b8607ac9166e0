package ingest

import (
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
)

const maxHeadings = 5 // empty h1 that are looked at

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
var objectStart = regexp.MustCompile(`^\s*\{\s*["}]`)

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

// title is the page's title.
func (p *page) title() string {
	for _, found := range [][]string{
		p.linked.texts(p.ld["headline"]), p.linked.texts(p.ld["name"]), p.metas("og:title"), headings(p.content), headings(p.root),
	} {
		if len(found) > 0 {
			return found[0]
		}
	}
	if n := firstOf(p.root, isTag(atom.Title)); n != nil {
		return textIn(n)
	}
	return ""
}

// headings are the texts of the first h1 that has one; some hold the picture of the site.
func headings(in *html.Node) []string {
	seen := 0
	for n := range elements(in, isTag(atom.H1)) {
		if text := textIn(n); text != "" {
			return []string{text}
		}
		if seen++; seen == maxHeadings {
			break
		}
	}
	return nil
}

// base is what relative addresses in the page are relative to, empty where that is the page.
func (p *page) base() string {
	if n := firstOf(p.root, func(n *html.Node) bool { return n.DataAtom == atom.Base && hasAttr(n, "href") }); n != nil {
		return attr(n, "href")
	}
	return ""
}

// fields are what the page says of itself, by the names of front matter.
func (p *page) fields(title string) *node {
	head := &node{kind: mapping}
	set := func(name string, values ...[]string) {
		for _, v := range values {
			if len(v) > 0 {
				head.members = append(head.members, member{key: name, value: textNode(v[0])})
				return
			}
		}
	}
	ld := func(name string, members ...string) []string { return p.linked.texts(p.ld[name], members...) }
	if title != "" {
		set("title", []string{title})
	}
	set("summary", ld("description"), p.metas("og:description", "description", "twitter:description", "dc.description"), p.textsOf(isSummary))
	set("date", ld("datePublished"), p.metas("article:published_time"), p.marked("dt-published", "datePublished"), p.times(), p.metas(dateMetas...))
	set("updated", ld("dateModified"), p.metas("article:modified_time", "og:updated_time"), p.marked("dt-updated", "dateModified"),
		p.metas("dcterms.modified", "dc.date.modified", "last-modified"))
	set("expires", p.metas("article:expiration_time"), ld("expires"), p.unavailableAfter())
	set("embargo", p.metas("embargo"))
	set("draft", p.metas("draft"))
	set("status", p.workStatus())
	set("url", p.hrefs(isCanonicalLink), p.metas("og:url"), ld("url"), ld("mainEntityOfPage", "@id", "url"), p.hrefs(isCanonicalClass))
	if n := firstOf(p.root, isTag(atom.Html)); n != nil && attr(n, "lang") != "" {
		set("lang", []string{attr(n, "lang")})
	}
	set("language", ld("inLanguage", "alternateName", "name"), p.metas("og:locale", "content-language"))
	set("image", p.metas("og:image", "og:image:url"), ld("image", "url", "contentUrl"), p.metas("twitter:image", "twitter:image:src"))
	set("imagealt", p.metas("og:image:alt"))
	head.addList("author", p.authors())
	head.addList("tags", p.tags())
	return head
}

var dateMetas = []string{"date", "pubdate", "publish-date", "publish_date", "publishdate", "publication_date", "date-published", "dc.date", "dc.date.issued",
	"dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date", "citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date", "article.published"}

// addList adds a list to a mapping, unless it is empty.
func (n *node) addList(name string, items []*node) {
	if len(items) > 0 {
		n.members = append(n.members, member{key: name, value: &node{kind: list, items: items}})
	}
}

func textNode(text string) *node { return &node{kind: scalar, text: text} }

func textNodes(texts []string) (nodes []*node) {
	for _, text := range texts {
		nodes = append(nodes, textNode(text))
	}
	return nodes
}

// authors are those of the first place that names any.
func (p *page) authors() []*node {
	if found := p.linked.people(p.ld["author"]); len(found) > 0 {
		return found
	}
	var named []string
	for _, name := range p.metas("article:author") {
		if !strings.Contains(name, "://") {
			named = append(named, name)
		}
	}
	for _, found := range [][]string{
		p.metas("author"), named, p.metas("dc.creator", "dcterms.creator", "parsely-author", "sailthru.author"),
		p.textsOf(func(n *html.Node) bool { return hasWord(n, "class", "p-author") }),
		p.textsOf(func(n *html.Node) bool { return hasWord(n, "rel", "author") }),
	} {
		if len(found) > 0 {
			return textNodes(found)
		}
	}
	return nil
}

func (p *page) tags() []*node {
	found := p.metas("article:tag")
	for _, keywords := range append(p.linked.texts(p.ld["keywords"], "name"), p.metas("keywords", "news_keywords")...) {
		found = append(found, strings.Split(keywords, ",")...)
	}
	return textNodes(found)
}

// textsOf are the texts of the elements that pass and have one.
func (p *page) textsOf(pass func(*html.Node) bool) (found []string) {
	for n := range elements(p.root, pass) {
		if above(n, pass) {
			continue
		}
		if text := textIn(n); text != "" {
			found = append(found, text)
		}
	}
	return found
}

func isSummary(n *html.Node) bool {
	return hasWord(n, "class", "p-summary") || attr(n, "data-field") == "subtitle"
}

// hrefs are where the elements that pass lead to.
func (p *page) hrefs(pass func(*html.Node) bool) (found []string) {
	for n := range elements(p.root, pass) {
		if href := strings.TrimSpace(attr(n, "href")); href != "" {
			found = append(found, href)
		}
	}
	return found
}

func isCanonicalLink(n *html.Node) bool {
	return n.DataAtom == atom.Link && hasWord(n, "rel", "canonical")
}

func isCanonicalClass(n *html.Node) bool { return hasWord(n, "class", "p-canonical") }

// workStatus is the JSON-LD's word for the state of the article, in the words of front matter.
func (p *page) workStatus() []string {
	found := p.linked.texts(p.ld["creativeWorkStatus"], "name", "termCode")
	for i, word := range found {
		switch strings.ToLower(word[strings.LastIndexByte(word, '/')+1:]) {
		case "draft", "incomplete", "pending", "private", "unpublished":
			found[i] = "draft"
		case "published", "final", "obsolete", "archived":
			found[i] = "published"
		}
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
