package ingest

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"feedpub/feed"
)

// An accident is that many files at once: a folder not mounted, a wrong checkout. Both have to be exceeded.
const (
	manyFiles   = 10
	manyPercent = 20
)

// vanished finds the entries whose file is gone, and keeps or withdraws them.
func (run *load) vanished(ctx context.Context) error {
	there := make(map[string]bool, len(run.folder.keys))
	for _, key := range run.folder.keys {
		there[key] = true
	}
	for key := range run.seen {
		there[key] = true
	}
	var gone []string
	live := 0
	for key, known := range run.known {
		if known.Status == feed.Withdrawn {
			continue
		}
		live++
		switch file, _ := fileIn(key); {
		case there[key] || run.names.taken[key] || run.isBlind(key):
		case !there[file] && run.folder.isNew(file):
			run.spared = append(run.spared, key)
		default:
			gone = append(gone, key)
		}
	}
	slices.Sort(gone)
	if len(gone) > manyFiles && run.src.Missing == "withdraw" && !run.Force {
		all, err := run.everything(ctx)
		if err != nil {
			return err
		}
		live = 0
		for _, known := range all {
			if known.Status != feed.Withdrawn {
				live++
			}
		}
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
		if _, err := run.Store.Withdraw(ctx, run.known[key].ID, ""); err != nil {
			return fmt.Errorf("withdraw %s: %w", run.folder.name(key), err)
		}
		run.report.Withdrawn++
	}
	return nil
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
