package ingest

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// contents are how pages mark the article's text, the surest mark first. More than one element with a mark is a list
// of articles, or the parts of one: then the next mark is looked for, so that no text is lost.
var contents = []func(*html.Node) bool{
	func(n *html.Node) bool { return n.DataAtom == atom.Section && attr(n, "data-field") == "body" },
	func(n *html.Node) bool { return hasWord(n, "itemprop", "articleBody") },
	func(n *html.Node) bool { return hasWord(n, "class", "e-content") },
	func(n *html.Node) bool { return hasWord(n, "class", "entry-content") },
	isTag(atom.Article),
	func(n *html.Node) bool { return n.DataAtom == atom.Main || hasWord(n, "role", "main") },
}

// findContent is the element that the article is in.
func (p *page) findContent() *html.Node {
	for _, marked := range contents {
		var found []*html.Node
		for n := range elements(p.root, marked) {
			if !above(n, marked) {
				found = append(found, n)
			}
		}
		if len(found) == 1 && !isBlank(found[0]) {
			return found[0]
		}
	}
	if body := element(p.root, isTag(atom.Body)); body != nil {
		return body
	}
	return p.root // a page of frames
}

// isBlank says that there is nothing to see in an element.
func isBlank(n *html.Node) bool {
	return textIn(n) == "" && element(n, isTag(atom.Img, atom.Video, atom.Audio, atom.Picture)) == nil
}

// body is the article's HTML: without the heading that is its title, and what belongs to the site.
func (p *page) body(title string) (string, error) {
	all := isTag(atom.Body, atom.Main)(p.content) // where the site's own head and foot are too
	removeAll(p.content, func(n *html.Node) bool { return isFurniture(n) || all && isOfSite(n) })
	headings := []*html.Node{element(p.content, isTag(atom.H1)), element(p.content, isTag(atom.H1, atom.H2, atom.H3))}
	for _, n := range headings {
		if n != nil && n.Parent != nil && title != "" && strings.EqualFold(textIn(n), title) {
			removeWithShell(n, p.content)
		}
	}
	for n := range p.content.Descendants() {
		n.Attr = slices.DeleteFunc(n.Attr, isUnfilled)
	}
	return inner(p.content)
}

// removeWithShell removes an element with those around it that hold nothing else.
func removeWithShell(n, root *html.Node) {
	for n != root {
		parent := n.Parent
		parent.RemoveChild(n)
		for c := range parent.ChildNodes() {
			if c.Type != html.TextNode || strings.TrimSpace(c.Data) != "" {
				return
			}
		}
		n = parent
	}
}

// isUnseen says that readers of the page do not see a node: it is no text, or hidden.
func isUnseen(n *html.Node) bool {
	switch {
	case n.Type == html.CommentNode:
		return true
	case n.Type != html.ElementNode || isTag(atom.Html, atom.Body)(n): // hidden until a script shows them
		return false
	case isTag(atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg)(n):
		return true
	case hasAttribute(n, "hidden"):
		return attr(n, "hidden") != "until-found"
	}
	style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// isFurniture says that an element in the article is the site's: menus, forms to search or subscribe, readers'
// comments, and the foot of the article unless it has its notes. Some sites put a whole page in a form.
func isFurniture(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.DataAtom {
	case atom.Nav:
		return true
	case atom.Form:
		return element(n, isTag(atom.P, atom.Article, atom.Main)) == nil
	case atom.Footer:
		return !above(n, isQuote) && !above(n, isTag(atom.Footer)) && !hasNotes(n)
	}
	return hasWord(n, "role", "navigation") || hasWord(n, "itemprop", "comment") || hasWord(n, "class", "u-comment") ||
		attr(n, "id") == "comments" || attr(n, "id") == "respond"
}

// isOfSite says that an element outside of sections is the head, the foot or a column of the site.
func isOfSite(n *html.Node) bool {
	return isTag(atom.Header, atom.Footer, atom.Aside)(n) && !hasNotes(n) &&
		!above(n, isTag(atom.Section, atom.Article, atom.Blockquote, atom.Figure))
}

func isQuote(n *html.Node) bool { return isTag(atom.Blockquote, atom.Figure)(n) }

// hasNotes says that an element is or holds the article's footnotes.
func hasNotes(n *html.Node) bool {
	isNotes := func(n *html.Node) bool {
		return strings.Contains(attr(n, "class")+attr(n, "id"), "footnote") || hasWord(n, "role", "doc-endnotes")
	}
	return isNotes(n) || element(n, isNotes) != nil
}

// isUnfilled says that an address holds a template that is not known: the link would lead nowhere.
func isUnfilled(a html.Attribute) bool {
	switch a.Key {
	case "href", "src", "srcset", "poster", "cite":
		return strings.Contains(a.Val, "{{") || strings.Contains(a.Val, "{%")
	}
	return false
}
