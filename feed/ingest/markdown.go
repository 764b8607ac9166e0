package ingest

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
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

var moreMark = pattern.New(`^\s*<!--\s*more\s*-->`)

// renderMarkdown reads Markdown that is no trap (see checkTraps). With wantTitle the first level-1 heading leaves the body.
func renderMarkdown(source string, wantTitle bool) (document, error) {
	src := []byte(source)
	md := markdown()
	root := md.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(&headingIDs{next: map[string]int{}}))))
	var doc document
	var out rendered
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

// rendered is HTML. Around a writer that is no util.BufWriter goldmark would put a buffer of its own, for each block.
type rendered struct{ bytes.Buffer }

var _ util.BufWriter = (*rendered)(nil)

func (*rendered) Buffered() int { return 0 }
func (*rendered) Flush() error  { return nil }
