package ingest

import (
	"html"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plainTitle is a title of a feed as plain text. Feeds write titles as HTML, most of them without saying so: tags are
// taken out and entities decoded, once. What looks like a tag but is none of HTML's, as in List<T>, stays.
func plainTitle(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return oneLine(s)
	}
	var b strings.Builder
	hidden := false
	for z := xhtml.NewTokenizer(strings.NewReader(s)); ; {
		kind := z.Next()
		raw := string(z.Raw())
		switch kind {
		case xhtml.ErrorToken:
			b.WriteString(raw) // a tag that does not end
			return oneLine(b.String())
		case xhtml.TextToken:
			if !hidden {
				b.WriteString(html.UnescapeString(raw))
			}
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); tag {
			case 0:
				b.WriteString(raw)
			case atom.Br, atom.P, atom.Div:
				b.WriteByte(' ')
			case atom.Script, atom.Style:
				hidden = kind == xhtml.StartTagToken
			}
		}
	}
}
