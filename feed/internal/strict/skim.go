package strict

import (
	"bytes"
	"encoding/xml"
	"io"
	"unicode/utf8"
)

// A Skimmer gives a document in UTF-8 to an [xml.Decoder], and may leave out text that any XML processor takes as it is.
// encoding/xml looks at each byte of a text several times, and feeds are mostly text: to skim one takes a third of the time.
type Skimmer struct {
	doc     []byte
	at      int  // of the next byte
	skipped int  // bytes that were left out
	lines   int  // that end in what was left out
	ahead   bool // a reader of another encoding stands between, and reads ahead
}

// NewSkimmer is a Skimmer of the document, and the decoder that reads it.
func NewSkimmer(doc []byte) (*Skimmer, *xml.Decoder) {
	s := &Skimmer{doc: doc}
	return s, xml.NewDecoder(s)
}

// ReadByte makes the decoder read no further than it has to.
func (s *Skimmer) ReadByte() (byte, error) {
	if s.at == len(s.doc) {
		return 0, io.EOF
	}
	s.at++
	return s.doc[s.at-1], nil
}

func (s *Skimmer) Read(p []byte) (int, error) {
	s.ahead = true
	if s.at == len(s.doc) && len(p) > 0 {
		return 0, io.EOF
	}
	n := copy(p, s.doc[s.at:])
	s.at += n
	return n, nil
}

// SkipText leaves out the text that comes next, up to a tag, where nothing can be wrong with it. It is for the moment after
// a token, within an element: the decoder must have read nothing after that token.
func (s *Skimmer) SkipText(d *xml.Decoder) {
	if s.ahead || s.Offset(d) != int64(s.at) {
		return // it has looked at the next byte
	}
	rest := s.doc[s.at:]
	n := plainText(rest)
	for {
		section := plainSection(rest[n:])
		if section == 0 {
			break
		}
		n += section
		n += plainText(rest[n:])
	}
	s.lines += bytes.Count(rest[:n], []byte("\n"))
	s.at, s.skipped = s.at+n, s.skipped+n
}

// Offset is where the decoder is in the document, in bytes.
func (s *Skimmer) Offset(d *xml.Decoder) int64 { return d.InputOffset() + int64(s.skipped) }

// Line is the line that the decoder is on, from 1.
func (s *Skimmer) Line(d *xml.Decoder) int {
	line, _ := d.InputPos()
	return line + s.lines
}

// references are those in the text of feeds; others are for the decoder.
var references = [][]byte{
	[]byte("&lt;"), []byte("&gt;"), []byte("&amp;"), []byte("&#34;"), []byte("&#39;"), []byte("&#xA;"), []byte("&#x9;"), []byte("&#xD;"),
	[]byte("&quot;"), []byte("&apos;"),
}

// plainText is how much of doc is text up to a tag; 0 where there is none, or the decoder is to judge it.
func plainText(doc []byte) int {
	end := max(0, bytes.IndexByte(doc, '<'))
	if bytes.Contains(doc[:end], []byte("]]>")) {
		return 0
	}
	for rest := doc[:end]; ; {
		text, _, referred := bytes.Cut(rest, []byte("&"))
		if !isPlain(text) {
			return 0
		}
		if !referred {
			return end
		}
		rest = rest[len(text):]
		n := reference(rest)
		if n == 0 {
			return 0
		}
		rest = rest[n:]
	}
}

func reference(text []byte) int {
	for _, r := range references {
		if bytes.HasPrefix(text, r) {
			return len(r)
		}
	}
	return 0
}

const sectionStart, sectionEnd = "<![CDATA[", "]]>"

// plainSection is how long the CDATA section is that doc begins with; 0 as above.
func plainSection(doc []byte) int {
	if !bytes.HasPrefix(doc, []byte(sectionStart)) {
		return 0
	}
	end := bytes.Index(doc, []byte(sectionEnd))
	if end < 0 || !isPlain(doc[:end]) {
		return 0
	}
	return end + len(sectionEnd)
}

// isPlain says that text is characters that XML has, and that stand for themselves.
func isPlain(text []byte) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' && c != '\t' {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			return false
		}
		i += size
	}
	return true
}
