package publish

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/manifest"
)

// Prune removes the documents, and the progress, of feeds and formats that the configuration no longer has, and
// returns the paths, in order. Only files on the list are removed; with DryRun none is.
func (p *Publisher) Prune(ctx context.Context) ([]string, error) {
	unlock, err := p.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	r, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	defer r.root.Close()
	wanted, feeds := map[string]bool{indexPath: true, opmlName: true}, map[string]bool{}
	for _, x := range r.extras() {
		wanted[x.name] = true
	}
	for _, c := range r.channels {
		feeds[c.Name], wanted[c.page()] = true, true
		for _, d := range c.Documents {
			for _, name := range c.paths(d) {
				wanted[name] = true
			}
		}
	}
	pruned := append(r.list.pathsOf(func(name string, _ manifest.File) bool { return !wanted[name] }), r.strayArchived()...)
	slices.Sort(pruned)
	if p.config.DryRun {
		return pruned, nil
	}
	if err := r.remove(pruned); err != nil {
		return nil, err
	}
	if err := r.renameArchives(); err != nil {
		return nil, err
	}
	for name := range r.states {
		if !feeds[name] {
			if err := p.store.DropFeed(ctx, name); err != nil {
				return nil, fmt.Errorf("forget the feed %s: %w", name, err)
			}
		}
	}
	return pruned, nil
}

// renameArchives notes anew how the documents are called that archives still consist of.
func (r *run) renameArchives() error {
	for feed, files := range r.list.archives {
		if c, ok := r.named[feed]; ok && c.Archives {
			maps.DeleteFunc(files, func(file string, _ bool) bool { return !c.hasFile(file) })
		}
	}
	return r.list.write()
}

// remove removes documents, takes them off the list, and clears away folders that are empty then.
func (r *run) remove(paths []string) error {
	for _, name := range paths {
		if err := r.list.dropCodings(name); err != nil {
			return err
		}
		if err := durable.Remove(r.root, name); err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
		r.list.drop(name)
		r.list.clear(path.Dir(name))
	}
	if err := r.list.settleParts("."); err != nil {
		return err
	}
	return r.list.write()
}
