package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"time"

	"feedpub/store"
)

// settled is how old a file's last change must be for its stamp to be trusted: a file may be written twice within one
// tick of its file system's clock, and be read in between.
const settled = 2 * time.Second

// stamps are what is known of a source's files without reading them. The store has one for each file of which an article
// is stored, so that those that vanish are known; the zero one is not to be trusted.
type stamps struct {
	left string                 // see isAsLeft
	was  map[string]store.Stamp // as they were when they were read last
	now  map[string]store.Stamp // of files that may be trusted
	read map[string]store.Stamp // to be noted: their article is stored as the file has it
}

// stamp notes how a file is at the time of the walk.
func (f *folder) stamp(key string, d fs.DirEntry) {
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < settled {
		f.doubt = true
		return
	}
	s := store.Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano(), Changed: changedAt(info)}
	f.stamps[key] = s
	line := make([]byte, 0, 128)
	line = append(append(line, key...), 0)
	line = binary.BigEndian.AppendUint64(line, uint64(s.Size))
	line = binary.BigEndian.AppendUint64(line, uint64(s.Modified))
	f.look.Write(binary.BigEndian.AppendUint64(line, uint64(s.Changed)))
}

// isAsLeft says that all files are as the last run left them, with all that they hold stored: then there is nothing to
// look up. It is the most frequent run of all.
func (run *load) isAsLeft() bool {
	if !run.same || run.Reread || run.stamps.left == "" || run.stamps.left != run.digest() {
		return false
	}
	n := len(run.folder.keys)
	run.report.Read, run.report.Unchanged = run.report.Read+n, run.report.Unchanged+n
	if run.Progress != nil && n > 0 {
		run.Progress(n, n)
	}
	return true
}

// digest tells apart how the files of a source may be, and how they are read. It is empty where they have to be read to
// know it.
func (run *load) digest() string {
	if run.folder.doubt {
		return ""
	}
	return fmt.Sprintf("%x %s %t", run.folder.look.Sum(nil), run.Reader.fingerprint(), run.drafts)
}

// leave notes how the source is left: empty while it is not known.
func (run *load) leave(ctx context.Context, digest string) error {
	if run.folder == nil || run.stamps.left == digest {
		return nil
	}
	if err := run.Store.SetSetting(ctx, run.leftSetting(), digest); err != nil {
		return fmt.Errorf("note how source %s is left: %w", run.src.Name, err)
	}
	run.stamps.left = digest
	return nil
}

func (run *load) leftSetting() string { return "left/" + run.src.Name }

// isUnread says that a file with one article need not be read: it is as it was when its article was stored.
func (run *load) isUnread(key string) bool {
	k, _ := kindOf(key)
	stamp, settled := run.stamps.now[key]
	return run.same && !run.Reread && !k.many && settled && stamp == run.stamps.was[key]
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
	if was, noted := s.was[key]; !noted || was != s.now[key] {
		s.read[key] = s.now[key]
	}
}

// saveStamps notes what was read, after it is stored, and forgets files that are gone, but for those whose articles are
// missed.
func (run *load) saveStamps(ctx context.Context) error {
	missed := map[string]bool{}
	for _, keys := range [][]string{run.report.Missing, run.report.HeldBack} {
		for _, key := range keys {
			file, _, _ := strings.Cut(key, "#")
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
	if err := run.Store.SaveFiles(ctx, run.src.Name, run.stamps.read, gone); err != nil {
		return err
	}
	return run.leave(ctx, run.digestIfStored(len(missed)))
}

// digestIfStored is the digest where each file's article is stored as the file has it, and none is missed.
func (run *load) digestIfStored(missed int) string {
	if missed > 0 {
		return ""
	}
	maps.Copy(run.stamps.was, run.stamps.read)
	for _, key := range run.folder.keys {
		if stamp, trusted := run.stamps.now[key]; !trusted || stamp != run.stamps.was[key] {
			return ""
		}
	}
	return run.digest()
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
