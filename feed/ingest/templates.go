package ingest

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"

	"feedpub/feed/internal/pattern"
)

// templates replaces what other programs would have filled in: Liquid tags of Jekyll, Hexo and Eleventy, shortcodes
// of Hugo and Zola, calls of the Go blog, links and comments of Obsidian. Readers see what was meant where that is known; a
// tag without text of its own is left out, an unknown one stays as text, both with a warning. Code stays as it
// is: articles about templates are full of them.
type templates struct {
	reader   *Reader
	jekyll   bool // Liquid comes before Markdown then, and raw blocks stand in code too
	html     bool // the text is HTML, not Markdown
	warnings []string

	src   string
	pos   int
	out   []byte
	count int  // of templates
	list  bool // inside a list, where an indented line is no code
}

const (
	maxTemplate  = 4 << 10 // bytes of one template or code span; what is longer is text
	maxWarnings  = 100     // of one article
	rawStart     = "{{raw `"
	rawEnd       = "`}}"
	maxTemplates = 10_000 // of one article; the rest stays as text
)

var (
	fenceLine  = pattern.New("^[ \\t>]*(?:(?:[-*+]|\\d{1,9}[.)])[ \\t]+)?(`{3,}[^`\\n]*|~{3,}.*)\\n?$")
	itemLine   = pattern.New(`^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]`)
	attributes = pattern.New(`^[ \t]*\{:[^{}\n]*\}[ \t]*\n?$`) // kramdown's, alone on a line
	definition = pattern.New(`^ {0,3}\[[^\]\n]*\]:.*\{\{`)     // of a link
	rawBlock   = pattern.New(`(?s)\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}`)
)

// expand is the Markdown without templates.
func (t *templates) expand(src string) string {
	if !strings.Contains(src, "{") && !strings.Contains(src, "[[") && !strings.Contains(src, "%%") {
		return src
	}
	t.src = src
	if t.html {
		return t.expandHTML()
	}
	blank := true
	for t.pos < len(t.src) {
		if t.atLineStart() {
			line := t.line()
			if t.skipLine(line, blank) {
				blank = false
				continue
			}
			blank = strings.TrimSpace(line) == ""
		}
		t.step()
	}
	return string(t.out)
}

func (t *templates) atLineStart() bool { return t.pos == 0 || t.src[t.pos-1] == '\n' }

// line is the rest of the line, with its end.
func (t *templates) line() string {
	if n := strings.IndexByte(t.src[t.pos:], '\n'); n >= 0 {
		return t.src[t.pos : t.pos+n+1]
	}
	return t.src[t.pos:]
}

// skipLine takes lines that are code, and lines that readers do not see.
func (t *templates) skipLine(line string, afterBlank bool) bool {
	indented := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
	switch {
	case itemLine.MatchString(line):
		t.list = true
	case afterBlank && !indented && strings.TrimSpace(line) != "" && line[0] != ' ':
		t.list = false
	}
	switch m := fenceLine.FindStringSubmatch(line); {
	case m != nil:
		t.code(len(line) + fenceEnd(t.src[t.pos+len(line):], m[1]))
	case afterBlank && indented && !t.list:
		n := 0
		for l := range strings.Lines(t.src[t.pos:]) {
			if strings.TrimSpace(l) != "" && !strings.HasPrefix(l, "    ") && l[0] != '\t' {
				break
			}
			n += len(l)
		}
		t.code(n)
	case attributes.MatchString(line):
		t.pos += len(line)
	case definition.MatchString(line):
		t.linkDefinition(line)
	default:
		return false
	}
	return true
}

// fenceEnd is the length of a fenced block after its first line.
func fenceEnd(src, opening string) int {
	mark := opening[:1]
	length := len(opening) - len(strings.TrimLeft(opening, mark))
	n := 0
	for line := range strings.Lines(src) {
		n += len(line)
		if l := strings.Trim(line, " \t>\n"); len(l) >= length && strings.Trim(l, mark) == "" {
			break
		}
	}
	return n
}

