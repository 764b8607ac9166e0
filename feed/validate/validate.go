// Package validate holds a feed against the specifications that it is written by, and says of each thing that is
// wrong where it stands and what to do. It is for strangers' feeds as well as ours: it looks at a document as it
// lies there, where [feed.Check] asks whether a document of ours says what it should.
//
// The rules stand in tables, one a vocabulary: which elements, attributes and values there are, how often, and where.
// An error is what a specification forbids; what it advises against, or what readers stumble over, is a warning.
package validate

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"feedpub/feed"
	"feedpub/feed/internal/strict"
)

// Options are what a document does not say itself.
type Options struct {
	Now time.Time // dates after it are warned of; the zero time lets all pass
}

// A Report is what was found out about a document.
type Report struct {
	Format   feed.Format // empty where it is none of ours
	Entries  int
	Self     string   // the address that it says it has
	Hubs     []string // the addresses of WebSub hubs that it names
	Findings []Finding
}

// Errors says how many of the findings are errors.
func (r Report) Errors() int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == Error {
			n++
		}
	}
	return n
}

// Document checks a document of any format, in any encoding that it declares. It neither trusts it nor asks the
// network for anything.
func Document(doc []byte, o Options) Report {
	define()
	c := &collector{now: o.Now}
	if len(doc) > feed.MaxSize {
		c.find("document-too-large", 0, fmt.Sprintf("the document is larger than %d MiB", feed.MaxSize>>20), "publish fewer entries, and the rest in archives (RFC 5005)")
		return Report{Findings: c.findings}
	}
	if start := bytes.TrimLeft(bytes.TrimPrefix(doc, []byte("\ufeff")), " \t\r\n"); bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("[")) {
		return checkJSON(doc, c)
	}
	return checkXML(doc, c)
}

func checkXML(doc []byte, c *collector) Report {
	text, err := feed.DecodeXML(doc)
	if err != nil {
		c.find("xml-encoding", 0, err.Error(), "write the document in UTF-8, and say so in its declaration")
		return Report{Findings: c.placed(doc)}
	}
	w := &walk{collector: c}
	problems := strict.XML(text, strict.XMLOptions{MaxDepth: feed.MaxDepth, Visitor: w, Entities: true})
	problems = slices.DeleteFunc(problems, func(p strict.Problem) bool { return p.Lost })
	if len(problems) > 0 { // what is ill-formed is all that can be said
		c.findings, c.offsets = nil, nil
		c.addStrict(problems, "xml-ill-formed", "write the document with an XML encoder")
	}
	if w.report.Format == "" && len(c.findings) == 0 {
		c.find("document-no-feed", 0, "the document is neither RSS, Atom nor JSON Feed", "check the address of the feed")
	}
	w.report.Findings = c.placed(text)
	return w.report
}

// maxFindings is how much is said of one document, after which it is not looked at further.
const maxFindings = 200

// A collector gathers findings by their offset, and puts lines and columns on them in the end.
type collector struct {
	now      time.Time
	findings []Finding
	offsets  []int64 // of the findings; below zero where the line is known already
}

func (c *collector) full() bool { return len(c.findings) >= maxFindings }

func (c *collector) find(code string, offset int64, message, remedy string) {
	if !c.full() {
		c.findings = append(c.findings, Finding{Severity: severityOf(code), Code: code, Message: strings.ToValidUTF8(message, "\ufffd"), Remedy: remedy})
		c.offsets = append(c.offsets, offset)
	}
}

func (c *collector) addStrict(problems []strict.Problem, code, remedy string) {
	for _, p := range problems {
		c.find(code, -1, p.Reason, remedy)
		c.findings[len(c.findings)-1].Line = p.Line
	}
}

// placed are the findings in the order of the document.
func (c *collector) placed(doc []byte) []Finding {
	order := make([]int, len(c.findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.offsets[a], c.offsets[b]) })
	line, start, at := 1, 0, 0
	for _, i := range order {
		if c.offsets[i] < 0 {
			continue
		}
		offset := min(int(c.offsets[i]), len(doc))
		for ; at < offset; at++ {
			if doc[at] == '\n' {
				line, start = line+1, at+1
			}
		}
		c.findings[i].Line, c.findings[i].Column = line, 1+utf8.RuneCount(doc[start:offset])
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.findings
}
