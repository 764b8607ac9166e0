package ingest

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"feedpub/feed"
	"feedpub/store"
)

// An accident is that many files at once: a folder not mounted, a wrong checkout. Both have to be exceeded.
const (
	manyFiles   = 10
	manyPercent = 20
)

// vanished finds the entries whose file is gone, and keeps or withdraws them.
func (run *load) vanished(ctx context.Context) error {
	if err := run.missFiles(ctx); err != nil {
		return err
	}
	gone, live := slices.Sorted(maps.Keys(run.missed)), 0
	if len(gone) > manyFiles && run.src.Missing == "withdraw" && !run.Force {
		var err error
		if live, err = run.Store.Live(ctx, run.src.Name); err != nil {
			return err
		}
		live -= run.added // of those that were there before, so many are gone
	}
	switch {
	case run.src.Missing != "withdraw":
		run.report.Missing = gone
		return nil
	case len(gone) > manyFiles && len(gone)*100 > live*manyPercent && !run.Force:
		run.report.HeldBack = gone
		run.report.Problems = append(run.report.Problems, fmt.Errorf(
			"source %s: %d of %d files vanished at once; they are withdrawn only with --force", run.src.Name, len(gone), live))
		return nil
	}
	for _, key := range gone {
		if _, err := run.Store.Withdraw(ctx, run.missed[key].ID, ""); err != nil {
			return fmt.Errorf("withdraw %s: %w", run.folder.name(key), err)
		}
		run.report.Withdrawn++
	}
	return nil
}

// missFiles misses the articles whose file is gone: those of noted files, or, where the Reader reads otherwise than when the
// store was filled, of all that are stored.
func (run *load) missFiles(ctx context.Context) error {
	if run.empty {
		return nil
	}
	if !run.same {
		return run.Store.Keys(ctx, run.src.Name, run.missFile)
	}
	for files := range slices.Chunk(run.stamps.gone, lookedUpAtOnce) {
		known, err := run.lookUp(ctx, files)
		if err != nil {
			return err
		}
		for key, k := range known {
			run.missFile(key, k)
		}
	}
	return nil
}

// missFile misses a stored article if its file is gone.
func (run *load) missFile(key string, k store.Known) {
	file, _ := fileIn(key)
	switch {
	case k.Status == feed.Withdrawn || run.isFound(key) || run.taken[key] || run.isBlind(key):
	case run.folder.isNew(file):
		run.spared = append(run.spared, key)
	default:
		run.missed[key] = k
	}
}

// isFound says that the file of a key was found, or the one that holds its article among others. A file may be named as if it
// stood in another: a.ndjson#b.md.
func (run *load) isFound(key string) bool {
	file, among := fileIn(key)
	return run.folder.found.find(key) != nil || among && run.folder.found.find(file) != nil
}

// missIn misses the stored articles that a file, which was read, does not hold any more. Of one that holds only the newest, or
// of which not all could be read, that is not known.
func (run *load) missIn(f *readFile) {
	if f.unsure {
		return
	}
	for key, k := range f.known {
		file, among := fileIn(key)
		if _, there := f.seen[key]; among && file == f.key && !there && k.Status != feed.Withdrawn && run.folder.found.find(key) == nil {
			run.missed[key] = k
		}
	}
}

// isBlind says that a key lies below a folder that could not be read.
func (run *load) isBlind(key string) bool {
	return slices.ContainsFunc(run.folder.blind, func(dir string) bool { return strings.HasPrefix(key, dir) })
}

// isNew says that a file is there that was written about when its folder was walked, perhaps by who stored its articles meanwhile.
func (f *folder) isNew(key string) bool {
	info, err := f.root.Lstat(filepath.FromSlash(key))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	return max(changedAt(info), info.ModTime().UnixNano()) > f.opened.Add(-settled).UnixNano()
}
