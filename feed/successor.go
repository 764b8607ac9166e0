package feed

import (
	"fmt"
	"time"
)

// CheckSuccessor holds next, which is about to be published, against prev, which was read from what is published
// now, so that no reader sees time go backwards or an entry vanish:
//
//   - updated never goes back, of the feed and of each entry;
//   - an ID keeps its published date, unless its source names one (Dated) and so corrected it;
//   - an entry of prev that next lacks has a reason in left, by ID: "withdrawn", "newer entries".
//
// prev has whole seconds, so only those are compared. The error is [Problems].
func CheckSuccessor(prev, next *Feed, left map[string]string) error {
	var problems Problems
	report := func(id, field, format string, args ...any) {
		problems = append(problems, Problem{EntryID: id, Field: field, Reason: fmt.Sprintf(format, args...)})
	}
	if now, before := seconds(next.Updated), seconds(prev.Updated); now.Before(before) {
		report("", "updated", "goes back from %s to %s", before.Format(time.RFC3339), now.Format(time.RFC3339))
	}
	entries := make(map[string]*Entry, len(next.Entries))
	for i := range next.Entries {
		entries[line(next.Entries[i].ID)] = &next.Entries[i]
	}
	for i := range prev.Entries {
		old := &prev.Entries[i]
		e := entries[old.ID]
		if e == nil {
			if left[old.ID] == "" {
				report(old.ID, "id", "vanishes without a recorded reason")
			}
			continue
		}
		if now, before := seconds(e.Updated), seconds(old.Updated); now.Before(before) {
			report(old.ID, "updated", "goes back from %s to %s", before.Format(time.RFC3339), now.Format(time.RFC3339))
		}
		now, before := seconds(e.Published), seconds(old.Published)
		if !e.Dated && !before.IsZero() && !now.Equal(before) {
			report(old.ID, "published", "changes from %s to %s", before.Format(time.RFC3339), now.Format(time.RFC3339))
		}
	}
	return problems.err()
}
