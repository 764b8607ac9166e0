package feed

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one thing that is wrong with a document, with its place as far as it is known.
type Problem struct {
	Line    int    // of the document, from 1; 0 where only the content is known
	EntryID string // empty where the feed itself is to blame, or an entry without an ID
	Field   string // "updated", "enclosures[0].url"; empty where the document as such is ill-formed
	Reason  string
}

func (p Problem) Error() string {
	var parts []string
	if p.Line > 0 {
		parts = append(parts, fmt.Sprintf("line %d", p.Line))
	}
	if p.EntryID != "" {
		parts = append(parts, "entry "+p.EntryID)
	}
	if p.Field != "" {
		parts = append(parts, p.Field)
	}
	return strings.Join(append(parts, p.Reason), ": ")
}

// Problems is the error of [Feed.Write], [Check] and [CheckSuccessor]: everything that is wrong, one a line.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// err is ps as an error, which is nil where there is no problem.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Blamed names the entries that an error of [Feed.Write], [Check] or [CheckSuccessor] blames, each once. All says
// that they are all there is to blame, so that the feed may pass without them.
func Blamed(err error) (ids []string, all bool) {
	var problems Problems
	if !errors.As(err, &problems) {
		return nil, false
	}
	all = true
	for _, p := range problems {
		switch {
		case p.EntryID == "":
			all = false
		case !slices.Contains(ids, p.EntryID):
			ids = append(ids, p.EntryID)
		}
	}
	return ids, all
}
