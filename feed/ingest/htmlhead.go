package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const maxHeadings = 5 // empty h1 that are looked at

// title is the page's title.
func (p *page) title() string {
	for _, found := range [][]string{
		p.linked.texts(p.ld["headline"]), p.linked.texts(p.ld["name"]), p.metas("og:title"), headings(p.content), headings(p.root),
	} {
		if len(found) > 0 {
			return found[0]
		}
	}
	if n := element(p.root, isTag(atom.Title)); n != nil {
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
	if n := element(p.root, func(n *html.Node) bool { return n.DataAtom == atom.Base && hasAttribute(n, "href") }); n != nil {
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
				head.put(name, textNode(v[0]))
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
	if n := element(p.root, isTag(atom.Html)); n != nil && attr(n, "lang") != "" {
		set("lang", []string{attr(n, "lang")})
	}
	set("language", ld("inLanguage", "alternateName", "name"), p.metas("og:locale", "content-language"))
	set("image", p.metas("og:image", "og:image:url"), ld("image", "url", "contentUrl"), p.metas("twitter:image", "twitter:image:src"))
	set("imagealt", p.metas("og:image:alt"))
	head.addList("author", p.authors())
	head.addList("tags", p.tags())
	return head
}

// addList adds a list to a mapping, unless it is empty.
func (n *node) addList(name string, items []*node) {
	if len(items) > 0 {
		n.put(name, &node{kind: list, items: items})
	}
}

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
