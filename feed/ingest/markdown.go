package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"feedpub/feed/internal/clean"
)

// markdown is GitHub's with footnotes and definition lists, as most generators have it. Raw HTML passes: what comes
// out is sanitised. It does not change once built.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.Linkify, extension.Footnote, extension.DefinitionList,
		),
		goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithAttribute()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
})

// A document is what Markdown says.
type document struct {
	title  string // its first level-1 heading, when that was asked for; it is not in the HTML then
	html   string // not sanitised yet
	teaser string // plain text before <!--more-->, empty without that mark
}

var moreMark = regexp.MustCompile(`^\s*<!--\s*more\s*-->`)

// renderMarkdown reads Markdown. With wantTitle the first level-1 heading leaves the body.
func renderMarkdown(source string, wantTitle bool) (document, error) {
	src := []byte(source)
	if err := checkTraps(src); err != nil {
		return document{}, err
	}
	md := markdown()
	root := md.Parser().Parse(text.NewReader(src))
	var doc document
	var out bytes.Buffer
	for node := root.FirstChild(); node != nil; node = node.NextSibling() {
		if block, ok := node.(*ast.HTMLBlock); ok && doc.teaser == "" && moreMark.Match(block.Lines().Value(src)) {
			doc.teaser = clean.Text(out.String())
		}
		before := out.Len()
		if err := md.Renderer().Render(&out, src, node); err != nil {
			return document{}, fmt.Errorf("render Markdown: %w", err)
		}
		if heading, ok := node.(*ast.Heading); ok && wantTitle && heading.Level == 1 && doc.title == "" {
			doc.title = oneLine(clean.Text(out.String()[before:]))
			out.Truncate(before)
		}
		if out.Len() > maxContent {
			return document{}, fmt.Errorf("too large: more than %d bytes of HTML", maxContent)
		}
	}
	doc.html = out.String()
	return doc, nil
}

// Limits of what goldmark reads in the square of its length, measured with version 1.8.7: 150 KB took it 15 to 40 s,
// and it cannot be cancelled.
const (
	maxDelimiters = 5_000   // in one paragraph or heading
	maxColumns    = 200     // of a table
	maxCells      = 100_000 // of a table; short rows are filled up to its columns
)

// blocks finds where paragraphs begin and end, without reading what is in them.
var blocks = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))
})

// checkTraps refuses what would keep goldmark busy for longer than an article may take.
func checkTraps(src []byte) error {
	root := blocks().Parse(text.NewReader(src))
	return ast.Walk(root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || node.Type() == ast.TypeInline || node.IsRaw() {
			return ast.WalkContinue, nil
		}
		lines := node.Lines()
		if lines == nil || lines.Len() == 0 {
			return ast.WalkContinue, nil
		}
		delimiters, columns := 0, 0
		for i := range lines.Len() {
			segment := lines.At(i)
			line := segment.Value(src)
			delimiters += countAny(line, "*_~[]!`<>&\\:@")
			if len(bytes.Trim(line, " \t\r\n|:-")) == 0 {
				columns = max(columns, bytes.Count(line, []byte("|"))+1)
			}
		}
		switch {
		case delimiters > maxDelimiters:
			return ast.WalkStop, fmt.Errorf("a paragraph with %d marks such as * or [; at most %d are read", delimiters, maxDelimiters)
		case columns > maxColumns:
			return ast.WalkStop, fmt.Errorf("a table of %d columns; at most %d are read", columns, maxColumns)
		case columns > 1 && columns*lines.Len() > maxCells:
			return ast.WalkStop, errors.New("a table that is too large")
		}
		return ast.WalkContinue, nil
	})
}

func countAny(line []byte, chars string) int {
	n := 0
	for _, c := range line {
		if bytes.IndexByte([]byte(chars), c) >= 0 {
			n++
		}
	}
	return n
}
