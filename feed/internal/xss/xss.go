// Package xss is for tests: HTML that does harm, and what tells whether some is left of it.
package xss

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The elements and attributes that content may have. They stand here once more, apart from those that are let through,
// so that nobody adds one in passing.
var (
	elements = set("p div br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre figure figcaption picture details summary section article " +
		"aside header footer address table caption colgroup col thead tbody tfoot tr th td b i u s em strong small mark del ins sub sup code " +
		"kbd samp var cite dfn q abbr time bdi bdo ruby rb rt rp wbr audio video source track img a")
	plain = set("alt title label sizes media kind lang srclang dir id class width height controls loop muted preload default type datetime open " +
		"start value reversed colspan rowspan span scope align")
	urls  = set("src poster cite")
	words = regexp.MustCompile(`^[\p{L}\p{N}_+#:., -]*$`)
	web   = regexp.MustCompile(`^https?://[^\s"<>/][^\s"<>]*$`)
	link  = regexp.MustCompile(`^(https?://[^\s"<>/]|mailto:)[^\s"<>]*$`)
)

// Harm is what content has that it must not have: a comment, an element, an attribute or an address. It reads the
// content as a browser does, with scripts and without, and once more what comes of that. Empty means none.
func Harm(content string) string {
	for _, scripting := range []bool{true, false} {
		for range 2 {
			body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
			nodes, err := html.ParseFragmentWithOptions(strings.NewReader(content), body, html.ParseOptionEnableScripting(scripting))
			if err != nil {
				return err.Error()
			}
			var again strings.Builder
			for _, root := range nodes {
				if bad := harmIn(root); bad != "" {
					return bad
				}
				if err := html.Render(&again, root); err != nil {
					return err.Error()
				}
			}
			content = again.String()
		}
	}
	return ""
}

func harmIn(root *html.Node) string {
	if bad := harmOf(root); bad != "" {
		return bad
	}
	for n := range root.Descendants() {
		if bad := harmOf(n); bad != "" {
			return bad
		}
	}
	return ""
}

func harmOf(n *html.Node) string {
	switch {
	case n.Type == html.TextNode:
		return ""
	case n.Type != html.ElementNode:
		return fmt.Sprintf("a comment or a doctype: %q", n.Data)
	case !elements[n.Data] || n.Namespace != "":
		return fmt.Sprintf("the element %q of %q", n.Data, n.Namespace)
	}
	for _, a := range n.Attr {
		ok := plain[a.Key] && (a.Key == "alt" || a.Key == "title" || a.Key == "label" || a.Key == "sizes" || a.Key == "media" || a.Key == "type" || words.MatchString(a.Val))
		switch {
		case a.Namespace != "":
			ok = false
		case urls[a.Key]:
			ok = web.MatchString(a.Val)
		case a.Key == "href":
			ok = n.Data == "a" && link.MatchString(a.Val)
		case a.Key == "srcset":
			ok = true
			for candidate := range strings.SplitSeq(a.Val, ", ") {
				address, _, _ := strings.Cut(candidate, " ")
				ok = ok && web.MatchString(address)
			}
		}
		if !ok {
			return fmt.Sprintf("the attribute %s=%q of %s", a.Key, a.Val, n.Data)
		}
	}
	return ""
}

func set(names string) map[string]bool {
	is := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		is[name] = true
	}
	return is
}