// code copies n bytes of code.
func (t *templates) code(n int) {
	code := t.src[t.pos : t.pos+n]
	if t.jekyll {
		code = rawBlock.ReplaceAllString(code, "$1")
	}
	t.out = append(t.out, code...)
	t.pos += n
}

// linkDefinition takes "[label]: {{ … }}": known templates are filled in, a definition with others is left out.
func (t *templates) linkDefinition(line string) {
	inner := templates{reader: t.reader, jekyll: t.jekyll, src: line}
	for inner.pos < len(line) {
		inner.step()
	}
	t.pos += len(line)
	if bytes.Contains(inner.out, []byte("{{")) {
		t.warn(strings.TrimSpace(line))
		return
	}
	t.out = append(t.out, inner.out...)
}

// step takes what stands at pos.
func (t *templates) step() {
	rest := t.src[t.pos:]
	switch {
	case rest[0] == '\\' && len(rest) > 1:
		t.copy(2)
	case rest[0] == '`':
		t.code(codeSpan(rest))
	case strings.HasPrefix(rest, "<!--"):
		t.copy(through(rest, "-->"))
	case rest[0] == '{' && t.brace(rest):
	case strings.HasPrefix(rest, "[["):
		t.wikiLink(rest)
	case strings.HasPrefix(rest, "%%"):
		t.privateNote(rest)
	default:
		n := strings.IndexAny(rest[1:], "\\`<{[%\n") + 1
		switch {
		case n == 0:
			n = len(rest)
		case rest[n] == '\n':
			n++
		}
		if rest[0] == '\n' {
			n = 1
		}
		t.copy(n)
	}
}

// brace takes the template that rest begins with, if it is one.
func (t *templates) brace(rest string) bool {
	switch {
	case strings.HasPrefix(rest, "{%"):
		t.template(rest, "%}", t.liquidTag)
	case strings.HasPrefix(rest, "{{<"):
		t.template(rest, ">}}", t.shortcode)
	case strings.HasPrefix(rest, "{{%"):
		t.template(rest, "%}}", t.shortcode)
	case strings.HasPrefix(rest, rawStart):
		t.template(rest, rawEnd, t.rawCall)
	case strings.HasPrefix(rest, "{{"):
		t.template(rest, "}}", t.output)
	default:
		return false
	}
	return true
}

// expandHTML is the HTML without templates. Generators fill them in wherever they stand, in code too.
func (t *templates) expandHTML() string {
	for t.pos < len(t.src) {
		switch rest := t.src[t.pos:]; {
		case strings.HasPrefix(rest, "<!--"):
			t.copy(through(rest, "-->"))
		case rest[0] == '{' && t.brace(rest):
		default:
			n := strings.IndexAny(rest[1:], "<{") + 1
			if n == 0 {
				n = len(rest)
			}
			t.copy(n)
		}
	}
	return string(t.out)
}

// image writes a picture.
func (t *templates) image(src string) {
	if t.html {
		t.out = append(t.out, `<img src="`+html.EscapeString(src)+`" alt="">`...)
		return
	}
	t.out = append(t.out, "![]("+strings.ReplaceAll(src, " ", "%20")+")"...)
}

func (t *templates) copy(n int) {
	t.out = append(t.out, t.src[t.pos:t.pos+n]...)
	t.pos += n
}

// codeSpan is the length of the code span that begins src, or of its backticks where none closes it.
func codeSpan(src string) int {
	marks := len(src) - len(strings.TrimLeft(src, "`"))
	paragraph, _, _ := strings.Cut(src[:min(len(src), maxTemplate)], "\n\n")
	for i := marks; i < len(paragraph); {
		next := strings.IndexByte(paragraph[i:], '`')
		if next < 0 {
			break
		}
		i += next
		run := len(paragraph[i:]) - len(strings.TrimLeft(paragraph[i:], "`"))
		if i += run; run == marks {
			return i
		}
	}
	return marks
}

// through is the length of src through its first end, or all of it.
func through(src, end string) int {
	if n := strings.Index(src, end); n >= 0 {
		return n + len(end)
	}
	return len(src)
}

