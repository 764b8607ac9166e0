package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Limits of what goldmark 1.8.7 reads in more than linear time, or what nobody writes. It cannot be cancelled: 150 KB
// of brackets took it 15 to 40 s, 200 KB of "> " on one line 30 s.
const (
	maxMarkers    = 100       // of quotes and lists, before the text of a line
	maxIndent     = 200       // columns before the marker of a list or a quote
	maxInnerLists = 10_000    // markers of lists that stand on a line after another
	maxNested     = 1_000_000 // lines in lists and quotes, each counted as often as it is in one
	maxHeading    = 4_000     // bytes of a heading with attributes, which are searched for one in the others
	maxBlocks     = 50_000
	maxDelimiters = 5_000     // in one paragraph or heading
	maxMarks      = 200_000   // delimiters in all
	maxColumns    = 200       // of a table
	maxCells      = 100_000   // of a table; short rows are filled up to its columns
	maxTagBytes   = 1 << 20   // of tags that begin a line, what is quoted aside: a picture may stand there
	maxTagLines   = 3 << 20   // bytes of lines that begin with a tag longer than maxShortTag
	maxShortTag   = 4 << 10   // bytes
	maxOpenLinks  = 100 << 20 // beginnings of links without an end nearby, times the bytes of their paragraph
	maxFootnotes  = 4_000     // marks of footnotes and of their references
)

// checkTraps refuses what would keep goldmark busy for longer than an article may take.
func checkTraps(source string) error {
	if err := checkLines(source); err != nil {
		return err
	}
	src := []byte(source)
	if n := bytes.Count(src, []byte("[^")); n > maxFootnotes {
		return fmt.Errorf("%d footnote marks; at most %d are read", n, maxFootnotes)
	}
	total, count := 0, 0
	return ast.Walk(blocks().Parse(text.NewReader(src)), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || node.Type() == ast.TypeInline {
			return ast.WalkContinue, nil
		}
		if count++; count > maxBlocks {
			return ast.WalkStop, fmt.Errorf("more than %d paragraphs and other blocks", maxBlocks)
		}
		if lines := node.Lines(); lines != nil && node.Kind() != ast.KindCodeBlock && node.Kind() != ast.KindFencedCodeBlock {
			marks, err := checkBlock(lines, src, node.IsRaw())
			if err != nil {
				return ast.WalkStop, err
			}
			if total += marks; total > maxMarks {
				return ast.WalkStop, fmt.Errorf("more than %d marks such as * or [", maxMarks)
			}
		}
		return ast.WalkContinue, nil
	})
}

// blocks finds where paragraphs begin and end, without reading what is in them.
var blocks = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))
})

// checkLines refuses quotes and lists that are nested for nesting's sake, and tags of nothing but attributes.
func checkLines(source string) error {
	tags, long, inner := 0, 0, 0
	before := ""
	var nest nesting
	for line := range strings.Lines(source) {
		bare, values := tagSize(line)
		tags += bare
		if bare+values > maxShortTag { // goldmark reads on to the end of the line
			long += len(line)
		}
		markers, lists, width := markers(line)
		inner += max(0, lists-1)
		nest.add(line, max(markers, width/2))
		switch {
		case tags > maxTagBytes:
			return fmt.Errorf("more than %d bytes of attributes and names in HTML tags", maxTagBytes)
		case long > maxTagLines:
			return fmt.Errorf("more than %d bytes of lines with long HTML tags; put pictures into files of their own", maxTagLines)
		case markers > maxMarkers || markers > 0 && width > maxIndent+2*maxMarkers || inner > maxInnerLists || nest.total > maxNested:
			return errors.New("lists or quotes nested too deep")
		case isLongHeading(line, ""), isLongHeading(before, line):
			return fmt.Errorf("a heading with braces of more than %d bytes", maxHeading)
		}
		before = line
	}
	return nil
}

// nesting adds up in how many lists and quotes lines are: goldmark asks each of them about each line, blank ones too.
type nesting struct {
	depth, total int
	blank        bool // the line before
}

// add takes a line before whose text something of the depth begins.
func (n *nesting) add(line string, depth int) {
	blank := len(strings.TrimSpace(line)) == 0
	if depth > 0 || n.blank && !blank && line[0] != ' ' && line[0] != '\t' {
		n.depth = depth
	}
	n.blank = blank
	n.total += n.depth
}

