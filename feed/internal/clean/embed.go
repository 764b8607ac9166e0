package clean

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedpub/feed/internal/pattern"
)

// maxFrames bounds the frames of an article that leave a link.
const maxFrames = 1000

var embedded = pattern.New(`(?i)<(?:iframe|math)[\s/>]`)

// keepEmbedded puts something into the place of what is dropped with its content, so that readers miss nothing: for a
// frame a link to its page, for a formula its text.
func keepEmbedded(source string, base *url.URL) string {
	if !embedded.MatchString(source) {
		return source
	}
	e := embeds{z: html.NewTokenizer(strings.NewReader(source)), base: base}
	for {
		kind := e.z.Next()
		raw := string(e.z.Raw())
		if kind == html.ErrorToken {
			return e.out.String()
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			e.out.WriteString(raw)
			continue
		}
		switch tag := e.z.Token(); {
		case tag.DataAtom == atom.Iframe:
			e.frame(tag)
		case tag.DataAtom == atom.Math && kind == html.StartTagToken && !isRepeated(e.around):
			e.formula(tag, raw)
		default:
			e.around = tag
			e.out.WriteString(raw)
		}
	}
}

type embeds struct {
	z      *html.Tokenizer
	base   *url.URL
	out    strings.Builder
	around html.Token // the start tag before
	frames int
}

// frame writes a link to the page of a frame, and passes over what only browsers without frames show.
func (e *embeds) frame(tag html.Token) {
	e.frames++
	src := attribute(tag, "src", "data-src")
	address, ok := webURL(src, e.base)
	if ok && src != "" && !isHidden(tag) && e.frames <= maxFrames {
		address = watchPage(address)
		title := foldLine(attribute(tag, "title"))
		if title == "" {
			title = address
		}
		e.out.WriteString(`<p><a href="` + html.EscapeString(address) + `">` + html.EscapeString(title) + "</a></p>")
	}
	for kind := e.z.Next(); kind == html.TextToken; {
		kind = e.z.Next() // to the end tag, or the end
	}
}

// watchPage is the page of a film on YouTube, whose player refuses to play outside of a page; another address stands.
func watchPage(address string) string {
	u, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{"www.youtube.com", "youtube.com", "www.youtube-nocookie.com"}, u.Host) {
		return address
	}
	id, ok := strings.CutPrefix(u.Path, "/embed/")
	if !ok || id == "" || id == "videoseries" || strings.Contains(id, "/") {
		return address
	}
	return "https://www.youtube.com/watch?v=" + url.QueryEscape(id)
}

// isHidden says that nobody sees a frame: it counts visits.
func isHidden(tag html.Token) bool {
	for _, a := range tag.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "width", "height":
			if size := strings.TrimSuffix(strings.TrimSpace(a.Val), "px"); size == "0" || size == "1" {
				return true
			}
		}
	}
	style := strings.ReplaceAll(strings.ToLower(attribute(tag, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// isRepeated says that a formula stands beside its picture, for those who do not see it: MathJax, KaTeX and Wikipedia
// write them so.
func isRepeated(around html.Token) bool {
	class := strings.ToLower(attribute(around, "class"))
	return around.Data == "mjx-assistive-mml" || strings.Contains(class, "mathml")
}

// formula writes a formula as it was written in TeX, or else its text. One that does not end stays as it is.
func (e *embeds) formula(tag html.Token, raw string) {
	var all, text, tex, other strings.Builder
	all.WriteString(raw)
	into := &text
	for {
		kind := e.z.Next()
		all.Write(e.z.Raw())
		switch t := e.z.Token(); {
		case kind == html.ErrorToken, kind == html.StartTagToken && (block[t.DataAtom] || skipped[t.DataAtom]):
			e.out.WriteString(all.String())
			return
		case kind == html.TextToken:
			into.WriteString(t.Data)
		case t.Data == "annotation" && attribute(t, "encoding") == "application/x-tex":
			into = &tex
		case t.Data == "annotation" || t.Data == "annotation-xml":
			if into = &other; kind == html.EndTagToken {
				into = &text
			}
		case kind == html.EndTagToken && t.DataAtom == atom.Math:
			code := foldLine(tex.String())
			if code == "" {
				code = foldLine(attribute(tag, "alttext"))
			}
			if code != "" {
				e.out.WriteString("<code>" + html.EscapeString(code) + "</code>")
			} else {
				e.out.WriteString(html.EscapeString(foldLine(text.String())))
			}
			return
		}
	}
}

// attribute is the first of the attributes that is there and says something.
func attribute(tag html.Token, keys ...string) string {
	for _, key := range keys {
		for _, a := range tag.Attr {
			if a.Key == key && strings.TrimSpace(a.Val) != "" && a.Val != "about:blank" {
				return a.Val
			}
		}
	}
	return ""
}
