package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	quiet       = 30 * time.Millisecond // without an event, and what is being written is written
	longestWait = time.Second           // for quiet: what is written without end is read meanwhile
	manyChanges = 500                   // changed at once: to load all of the source is no more work
)

// A Watch tells what changes in a source's folder. It watches folders, not files, and none that Load passes over.
type Watch struct {
	src     Source
	events  *fsnotify.Watcher
	changed map[string]bool // keys
	whole   bool            // keys do not tell all that changed
}

// NewWatch begins to watch a source's folder, and those in it. The error says that some of them are not watched; the
// rest are, where the watch is not nil.
func NewWatch(src Source) (*Watch, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch source %s: %w", src.Name, err)
	}
	w := &Watch{src: src, events: events, changed: map[string]bool{}}
	if err := w.add("."); err != nil {
		return w, fmt.Errorf("watch source %s: %w; where the system has too few watches, raise fs.inotify.max_user_watches", src.Name, err)
	}
	return w, nil
}

// Close ends the watch.
func (w *Watch) Close() error { return w.events.Close() }

// add watches a folder below the source's, and those in it. One that is gone meanwhile is none to watch.
func (w *Watch) add(key string) error {
	var failed error
	err := filepath.WalkDir(w.path(key), func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			failed = err
			return nil
		}
		if !d.IsDir() {
			return nil
		}
		if at := w.key(name); at != "." && isPassedOver(w.src.Exclude, at) {
			return fs.SkipDir
		}
		if err := w.events.Add(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = err
			return fs.SkipAll
		}
		return nil
	})
	return errors.Join(err, failed)
}

func (w *Watch) path(key string) string { return filepath.Join(w.src.Dir, filepath.FromSlash(key)) }

func (w *Watch) key(name string) string {
	key, err := filepath.Rel(w.src.Dir, name)
	if err != nil {
		return "."
	}
	return filepath.ToSlash(key)
}

// Run calls changed with the keys of files and folders that changed, when nothing has for a moment, or at the latest after
// a second; without keys where all of the source is to be looked through. It ends with ctx.
func (w *Watch) Run(ctx context.Context, changed func(keys []string)) {
	wait := time.NewTimer(quiet)
	wait.Stop()
	var first time.Time // of the changes that are not told yet
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-w.events.Events:
			if !ok {
				return
			}
			w.take(event)
		case _, ok := <-w.events.Errors: // some events were lost
			if !ok {
				return
			}
			w.whole = true
		case <-wait.C:
			first = time.Time{}
			changed(w.told())
			continue
		}
		if len(w.changed) == 0 && !w.whole {
			continue
		}
		if first.IsZero() {
			first = time.Now()
		}
		wait.Reset(max(0, min(quiet, longestWait-time.Since(first))))
	}
}

// take notes what changed.
func (w *Watch) take(event fsnotify.Event) {
	key := w.key(event.Name)
	if key != "." && isPassedOver(w.src.Exclude, key) || event.Op == fsnotify.Chmod {
		return
	}
	info, err := os.Lstat(event.Name)
	isFolder := err == nil && info.IsDir()
	_, isArticle := kindOf(key)
	gone := event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename)
	switch {
	case key == ".":
		w.whole = w.whole || gone
	case isFolder && event.Has(fsnotify.Create):
		if err := w.add(key); err != nil {
			w.whole = true
		}
		w.changed[key] = true
	case isFolder:
	case isArticle || gone && filepath.Ext(key) == "": // what is gone may have been a folder
		w.changed[key] = true
	}
}

// told are the keys that changed since it was asked last, none for all.
func (w *Watch) told() []string {
	var keys []string
	if !w.whole && len(w.changed) <= manyChanges {
		for key := range w.changed {
			keys = append(keys, key)
		}
		slices.Sort(keys)
	}
	w.changed, w.whole = map[string]bool{}, false
	return keys
}
