package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"slices"
	"time"

	"feedpub/store"
)

// settled is how old a file's last change must be for its stamp to be trusted: a file may be written twice within one
// tick of its file system's clock, and be read in between.
const settled = 2 * time.Second

// stamps are what is known of a source's files without reading them. The store has one for each file of which an article
// is stored, so that those that vanish are known; the zero one is not to be trusted.
type stamps struct {
	left left                   // how the last run left the files
	read map[string]store.Stamp // to be noted: their article is stored as the file has it
	gone []string               // files that are noted and not there any more, as far as that is known
	open [store.Slots]int       // how many files of a slot are not, by what is noted, stored as they are
}

// A looked is what a walk found out of the files of a slot.
type looked struct {
	hash  hash.Hash // of those that have not been written for a moment, with their stamps
	doubt bool      // some file has to be read to know how it is
}

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

// stamp is how a file is at the time of the walk; zero where that is not to be trusted.
func (f *folder) stamp(key string, d fs.DirEntry) (s store.Stamp) {
	slot := f.slot(key)
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < settled {
		slot.doubt = true
		return s
	}
	s = store.Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano(), Changed: changedAt(info)}
	line := make([]byte, 0, 128)
	line = append(append(line, key...), 0)
	line = binary.BigEndian.AppendUint64(line, uint64(s.Size))
	line = binary.BigEndian.AppendUint64(line, uint64(s.Modified))
	slot.hash.Write(binary.BigEndian.AppendUint64(line, uint64(s.Changed)))
	return s
}

func (f *folder) slot(key string) *looked {
	slot := &f.slots[store.SlotOf(key)]
	if slot.hash == nil {
		slot.hash = sha256.New()
	}
	return slot
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

// slotsAtOnce are compared together, so that not all that is noted is in memory.
const slotsAtOnce = 8

// compare finds out what is noted of the files in some slots, and which noted files are gone, once all were looked at.
func (run *load) compare(ctx context.Context, slots []int) error {
	for slots := range slices.Chunk(slots, slotsAtOnce) {
		was, err := run.Store.Files(ctx, run.src.Name, slots)
		if err != nil {
			return err
		}
		for f := range run.folder.found.all() {
			if slices.Contains(slots, store.SlotOf(f.key)) {
				run.compareWith(was, f)
				delete(was, string(f.key))
			}
		}
		for key := range was {
			if !run.isBlind(key) {
				run.stamps.gone = append(run.stamps.gone, key)
			}
		}
	}
	slices.Sort(run.stamps.gone)
	return nil
}

// compareFound finds out what is noted of the files that were found, and nothing of others.
func (run *load) compareFound(ctx context.Context) error {
	for _, block := range run.folder.found.blocks {
		var keys []string
		for f := range block.all() {
			keys = append(keys, string(f.key))
		}
		was, err := run.Store.FilesBy(ctx, run.src.Name, keys)
		if err != nil {
			return err
		}
		for f := range block.all() {
			run.compareWith(was, f)
		}
	}
	return nil
}

func (run *load) compareWith(was map[string]store.Stamp, f *entry) {
	stamp, isNoted := was[string(f.key)]
	switch none := (store.Stamp{}); {
	case !isNoted:
	case stamp == none:
		f.note(doubted)
	case stamp == f.stamp:
		f.note(asItIs)
	default:
		f.note(asItWas)
	}
	if f.noted() != asItIs {
		run.stamps.open[store.SlotOf(f.key)]++
	}
}

// asLeft reports that all files are as the last run left them. It is the most frequent run of all.
func (run *load) asLeft() {
	n := run.folder.found.n
	run.report.Read, run.report.Unchanged = run.report.Read+n, run.report.Unchanged+n
	if run.Progress != nil && n > 0 {
		run.Progress(n, n)
	}
}

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
		a := &run.batch[i]
		key, _ := fileIn(a.Key)
		l[store.SlotOf(key)] = digest{}
		if f := &a.of.file; a.whole && f.noted.isStamp() {
			doubt[key] = store.Stamp{}
			run.note(f, doubted)
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

// note remembers what is noted of a file now.
func (run *load) note(f *file, now noted) {
	slot := store.SlotOf(f.key)
	if f.noted != asItIs {
		run.stamps.open[slot]--
	}
	if f.noted = now; now != asItIs {
		run.stamps.open[slot]++
	}
}

// isRefused notes that the article of a file is not stored as the file has it, unless that is known.
func (run *load) isRefused(f *file) {
	if f.noted.isStamp() {
		run.note(f, doubted)
		run.stamps.read[f.key] = store.Stamp{}
	}
}

func (run *load) leftSetting() string { return "left/" + run.src.Name }

// isUnread says that a file with one article need not be read: it is as it was when its article was stored.
func (run *load) isUnread(f *entry) bool {
	if run.untouched[store.SlotOf(f.key)] {
		return true
	}
	return run.same && !run.Reread && f.noted() == asItIs && !isMany(string(f.key))
}

// isStored notes that the article of a file is stored as the file has it; known says that it was stored before.
func (run *load) isStored(f *file, known bool) {
	if f.isTrusted() || !known {
		run.noteFile(f)
	}
}

// noteFile notes a file of which something is stored.
func (run *load) noteFile(f *file) {
	now := doubted
	if f.isTrusted() {
		now = asItIs
	}
	if f.noted != now {
		run.stamps.read[f.key] = f.stamp
		run.note(f, now)
	}
}

// notedAtOnce is of how many files it is noted together that they were read: in the order of their table that is twice as fast as a
// batch at a time, and they are in memory until then.
const notedAtOnce = 10_000

// noteFull notes the files that were read if they are many.
func (run *load) noteFull(ctx context.Context) error {
	if len(run.stamps.read) < notedAtOnce {
		return nil
	}
	return run.saveRead(ctx)
}

// saveRead notes what was read, and nothing of other files.
func (run *load) saveRead(ctx context.Context) error {
	if err := run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, nil); err != nil {
		return err
	}
	clear(run.stamps.read)
	return nil
}

// saveStamps notes what was read, after it is stored, and forgets files that are gone, but for those whose articles are
// missed.
func (run *load) saveStamps(ctx context.Context) error {
	missed := map[string]bool{}
	for _, keys := range [][]string{run.report.Missing, run.report.HeldBack, run.spared} {
		for _, key := range keys {
			file, _ := fileIn(key)
			missed[file] = true
		}
	}
	l := run.nowLeft(missed)
	var gone []string
	for _, key := range run.stamps.gone {
		if !missed[key] {
			gone = append(gone, key)
		}
		delete(missed, key) // it is noted
	}
	for key := range missed {
		if !run.folder.found.has(key) {
			run.stamps.read[key] = store.Stamp{}
		}
	}
	return run.Store.Together(ctx, func(ctx context.Context) error {
		if err := run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, gone); err != nil {
			return err
		}
		return run.leave(ctx, l)
	})
}

// nowLeft is how the source is left: the slots where each file's article is stored as the file has it, and none is missed.
func (run *load) nowLeft(missed map[string]bool) (l left) {
	open := run.stamps.open
	for key := range missed {
		open[store.SlotOf(key)]++
	}
	for slot := range l {
		if open[slot] == 0 {
			l[slot] = run.digest(slot)
		}
	}
	return l
}
