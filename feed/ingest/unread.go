package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"maps"
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
	was  map[string]store.Stamp // as they were when they were read last, in the slots that are looked at
	now  map[string]store.Stamp // of files there that may be trusted
	read map[string]store.Stamp // to be noted: their article is stored as the file has it
	// doubted are noted meanwhile as files that are not to be trusted, see leaveBatch.
	doubted map[string]store.Stamp
}

// A looked is what a walk found out of the files of a slot.
type looked struct {
	hash  hash.Hash // of all with their stamps
	files []stamped // that have not been written for a moment
	doubt bool      // some file has to be read to know how it is
}

type stamped struct {
	key string
	store.Stamp
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

// stamp notes how a file is at the time of the walk.
func (f *folder) stamp(key string, d fs.DirEntry) {
	slot := f.slot(key)
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < settled {
		slot.doubt = true
		return
	}
	s := store.Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano(), Changed: changedAt(info)}
	slot.files = append(slot.files, stamped{key, s})
	line := make([]byte, 0, 128)
	line = append(append(line, key...), 0)
	line = binary.BigEndian.AppendUint64(line, uint64(s.Size))
	line = binary.BigEndian.AppendUint64(line, uint64(s.Modified))
	slot.hash.Write(binary.BigEndian.AppendUint64(line, uint64(s.Changed)))
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
	if f.slots[slot].doubt || f.partial {
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

// lookAt finds out how the files of some slots were when they were read last, and how they are.
func (run *load) lookAt(ctx context.Context, slots []int) (err error) {
	run.stamps.now = map[string]store.Stamp{}
	for _, slot := range slots {
		for _, f := range run.folder.slots[slot].files {
			run.stamps.now[f.key] = f.Stamp
		}
	}
	run.stamps.was, err = run.Store.Files(ctx, run.src.Name, slots)
	return err
}

// slotsOf are the slots of the files.
func slotsOf(keys []string) (slots []int) {
	for _, key := range keys {
		if slot := store.SlotOf(key); !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// asLeft reports that all files are as the last run left them. It is the most frequent run of all.
func (run *load) asLeft() {
	n := len(run.folder.keys)
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
	l, doubted := run.stamps.left, map[string]store.Stamp{} // was is being read by those who read ahead
	for i := range run.batch {
		a := &run.batch[i]
		file, among := fileIn(a.Key)
		l[store.SlotOf(file)] = digest{}
		if !among && run.stamps.was[file] != (store.Stamp{}) {
			doubted[file] = store.Stamp{}
		}
		if a.FormerKey == "" {
			continue
		}
		former, among := fileIn(a.FormerKey)
		l[store.SlotOf(former)] = digest{}
		if !among {
			doubted[former] = store.Stamp{}
		}
	}
	if err := run.Store.SaveFiles(ctx, run.src.Name, doubted, nil); err != nil {
		return err
	}
	maps.Copy(run.stamps.doubted, doubted)
	if !run.same && !run.mixed {
		if err := run.Store.SetSetting(ctx, run.setting(), ""); err != nil {
			return fmt.Errorf("note how source %s was read: %w", run.src.Name, err)
		}
		run.mixed = true
	}
	return run.leave(ctx, l)
}

// isRefused notes that the article of a file is not stored as the file has it, unless that is known.
func (run *load) isRefused(key string) {
	if was := run.stamps.was[key]; was != (store.Stamp{}) {
		run.stamps.read[key] = store.Stamp{}
	}
}

func (run *load) leftSetting() string { return "left/" + run.src.Name }

// isUnread says that a file with one article need not be read: it is as it was when its article was stored.
func (run *load) isUnread(key string) bool {
	if run.untouched[store.SlotOf(key)] {
		return true
	}
	if k, _ := kindOf(key); !run.same || run.Reread || k.many {
		return false
	}
	stamp, settled := run.stamps.now[key]
	return settled && stamp == run.stamps.was[key]
}

// isStored notes that the article of a file is stored as the file has it.
func (run *load) isStored(key string) {
	_, trusted := run.stamps.now[key]
	if _, stored := run.known[key]; trusted || !stored {
		run.stamps.note(key)
	}
}

// note notes a file of which something is stored.
func (s *stamps) note(key string) {
	was, noted := s.was[key]
	if _, doubted := s.doubted[key]; doubted {
		was = store.Stamp{}
	}
	if !noted || was != s.now[key] {
		s.read[key] = s.now[key]
	}
}

// saveStamps notes what was read, after it is stored, and forgets files that are gone, but for those whose articles are
// missed.
func (run *load) saveStamps(ctx context.Context) error {
	maps.Copy(run.stamps.was, run.stamps.doubted)
	missed := map[string]bool{}
	for _, keys := range [][]string{run.report.Missing, run.report.HeldBack, run.spared} {
		for _, key := range keys {
			file, _ := fileIn(key)
			missed[key], missed[file] = true, true
			_, noted := run.stamps.was[key]
			if _, in := run.stamps.was[file]; !noted && !in {
				run.stamps.read[key] = store.Stamp{}
			}
		}
	}
	var gone []string
	for _, key := range run.goneFiles() {
		if !missed[key] {
			gone = append(gone, key)
		}
	}
	return run.Store.Together(ctx, func(ctx context.Context) error {
		if err := run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, gone); err != nil {
			return err
		}
		return run.leave(ctx, run.nowLeft(missed))
	})
}

// nowLeft is how the source is left: the slots where each file's article is stored as the file has it, and none is missed.
func (run *load) nowLeft(missed map[string]bool) (l left) {
	maps.Copy(run.stamps.was, run.stamps.read)
	var open [store.Slots]bool
	for key := range missed {
		open[store.SlotOf(key)] = true
	}
	for _, key := range run.folder.keys {
		slot := store.SlotOf(key)
		if stamp, trusted := run.stamps.now[key]; !run.untouched[slot] && (!trusted || stamp != run.stamps.was[key]) {
			open[slot] = true
		}
	}
	for slot := range l {
		if !open[slot] {
			l[slot] = run.digest(slot)
		}
	}
	return l
}

// goneFiles are the files that are noted and not there any more, as far as that is known.
func (run *load) goneFiles() (gone []string) {
	there := make(map[string]bool, len(run.folder.keys))
	for _, key := range run.folder.keys {
		there[key] = true
	}
	for key := range run.stamps.was {
		if !there[key] && !run.isBlind(key) {
			gone = append(gone, key)
		}
	}
	return gone
}

// saveRead notes what was read, and nothing of other files.
func (run *load) saveRead(ctx context.Context) error {
	return run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, nil)
}
