package ingest

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedpub/feed/internal/clean"
)

// Limits of what x/net/html makes much of: a tag left open is repeated in each paragraph that follows, and a page of
// 250 KB in which each tag is <body> with another attribute took it a minute.
const (
	maxPieces = 150_000          // elements, texts and twice the attributes of a page, with those that the parser repeats
	maxOpen   = 512              // tags of those that it repeats
	maxParse  = 20 * time.Second // a page within the other limits needs a tenth of one; a busy machine takes longer, and must take it all the same
)

// parseHTML parses a page as a browser does: there is no malformed HTML, only HTML that is too much.
func parseHTML(text string) (*html.Node, error) {
	if err := checkPieces(text); err != nil {
		return nil, err
	}
	root, err := html.Parse(&hurried{strings.NewReader(text), time.Now().Add(maxParse)})
	if err != nil {
		return nil, fmt.Errorf("parse HTML: %w", err)
	}
	return root, nil
}

// hurried is a reader whose parser cannot be cancelled. It comes back for a bit at a time, and gets an error when time
// is up.
type hurried struct {
	io.Reader
	deadline time.Time
}

func (h *hurried) Read(p []byte) (int, error) {
	if time.Now().After(h.deadline) {
		return 0, fmt.Errorf("takes longer than %s", maxParse)
	}
	return h.Reader.Read(p[:min(len(p), 4<<10)])
}

// checkPieces refuses a page that would need too much memory.
func checkPieces(text string) error {
	var open formatting
	pieces, block := 0, false
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		kind := z.Next()
		raw := z.Raw()
		switch kind {
		case html.ErrorToken:
			return nil
		case html.TextToken:
			if len(bytes.TrimSpace(raw)) == 0 {
				continue
			}
			if pieces++; block { // where the parser opens again what is open
				pieces += len(open)
				block = false
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			whole := string(raw)
			name, more := z.TagName()
			for pieces++; more; pieces += 2 { // an address costs more than an element
				_, _, more = z.TagAttr()
			}
			block = !open.start(string(name), whole) || block
		case html.EndTagToken:
			name, _ := z.TagName()
			if s := string(name); s == "p" || s == "br" { // which make an element where none is open
				pieces++
			}
			block = !open.end(string(name)) || block
		default:
			pieces++
		}
		if pieces > maxPieces {
			return fmt.Errorf("too large: more than %d elements, attributes and texts", maxPieces)
		}
		if len(open) > maxOpen {
			return fmt.Errorf("nested too deep: more than %d elements are not closed", maxOpen)
		}
	}
}

// formatting are the tags that stay open across paragraphs until they are closed.
type formatting []struct{ name, tag string }

// start opens a tag, if it is one of those.
func (open *formatting) start(name, tag string) bool {
	if !isFormatting(name) {
		return false
	}
	if name == "a" { // it closes the one before
		open.end(name)
	}
	alike := 0
	for _, o := range *open {
		if o.tag == tag {
			alike++
		}
	}
	if alike < 3 { // the parser keeps no more
		*open = append(*open, struct{ name, tag string }{name, tag})
	}
	return true
}

// end closes the last tag with the name, if it is one of those.
func (open *formatting) end(name string) bool {
	for i, o := range slices.Backward(*open) {
		if o.name == name {
			*open = slices.Delete(*open, i, i+1)
			break
		}
	}
	return isFormatting(name)
}

func isFormatting(name string) bool {
	switch name {
	case "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u":
		return true
	}
	return false
}

// elements are the elements below a node that pass, in their order.
func elements(root *html.Node, pass func(*html.Node) bool) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && pass(n) && !yield(n) {
				return
			}
		}
	}
}

// element is the first element below a node that passes, or nil.
func element(root *html.Node, pass func(*html.Node) bool) *html.Node {
	for n := range elements(root, pass) {
		return n
	}
	return nil
}

func isTag(tags ...atom.Atom) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(tags, n.DataAtom) }
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// hasWord says that an attribute has the word among others, in any case: class, rel and itemprop are lists.
func hasWord(n *html.Node, key, word string) bool {
	return slices.ContainsFunc(strings.Fields(attr(n, key)), func(w string) bool { return strings.EqualFold(w, word) })
}

// above says that an element above the node passes.
func above(n *html.Node, pass func(*html.Node) bool) bool {
	for p := range n.Ancestors() {
		if p.Type == html.ElementNode && pass(p) {
			return true
		}
	}
	return false
}

// removeAll removes the nodes below root that pass, with what is in them.
func removeAll(root *html.Node, pass func(*html.Node) bool) {
	var gone []*html.Node
	for n := range root.Descendants() {
		if pass(n) {
			gone = append(gone, n)
		}
	}
	for _, n := range gone {
		n.Parent.RemoveChild(n)
	}
}

// textIn is the text in an element on one line.
func textIn(n *html.Node) string {
	source, err := inner(n)
	if err != nil {
		return ""
	}
	return oneLine(clean.Text(source))
}

// inner is the HTML in an element.
func inner(n *html.Node) (string, error) {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if err := html.Render(&b, c); err != nil {
			return "", fmt.Errorf("write HTML: %w", err)
		}
	}
	return b.String(), nil
}
