package ingest

import "fmt"

// A Problem is why an article was refused, or what was left out of it, with its place.
type Problem struct {
	File   string // the article's file, or its key
	Item   int    // of the articles in the file, from 1; 0 where the file is the article
	Line   int    // in the file, from 1; 0 where the whole article is meant
	Field  string // the front matter's name for it, empty where none is meant
	Reason string
}

// Error is the problem on one line: "posts/a.md:3: date: "31/02/2026" is no date".
func (p *Problem) Error() string {
	place := p.File
	if p.Item > 0 && p.Line == 0 {
		place += fmt.Sprintf(", article %d", p.Item)
	}
	if p.Line > 0 {
		place += fmt.Sprintf(":%d", p.Line)
	}
	if p.Field != "" {
		place += ": " + p.Field
	}
	return place + ": " + p.Reason
}
