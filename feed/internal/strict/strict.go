// Package strict walks the tokens of a document and looks for what encoding/xml, encoding/json and gofeed forgive
// though no XML or JSON processor may. They are readers, and not every reader forgives the same.
package strict

import "fmt"

// A Problem is one way in which a document is ill-formed.
type Problem struct {
	Line   int // from 1
	Entry  int // the RSS item, Atom entry or item of JSON Feed that it stands in, from 0; -1 outside of them
	Reason string
	Lost   bool // it is a U+FFFD, which is well-formed, and stands for a character that was lost
}

// maxProblems bounds what a walk over a stranger's document collects.
const maxProblems = 100

// A pass is a walk over the tokens of a document.
type pass struct {
	doc      []byte
	maxDepth int
	entry    int // the entry that the walk is in, from 0, or -1 between them
	entries  int // so far
	problems []Problem
}

// full says whether to stop.
func (p *pass) full() bool { return len(p.problems) >= maxProblems }

func (p *pass) report(line int, reason string) {
	p.problems = append(p.problems, Problem{Line: line, Entry: p.entry, Reason: reason})
}

func (p *pass) enterEntry() {
	p.entry = p.entries
	p.entries++
}

func (p *pass) tooDeep() string { return fmt.Sprintf("the document nests deeper than %d", p.maxDepth) }
