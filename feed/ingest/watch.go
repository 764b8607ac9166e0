package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// lookEvery is how often it is looked whether the source's folder is another one, or there again.
const lookEvery = time.Second

// A Watch tells what changes in a source's folder. It watches folders, not files, and none that Load passes over.
type Watch struct {
	src     Source
	tell    func(error)
	events  *fsnotify.Watcher // nil where nothing is watched
	dir     string            // the folder's path without links: what the events' names begin with
	root    fs.FileInfo       // the folder that is watched, nil while there is none
	folders map[string]bool   // keys of what is watched
	limited bool              // it was told that there are too few watches
	changes changes
}

// NewWatch begins to watch a source's folder, and those in it. A folder that is not there is watched as soon as it is.
// tell hears, once, that not all of them can be watched; the others are.
func NewWatch(src Source, tell func(error)) *Watch {
	w := &Watch{src: src, tell: tell, changes: newChanges()}
	w.renew()
	return w
}

// Run calls changed with the keys of files and folders that changed, "." for all of them, when nothing has for a moment, or
// at the latest after a second; and without keys when files have been gone for a while, or changed said that articles
// are. What changes meanwhile waits until changed returns. It ends with ctx, and with it the watch.
func (w *Watch) Run(ctx context.Context, changed func(keys []string) (gone bool)) {
	defer w.close()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	done := make(chan bool, 1)
	busy := false
	for {
		var wake <-chan time.Time
		if at := w.changes.next(); !busy && !at.IsZero() {
			timer.Reset(time.Until(at))
			wake = timer.C
		}
		events, lost := w.streams()
		select {
		case <-ctx.Done():
			if busy {
				<-done
			}
			return
		case event := <-events:
			w.take(event)
		case <-lost:
			w.changes.all()
		case <-look.C:
			w.look()
		case gone := <-done:
			if busy = false; gone {
				w.changes.suspect()
			}
		case <-wake:
			keys, ok := w.told()
			if ok {
				busy = true
				go func() { done <- changed(keys) }()
			}
		}
	}
}

// told is what there is to tell now, if anything.
func (w *Watch) told() (keys []string, ok bool) {
	if w.changes.stale {
		w.changes.stale = false
		w.renew()
	}
	if w.root == nil {
		w.changes = newChanges() // what is in it is told when it is there again
		return nil, false
	}
	return w.changes.told(func(key string) bool {
		_, err := os.Lstat(w.path(key))
		return err == nil
	})
}

// streams are the channels of the watch; those of none never bring anything.
func (w *Watch) streams() (<-chan fsnotify.Event, <-chan error) {
	if w.events == nil {
		return nil, nil
	}
	return w.events.Events, w.events.Errors
}

// look finds out whether the source's folder is another one than the one that is watched: made anew, mounted, or reached
// by a link that was turned.
func (w *Watch) look() {
	info, err := os.Stat(w.src.Dir)
	switch {
	case err != nil:
		w.root = nil
	case w.root == nil || !os.SameFile(info, w.root):
		w.changes.all()
	}
}

// take notes what changed.
func (w *Watch) take(event fsnotify.Event) {
	key := w.key(event.Name)
	if event.Op == 0 || key != "." && isPassedOver(w.src.Exclude, key) {
		return
	}
	if w.folders[key] {
		if event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) {
			w.changes.all()
		}
		return
	}
	info, err := os.Lstat(event.Name)
	_, isArticle := kindOf(key)
	switch {
	case err == nil && info.IsDir(): // new, or it may be read now
		w.add(key)
		w.changes.add(key)
	case isArticle && event.Op != fsnotify.Chmod:
		w.changes.add(key)
	}
}

// renew watches all folders anew: fsnotify goes on to name what lies in a folder that was moved by its old path.
func (w *Watch) renew() {
	w.close()
	w.root, w.folders = nil, map[string]bool{}
	dir, err := filepath.EvalSymlinks(w.src.Dir)
	if err != nil {
		return // whoever reads the source tells
	}
	root, err := os.Stat(dir)
	if err != nil {
		return
	}
	w.dir, w.root = dir, root
	events, err := fsnotify.NewWatcher()
	if err != nil {
		w.tellLimit(err)
		return
	}
	w.events = events
	w.add(".")
}

// add watches a folder below the source's, and those in it. What cannot be read is told by whoever reads the source.
func (w *Watch) add(key string) {
	_ = filepath.WalkDir(w.path(key), func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		at := w.key(name)
		if w.events == nil || at != "." && isPassedOver(w.src.Exclude, at) {
			return fs.SkipDir
		}
		switch err := w.events.Add(name); {
		case err == nil:
			w.folders[at] = true
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission):
			w.tellLimit(err)
			return fs.SkipAll
		}
		return nil
	})
}

// tellLimit tells that not all is watched. Where watching takes descriptors, which the server needs, nothing is any more.
func (w *Watch) tellLimit(err error) {
	remedy := ""
	switch {
	case errors.Is(err, syscall.ENOSPC):
		remedy = "; raise fs.inotify.max_user_watches"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		w.close()
		remedy = "; raise fs.inotify.max_user_instances, or the limit of open files (ulimit -n)"
	}
	if !w.limited {
		w.limited = true
		w.tell(fmt.Errorf("watch source %s: %w%s", w.src.Name, err, remedy))
	}
}

func (w *Watch) close() {
	if w.events != nil {
		_ = w.events.Close() // nothing was written
		w.events = nil
	}
}

func (w *Watch) path(key string) string { return filepath.Join(w.dir, filepath.FromSlash(key)) }

func (w *Watch) key(name string) string {
	key, err := filepath.Rel(w.dir, name)
	if err != nil {
		return "."
	}
	return filepath.ToSlash(key)
}
