package validate

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"feedpub/feed"
)

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

// A walk is the way through a document. It is the Visitor of the strict pass, and holds each element against its
// vocabulary's table.
type walk struct {
	*collector
	report   Report
	top      *node
	skip     int                        // how deep in what is not looked at
	markup   int                        // how deep in the XHTML of a text construct
	root     bool                       // there was one
	ids      map[string]map[string]bool // of entries: the dates of each
	prefixes map[string]bool            // that were looked at
	image    map[string]string          // what RSS's image says
	lonely   *node                      // the first entry without an author
	sourced  bool                       // the source of the entry has one
}

// Start takes an element.
func (w *walk) Start(name xml.Name, prefix string, attrs []xml.Attr, offset int64) {
	if w.skip > 0 || w.root && w.top == nil || w.full() {
		w.skip++
		return
	}
	n := &node{name: name, offset: offset, attrs: attrs, parent: w.top}
	switch {
	case w.top == nil:
		w.startRoot(n)
	case w.top.rule.markup:
		w.startMarkup(n)
		return
	case w.top.rule.open:
		w.skip++
		return
	default:
		n.vocab, n.rule = w.lookUp(w.top, n)
	}
	if n.rule == nil {
		if w.top != nil {
			w.top.others = true
		}
		w.skip++
		return
	}
	if n.parent != nil {
		n.base = n.parent.base
		w.hold(n)
	}
	w.checkPrefix(n, prefix)
	w.checkAttrs(n)
	w.top = n
}

// maxHeld bounds how many elements a parent remembers, so that a document of millions of them needs no more memory than
// is there. Entries are not remembered.
const maxHeld = 10_000

// hold makes the parent of an element remember it.
func (w *walk) hold(n *node) {
	parent := n.parent
	switch {
	case n.rule.kind == "entry":
		parent.entered = true
		return
	case parent.entered && !parent.late && n.vocab == parent.vocab:
		parent.late = true
		code := map[*vocabulary]string{rss: "rss-item-first", atom: "atom-entry-first"}[n.vocab]
		w.find(code, n.offset, fmt.Sprintf("<%s> stands behind the entries", n.spelled()), "put the entries last: readers that stop early miss it")
	}
	if len(parent.children) < maxHeld {
		parent.children = append(parent.children, n)
	}
}

// startRoot finds out what the document is.
func (w *walk) startRoot(n *node) {
	w.root = true
	switch {
	case n.name.Local == "rss" && rssNamespaces[n.name.Space]:
		w.report.Format, n.vocab, n.rule = feed.RSS, rss, rssRoot
		if n.name.Space != "" {
			w.find("rss-namespace", n.offset, "the elements of RSS 2.0 stand in a namespace", "drop the default namespace: those of RSS stand in none")
		}
	case n.name == xml.Name{Space: atom.namespace, Local: "feed"}:
		w.report.Format, n.vocab, n.rule = feed.Atom, atom, atomFeed
	case n.name == xml.Name{Space: atom.namespace, Local: "entry"}:
		w.report.Format, n.vocab, n.rule = feed.Atom, atom, atomEntry
	case n.name == xml.Name{Space: "http://purl.org/atom/ns#", Local: "feed"}:
		w.report.Format = feed.Atom
		w.find("atom-version", n.offset, "the document is Atom 0.3, which was given up in 2005", "publish Atom 1.0 (RFC 4287)")
	case n.name == xml.Name{Space: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Local: "RDF"}:
		w.report.Format = feed.RSS
		w.find("rss-version", n.offset, "the document is RSS 1.0, of which nothing more is checked", "publish RSS 2.0 or Atom 1.0")
	case n.name.Local == "feed" || n.name.Local == "rss":
		w.find("document-no-feed", n.offset, fmt.Sprintf("<%s> is in the namespace %q, so it is no feed", n.name.Local, n.name.Space), "an Atom feed is in "+atom.namespace+", RSS in none")
	}
}

// lookUp finds the rule of an element, and says what is wrong with its place.
func (w *walk) lookUp(parent, n *node) (*vocabulary, *elem) {
	space := n.name.Space
	if rssNamespaces[space] && w.report.Format == feed.RSS {
		space = ""
	}
	v := vocabularies[space]
	if v == nil || parent.rule.kind == "person" && v != parent.vocab {
		w.checkNamespace(n)
		return nil, nil
	}
	held := v.children[parent.rule.kind]
	if parent.vocab == v && parent.rule.children != nil {
		held = parent.rule.children
	}
	if c, ok := held[n.name.Local]; ok {
		return v, c.elem
	}
	switch {
	case space == "" && w.report.Format != feed.RSS:
		w.find("atom-undefined-element", n.offset, fmt.Sprintf("<%s> stands in no namespace, and Atom has no such element", n.name.Local), "put it into the namespace that it is of")
	case v.defines(n.name.Local):
		w.find(v.name+"-misplaced-element", n.offset, fmt.Sprintf("<%s> has no place in <%s>", v.qualified(n.name.Local), parent.spelled()), "move it to where it belongs, or remove it")
	default:
		w.find(v.name+"-undefined-element", n.offset, fmt.Sprintf("there is no <%s>%s", v.qualified(n.name.Local), v.otherwise(n.name.Local)), "correct its name, or remove it")
	}
	return nil, nil
}

