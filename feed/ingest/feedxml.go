package ingest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"feedpub/feed"
)

// The roots of feeds, by their local names in lower case.
const (
	rssRoot  = "rss"
	rdfRoot  = "rdf"
	atomRoot = "feed"
)

// An xmlFeed is an XML document that is well-formed and a feed by its root, parted into items. Each is read as a small
// document of its own, in the elements that it stands in, so that no more than one is in memory beside the bytes.
type xmlFeed struct {
	text      []byte // in UTF-8
	root      string
	wordPress bool
	open      []string // start tags of the root and the channel
	rest      []byte   // the document without its items
	items     []span
}

// A span is where an item stands.
type span struct {
	from, to int64
	inside   int // of how many elements
	line     int
}

// scanXML reads the document once, as strictly as F1 wants it, and finds its items. The warning tells what had to be
// taken out before.
func scanXML(raw []byte) (doc *xmlFeed, warning string, err error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, "", errors.New("empty")
	}
	text, err := feed.DecodeXML(raw)
	if err != nil {
		return nil, "", err
	}
	if isWordPress(text) { // which writes whatever its database holds
		if stripped := bytes.Map(withoutControls, text); len(stripped) < len(text) {
			text, warning = stripped, fmt.Sprintf("the file held %d bytes of control characters, which XML does not have; left out", len(text)-len(stripped))
		}
	}
	s := xmlScan{xmlFeed: xmlFeed{text: text}, decoder: xml.NewDecoder(bytes.NewReader(text))}
	s.decoder.Entity = xml.HTMLEntity
	for {
		start := s.decoder.InputOffset()
		token, err := s.decoder.Token()
		if err == nil {
			err = s.token(token, start)
		}
		switch {
		case errors.Is(err, io.EOF) && s.root != "":
			s.rest = append(s.rest, text[s.kept:]...)
			return &s.xmlFeed, warning, nil
		case err != nil:
			return nil, "", s.problem(err)
		}
	}
}

func withoutControls(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
		return -1
	}
	return r
}

type xmlScan struct {
	xmlFeed
	decoder *xml.Decoder
	depth   int
	channel bool // the second element within the others is a channel
	item    span // the one that is open, its line 0 where none is
	kept    int64
}

func (s *xmlScan) problem(err error) error {
	line, _ := s.decoder.InputPos()
	reason := err.Error()
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errNoFeed):
		return err
	case errors.As(err, &syntax):
		line, reason = syntax.Line, syntax.Msg
	case errors.Is(err, io.EOF):
		return errNoFeed
	}
	switch reason {
	case "unexpected EOF":
		reason += "; the file is cut short"
	case "invalid UTF-8":
		if i := invalidUTF8(s.text); i >= 0 {
			reason = errNotUTF8(s.text[i], i).Error()
		}
	}
	return &Problem{Line: line, Reason: "XML: " + reason}
}

var errNoFeed = errors.New("neither a feed (RSS, Atom, JSON Feed) nor a WordPress export")

func (s *xmlScan) token(token xml.Token, start int64) error {
	switch t := token.(type) {
	case xml.StartElement:
		return s.startElement(t, start)
	case xml.EndElement:
		s.endElement()
	case xml.CharData:
		if s.depth == 0 && len(bytes.TrimSpace(t)) > 0 {
			if s.root == "" {
				return errNoFeed
			}
			return errors.New("text follows the end of the document")
		}
	case xml.Directive:
		return checkDirective(t)
	case xml.ProcInst:
		if t.Target == "xml" && start > 0 {
			return errors.New("the declaration <?xml does not begin the file; remove what stands before it")
		}
	}
	return nil
}

// checkDirective refuses whatever declares an entity: those are how a small document becomes a huge one, or reads
// other files. What a DOCTYPE names is not fetched.
func checkDirective(t xml.Directive) error {
	upper := bytes.ToUpper(t)
	switch {
	case bytes.Contains(upper, []byte("<!ENTITY")) || bytes.HasPrefix(upper, []byte("ENTITY")):
		return errors.New("there is an ENTITY declaration in the DOCTYPE, which feeds have no need of")
	case bytes.HasPrefix(upper, []byte("DOCTYPE HTML")):
		return fmt.Errorf("an HTML page: %w", errNoFeed)
	}
	return nil
}

