package clean

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxPasses bounds how often HTML is cleaned until nothing changes. Real articles need one pass and one that
// finds nothing to do; what needs more is built to be read in two ways.
const maxPasses = 8

// HTML is source as it may stand in a feed: elements and attributes of an allow-list, balanced, without comments,
// every URL absolute against base and http or https (mailto also in links). Cleaning again changes nothing.
// What is nested too deep loses its tags; more elements than anybody writes are an error. A frame leaves a link to its
// page, a formula its text.
func HTML(source string, base *url.URL) (string, error) {
	if result, ok := plain(source, base); ok {
		return result, nil
	}
	return whole(source, base)
}

// whole is HTML for whatever there may be.
func whole(source string, base *url.URL) (string, error) {
	policy, chars := articlePolicy(), String
	if strings.Contains(source, lost) { // its own, and not what the parser makes of a reference to a control
		chars = Input
	}
	source = keepEmbedded(source, base)
	for range maxPasses {
		balanced, err := balance(source)
		if err != nil {
			return "", err
		}
		resolved, err := resolve(balanced, base)
		if err != nil {
			return "", err
		}
		result := strings.TrimSpace(chars(policy.Sanitize(resolved)))
		if result == source {
			return result, nil
		}
		source = result
	}
	return "", errors.New("the HTML means something else each time it is read")
}

// resolve parses source as a browser does, makes its URLs absolute, drops those that are not to be followed, and
// writes it balanced.
func resolve(source string, base *url.URL) (string, error) {
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return "", fmt.Errorf("parse HTML: %w", err)
	}
	var b strings.Builder
	r := resolver{base: base, candidates: maxAllCandidates}
	for _, node := range nodes {
		r.attributes(node)
		for n := range node.Descendants() {
			r.attributes(n)
		}
		if err := html.Render(&b, node); err != nil {
			return "", fmt.Errorf("write HTML: %w", err)
		}
	}
	return b.String(), nil
}

// A resolver goes through an article in the order of its elements.
type resolver struct {
	base       *url.URL
	candidates int // that may still come
}

