package ingest

import (
	"context"
	"maps"

	"feedpub/store"
)

// lookedUpAtOnce is of how many files it is looked up together what is stored of them.
const lookedUpAtOnce = 200

// lookUp is what is stored of some files of the source, by keys: of the article of each, or of those in it.
func (run *load) lookUp(ctx context.Context, files []string) (map[string]store.Known, error) {
	if run.empty {
		return nil, nil
	}
	known := map[string]store.Known{}
	var single []string
	for _, file := range files {
		if !isMany(file) {
			single = append(single, file)
			continue
		}
		in, err := run.Store.KeysIn(ctx, run.src.Name, file)
		if err != nil {
			return nil, err
		}
		maps.Copy(known, in)
	}
	in, err := run.Store.Alike(ctx, run.src.Name, store.ByKey, single)
	maps.Copy(known, in)
	return known, err
}
