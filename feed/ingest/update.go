package ingest

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"feedpub/store"
)

// Update reads those files of a source into the store that are said to have changed, by their paths below its folder; of a
// folder, all in it. What Load passes over is passed over here. Where one of them is gone, all of the source is loaded:
// its articles may have moved. It costs what changed, not what is stored, but for articles that are not stored yet, which
// are looked for under other names.
func (l *Loader) Update(ctx context.Context, src Source, keys ...string) (Report, error) {
	var report Report
	f, err := l.openFolder(src, &report)
	if err != nil {
		return report, err
	}
	defer f.root.Close()
	for _, key := range keys {
		info, err := f.root.Lstat(filepath.FromSlash(key))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return l.Load(ctx, src)
		case err != nil:
			f.problem(key, err)
		case info.IsDir() && !isPassedOver(src.Exclude, key):
			if err := f.walk(key); err != nil {
				return report, err
			}
		default:
			f.visit(key, fs.FileInfoToDirEntry(info))
		}
	}
	f.keys = slices.Compact(slices.Sorted(slices.Values(f.keys)))
	if len(f.keys) == 0 {
		return report, nil
	}
	run, err := l.begin(ctx, src, f, &report)
	if err != nil {
		return report, err
	}
	if run.known, err = run.knownOf(ctx, f.keys); err != nil {
		return report, err
	}
	if err := run.readAll(ctx, f.keys); err != nil {
		return report, err
	}
	return report, run.saveStamps(ctx)
}

// knownOf is what is known of the articles of some files: of all the source, where one of them is new or may hold several.
func (run *load) knownOf(ctx context.Context, keys []string) (map[string]store.Known, error) {
	known := map[string]store.Known{}
	for _, key := range keys {
		one, err := run.Store.Key(ctx, run.src.Name, key)
		if err != nil {
			return nil, err
		}
		if k, _ := kindOf(key); k.many || len(one) == 0 {
			return run.Store.Keys(ctx, run.src.Name)
		}
		maps.Copy(known, one)
	}
	return known, nil
}