func (r *resolver) attributes(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		ok := true
		switch a.Key {
		case "href":
			a.Val, ok = link(a.Val, r.base)
		case "src", "poster", "cite":
			empty := strings.TrimSpace(a.Val) == "" // it would mean the page
			a.Val, ok = webURL(a.Val, r.base)
			ok = ok && !empty
		case "srcset":
			a.Val, ok = r.srcset(a.Val)
		case "class":
			a.Val, ok = language(a.Val)
		}
		if ok {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}

// language is the one of an element's classes that names the language of code.
func language(classes string) (string, bool) {
	for class := range strings.FieldsSeq(classes) {
		if strings.HasPrefix(class, "language-") {
			return class, true
		}
	}
	return "", false
}

// link is the target of an a element: a web page or an e-mail address.
func link(ref string, base *url.URL) (string, bool) {
	if len(ref) > maxURL {
		return "", false
	}
	if u, err := url.Parse(strings.TrimSpace(ref)); err == nil && u.Scheme == "mailto" {
		return encode(u.String()), u.Opaque != ""
	}
	return webURL(ref, base)
}

var lineEnds = strings.NewReplacer("\t", "", "\n", "", "\r", "")

const maxURL = 8 << 10 // bytes of an address in an attribute; servers take no longer ones

// webURL is URL for an attribute, where browsers ignore tabs and line ends.
func webURL(ref string, base *url.URL) (string, bool) {
	if len(ref) > maxURL {
		return "", false
	}
	absolute, err := URL(lineEnds.Replace(ref), base)
	return absolute, err == nil
}

// Limits of the pictures that a browser may choose from; what comes after them is left out. Addresses are what costs
// most in HTML.
const (
	maxCandidates    = 100    // of one element
	maxAllCandidates = 20_000 // of an article
)

// srcset makes the candidates of an image absolute: "small.png 480w, large.png 2x".
func (r *resolver) srcset(value string) (string, bool) {
	const spaces = " \t\n\r\f"
	var kept []string
	rest := strings.TrimLeft(value, ","+spaces)
	for n := 0; rest != "" && n < maxCandidates && r.candidates > 0; n++ {
		r.candidates--
		ref, after := rest, ""
		if i := strings.IndexAny(rest, spaces); i >= 0 {
			ref, after = rest[:i], rest[i:]
		}
		descriptor := ""
		if trimmed := strings.TrimRight(ref, ","); trimmed != ref {
			ref = trimmed
		} else {
			descriptor, after, _ = strings.Cut(after, ",")
		}
		rest = strings.TrimLeft(after, ","+spaces)
		if absolute, ok := webURL(ref, r.base); ok {
			// A comma at either end of a URL would part candidates.
			absolute = strings.ReplaceAll(absolute, ",", "%2C")
			kept = append(kept, strings.TrimSpace(absolute+" "+strings.Join(strings.Fields(descriptor), " ")))
		}
	}
	return strings.Join(kept, ", "), len(kept) > 0
}

// keptElements may have no attributes. Others that are kept have some, or else they say nothing.
var keptElements = []string{
	"p", "div", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre",
	"figure", "figcaption", "picture", "details", "summary", "section", "article", "aside", "header", "footer", "address",
	"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
	"b", "i", "u", "s", "em", "strong", "small", "mark", "del", "ins", "sub", "sup", "code", "kbd", "samp", "var", "cite", "dfn", "q",
	"abbr", "time", "bdi", "bdo", "ruby", "rb", "rt", "rp", "wbr", "audio", "video",
}

// articlePolicy is built once: building compiles its expressions, and it does not change afterwards.
var articlePolicy = sync.OnceValue(newPolicy)

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto")
	p.SkipElementsContent("svg", "math", "select", "textarea", "button", "template", "title", "canvas", "applet")

	p.AllowElements(keptElements...)

	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)).Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?i:ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[\p{L}\p{N}_][\p{L}\p{N}_:.-]*$`)).OnElements("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "dt", "dd", "sup",
		"a", "div", "section", "aside", "figure", "table", "blockquote", "pre")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9_+#.-]+$`)).OnElements("code", "pre")

	number := regexp.MustCompile(`^[0-9]{1,5}$`)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("title").OnElements("a", "img", "abbr", "dfn")
	p.AllowAttrs("src", "srcset", "sizes", "alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img", "video")
	p.AllowAttrs("src").OnElements("audio", "video", "source", "track")
	p.AllowAttrs("poster").OnElements("video")
	p.AllowAttrs("controls", "loop", "muted").Matching(regexp.MustCompile(`^[a-z]*$`)).OnElements("audio", "video")
	p.AllowAttrs("preload").Matching(regexp.MustCompile(`^(none|metadata|auto)$`)).OnElements("audio", "video")
	p.AllowAttrs("srcset", "sizes", "media", "type").OnElements("source")
	p.AllowAttrs("kind", "srclang", "label").OnElements("track")
	p.AllowAttrs("default").Matching(regexp.MustCompile(`^$|^default$`)).OnElements("track")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("datetime").Matching(regexp.MustCompile(`^[0-9A-Za-z:+. -]+$`)).OnElements("time", "del", "ins")
	p.AllowAttrs("open").Matching(regexp.MustCompile(`^$|^open$`)).OnElements("details")
	p.AllowAttrs("start", "value").Matching(regexp.MustCompile(`^-?[0-9]{1,9}$`)).OnElements("ol", "li")
	p.AllowAttrs("reversed").Matching(regexp.MustCompile(`^$|^reversed$`)).OnElements("ol")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^[1aAiI]$`)).OnElements("ol")
	p.AllowAttrs("colspan", "rowspan", "span").Matching(number).OnElements("td", "th", "col", "colgroup")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(row|col|rowgroup|colgroup)$`)).OnElements("th")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("td", "th")
	return p
}
