package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"feedpub/store"
)

// A left is how a run left the files of a source: a digest for each slot, zero where it is not known whether all that the files
// hold is stored.
type left [store.Slots]digest

type digest [16]byte

// String is how left is noted.
func (l *left) String() string {
	all := make([]byte, 0, len(l)*len(digest{}))
	for i := range l {
		all = append(all, l[i][:]...)
	}
	return hex.EncodeToString(all)
}

// leftOf is what was noted; what is none says nothing.
func leftOf(text string) (l left) {
	all, err := hex.DecodeString(text)
	if err != nil || len(all) != len(l)*len(digest{}) {
		return l
	}
	for i := range l {
		copy(l[i][:], all[i*len(digest{}):])
	}
	return l
}

// digest tells apart how the files of a slot may be, and how they are read. It is zero where they have to be read to know it.
func (run *load) digest(slot int) (d digest) {
	f := run.folder
	if f.slots[slot].doubt || len(f.blind) > 0 {
		return d
	}
	var files []byte
	if h := f.slots[slot].hash; h != nil {
		files = h.Sum(nil)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%x %s", files, run.how))
	return digest(sum[:len(d)])
}

// isLeft says that the files of a slot are as the last run left them, with all that they hold stored.
func (run *load) isLeft(slot int) bool {
	d := run.digest(slot)
	return run.same && !run.Reread && d != digest{} && d == run.stamps.left[slot]
}

// touched finds the slots that are not as the last run left them, once all files were looked at, and remembers the others.
func (run *load) touched() (slots []int) {
	for slot := range store.Slots {
		if run.untouched[slot] = run.isLeft(slot); !run.untouched[slot] {
			slots = append(slots, slot)
		}
	}
	return slots
}

// asLeft reports that all files are as the last run left them. It is the most frequent run of all.
func (run *load) asLeft() {
	n := run.folder.found.n
	run.report.Read, run.report.Unchanged = run.report.Read+n, run.report.Unchanged+n
	if run.Progress != nil && n > 0 {
		run.Progress(n, n)
	}
}

func (run *load) leftSetting() string { return "left/" + run.src.Name }

// leave notes how the source is left.
func (run *load) leave(ctx context.Context, l left) error {
	if run.stamps.left == l {
		return nil
	}
	if err := run.Store.SetSetting(ctx, run.leftSetting(), l.String()); err != nil {
		return fmt.Errorf("note how source %s is left: %w", run.src.Name, err)
	}
	run.stamps.left = l
	return nil
}

// leaveBatch notes, as the batch is stored, that it is not known any more whether all is stored that its files hold, nor those that
// they were before they were renamed. So a file that comes back as it was is read, even where this run is cut off.
func (run *load) leaveBatch(ctx context.Context) error {
	if run.folder == nil {
		return nil
	}
	l, doubt := run.stamps.left, map[string]store.Stamp{}
	for i := range run.batch {
		a, f := &run.batch[i], &run.batch[i].of.file
		l[store.SlotOf(f.key)] = digest{}
		if a.whole && f.noted.isStamp() {
			doubt[f.key] = store.Stamp{}
			run.note(f, doubted)
		}
		if a.of.unnoted && run.same { // lest its articles be forgotten; where the Reader reads otherwise, all are looked at
			doubt[f.key] = store.Stamp{}
			a.of.unnoted = false
		}
		if a.FormerKey == "" {
			continue
		}
		former, among := fileIn(a.FormerKey)
		l[store.SlotOf(former)] = digest{}
		if !among {
			doubt[former] = store.Stamp{}
			run.stamps.gone = append(run.stamps.gone, former)
		}
	}
	if err := run.Store.SaveFiles(ctx, run.src.Name, doubt, nil); err != nil {
		return err
	}
	if !run.same && !run.mixed {
		if err := run.Store.SetSetting(ctx, run.setting(), ""); err != nil {
			return fmt.Errorf("note how source %s was read: %w", run.src.Name, err)
		}
		run.mixed = true
	}
	return run.leave(ctx, l)
}

// nowLeft is how the source is left: the slots where each file's article is stored as the file has it, and none is missed.
func (run *load) nowLeft(absent map[string]bool) (l left) {
	open := run.stamps.open
	for key := range absent {
		open[store.SlotOf(key)]++
	}
	for slot := range l {
		if open[slot] == 0 {
			l[slot] = run.digest(slot)
		}
	}
	return l
}
