package clean

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"feedpub/feed/internal/pattern"
)

// Most articles are Markdown without HTML of its author's, and what becomes of it is of few elements, closed where they
// end. Such HTML is recognised here and needs no parser: that takes a tenth of the time. Whatever is not just so goes
// the whole way.

// plain is what HTML makes of source, where source consists of nothing but paragraphs, headings, lists, quotes, code,
// links, pictures and words that are marked; ok is false for any other.
func plain(source string, base *url.URL) (result string, ok bool) {
	if !utf8.ValidString(source) || !isClean(source) || strings.Contains(source, lost) {
		return "", false
	}
	s := plainScanner{rest: source, base: base}
	s.out.Grow(len(source) + len(source)/8)
	for s.rest != "" {
		if !s.text() || s.rest != "" && !s.tag() {
			return "", false
		}
	}
	return strings.TrimSpace(s.out.String()), len(s.open) == 0
}

type plainScanner struct {
	rest string
	base *url.URL
	out  strings.Builder
	open []string // names of elements, outermost first
	tags int
}

// References as Markdown writes them, and as they are written at last.
var plainReferences = []struct{ from, to string }{
	{"&amp;", "&amp;"}, {"&lt;", "&lt;"}, {"&gt;", "&gt;"}, {"&quot;", "&#34;"}, {"&#34;", "&#34;"}, {"&#39;", "&#39;"},
}

// text passes over what stands before the next tag.
func (s *plainScanner) text() bool {
	for s.rest != "" {
		n := strings.IndexAny(s.rest, `<>&"'`)
		if n < 0 {
			n = len(s.rest)
		}
		if s.inList() && strings.Trim(s.rest[:n], " \n\t") != "" {
			return false
		}
		s.out.WriteString(s.rest[:n])
		if s.rest = s.rest[n:]; s.rest == "" || s.rest[0] == '<' {
			return true
		}
		if s.inList() || !s.character() {
			return false
		}
	}
	return true
}

