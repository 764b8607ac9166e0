package strict

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"unicode/utf8"

	"feedpub/feed/internal/pattern"
)

// Declaration is the XML declaration (https://www.w3.org/TR/xml/#NT-XMLDecl), which only ever stands first.
var Declaration = pattern.New(`^<\?xml\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>`)

// XMLOptions say how deep a document may nest, and who else sees its tokens.
type XMLOptions struct {
	MaxDepth int
	Visitor  Visitor // may be nil
	Entities bool    // whether the document may declare entities, which are then expanded where they are plain text
}

// A Visitor is handed the elements and the text of a document in their order, as far as it could be read. Names have
// their namespace in Space; offsets are where a token begins, in bytes.
type Visitor interface {
	Start(name xml.Name, prefix string, attrs []xml.Attr, offset int64)
	End(offset int64)
	Text(text []byte, offset int64)
}

// XML walks an XML document in UTF-8, looking for what encoding/xml accepts though no XML processor may: attributes
// twice, undeclared prefixes, a second root, a misplaced declaration. It stops at the first token that cannot be read.
func XML(doc []byte, o XMLOptions) []Problem {
	skimmer, d := NewSkimmer(doc)
	d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("the declared encoding is %s, not UTF-8", label)
	}
	x := &xmlPass{pass: pass{doc: doc, maxDepth: o.MaxDepth, entry: -1}, skimmer: skimmer, decoder: d, visitor: o.Visitor, entities: o.Entities}
	for !x.full() && x.token() {
	}
	return x.problems
}

type xmlPass struct {
	pass
	skimmer  *Skimmer
	decoder  *xml.Decoder
	visitor  Visitor
	entities bool
	open     []element
	root     bool // there was one
	closed   bool // the last token was a tag that is an element by itself: the next one ends it
}

type element struct {
	name     xml.Name          // as written: Space is the prefix
	prefixes map[string]string // "" is the default namespace
}

// token takes the next token and says whether to go on.
func (x *xmlPass) token() bool {
	if x.visitor == nil && len(x.open) > 0 && !x.closed { // nobody wants the text
		x.skimmer.SkipText(x.decoder)
	}
	start := x.skimmer.Offset(x.decoder)
	t, err := x.decoder.RawToken()
	if err != nil {
		x.end(err)
		return false
	}
	raw := x.doc[start:x.skimmer.Offset(x.decoder)]
	x.closed = false
	switch t := t.(type) {
	case xml.StartElement:
		x.closed = bytes.HasSuffix(raw, []byte("/>"))
		return x.startElement(t, raw, start)
	case xml.EndElement:
		return x.endElement(t, start)
	case xml.CharData:
		x.charData(t, raw, start)
	case xml.ProcInst:
		x.procInst(t, raw, start)
	case xml.Directive:
		x.directive(t)
	case xml.Comment:
		x.chars("comment", t)
	}
	return true
}

func (x *xmlPass) problem(format string, args ...any) {
	x.report(x.skimmer.Line(x.decoder), fmt.Sprintf(format, args...))
}

func (x *xmlPass) end(err error) {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF) && len(x.open) > 0:
		x.problem("the document ends within <%s>", qualified(x.open[len(x.open)-1].name))
	case errors.Is(err, io.EOF):
		if !x.root {
			x.problem("there is no element")
		}
	case errors.As(err, &syntax):
		x.report(syntax.Line+x.skimmer.lines, syntax.Msg)
	default:
		x.problem("%v", err)
	}
}

func (x *xmlPass) startElement(t xml.StartElement, raw []byte, start int64) bool {
	if len(x.open) == 0 {
		if x.root {
			x.problem("<%s> is a second root", qualified(t.Name))
		}
		x.root = true
	}
	x.open = append(x.open, element{name: t.Name, prefixes: declaredPrefixes(t.Attr)})
	if x.atEntry() {
		x.enterEntry()
	}
	if len(x.open) > x.maxDepth {
		x.problem("%s", x.tooDeep())
		return false
	}
	if strings.Contains(t.Name.Local, ":") {
		x.problem("<%s> is no name", qualified(t.Name))
	}
	if p := t.Name.Space; p != "" && x.namespace(p) == "" {
		x.problem("the prefix of <%s> is not declared", qualified(t.Name))
	}
	x.attributes(t, raw)
	if !spacedAttributes(raw) {
		x.problem("the attributes of <%s> are not parted by white space", qualified(t.Name))
	}
	if x.visitor != nil {
		x.visit(t, start)
	}
	return true
}

// visit hands on an element with its names resolved, and without declarations of namespaces.
func (x *xmlPass) visit(t xml.StartElement, start int64) {
	attrs := make([]xml.Attr, 0, len(t.Attr))
	for _, a := range t.Attr {
		switch {
		case a.Name.Space == "xmlns", a.Name.Space == "" && a.Name.Local == "xmlns":
			continue
		case a.Name.Space != "":
			a.Name.Space = x.namespace(a.Name.Space)
		}
		attrs = append(attrs, a)
	}
	x.visitor.Start(xml.Name{Space: x.namespace(t.Name.Space), Local: t.Name.Local}, t.Name.Space, attrs, start)
}

// atEntry says whether the innermost open element is an RSS item or an Atom entry.
func (x *xmlPass) atEntry() bool {
	switch len(x.open) {
	case 2:
		return x.open[1].name.Local == "entry"
	case 3:
		return x.open[1].name.Local == "channel" && x.open[2].name.Local == "item"
	}
	return false
}

