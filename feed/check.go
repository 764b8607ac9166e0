package feed

// Check reads a document of the format and reports everything that is wrong with it, as [Problems]:
//
//  1. A strict pass: well-formed, one root, declared prefixes, no attribute or key twice, only XML characters.
//     gofeed and encoding/xml are readers and forgive most of that; not every reader does. What is ill-formed is
//     reported once, and is then all that can be said.
//  2. The round trip: what gofeed reads is compared with want, field by field, as far as the format carries them.
//  3. Our rules: required elements, unique IDs, absolute URLs, dates that parse and stand in order.
//
// Where want is nil, the document is a stranger's: it may be in any encoding that it declares, and there is no
// round trip. How a document follows the one published before is for [CheckSuccessor].
func Check(doc []byte, want *Feed, format Format) error {
	if len(doc) > MaxSize {
		return Problems{{Reason: ErrTooLarge.Error()}}
	}
	if want == nil {
		var err error
		if doc, err = utf8Document(doc, format); err != nil {
			return Problems{{Reason: err.Error()}}
		}
	}
	if problems := checkStrictly(doc, want, format); len(problems) > 0 {
		return problems
	}
	got, problems, err := parse(doc, format)
	if err != nil {
		return Problems{{Reason: err.Error()}}
	}
	if want == nil {
		return append(problems, checkRules(got, format)...).err()
	}
	// The rules are held against what was written: gofeed mends some of the URLs that it reads.
	wrote := want.carried(format)
	problems = append(problems, checkRules(wrote, format)...)
	return append(problems, compare(wrote, got, format)...).err()
}

// checkStrictly does the first part of Check, and names the entries that the problems stand in: what an ill-formed
// document says is no name to trust, but the nth entry of a document of ours is the nth of want.
func checkStrictly(doc []byte, want *Feed, format Format) Problems {
	var pass strictPass
	if format == JSON {
		pass = strictJSON(doc)
	} else {
		pass = strictXML(doc)
	}
	var problems Problems
	for _, p := range pass.problems {
		problem := Problem{Line: p.line, Reason: p.reason}
		if want != nil && p.entry >= 0 && p.entry < len(want.Entries) {
			problem.EntryID = want.Entries[p.entry].ID
		}
		problems = append(problems, problem)
	}
	return problems
}

// A strictPass is what a walk over the tokens of a document found.
type strictPass struct {
	doc      []byte
	entry    int // the entry that the walk is in, from 0, or -1 between them
	entries  int // so far
	problems []strictProblem
}

type strictProblem struct {
	line, entry int
	reason      string
}

// maxStrictProblems bounds what the walk over a stranger's document collects.
const maxStrictProblems = 100

// full says whether to stop.
func (p *strictPass) full() bool { return len(p.problems) >= maxStrictProblems }

func (p *strictPass) report(line int, reason string) {
	p.problems = append(p.problems, strictProblem{line, p.entry, reason})
}

func (p *strictPass) enterEntry() {
	p.entry = p.entries
	p.entries++
}