func (n *node) spelled() string { return n.vocab.qualified(n.name.Local) }

// qualified is an element's name with the usual prefix.
func (v *vocabulary) qualified(local string) string {
	if v == rss || v == atom {
		return local
	}
	return v.name + ":" + local
}

// defines says whether the vocabulary has such an element somewhere.
func (v *vocabulary) defines(local string) bool { return definitions[v][local] }

// otherwise names the element that was meant, where it is another's spelling only.
func (v *vocabulary) otherwise(local string) string {
	for name := range definitions[v] {
		if strings.EqualFold(name, local) {
			return fmt.Sprintf("; it is spelled <%s>", v.qualified(name))
		}
	}
	return ""
}

// checkNamespace warns of a namespace that nearly is a known one.
func (w *walk) checkNamespace(n *node) {
	plain := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "https://"), "http://")
		return strings.TrimRight(strings.TrimPrefix(s, "www."), "/#")
	}
	for space := range vocabularies {
		if space != "" && plain(space) == plain(n.name.Space) {
			w.find("xml-namespace", n.offset, fmt.Sprintf("<%s> is in the namespace %q, which readers do not know", n.name.Local, n.name.Space), "write "+space)
			return
		}
	}
}

// checkPrefix warns of a known namespace under another prefix than readers that look at prefixes alone expect.
func (w *walk) checkPrefix(n *node, prefix string) {
	if prefix == "" || w.prefixes[prefix] {
		return
	}
	if w.prefixes == nil {
		w.prefixes = make(map[string]bool)
	}
	w.prefixes[prefix] = true
	if prefix != n.vocab.name {
		w.find("xml-prefix", n.offset, fmt.Sprintf("the prefix of %s is %s here, and %s everywhere else", n.name.Space, prefix, n.vocab.name), "use the usual prefix: there are readers that look at nothing else")
	}
}

