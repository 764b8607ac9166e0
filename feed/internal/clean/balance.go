package clean

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of HTML. Nobody writes what goes beyond them; what is nested deeper loses its tags and keeps its text.
const (
	maxElements   = 100_000
	maxDepth      = 150      // the parser refuses 512, and may put two elements around a row of a table
	maxAttributes = 50       // of one element; fewer have a meaning here
	maxAttribute  = 64 << 10 // bytes of an attribute; a longer one is left out
	maxBalanced   = 16 << 20 // bytes, as many as an article may have at last
)

var errOutput = fmt.Errorf("too large: more than %d bytes of HTML", maxBalanced)

var errElements = fmt.Errorf("more than %d HTML elements, or so many that are never closed", maxElements)

// balance writes source with its elements closed where they end, and without those whose content is no text. The
// parser mends the same things as browsers do, but in the square of the number of elements left open, or worse; what
// is balanced it reads in linear time. Where a browser would carry bold or a link into the next paragraph, so does this.
func balance(source string) (string, error) {
	b := balancer{tokens: html.NewTokenizer(strings.NewReader(source))}
	b.out.Grow(len(source))
	for b.elements <= maxElements && b.out.Len()+b.growth <= maxBalanced {
		switch kind := b.tokens.Next(); kind {
		case html.ErrorToken:
			if b.closeTo(0); b.out.Len()+b.growth > maxBalanced {
				return "", errOutput
			}
			return b.out.String(), nil
		case html.TextToken:
			b.text(string(b.tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			b.elements++
			name, more := b.tokens.TagName()
			b.start(atom.Lookup(name), more, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := b.tokens.TagName()
			b.end(atom.Lookup(name))
		}
	}
	if b.elements <= maxElements {
		return "", errOutput
	}
	return "", errElements
}

// An element is open, or left and to be opened again.
type element struct {
	name atom.Atom
	tag  string // that opens it
}

type balancer struct {
	tokens   *html.Tokenizer
	out      strings.Builder
	open     []element // outermost first
	left     []element // closed before their end, to be opened again where there is text
	elements int       // written
	growth   int       // bytes that quotes have more as the references they become at last
}

// start takes the start tag that the tokenizer has come to.
func (b *balancer) start(name atom.Atom, attributes, selfClosing bool) {
	foreign := name == atom.Svg || name == atom.Math
	switch {
	case skipped[name]:
		if !foreign || !selfClosing {
			b.skip(name, foreign)
		}
	case name == atom.Image: // as browsers read it
		b.enter(b.element(atom.Img, attributes))
	case written[name]:
		e := b.element(name, attributes)
		if name == atom.A && !strings.Contains(e.tag, ` href="`) && !strings.Contains(e.tag, ` title="`) {
			return // an anchor is seldom closed, and nothing of it is kept
		}
		b.enter(e)
	}
}

// element is the element whose start tag the tokenizer has come to, with the attributes that are left to read.
func (b *balancer) element(name atom.Atom, more bool) element {
	t := html.Token{Type: html.StartTagToken, DataAtom: name, Data: name.String()}
	for more && len(t.Attr) < maxAttributes {
		var key, value []byte
		key, value, more = b.tokens.TagAttr()
		if len(value) <= maxAttribute {
			t.Attr = append(t.Attr, html.Attribute{Key: string(key), Val: string(value)})
		}
	}
	return element{name, t.String()}
}

// enter opens an element where it may stand.
func (b *balancer) enter(e element) {
	switch {
	case tablePart[e.name]:
		if b.makeRoom(e.name) {
			b.write(e)
		}
		return
	case e.name == atom.Table && b.inTable():
		b.end(atom.Table)
	}
	b.needCell()
	b.closeImplied(e.name)
	last := len(b.left)
	for block[e.name] && last > 0 && !block[b.left[last-1].name] {
		last-- // bold goes on inside a block, not around it
	}
	b.reopen(last)
	b.write(e)
}

func (b *balancer) text(s string) {
	if strings.Trim(s, " \t\r\n\f") != "" {
		b.needCell()
		b.reopen(len(b.left))
	}
	_, _ = textEscaper.WriteString(&b.out, s)
	b.growth += (strings.Count(s, "'") + strings.Count(s, `"`)) * (len("&#39;") - 1)
}

// textEscaper leaves quotes, which may stand in text: as references they would make five bytes of one, to be read again.
var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// write opens an element, unless it is too deep.
func (b *balancer) write(t element) {
	if void[t.name] {
		b.out.WriteString(t.tag)
	} else if len(b.open) < maxDepth {
		b.out.WriteString(t.tag)
		b.open = append(b.open, t)
	}
}

// end takes the end tag of an element. One that is not open is left out.
func (b *balancer) end(name atom.Atom) {
	if name == atom.Br {
		b.enter(element{name, "<br>"})
		return
	}
	for i := len(b.left) - 1; i >= 0; i-- {
		if b.left[i].name == name {
			b.left = slices.Delete(b.left, i, i+1)
			return
		}
	}
	if i := b.find(name); i >= 0 {
		above := b.closeTo(i)
		b.leave(above[1:], formatting[name])
		if tablePart[name] || name == atom.Table {
			b.left = nil
		}
	}
}

// find is where the element stands that an end tag closes, or -1. None closes what is around a cell or a table, and
// those that only mark words none that is around a block.
func (b *balancer) find(name atom.Atom) int {
	for i := len(b.open) - 1; i >= 0; i-- {
		switch at := b.open[i].name; {
		case at == name || heading[at] && heading[name]:
			return i
		case at == atom.Table, cell[at] && !tablePart[name] && name != atom.Table:
			return -1
		case block[at] && !block[name] && !formatting[name] && !tablePart[name]:
			return -1
		}
	}
	return -1
}

// closeTo closes the open elements from the i-th on, and gives them.
func (b *balancer) closeTo(i int) []element {
	above := slices.Clone(b.open[i:])
	for _, e := range slices.Backward(above) {
		b.out.WriteString("</" + e.name.String() + ">")
	}
	b.open = b.open[:i]
	return above
}

// leave notes what is to be opened again, each once: bold in bold says nothing.
func (b *balancer) leave(closed []element, blocks bool) {
	for _, e := range closed {
		if (formatting[e.name] || blocks && block[e.name]) && len(b.left) < maxDepth && !slices.Contains(b.left, e) {
			b.left = append(b.left, e)
		}
	}
}

// reopen opens the first n elements again that were left.
func (b *balancer) reopen(n int) {
	for _, e := range b.left[:n] {
		b.elements++
		b.write(e)
	}
	b.left = slices.Delete(b.left, 0, n)
}

// closeImplied closes what the beginning of an element ends: a paragraph ends where a block begins, a link in a link.
func (b *balancer) closeImplied(name atom.Atom) {
	if block[name] {
		b.left = slices.DeleteFunc(b.left, func(e element) bool { return e.name == atom.P })
		b.closeWithin(func(at atom.Atom) bool { return at == atom.P }, func(atom.Atom) bool { return false })
	}
	inItem := func(at atom.Atom) bool {
		return block[at] && at != atom.P && at != atom.Div && at != atom.Address
	}
	switch name {
	case atom.Li:
		b.closeWithin(func(at atom.Atom) bool { return at == atom.Li }, inItem)
	case atom.Dd, atom.Dt:
		b.closeWithin(func(at atom.Atom) bool { return at == atom.Dd || at == atom.Dt }, inItem)
	case atom.A:
		b.left = slices.DeleteFunc(b.left, func(e element) bool { return e.name == atom.A })
		b.end(atom.A)
	case atom.Rb, atom.Rt, atom.Rp:
		if n := len(b.open); n > 0 && (b.open[n-1].name == atom.Rb || b.open[n-1].name == atom.Rt || b.open[n-1].name == atom.Rp) {
			b.closeTo(n - 1)
		}
	}
}

// closeWithin closes the innermost element that is wanted, unless a cell, a table or what bounds it is nearer.
func (b *balancer) closeWithin(wanted, bounds func(atom.Atom) bool) {
	for i := len(b.open) - 1; i >= 0; i-- {
		switch at := b.open[i].name; {
		case wanted(at):
			b.leave(b.closeTo(i)[1:], false)
			return
		case at == atom.Table, cell[at], bounds(at):
			return
		}
	}
}

// inTable says that the innermost element is a table or a part of one that holds cells, and no text.
func (b *balancer) inTable() bool {
	if len(b.open) == 0 {
		return false
	}
	top := b.open[len(b.open)-1].name
	return top == atom.Table || tablePart[top] && !cell[top]
}

// makeRoom closes what a part of a table cannot stand in. Outside tables there are none.
func (b *balancer) makeRoom(part atom.Atom) bool {
	for i := len(b.open) - 1; i >= 0; i-- {
		if at := b.open[i].name; at == atom.Table || holds(at, part) {
			b.closeTo(i + 1)
			b.left = nil
			return true
		}
	}
	return false
}

// holds says that a part of a table may hold another.
func holds(outer, part atom.Atom) bool {
	switch part {
	case atom.Td, atom.Th:
		return outer == atom.Tr || outer == atom.Tbody || outer == atom.Thead || outer == atom.Tfoot
	case atom.Tr:
		return outer == atom.Tbody || outer == atom.Thead || outer == atom.Tfoot
	case atom.Col:
		return outer == atom.Colgroup
	}
	return false
}

// needCell opens a cell where text or an element stands in a table but in none. Browsers put it above the table.
func (b *balancer) needCell() {
	if !b.inTable() {
		return
	}
	if b.open[len(b.open)-1].name != atom.Tr {
		b.makeRoom(atom.Tr)
		b.write(element{atom.Tr, "<tr>"})
	}
	b.write(element{atom.Td, "<td>"})
}

// skip passes over an element whose content is no text of the article. Foreign content ends too where HTML begins, as
// browsers have it, so that a forgotten end does not take the rest of the article with it.
func (b *balancer) skip(name atom.Atom, foreign bool) {
	depth, inner := 1, 0 // inner: HTML within foreign content
	for depth > 0 {
		kind := b.tokens.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind != html.StartTagToken && kind != html.EndTagToken {
			continue
		}
		tag, attributes := b.tokens.TagName()
		at, step := atom.Lookup(tag), depthStep(kind)
		switch {
		case at == name:
			depth += step
		case at == atom.Foreignobject || at == atom.Desc || at == atom.AnnotationXml:
			inner = max(0, inner+step)
		case foreign && inner == 0 && block[at] && kind == html.StartTagToken:
			b.start(at, attributes, false)
			return
		case foreign && inner == 0 && at == atom.P:
			b.end(at)
			return
		}
	}
}

// What balance knows of elements. What is not written loses its tags, and is dropped with its content where that is
// skipped.
var (
	void       = set("br hr img wbr col source track")
	formatting = set("a b code em i s small strong u") // goes on in the next paragraph unless it is closed
	heading    = set("h1 h2 h3 h4 h5 h6")
	cell       = set("td th caption")
	tablePart  = set("td th caption colgroup col thead tbody tfoot tr")
	block      = set("p div h1 h2 h3 h4 h5 h6 hr ul ol li dl dt dd blockquote pre figure figcaption details summary section " +
		"article aside header footer address table center dir fieldset hgroup main menu nav search")
	skipped = set("script style iframe noembed noframes noscript object svg math select textarea button template title canvas applet")
	written = set(strings.Join(keptElements, " ") + " a img source track center dir fieldset hgroup main menu nav search")
)

func set(names string) map[atom.Atom]bool {
	is := map[atom.Atom]bool{}
	for name := range strings.FieldsSeq(names) {
		is[atom.Lookup([]byte(name))] = true
	}
	return is
}
