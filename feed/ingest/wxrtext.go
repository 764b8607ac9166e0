package ingest

import (
	"slices"
	"strings"

	"feedpub/feed/internal/pattern"
)

var (
	blankLines = pattern.New(`\n[ \t]*\n\s*`)

	wpMarker    = pattern.New(`<!--\s*(?:more.*?|nextpage|noteaser)\s*-->`)
	wpPreformat = pattern.New(`(?is)<pre\b.*?</pre\s*>`)

	wpCaption   = pattern.New(`(?s)\[(?:wp_)?caption\b[^\]]*\](.*?)\[/(?:wp_)?caption\]`)
	wpPicture   = pattern.New(`(?is)^\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)\s*(.*?)\s*$`)
	wpEmbed     = pattern.New(`\[embed\b[^\]]*\]\s*(https?://[^\s\[\]"<>]+)\s*\[/embed\]`)
	wpShortcode = pattern.New(`\[?\[(/?)([A-Za-z][A-Za-z0-9_-]*)([^\[\]]*)\]\]?`)
	wpArgument  = pattern.New(`\w=["'\w]`)
)

// wordPressHTML is the text of a post as WordPress shows it: blank lines part paragraphs, unless it is made of blocks;
// shortcodes give way to what stands between them. Their names are given back.
func wordPressHTML(s string) (body string, left []string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if strings.Contains(s, "<!--") {
		s = wpMarker.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "[") {
		s, left = withoutShortcodes(s)
	}
	if strings.Contains(s, "<!-- wp:") {
		return s, left
	}
	return paragraphs(s), left
}

// withoutShortcodes takes out [name …] and [/name] where that is a shortcode rather than a remark: it is one of
// WordPress's own, has arguments, or an end. [[name]] is how an article writes of them.
func withoutShortcodes(s string) (string, []string) {
	s = wpCaption.ReplaceAllStringFunc(s, func(whole string) string {
		inside := wpCaption.FindStringSubmatch(whole)[1]
		if m := wpPicture.FindStringSubmatch(inside); m != nil {
			return "<figure>" + m[1] + "<figcaption>" + m[2] + "</figcaption></figure>"
		}
		return inside
	})
	s = wpEmbed.ReplaceAllString(s, `<p><a href="$1">$1</a></p>`)
	ended := map[string]bool{}
	for _, m := range wpShortcode.FindAllStringSubmatch(s, -1) {
		if m[1] == "/" {
			ended[m[2]] = true
		}
	}
	var left []string
	s = wpShortcode.ReplaceAllStringFunc(s, func(whole string) string {
		m := wpShortcode.FindStringSubmatch(whole)
		if strings.HasPrefix(whole, "[[") && strings.HasSuffix(whole, "]]") {
			return whole[1 : len(whole)-1]
		}
		own := slices.Contains([]string{"gallery", "audio", "video", "playlist", "caption", "wp_caption", "embed"}, m[2])
		if !own && !ended[m[2]] && !wpArgument.MatchString(m[3]) {
			return whole
		}
		if !slices.Contains(left, m[2]) {
			left = append(left, m[2])
		}
		before, after := "", ""
		if strings.HasPrefix(whole, "[[") {
			before = "["
		}
		if strings.HasSuffix(whole, "]]") {
			after = "]"
		}
		return before + after
	})
	return s, left
}

// paragraphs makes paragraphs of what blank lines part, and breaks of line ends, but for what is a block already or
// stands in one that holds no paragraphs.
func paragraphs(s string) string {
	var b strings.Builder
	rest, inside := 0, closed
	for _, at := range append(wpPreformat.FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		for _, part := range blankLines.Split(strings.TrimSpace(blocksApart(s[rest:at[0]])), -1) {
			switch name, _ := blockTag(part); {
			case part == "":
			case name != "":
				inside = inside.after(name, strings.HasPrefix(part, "</"))
				b.WriteString(part + "\n")
			case inside == closed:
				b.WriteString("<p>" + lineBreaks(part) + "</p>\n")
			default:
				b.WriteString(lineBreaks(part) + "\n")
			}
		}
		b.WriteString(s[at[0]:at[1]])
		rest = at[1]
	}
	return b.String()
}

// wpBlocks are the elements that end a paragraph.
var wpBlocks = setOf("table thead tfoot caption col colgroup tbody tr td th div dl dd dt ul ol li pre form map area blockquote address " +
	"style p h1 h2 h3 h4 h5 h6 hr fieldset legend section article aside header footer nav figure figcaption details summary " +
	"video audio iframe script")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// blocksApart puts blank lines around the tags of blocks.
func blocksApart(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if _, size := blockTag(s); size > 0 {
			b.WriteString("\n\n" + s[:size] + "\n\n")
			s = s[size:]
		} else {
			b.WriteByte('<')
			s = s[1:]
		}
	}
}

// blockTag is the name of the block whose tag a text begins with, and the length of the tag; none where it does not.
func blockTag(s string) (name string, size int) {
	rest, ok := strings.CutPrefix(s, "<")
	if !ok {
		return "", 0
	}
	rest = strings.TrimPrefix(rest, "/")
	const longest = len("figcaption") + 1
	n := strings.IndexAny(rest[:min(len(rest), longest)], " \t\n/>")
	if n < 0 || !wpBlocks[strings.ToLower(rest[:n])] {
		return "", 0
	}
	end := strings.IndexAny(rest, "<>")
	if end < 0 || rest[end] == '<' {
		return "", 0
	}
	return strings.ToLower(rest[:n]), len(s) - len(rest) + end + 1
}

// A flow is the element around a text that makes it need no paragraph of its own, by name.
type flow string

const closed flow = ""

// after is the flow behind a tag.
func (f flow) after(name string, end bool) flow {
	switch name {
	case "p", "li", "dt", "dd", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "address", "summary",
		"legend", "style", "script", "video", "audio", "iframe":
		switch {
		case !end:
			return flow(name)
		case name == string(f) || name == "figure":
			return closed
		}
		return f
	}
	return closed // a list or a table between, or after them
}

func lineBreaks(s string) string { return strings.ReplaceAll(s, "\n", "<br>\n") }
