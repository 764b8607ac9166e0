package feed

import "feedpub/feed/internal/strict"

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
	var found []strict.Problem
	if format == JSON {
		found = strict.JSON(doc, MaxDepth)
	} else {
		found = strict.XML(doc, strict.XMLOptions{MaxDepth: MaxDepth})
	}
	var problems Problems
	for _, p := range found {
		problem := Problem{Line: p.Line, Reason: p.Reason}
		if want != nil && p.Entry >= 0 && p.Entry < len(want.Entries) {
			problem.EntryID = want.Entries[p.Entry].ID
		}
		problems = append(problems, problem)
	}
	return problems
}
