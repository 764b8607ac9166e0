package clean

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text is the plain text of HTML: entities decoded, white space folded except for the lines of a pre, blocks
// parted by newlines. Scripts and styles are no text.
func Text(source string) string {
	if text, ok := textOfPlain(source); ok {
		return text
	}
	return wholeText(source)
}

// wholeText is Text for whatever there may be.
func wholeText(source string) string {
	var b strings.Builder
	pre, skip := 0, 0
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return foldLines(b.String())
		case html.TextToken:
			if skip > 0 {
				continue
			}
			text := html.UnescapeString(string(z.Raw()))
			if pre == 0 {
				text = strings.Map(spaceForNewline, text)
			}
			b.WriteString(text)
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if isBlock(tag) {
				b.WriteByte('\n')
			}
			switch step := depthStep(kind); tag {
			case atom.Pre:
				pre = max(0, pre+step)
			case atom.Script, atom.Style, atom.Template, atom.Annotation, atom.AnnotationXml:
				skip = max(0, skip+step)
			case atom.Td, atom.Th:
				b.WriteByte(' ')
			}
		}
	}
}

func depthStep(kind html.TokenType) int {
	switch kind {
	case html.StartTagToken:
		return 1
	case html.EndTagToken:
		return -1
	}
	return 0
}

func spaceForNewline(r rune) rune {
	if r == '\n' || r == '\r' {
		return ' '
	}
	return r
}

// foldLines folds the white space of each line, and drops the lines that are empty.
func foldLines(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return Input(strings.Join(lines, "\n"))
}

func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Br, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li,
		atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Pre, atom.Figure, atom.Figcaption, atom.Table, atom.Caption, atom.Tr,
		atom.Thead, atom.Tbody, atom.Tfoot, atom.Details, atom.Summary, atom.Section, atom.Article, atom.Aside, atom.Header,
		atom.Footer, atom.Main, atom.Nav, atom.Address, atom.Audio, atom.Video:
		return true
	}
	return false
}