func (x *xmlPass) attributes(t xml.StartElement, raw []byte) {
	seen := make(map[xml.Name]bool, len(t.Attr))
	for _, a := range t.Attr {
		name := a.Name
		switch {
		case name.Space == "xmlns":
			if a.Value == "" {
				x.problem("the prefix %s is declared as nothing", name.Local)
			}
		case name.Space != "":
			uri := x.namespace(name.Space)
			if uri == "" {
				x.problem("the prefix of the attribute %s is not declared", qualified(name))
				uri = name.Space
			}
			name.Space = uri // two prefixes may stand for one namespace
		}
		if seen[name] {
			x.problem("<%s> has the attribute %s twice", qualified(t.Name), qualified(a.Name))
		}
		seen[name] = true
		x.replacement(a.Value, raw)
	}
}

func (x *xmlPass) endElement(t xml.EndElement, start int64) bool {
	if len(x.open) == 0 {
		x.problem("</%s> ends nothing", qualified(t.Name))
		return false
	}
	if last := x.open[len(x.open)-1].name; last != t.Name {
		x.problem("<%s> is ended by </%s>", qualified(last), qualified(t.Name))
		return false
	}
	if x.atEntry() {
		defer func() { x.entry = -1 }()
	}
	x.open = x.open[:len(x.open)-1]
	if x.visitor != nil {
		x.visitor.End(start)
	}
	return true
}

func (x *xmlPass) charData(t xml.CharData, raw []byte, start int64) {
	if len(x.open) == 0 && len(bytes.Trim(raw, " \t\r\n")) > 0 {
		x.problem("there is text outside the root")
	}
	x.replacement(string(t), raw)
	if x.visitor != nil && len(x.open) > 0 {
		x.visitor.Text(t, start)
	}
}

// replacement looks for U+FFFD, which stands for a character that is lost; encoding/xml makes one of a reference to
// half a surrogate pair, which is ill-formed. Raw is the token as it stands in the document.
func (x *xmlPass) replacement(s string, raw []byte) {
	if strings.ContainsRune(s, utf8.RuneError) {
		x.problem("there is a U+FFFD, which stands for a character that is lost")
		x.problems[len(x.problems)-1].Lost = bytes.Contains(raw, []byte("\ufffd"))
	}
}

func (x *xmlPass) procInst(t xml.ProcInst, raw []byte, start int64) {
	switch {
	case !strings.EqualFold(t.Target, "xml"):
		x.chars("processing instruction", t.Inst)
	case start > 0:
		x.problem("there is an XML declaration that does not stand first")
	case !Declaration.Match(raw):
		x.problem("the XML declaration is malformed")
	}
}

func (x *xmlPass) directive(t xml.Directive) {
	switch {
	case !bytes.HasPrefix(t, []byte("DOCTYPE")):
		x.problem("<!%.20s is no declaration", t)
	case x.root:
		x.problem("there is a DOCTYPE that does not stand before the root")
	case x.entities:
		x.decoder.Entity = declaredEntities(t)
	case bytes.Contains(t, []byte("<!ENTITY")):
		x.problem("there is an ENTITY declaration")
	}
	x.chars("declaration", t)
}

// entityDeclaration is an internal entity of plain text; what has markup or references in it is more than we expand.
var entityDeclaration = pattern.New(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"<&%]*)"|'([^'<&%]*)')\s*>`)

// declaredEntities are those that a DOCTYPE declares itself. That of RSS 0.91 declares HTML's.
func declaredEntities(doctype []byte) map[string]string {
	entities := make(map[string]string)
	if bytes.Contains(doctype, []byte("//DTD RSS 0.91//")) {
		maps.Copy(entities, xml.HTMLEntity)
	}
	for _, m := range entityDeclaration.FindAllStringSubmatch(string(doctype), -1) {
		entities[m[1]] = m[2] + m[3]
	}
	return entities
}

// chars looks at what encoding/xml does not: characters of comments and instructions.
func (x *xmlPass) chars(where string, b []byte) {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			x.problem("there is a character in a %s that XML does not have", where)
			return
		}
		b = b[size:]
	}
}

// namespace is what the prefix stands for here, empty when it is not declared.
func (x *xmlPass) namespace(prefix string) string {
	if prefix == "xml" {
		return "http://www.w3.org/XML/1998/namespace"
	}
	for i := len(x.open) - 1; i >= 0; i-- {
		if uri, ok := x.open[i].prefixes[prefix]; ok {
			return uri
		}
	}
	return ""
}

func declaredPrefixes(attrs []xml.Attr) map[string]string {
	var prefixes map[string]string
	for _, a := range attrs {
		prefix := a.Name.Local
		switch {
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			prefix = ""
		case a.Name.Space != "xmlns":
			continue
		}
		if prefixes == nil {
			prefixes = make(map[string]string)
		}
		prefixes[prefix] = a.Value
	}
	return prefixes
}

// spacedAttributes looks at a start tag as written: after a value's closing quote stands white space or the end.
func spacedAttributes(tag []byte) bool {
	var quote byte
	for i, c := range tag {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
			if i+1 < len(tag) && bytes.IndexByte([]byte(" \t\r\n/>"), tag[i+1]) < 0 {
				return false
			}
		}
	}
	return true
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}
