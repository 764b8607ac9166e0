package ingest

import (
	"regexp"
	"slices"
	"strings"
)

var (
	blankLines = regexp.MustCompile(`\n[ \t]*\n\s*`)

	wpMarker    = regexp.MustCompile(`<!--\s*(?:more.*?|nextpage|noteaser)\s*-->`)
	wpPreformat = regexp.MustCompile(`(?is)<pre\b.*?</pre\s*>`)
	wpBlock     = regexp.MustCompile(`(?i)</?(table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|header|footer|nav|figure|figcaption|details|summary|video|audio|iframe|script)\b[^>]*>`)

	wpCaption   = regexp.MustCompile(`(?s)\[(?:wp_)?caption\b[^\]]*\](.*?)\[/(?:wp_)?caption\]`)
	wpPicture   = regexp.MustCompile(`(?is)^\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)\s*(.*?)\s*$`)
	wpEmbed     = regexp.MustCompile(`\[embed\b[^\]]*\]\s*(https?://[^\s\[\]"<>]+)\s*\[/embed\]`)
	wpShortcode = regexp.MustCompile(`\[?\[(/?)([A-Za-z][A-Za-z0-9_-]*)([^\[\]]*)\]\]?`)
	wpArgument  = regexp.MustCompile(`\w=["'\w]`)
)

// wordPressHTML is the text of a post as WordPress shows it: blank lines part paragraphs, unless it is made of blocks;
// shortcodes give way to what stands between them. Their names are given back.
func wordPressHTML(s string) (body string, left []string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = wpMarker.ReplaceAllString(s, "")
	s, left = withoutShortcodes(s)
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
		flowing := wpBlock.ReplaceAllString(s[rest:at[0]], "\n\n$0\n\n")
		for _, part := range blankLines.Split(strings.TrimSpace(flowing), -1) {
			m := wpBlock.FindStringSubmatchIndex(part)
			switch {
			case part == "":
			case m != nil && m[0] == 0:
				inside = inside.after(strings.ToLower(part[m[2]:m[3]]), strings.HasPrefix(part, "</"))
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