// template takes the template that rest begins with, through its end, and lets handle say what stands for it.
func (t *templates) template(rest, end string, handle func(whole, inside string)) {
	open := len(end)
	if end == rawEnd {
		open = len(rawStart)
	}
	if t.count++; t.count > maxTemplates {
		t.copy(1)
		return
	}
	n := strings.Index(rest[open:min(len(rest), open+maxTemplate)], end)
	if n < 0 {
		t.copy(1)
		return
	}
	whole, inside := rest[:open+n+len(end)], rest[open:open+n]
	t.pos += len(whole)
	handle(whole, strings.TrimSpace(inside))
}

// warn notes once that a template was left out.
func (t *templates) warn(whole string) {
	t.note(whole, "left out")
}

func (t *templates) note(whole, what string) {
	w := "template " + quoted(strings.Join(strings.Fields(whole), " ")) + " " + what
	if len(t.warnings) < maxWarnings && !slices.Contains(t.warnings, w) {
		t.warnings = append(t.warnings, w)
	}
}

// lineStart is where the last line of the output begins, as far as it matters.
func (t *templates) lineStart() int {
	from := max(0, len(t.out)-maxTemplate)
	return from + bytes.LastIndexByte(t.out[from:], '\n') + 1
}

// drop leaves out a template, and the line that it stood alone on.
func (t *templates) drop() {
	rest := strings.TrimLeft(t.src[t.pos:], " \t") // not all of the line, which may be long
	if rest != "" && rest[0] != '\n' {
		return
	}
	if start := t.lineStart(); len(bytes.TrimSpace(t.out[start:])) == 0 {
		t.out = t.out[:start]
		t.pos = min(len(t.src)-len(rest)+1, len(t.src))
	}
}

// paragraph is the part of the output that a link around pos may begin in.
func (t *templates) paragraph() []byte {
	from := max(0, len(t.out)-maxTemplate)
	if n := bytes.LastIndex(t.out[from:], []byte("\n\n")); n >= 0 {
		from += n
	}
	return t.out[from:]
}

// keep leaves an unknown template as text, with a warning. As the target of a link it would break the link: then
// only the link's words stand.
func (t *templates) keep(whole string) {
	if t.html {
		t.out = append(t.out, whole...)
		t.note(whole, "is not known; it stays as text")
		return
	}
	line := t.paragraph()
	target := bytes.LastIndex(line, []byte("]("))
	end := strings.IndexByte(t.src[t.pos:][:min(len(t.src)-t.pos, maxTemplate)], ')')
	if target >= 0 && end >= 0 && !bytes.ContainsAny(line[target+2:], ") ") {
		if open := labelStart(line[:target]); open >= 0 {
			label := append(line[:open:open], line[open+1:target]...)
			t.out = append(t.out[:len(t.out)-len(line)], label...)
			t.pos += end + 1
			t.warn(whole)
			return
		}
	}
	t.out = append(t.out, whole...)
	t.note(whole, "is not known; it stays as text")
}

// labelStart is where the label of a link begins that ends with text, or -1.
func labelStart(text []byte) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ']':
			depth++
		case '[':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// block is what stands before the next end of a block, and skips it and the end; all of the rest where there is none.
func (t *templates) block(end *pattern.Pattern) string {
	rest := t.src[t.pos:]
	at := end.FindStringIndex(rest)
	if at == nil {
		at = []int{len(rest), len(rest)}
	}
	t.pos += at[1]
	return rest[:at[0]]
}

// fenced writes code as a fenced block, indented as its tag was.
func (t *templates) fenced(language, code string) {
	start := t.lineStart()
	indent := string(t.out[start:])
	if strings.TrimSpace(indent) != "" {
		indent = ""
	}
	fence := "```"
	if t.html {
		t.out = append(t.out, fmt.Sprintf("<pre><code class=\"language-%s\">%s</code></pre>", html.EscapeString(language), html.EscapeString(strings.Trim(code, "\n")))...)
		return
	}
	for strings.Contains(code, fence) {
		fence += "`"
	}
	t.out = append(t.out, fmt.Sprintf("%s%s\n%s\n%s%s\n", fence, language, strings.Trim(code, "\n"), indent, fence)...)
}
