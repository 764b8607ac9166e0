package ingest

import (
	"context"
	"io/fs"
	"time"

	"feedpub/store"
)

// settled is how old a file's last change must be for its stamp to be trusted: a file may be written twice within one
// tick of its file system's clock, and be read in between.
const settled = 2 * time.Second

// stamps are what is known of a source's files without reading them.
type stamps struct {
	was  map[string]store.Stamp // as they were when they were read last
	now  map[string]store.Stamp // of files that may be trusted
	read map[string]store.Stamp // to be noted: their article is stored as the file has it
}

// stamp notes how a regular file is at the time of the walk.
func (f *folder) stamp(key string, d fs.DirEntry) {
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < settled {
		return
	}
	f.stamps[key] = store.Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano()}
}

// isUnread says that a file with one article need not be read: it is as it was when its article was stored.
func (run *load) isUnread(key string, k kind) bool {
	known, stored := run.known[key]
	stamp, settled := run.stamps.now[key]
	return run.same && !run.Reread && !k.many && stored && !known.Adopted && settled && stamp == run.stamps.was[key]
}

// isStored notes that the article of a file is stored as the file has it.
func (s *stamps) isStored(key string) {
	if stamp, ok := s.now[key]; ok && stamp != s.was[key] {
		s.read[key] = stamp
	}
}

// save notes what was read, after it is stored, and forgets files that are gone.
func (run *load) saveStamps(ctx context.Context) error {
	there := make(map[string]bool, len(run.folder.keys))
	for _, key := range run.folder.keys {
		there[key] = true
	}
	var gone []string
	for key := range run.stamps.was {
		if !there[key] && !run.isBlind(key) {
			gone = append(gone, key)
		}
	}
	return run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, gone)
}

// saveRead notes what was read, and nothing of other files.
func (run *load) saveRead(ctx context.Context) error {
	return run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, nil)
}
