package ingest

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"

	"feedpub/feed/internal/pattern"
)

// maxPrescan is how far into a page its declaration of a charset is looked for. Browsers look at 1024 bytes, and then
// once more while they parse.
const maxPrescan = 64 << 10

// decodeHTML is the text of a page in the encoding of its byte order mark, else in the one that it declares, else in
// UTF-8. What is not in that encoding is refused: a browser would show signs that nobody wrote.
func decodeHTML(raw []byte) (string, error) {
	switch {
	case len(raw) > maxArticle:
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		wide, err := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw)
		if err != nil {
			return "", fmt.Errorf("not UTF-16, as its byte order mark says: %w", err)
		}
		return decodeWhole(wide, "UTF-16, as its byte order mark says")
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
	default:
		return decodeDeclared(raw, declaredCharset(raw))
	}
	return decode(raw)
}

// decodeDeclared is the text of a page that declares a charset, or none.
func decodeDeclared(raw []byte, declared string) (string, error) {
	encoding, name := charset.Lookup(declared)
	if strings.HasPrefix(name, "utf-16") { // what was read so far would not be there
		name = "utf-8"
	}
	if encoding == nil || name == "utf-8" {
		text, err := decode(raw)
		if err != nil && strings.HasPrefix(err.Error(), notUTF8) && name != "utf-8" {
			remedy := "declare its charset in a meta element, or save it as UTF-8"
			if declared != "" {
				remedy = fmt.Sprintf("its charset %s is not known; save it as UTF-8", quoted(declared))
			}
			err = fmt.Errorf("%w; %s", err, remedy)
		}
		return text, err
	}
	text, err := encoding.NewDecoder().Bytes(raw)
	if err != nil {
		return "", fmt.Errorf("not %s, which it declares: %w", name, err)
	}
	return decodeWhole(text, name+", which it declares")
}

// decodeWhole is the text of a page that was in another encoding, unless a character was lost on the way.
func decodeWhole(text []byte, encoding string) (string, error) {
	if before, _, lost := bytes.Cut(text, []byte("\ufffd")); lost {
		return "", &Problem{Line: 1 + bytes.Count(before, []byte("\n")), Reason: "not " + encoding + "; save it as UTF-8"}
	}
	return decode(text)
}

var (
	xmlEncoding  = pattern.New(`^<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']`)
	charsetParam = pattern.New(`(?i)\bcharset\s*=\s*["']?([^\s"';]+)`)
)

// declaredCharset is the charset that a page declares in a meta element or, as XHTML, in its first line.
func declaredCharset(raw []byte) string {
	z := html.NewTokenizer(bytes.NewReader(raw[:min(len(raw), maxPrescan)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.CommentToken:
			if m := xmlEncoding.FindSubmatch(z.Raw()); m != nil {
				return string(m[1])
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			switch tag.DataAtom {
			case atom.Body:
				return ""
			case atom.Meta:
				if name := metaCharset(tag.Attr); name != "" {
					return name
				}
			}
		}
	}
}

// metaCharset is the charset that a meta element declares, in either of its ways.
func metaCharset(attrs []html.Attribute) string {
	n := &html.Node{Attr: attrs}
	if name := strings.TrimSpace(attr(n, "charset")); name != "" {
		return name
	}
	if !strings.EqualFold(strings.TrimSpace(attr(n, "http-equiv")), "content-type") {
		return ""
	}
	if m := charsetParam.FindStringSubmatch(attr(n, "content")); m != nil {
		return m[1]
	}
	return ""
}