// character passes over one that is written as a reference.
func (s *plainScanner) character() bool {
	switch s.rest[0] {
	case '>':
		s.out.WriteString("&gt;")
	case '"':
		s.out.WriteString("&#34;")
	case '\'':
		s.out.WriteString("&#39;")
	default:
		for _, r := range plainReferences {
			if strings.HasPrefix(s.rest, r.from) {
				s.out.WriteString(r.to)
				s.rest = s.rest[len(r.from):]
				return true
			}
		}
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// plainComment says nothing; generators cut summaries at it.
const plainComment = "<!--more-->"

// tag passes over a tag.
func (s *plainScanner) tag() bool {
	if rest, is := strings.CutPrefix(s.rest, plainComment); is {
		s.rest = rest
		return true
	}
	end := strings.IndexByte(s.rest, '>')
	if end < 0 {
		return false
	}
	inner := s.rest[1:end]
	s.rest = s.rest[end+1:]
	if name, closes := strings.CutPrefix(inner, "/"); closes {
		return s.end(name)
	}
	name, attributes, _ := strings.Cut(inner, " ")
	kind := plainElements[name]
	if s.tags++; kind == notPlain || s.tags > maxElements || !s.fits(name, kind) {
		return false
	}
	s.out.WriteString("<" + name)
	if kind == plainVoid {
		attributes = strings.TrimRight(strings.TrimSuffix(attributes, "/"), " ")
	}
	if !s.attributes(name, attributes) {
		return false
	}
	if kind == plainVoid {
		s.out.WriteString("/>")
		return true
	}
	s.out.WriteByte('>')
	s.open = append(s.open, name)
	return name != "pre" || strings.HasPrefix(s.rest, "<code") // a line end right after it would be lost
}

func (s *plainScanner) end(name string) bool {
	n := len(s.open) - 1
	if n < 0 || s.open[n] != name {
		return false
	}
	s.open = s.open[:n]
	s.out.WriteString("</" + name + ">")
	return true
}

type plainKind int

const (
	notPlain  plainKind = iota
	plainVoid           // has no content and stands in text, but for hr
	plainText           // holds text
	plainMark           // holds text and stands in it
	plainHold           // holds blocks
)

var plainElements = map[string]plainKind{
	"br": plainVoid, "hr": plainVoid, "img": plainVoid,
	"p": plainText, "h1": plainText, "h2": plainText, "h3": plainText, "h4": plainText, "h5": plainText, "h6": plainText, "pre": plainText,
	"em": plainMark, "strong": plainMark, "code": plainMark, "del": plainMark, "a": plainMark,
	"ul": plainHold, "ol": plainHold, "li": plainHold, "blockquote": plainHold,
}

// fits says that an element may begin here, without anything else having to end.
func (s *plainScanner) fits(name string, kind plainKind) bool {
	switch {
	case len(s.open) >= maxDepth/2:
		return false
	case name == "li":
		return s.inList()
	case s.inList():
		return false
	case kind == plainMark:
		return !slices.Contains(s.open, name)
	case kind == plainVoid && name != "hr":
		return true
	}
	return !slices.ContainsFunc(s.open, func(open string) bool { return plainElements[open] != plainHold })
}

// inList says that nothing but items may come.
func (s *plainScanner) inList() bool {
	n := len(s.open)
	return n > 0 && (s.open[n-1] == "ul" || s.open[n-1] == "ol")
}

var (
	plainURL    = pattern.New(`^https?://[a-z0-9.-]+(:[0-9]+)?/([A-Za-z0-9._~/-]|%[0-9A-F]{2})*(\?[A-Za-z0-9._~=&-]+)?(#[A-Za-z0-9._~-]+)?$`)
	plainValues = map[string]*pattern.Pattern{
		"id":    pattern.New(`^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$`),
		"class": pattern.New(`^language-[A-Za-z0-9_+#.-]+$`),
		"start": pattern.New(`^[0-9]{1,9}$`),
	}
)

// attributes passes over those of an element, which must be among its own, each once.
func (s *plainScanner) attributes(name, attributes string) bool {
	seen := ""
	for attributes != "" {
		key, written, rest, ok := cutAttribute(attributes)
		if !ok || strings.Contains(seen, key+" ") || len(written) > maxURL {
			return false
		}
		attributes, seen = rest, seen+key+" "
		value, ok := s.attribute(name, key, written)
		if !ok {
			return false
		}
		s.out.WriteString(" " + key + `="` + value + `"`)
	}
	return (name != "a" || strings.Contains(seen, "href ")) && (name != "img" || strings.Contains(seen, "src "))
}

// cutAttribute cuts the attribute off that text begins with, after a space perhaps.
func cutAttribute(text string) (name, value, rest string, ok bool) {
	text = strings.TrimPrefix(text, " ")
	after := strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz")
	name = text[:len(text)-len(after)]
	quoted, found := strings.CutPrefix(after, `="`)
	end := strings.IndexAny(quoted, `"<>`)
	if name == "" || !found || end < 0 || quoted[end] != '"' {
		return "", "", "", false
	}
	return name, quoted[:end], quoted[end+1:], true
}

func (s *plainScanner) attribute(element, name, value string) (string, bool) {
	switch element + " " + name {
	case "a href", "img src":
		ref := strings.ReplaceAll(value, "&amp;", "&")
		if strings.Count(value, "&") != strings.Count(value, "&amp;") || strings.TrimSpace(ref) == "" {
			return "", false
		}
		absolute, ok := webURL(ref, s.base)
		return strings.ReplaceAll(absolute, "&", "&amp;"), ok && plainURL.MatchString(absolute)
	case "a title", "img title", "img alt":
		inner := plainScanner{rest: value}
		ok := inner.text()
		return inner.out.String(), ok
	case "h1 id", "h2 id", "h3 id", "h4 id", "h5 id", "h6 id", "code class", "ol start":
		return value, plainValues[name].MatchString(value)
	}
	return "", false
}
