package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"feedpub/store"
)

// planArchive divides into parts the months that something changed in since the archive was made, or of which something
// failed, and those that the live document has left since; anew all of them.
func (r *run) planArchive(ctx context.Context, a *archive, full, anew bool) error {
	since := a.state
	if anew {
		since = store.Archive{}
	}
	touched, err := r.store.MonthsSince(ctx, a.query, since.Seq, since.At)
	if err != nil {
		return err
	}
	failed, err := r.store.FailedMonths(ctx, a.channel.Name)
	if err != nil {
		return err
	}
	touched = append(touched, failed...)
	bound := store.Month(0) // the last month with anything to archive
	if full {
		bound = store.MonthOf(a.last.VisibleFrom())
	}
	if moved := !r.own || r.reached[a.channel.Name] != a.reach(); moved && full {
		first := bound
		if a.state.Last > 0 { // that was archived in part
			first = min(first, a.state.Last)
		}
		for m := first; m <= bound; m = store.MonthOf(m.End()) {
			touched = append(touched, m)
		}
	}
	first := bound + 1
	if anew {
		first = 0
	}
	beyond, err := r.store.Parts(ctx, a.channel.Name, first, store.LastMonth)
	if err != nil {
		return err
	}
	for _, p := range beyond {
		touched = append(touched, p.Month)
	}
	for _, m := range touched {
		if _, done := a.planned[m]; done {
			continue
		}
		a.planned[m] = nil
		if m <= bound {
			if err := r.planMonth(ctx, a, m); err != nil {
				return err
			}
		}
	}
	if err := r.lookBeside(ctx, a); err != nil || !anew {
		return err
	}
	for _, parts := range a.stored {
		for i := range parts {
			parts[i].Digest = unwritten
		}
	}
	return nil
}

// lookBeside reads the parts as they are of the planned months, of the last one, and of the two months with parts before and after each:
// links of the nearer one may change, and lead to the other.
func (r *run) lookBeside(ctx context.Context, a *archive) error {
	look := func(m store.Month) (err error) {
		if _, done := a.stored[m]; !done && m > 0 {
			a.stored[m], err = r.store.Parts(ctx, a.channel.Name, m, m)
		}
		return err
	}
	beside := func(m store.Month) (before, after store.Month, err error) {
		if m > 0 {
			before, after, err = r.store.Beside(ctx, a.channel.Name, m)
		}
		return before, after, err
	}
	if err := look(a.state.Last); err != nil { // the live document leads there
		return err
	}
	for m := range a.planned {
		before, after, err := beside(m)
		if err != nil {
			return err
		}
		farBefore, _, err := beside(before)
		if err != nil {
			return err
		}
		_, farAfter, err := beside(after)
		if err != nil {
			return err
		}
		a.near[m], a.near[before], a.near[after] = true, true, true
		for _, m := range []store.Month{m, before, after, farBefore, farAfter} {
			if err := look(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// planMonth divides a month. A part of which everything stands in the live document is not archived yet.
func (r *run) planMonth(ctx context.Context, a *archive, month store.Month) error {
	refs, err := r.refs(ctx, a, month)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(refs, archiveSize) {
		if !a.isOlder(chunk[0]) {
			break
		}
		a.planned[month] = append(a.planned[month], part{month: month, n: len(a.planned[month]) + 1, refs: digestRefs(chunk)})
	}
	return nil
}

// refs are the entries of a month. Those of the last three months are kept, for the parts of a month are written one after the
// other.
func (r *run) refs(ctx context.Context, a *archive, month store.Month) ([]store.Ref, error) {
	if refs, known := a.refs[month]; known {
		return refs, nil
	}
	refs, err := r.store.Refs(ctx, a.query, month)
	if err != nil {
		return nil, err
	}
	const kept = 3
	if len(a.refs) >= kept {
		clear(a.refs)
	}
	a.refs[month] = refs
	return refs, nil
}

// digestRefs tells apart what a part may hold.
func digestRefs(refs []store.Ref) string {
	h, line := sha256.New(), make([]byte, 0, 128)
	for _, ref := range refs {
		line = append(append(line[:0], ref.ID...), 0)
		line = binary.BigEndian.AppendUint64(line, uint64(ref.VisibleFrom.UnixMicro()))
		h.Write(binary.BigEndian.AppendUint64(line, uint64(ref.Seq)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// reach is how far the archive goes: to the oldest entry of the live document.
func (a *archive) reach() string {
	return fmt.Sprint(a.last.VisibleFrom().UnixMicro(), a.last.ID)
}

// isOlder says whether an entry comes after the last one of the live document.
func (a *archive) isOlder(r store.Ref) bool {
	c := a.last.VisibleFrom().Compare(r.VisibleFrom)
	return cmp.Or(c, cmp.Compare(r.ID, a.last.ID)) > 0
}