func (s *xmlScan) startElement(t xml.StartElement, start int64) error {
	if s.depth++; s.depth > maxNesting {
		return fmt.Errorf("nested deeper than %d", maxNesting)
	}
	if twice := repeated(t.Attr); twice != "" {
		return fmt.Errorf("<%s> has the attribute %s twice", t.Name.Local, twice)
	}
	local := strings.ToLower(t.Name.Local)
	tag := string(s.text[start:s.decoder.InputOffset()])
	switch {
	case s.depth == 1 && s.root != "":
		return errors.New("a second document follows the end of the first")
	case s.depth == 1:
		if !isFeedRoot(t) {
			return fmt.Errorf("<%.40s>: %w", t.Name.Local, errNoFeed)
		}
		s.root, s.open = local, []string{tag}
		s.wordPress = local == rssRoot && hasAttr(t, wordPressExport)
	case s.depth == 2:
		s.channel = local == "channel"
		if s.channel && len(s.open) == 1 {
			s.open = append(s.open, tag)
		}
	}
	if s.item.line == 0 && s.isItem(local) {
		line, _ := s.decoder.InputPos()
		s.item = span{from: start, inside: s.depth - 1, line: line - strings.Count(tag, "\n")}
	}
	return nil
}

// isItem says whether an element is an item where it stands: in a channel, or beside it in RSS 0.9 and 1.0.
func (s *xmlScan) isItem(local string) bool {
	switch s.root {
	case atomRoot:
		return s.depth == 2 && local == "entry"
	default:
		return local == "item" && (s.depth == 2 || s.depth == 3 && s.channel)
	}
}

func (s *xmlScan) endElement() {
	if s.item.line > 0 && s.depth == s.item.inside+1 {
		s.item.to = s.decoder.InputOffset()
		s.items = append(s.items, s.item)
		s.rest = append(s.rest, s.text[s.kept:s.item.from]...)
		s.kept, s.item = s.item.to, span{}
	}
	s.depth--
}

// repeated is the name of an attribute that stands twice, which encoding/xml lets pass.
func repeated(attrs []xml.Attr) string {
	if len(attrs) < 2 {
		return ""
	}
	seen := make(map[xml.Name]bool, len(attrs))
	for _, a := range attrs {
		if seen[a.Name] {
			return a.Name.Local
		}
		seen[a.Name] = true
	}
	return ""
}

// isFeedRoot says whether a document with this root is a feed: RDF holds much else, too.
func isFeedRoot(t xml.StartElement) bool {
	switch strings.ToLower(t.Name.Local) {
	case rssRoot:
		return true
	case atomRoot:
		return t.Name.Space == "" || strings.Contains(t.Name.Space, "/Atom") || strings.Contains(t.Name.Space, "purl.org/atom")
	case rdfRoot:
		return hasAttr(t, "http://purl.org/rss/") || hasAttr(t, "netscape.com/rdf/")
	}
	return false
}

func hasAttr(t xml.StartElement, part string) bool {
	for _, a := range t.Attr {
		if strings.Contains(a.Value, part) {
			return true
		}
	}
	return false
}

// isForeignXML says that a file begins as XML of some other kind does: a sitemap, a configuration.
func isForeignXML(start []byte) bool {
	text, err := feed.DecodeXML(start)
	if err != nil {
		return false // an encoding that is not known is told of
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	for {
		token, err := d.RawToken()
		if err != nil {
			return false
		}
		if t, ok := token.(xml.StartElement); ok {
			local := strings.ToLower(t.Name.Local)
			return local != rssRoot && local != atomRoot && (local != rdfRoot || !isFeedRoot(t))
		}
	}
}

// document is the document with one item in it.
func (doc *xmlFeed) document(item span) []byte {
	var b bytes.Buffer
	open := doc.open[:min(item.inside, len(doc.open))]
	for _, tag := range open {
		b.WriteString(tag)
	}
	b.Write(doc.text[item.from:item.to])
	for i := range open {
		b.WriteString("</" + tagName(open[len(open)-1-i]) + ">")
	}
	return b.Bytes()
}

// tagName is the name in a start tag, as written.
func tagName(tag string) string {
	name := strings.TrimPrefix(tag, "<")
	if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	return name
}

// raw are the bytes of an item.
func (doc *xmlFeed) raw(item span) []byte { return doc.text[item.from:item.to] }
