package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// An Error is one mistake in the configuration.
type Error struct {
	// File is the file, or "environment NAME", or "flag --name".
	File string
	// Line and Column count from 1, the column in characters; both are 0 outside of a file.
	Line, Column int
	// Key is the path of the value, such as feeds[1].limit; empty when the mistake is the file's own.
	Key    string
	Reason string
}

// Error is the mistake on one line: feedpub.yaml:12:5: feeds[1].limit: 0 is not between 1 and 1000.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	b.WriteString(": ")
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.Reason)
	return b.String()
}

// Errors are all mistakes of a configuration: the file's by place, then the environment's, then the flags'.
type Errors []*Error

// Error has a line for each mistake.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the mistakes to errors.As.
func (es Errors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}

// maxErrors is how many mistakes are reported: a file that is not meant to be a configuration has thousands.
const maxErrors = 100

// sorted returns the mistakes in order, at most maxErrors of them; nil when there are none.
func (es Errors) sorted() error {
	if len(es) == 0 {
		return nil
	}
	slices.SortStableFunc(es, func(a, b *Error) int {
		if inFile, other := a.Line > 0, b.Line > 0; inFile != other {
			if inFile {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if more := len(es) - maxErrors; more > 0 {
		last := es[maxErrors-1]
		es = append(es[:maxErrors:maxErrors], &Error{File: last.File, Line: last.Line, Column: last.Column,
			Reason: fmt.Sprintf("%d more mistakes follow", more)})
	}
	return es
}

// nearest returns the one of known that name is most likely meant to be, or "".
func nearest(name string, known []string) string {
	if len(name) > 64 {
		return ""
	}
	best, least := "", 1+max(2, (len(name)+1)/3) // a transposition counts as 2
	for _, k := range known {
		d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(k), nil)
		if d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// unknown is the reason for a name that is none of known.
func unknown(what string, known []string, name string) string {
	reason := "unknown " + what
	if k := nearest(name, known); k != "" {
		return reason + "; did you mean " + k + "?"
	}
	return reason
}

// unknownKey is unknown for a key of the mapping at path, which may be known elsewhere.
func unknownKey(path string, known []string, name string) string {
	if nearest(name, known) == "" {
		for _, s := range settings {
			if s != name && s != join(path, name) && strings.HasSuffix("."+s, "."+name) {
				return "unknown key; did you mean " + s + "?"
			}
		}
	}
	return unknown("key", known, name)
}

// quote shows a stranger's text in a message, cut where it is long.
func quote(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", s)
}