// isLongHeading says that goldmark looks for attributes in a long line: it is a heading by its own mark or the line below.
func isLongHeading(line, below string) bool {
	if len(line) <= maxHeading || strings.IndexByte(line, '{') < 0 {
		return false
	}
	if below == "" {
		return strings.HasPrefix(strings.TrimLeft(line, lineMarks), "#")
	}
	below = strings.Trim(below, "> \t\n")
	return len(below) > 0 && (len(strings.Trim(below, "=")) == 0 || len(strings.Trim(below, "-")) == 0)
}

// lineMarks may stand before what a line begins with.
const lineMarks = " \t>-*+0123456789.)"

// tagSize is the length of the HTML tag that a line begins with: what is not quoted in it, and what is.
func tagSize(line string) (bare, quoted int) {
	if strings.IndexByte(line, '<') < 0 { // most often
		return 0, 0
	}
	tag := strings.TrimLeft(line, lineMarks)
	if len(tag) == 0 || tag[0] != '<' {
		return 0, 0
	}
	for i := strings.IndexAny(tag, `"'>`); i >= 0; i = strings.IndexAny(tag, `"'>`) {
		bare += i
		if tag[i] == '>' {
			return bare, quoted
		}
		var value string
		value, tag, _ = strings.Cut(tag[i+1:], tag[i:i+1])
		quoted += len(value)
	}
	return bare + len(tag), quoted
}

// markers counts the marks of quotes and lists that a line begins with, those of lists among them, and how wide they
// are with the space around.
func markers(line string) (n, lists, width int) {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
		case c == '>':
			n, width = n+1, i
		case (c == '-' || c == '*' || c == '+' || c == '.' || c == ')') && (i+1 == len(line) || strings.IndexByte(" \t\n", line[i+1]) >= 0):
			n, lists, width = n+1, lists+1, i
		case c >= '0' && c <= '9':
		default:
			return n, lists, width
		}
	}
	return n, lists, width
}

// delimiter says which characters begin or end something in Markdown.
var delimiter = func() (is [256]bool) {
	for _, c := range []byte("*_~[]!`<>&\\:@") {
		is[c] = true
	}
	return is
}()

// checkBlock counts the delimiters of a paragraph, a heading or a block of HTML.
func checkBlock(lines *text.Segments, src []byte, raw bool) (marks int, err error) {
	columns, size, open := 0, 0, 0
	for i := range lines.Len() {
		segment := lines.At(i)
		line := segment.Value(src)
		for _, c := range line {
			if delimiter[c] {
				marks++
			}
		}
		marks += bytes.Count(line, []byte("www.")) // an address too
		size, open = size+len(line), open+openLinks(line)
		if len(bytes.Trim(line, " \t\n|:-")) == 0 {
			columns = max(columns, bytes.Count(line, []byte("|"))+1)
		}
	}
	switch {
	case raw:
	case marks > maxDelimiters:
		err = fmt.Errorf("a paragraph with %d marks such as * or [; at most %d are read", marks, maxDelimiters)
	case size*open > maxOpenLinks:
		err = errors.New("a long paragraph with links that do not end")
	case columns > maxColumns:
		err = fmt.Errorf("a table of %d columns; at most %d are read", columns, maxColumns)
	case columns > 1 && columns*lines.Len() > maxCells:
		err = errors.New("a table that is too large")
	}
	return marks, err
}

// openLinks counts the beginnings of links whose address does not end nearby: goldmark looks for it to the end.
func openLinks(line []byte) (n int) {
	const nearby = 1000
	for {
		_, rest, found := bytes.Cut(line, []byte("]("))
		if !found {
			return n
		}
		line = rest
		end := byte(')')
		if rest = bytes.TrimLeft(rest[:min(len(rest), nearby)], " "); bytes.HasPrefix(rest, []byte("<")) {
			end = '>'
		}
		if bytes.IndexByte(rest, end) < 0 {
			n++
		}
	}
}

// headingIDs makes the ids of headings: GitHub's, with numbers that are counted, where goldmark's own are searched for
// from 1 each time.
type headingIDs struct {
	next map[string]int
}

// Generate is parser.IDs's.
func (ids *headingIDs) Generate(value []byte, _ ast.NodeKind) []byte {
	id := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' || r == '-':
			return unicode.ToLower(r)
		case unicode.IsSpace(r):
			return '-'
		}
		return -1
	}, string(bytes.TrimSpace(value))), "-")
	if id == "" {
		id = "heading"
	}
	n, used := ids.next[id]
	ids.next[id] = n + 1
	if used {
		return []byte(id + "-" + strconv.Itoa(n))
	}
	ids.next[id] = 1
	return []byte(id)
}

// Put is parser.IDs's: an id that the author gave.
func (ids *headingIDs) Put(value []byte) {
	if id := string(value); ids.next[id] == 0 {
		ids.next[id] = 1
	}
}