func (w *walk) checkAttrs(n *node) {
	for _, a := range n.attrs {
		rule, ok := n.rule.attrs[a.Name.Local]
		switch {
		case a.Name.Space == xmlNamespace:
			w.checkXMLAttr(n, a)
		case a.Name.Space != "":
			w.checkForeignAttr(n, a)
		case !ok:
			w.find(n.vocab.name+"-unexpected-attribute", n.offset, fmt.Sprintf("<%s> has no attribute %s", n.spelled(), a.Name.Local), "remove it")
		default:
			w.checkAttr(n, a.Name.Local, rule.check, a.Value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.rule.attrs)) {
		if _, ok := n.lookUp(name); !ok && n.rule.attrs[name].required {
			w.find(fmt.Sprintf("%s-%s-missing-%s", n.vocab.name, n.name.Local, name), n.offset, fmt.Sprintf("<%s> lacks the attribute %s", n.spelled(), name), "add it: "+n.rule.attrs[name].check.what)
		}
	}
}

func (w *walk) checkAttr(n *node, name string, c *check, s string) {
	w.checkValue(value{s, n, w}, c, fmt.Sprintf("%s-%s-%s-value", n.vocab.name, n.name.Local, name), fmt.Sprintf("the %s of <%s>", name, n.spelled()), n.offset)
}

func (w *walk) checkXMLAttr(n *node, a xml.Attr) {
	switch a.Name.Local {
	case "lang":
		if a.Value != "" { // RFC 4287, 2: it takes the language back
			w.checkValue(value{a.Value, n, w}, languageTag, "xml-lang-value", fmt.Sprintf("the xml:lang of <%s>", n.spelled()), n.offset)
		}
	case "base":
		n.base = true
		w.checkValue(value{a.Value, n, w}, reference, "xml-base-value", fmt.Sprintf("the xml:base of <%s>", n.spelled()), n.offset)
	}
}

// checkForeignAttr takes the attributes of RFC 4685, which stand on Atom's links; of others nothing is known.
func (w *walk) checkForeignAttr(n *node, a xml.Attr) {
	if a.Name.Space != thread.namespace {
		return
	}
	c, ok := map[string]*check{"count": nonNegative, "updated": date3339}[a.Name.Local]
	if !ok || n.vocab != atom || n.name.Local != "link" {
		w.find("thr-unexpected-attribute", n.offset, fmt.Sprintf("<%s> has no attribute thr:%s", n.spelled(), a.Name.Local), "remove it")
		return
	}
	w.checkValue(value{a.Value, n, w}, c, "thr-"+a.Name.Local+"-value", "thr:"+a.Name.Local, n.offset)
}

// checkValue reports each fault of a value. The code is of a value that is not what it should be.
func (w *walk) checkValue(v value, c *check, code, name string, offset int64) {
	for _, f := range c.test(v) {
		switch f.code {
		case "":
			w.find(code, offset, fmt.Sprintf("%s is %s, which is not %s", name, quoted(v.text), c.what), c.remedy)
		default:
			w.find(f.code, offset, fmt.Sprintf("%s %s", name, f.message), f.remedy)
		}
	}
}

// quoted is a value as a finding shows it.
func quoted(s string) string {
	const limit = 80
	if len(s) > limit {
		for s = s[:limit]; len(s) > 0 && !utf8.ValidString(s); {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return fmt.Sprintf("%q", s)
}

// Text takes text.
func (w *walk) Text(text []byte, offset int64) {
	if w.skip > 0 || w.top == nil || w.top.rule.open {
		return
	}
	n := w.top
	w.checkCharacters(n, text, offset)
	if n.rule.text == nil && !n.rule.markup {
		if trim(string(text)) != "" {
			blank := len(text) - len(strings.TrimLeft(string(text), " \t\r\n"))
			w.find(n.vocab.name+"-unexpected-text", offset+int64(blank), fmt.Sprintf("there is text in <%s>: %s", n.spelled(), quoted(trim(string(text)))), "remove it, or put it into an element")
		}
		return
	}
	if w.markup == 0 {
		n.content = append(n.content, text...)
	}
}

// checkCharacters looks for what stands for characters that were lost: in place of a byte that was not understood, and
// bytes of windows-1252 taken for Latin-1.
func (w *walk) checkCharacters(n *node, text []byte, offset int64) {
	if i := bytes.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError || r >= 0x80 && r < 0xA0 && r != 0x85 }); i >= 0 {
		r, _ := utf8.DecodeRune(text[i:])
		w.find("text-bad-character", offset, fmt.Sprintf("<%s> holds U+%04X", n.spelled(), r), "write the character that was meant, in UTF-8")
	}
}

// End takes the end of an element.
func (w *walk) End(int64) {
	switch {
	case w.skip > 0:
		w.skip--
		return
	case w.top == nil:
		return
	case w.markup > 0:
		w.markup--
		return
	}
	n := w.top
	w.top = n.parent
	w.checkChildren(n)
	if n.rule.text != nil && !(n.others && n.value() == "") {
		w.checkText(n)
	}
	if n.rule.done != nil {
		n.rule.done(w, n)
	}
	n.children = nil
}

func (w *walk) checkText(n *node) {
	s := n.value()
	if n.vocab == atom && s != string(n.content) && (n.rule.text == date3339 || n.rule.text == iri || n.rule.text == reference) {
		w.find("atom-unexpected-whitespace", n.offset, fmt.Sprintf("there is white space around the value of <%s>", n.spelled()), "remove it")
	}
	w.checkValue(value{s, n, w}, n.rule.text, fmt.Sprintf("%s-%s-value", n.vocab.name, n.name.Local), fmt.Sprintf("<%s>", n.spelled()), n.offset)
}

// checkChildren counts the elements that an element holds: those of its own vocabulary, and those of others.
func (w *walk) checkChildren(n *node) {
	counts := make(map[*vocabulary]map[string]int)
	for _, c := range n.children {
		if counts[c.vocab] == nil {
			counts[c.vocab] = make(map[string]int)
		}
		counts[c.vocab][c.name.Local]++
		held := c.vocab.children[n.rule.kind]
		if c.vocab == n.vocab && n.rule.children != nil {
			held = n.rule.children
		}
		if rule := held[c.name.Local]; rule.max > 0 && counts[c.vocab][c.name.Local] == rule.max+1 {
			w.find(c.vocab.name+"-repeated-"+c.name.Local, c.offset, fmt.Sprintf("<%s> stands in <%s> twice", c.spelled(), n.spelled()), "keep one of them")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(n.rule.children)) {
		if n.rule.children[name].min > 0 && counts[n.vocab][name] == 0 {
			w.find(n.vocab.name+"-missing-"+name, n.offset, fmt.Sprintf("<%s> lacks <%s>", n.spelled(), n.vocab.qualified(name)), "add it")
		}
	}
}
