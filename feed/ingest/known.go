package ingest

import (
	"context"
	"maps"
	"slices"

	"feedpub/store"
)

// A run looks up the stored articles of the files that it reads, or misses. It looks up all of the source where the files
// are many, or one of them is new, which may be an article that is stored under another name.

// lookUpWritten looks up what the files hold that were written since they were read last, and those that are gone.
func (run *load) lookUpWritten(ctx context.Context, slots []int) (err error) {
	if err = run.lookAt(ctx, slots); err != nil {
		return err
	}
	if !run.same {
		run.known, err = run.everything(ctx)
		return err
	}
	return run.lookUp(ctx, slices.DeleteFunc(slices.Clone(run.folder.keys), run.isUnread), run.goneFiles())
}

// lookUp looks up what files hold that are read, and others that are not.
func (run *load) lookUp(ctx context.Context, read, others []string) (err error) {
	run.known = map[string]store.Known{}
	isKnown := len(read)+len(others) <= manyChanges
	for i, key := range slices.Concat(read, others) {
		if !isKnown {
			break
		}
		in, err := run.Store.KeysIn(ctx, run.src.Name, key)
		if err != nil {
			return err
		}
		maps.Copy(run.known, in)
		isKnown = len(in) > 0 || i >= len(read)
	}
	if !isKnown {
		run.known, err = run.everything(ctx)
	}
	return err
}

// everything is all that is stored of the source.
func (run *load) everything(ctx context.Context) (all map[string]store.Known, err error) {
	if run.all == nil {
		run.all, err = run.Store.Keys(ctx, run.src.Name)
	}
	return run.all, err
}
