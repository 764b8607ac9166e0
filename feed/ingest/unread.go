package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"io/fs"
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

// compare finds out what is noted of the files in some slots, and which noted files are gone, once all were looked at.
func (run *load) compare(ctx context.Context, slots []int) error {
	return run.Store.Files(ctx, run.src.Name, slots, func(key string, was store.Stamp) {
		if f := run.folder.found.find(key); f != nil {
			f.compare(was)
		} else if !run.isBlind(key) {
			run.stamps.gone = append(run.stamps.gone, key)
		}
	})
}

// compareFound finds out what is noted of the files that were found, and nothing of others.
func (run *load) compareFound(ctx context.Context) error {
	for _, block := range run.folder.found.blocks {
		var keys []string
		for f := range block.all() {
			keys = append(keys, string(f.key))
		}
		noted, err := run.Store.FilesBy(ctx, run.src.Name, keys)
		if err != nil {
			return err
		}
		for f := range block.all() {
			if was, ok := noted[string(f.key)]; ok {
				f.compare(was)
			}
		}
	}
	return nil
}

// compare remembers what is noted of the file.
func (f *foundFile) compare(was store.Stamp) {
	switch none := (store.Stamp{}); was {
	case none:
		f.note(doubted)
	case f.stamp:
		f.note(asItIs)
	default:
		f.note(asItWas)
	}
}

// isUnread says that a file with one article need not be read: it is as it was when its article was stored.
func (run *load) isUnread(f *foundFile) bool {
	if run.untouched[store.SlotOf(f.key)] {
		return true
	}
	return run.same && !run.Reread && f.noted() == asItIs && !isMany(string(f.key))
}

// noteStored notes that the article of a file is stored as the file has it; known says that it was stored before.
func (run *load) noteStored(f *file, known bool) {
	if f.isTrusted() || !known || f.noted == notNoted {
		run.noteRead(f)
	}
}

// noteRead notes a file of which something is stored.
func (run *load) noteRead(f *file) {
	now := doubted
	if f.isTrusted() {
		now = asItIs
	}
	if f.noted != now {
		run.stamps.read[f.key] = f.stamp
		run.note(f, now)
	}
}

// noteRefused notes that the article of a file is not stored as the file has it, unless that is known.
func (run *load) noteRefused(f *file) {
	if f.noted.isStamp() {
		run.note(f, doubted)
		run.stamps.read[f.key] = store.Stamp{}
	}
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

// notedAtOnce is of how many files it is noted together that they were read: in the order of their table that is twice as fast as a
// batch at a time, and they are in memory until then.
const notedAtOnce = 10_000

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
	noted, absent := map[string]bool{}, map[string]bool{} // files that are gone, and those of them whose articles are missed
	for _, key := range run.stamps.gone {
		noted[key] = true
	}
	for _, keys := range [][]string{run.report.Missing, run.report.HeldBack, run.spared} {
		for _, key := range keys {
			file := key
			if !noted[key] {
				file, _ = fileIn(key)
			}
			absent[file] = true
		}
	}
	var gone []string
	for key := range noted {
		if !absent[key] {
			gone = append(gone, key)
		}
	}
	for key := range absent {
		if !noted[key] && run.folder.found.find(key) == nil {
			run.stamps.read[key] = store.Stamp{}
		}
	}
	l := run.nowLeft(absent)
	return run.Store.Together(ctx, func(ctx context.Context) error {
		if err := run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, gone); err != nil {
			return err
		}
		return run.leave(ctx, l)
	})
}
