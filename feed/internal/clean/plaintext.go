package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plainTags are the elements of which the tags alone say what they do to a text; those between which an HTML parser reads
// on in another way, as script and textarea, are not among them.
var plainTags = map[string]atom.Atom{}

func init() {
	for _, tag := range []atom.Atom{
		atom.P, atom.Br, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Blockquote,
		atom.Pre, atom.Figure, atom.Figcaption, atom.Table, atom.Thead, atom.Tbody, atom.Tr, atom.Td, atom.Th, atom.Div,
		atom.Em, atom.Strong, atom.Code, atom.Del, atom.A, atom.Img, atom.B, atom.I, atom.S, atom.Sub, atom.Sup, atom.Span,
	} {
		plainTags[tag.String()] = tag
	}
}

// textOfPlain is Text of source where its tags are written as HTML writes them; ok is false for any other.
func textOfPlain(source string) (text string, ok bool) {
	if !utf8.ValidString(source) {
		return "", false
	}
	var f folder
	f.out.Grow(len(source))
	pre := 0
	for source != "" {
		n := strings.IndexByte(source, '<')
		if n < 0 {
			n = len(source)
		}
		piece := source[:n]
		if strings.IndexByte(piece, '&') >= 0 {
			piece = html.UnescapeString(piece)
		}
		f.write(piece, pre > 0)
		if source = source[n:]; source == "" {
			break
		}
		t, rest, ok := plainTag(source)
		if !ok {
			return "", false
		}
		source = rest
		if isBlock(t.tag) {
			f.gap = '\n'
		}
		switch t.tag {
		case atom.Pre:
			pre = max(0, pre+depthStep(t.kind))
		case atom.Td, atom.Th:
			f.space(' ')
		}
	}
	return Input(f.out.String()), true
}

type plainToken struct {
	tag  atom.Atom
	kind html.TokenType
}

// plainTag reads the tag that source begins with: a name, and values in double quotes.
func plainTag(source string) (t plainToken, rest string, ok bool) {
	t.kind, rest = html.StartTagToken, source[1:]
	if strings.HasPrefix(rest, "/") {
		t.kind, rest = html.EndTagToken, rest[1:]
	}
	n := lowercase(rest)
	t.tag, ok = plainTags[rest[:n]]
	if !ok {
		return t, "", false
	}
	for rest = rest[n:]; ; {
		switch {
		case strings.HasPrefix(rest, ">"):
			return t, rest[1:], true
		case strings.HasPrefix(rest, "/>") && t.kind == html.StartTagToken:
			t.kind = html.SelfClosingTagToken
			return t, rest[2:], true
		case !strings.HasPrefix(rest, " "):
			return t, "", false
		}
		rest = rest[1:]
		n := lowercase(rest)
		if n == 0 || !strings.HasPrefix(rest[n:], `="`) {
			return t, "", false
		}
		rest = rest[n+2:]
		end := strings.IndexByte(rest, '"')
		if end < 0 {
			return t, "", false
		}
		rest = rest[end+1:]
	}
}

// lowercase is the length of the name of an element or an attribute at the beginning of s.
func lowercase(s string) int {
	n := 0
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

// A folder takes text and folds its white space as foldLines does.
type folder struct {
	out strings.Builder
	gap byte // what comes before the next word: a space, a newline, or nothing
}

// space takes white space; a newline among it parts lines.
func (f *folder) space(c byte) {
	if f.gap != '\n' {
		f.gap = c
	}
}

// write takes text; lines says that a newline in it stays one.
func (f *folder) write(s string, lines bool) {
	for s != "" {
		word := foldedASCII(s)
		if word < len(s) && !isSpace(s[word]) { // other than ASCII, or a control
			end := strings.IndexFunc(s[word:], unicode.IsSpace)
			if end < 0 {
				end = len(s) - word
			}
			word += end
		}
		if word > 0 {
			if f.gap != 0 && f.out.Len() > 0 {
				f.out.WriteByte(f.gap)
			}
			f.gap = 0
			f.out.WriteString(s[:word])
			s = s[word:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		if s = s[size:]; lines && r == '\n' {
			f.gap = '\n'
		} else {
			f.space(' ')
		}
	}
}

// foldedASCII is the length of the words at the beginning of s that are of visible ASCII, single spaces between them.
func foldedASCII(s string) int {
	n := 0
	for n < len(s) {
		switch c := s[n]; {
		case c > ' ' && c < utf8.RuneSelf:
			n++
		case c == ' ' && n > 0 && n+1 < len(s) && s[n+1] > ' ' && s[n+1] < utf8.RuneSelf:
			n += 2
		default:
			return n
		}
	}
	return n
}

func isSpace(c byte) bool {
	return c == ' ' || c >= '\t' && c <= '\r'
}

// Words folds all white space of s to single spaces.
func Words(s string) string {
	if foldedASCII(s) == len(s) {
		return s
	}
	var f folder
	f.out.Grow(len(s))
	f.write(s, false)
	return f.out.String()
}
