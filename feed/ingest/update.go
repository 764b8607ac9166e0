package ingest

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
)

// Update reads those files of a source into the store that are said to have changed, by their paths below its folder; of a
// folder, "." for all, all in it. What Load passes over is passed over here, and so is what is gone: articles that are
// missing from a file are in the report, and what becomes of them is left to Load. It costs what changed, not what is stored.
func (l *Loader) Update(ctx context.Context, src Source, keys ...string) (Report, error) {
	var report Report
	f, err := l.openFolder(src, &report)
	if err != nil {
		return report, err
	}
	defer f.root.Close()
	if err := f.find(keys); err != nil || f.found.n == 0 {
		return report, err
	}
	run, err := l.readFound(ctx, src, f)
	if err == nil {
		report.Missing = slices.Sorted(maps.Keys(run.missed))
	}
	return report, err
}

// find finds the articles among some files, and those in some folders.
func (f *folder) find(keys []string) error {
	for _, key := range keys {
		info, err := f.root.Lstat(filepath.FromSlash(key))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			f.problem(key, err)
		case !info.IsDir():
			f.visit(key, fs.FileInfoToDirEntry(info))
		case key == "." || !isPassedOver(f.exclude, key):
			if err := f.walk(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}
