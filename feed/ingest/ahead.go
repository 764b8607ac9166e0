package ingest

import (
	"context"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"

	"feedpub/store"
)

// Files are read ahead of their turn, by several goroutines: where their content is made, Markdown and sanitising are most
// of what an article costs. What depends on the articles before, renames and doubles, is found out in their order.

// The bounds of what is read ahead: as much as a batch has, so that reading goes on while one is stored. A large file may take a
// hundred times its size while its HTML is cleaned; it counts as four, and those of a megabyte are read alone.
const (
	aheadFiles = 1024
	aheadBytes = 4 << 20
	largeFile  = 64 << 10
)

// A readFile is a file, or a feed, whose articles are read; a file is begun ahead of its turn.
type readFile struct {
	file
	name  string                 // for messages
	known map[string]store.Known // what is stored of it, by key, perhaps with others
	room  int64

	// Found out ahead; done is closed when it stands.
	raw   []byte
	err   error // why it could not be read
	lost  error // why nothing can be read any more
	made  []madeArticle
	fault any // the panic that reading ended in
	done  chan struct{}

	// Found out in its turn.
	seen   map[string]string // where in it the articles stand that were read, by key, where there may be others beside
	unsure bool              // it does not tell which of its stored articles are gone

	unnoted bool // the store has no note of the file
}

// A madeArticle is what the Reader made of a record, or the zero value where that is left for its turn.
type madeArticle struct {
	rec     record
	article Article
	err     error
	made    bool
	whole   bool // it is all that its file holds
}

// ahead reads the files that have to be read, several at once, and gives them in the order of their keys, pages last.
func (run *load) ahead(ctx context.Context) iter.Seq[*readFile] {
	return func(yield func(*readFile) bool) {
		ctx, stop := context.WithCancel(ctx)
		var workers sync.WaitGroup
		defer workers.Wait()
		defer stop()
		room := semaphore.NewWeighted(aheadBytes)
		inOrder, waiting := make(chan *readFile, aheadFiles), make(chan *readFile, aheadFiles)
		for range run.readers() {
			workers.Go(func() {
				files := reading{folder: run.folder}
				defer files.close()
				for f := range waiting {
					run.prepare(f, &files)
				}
			})
		}
		workers.Go(func() {
			defer close(inOrder)
			defer close(waiting)
			for f := range run.toRead(ctx) {
				if room.Acquire(ctx, f.room) != nil {
					return
				}
				inOrder <- f
				waiting <- f
			}
		})
		for f := range inOrder {
			<-f.done
			goOn := ctx.Err() == nil && yield(f)
			room.Release(f.room)
			if !goOn {
				stop()
				for f := range inOrder { // so that nobody waits for room in it
					room.Release(f.room)
				}
				return
			}
		}
	}
}

// toRead are the files that have to be read, each with what is stored of it. That is looked up for some of them at once.
func (run *load) toRead(ctx context.Context) iter.Seq[*readFile] {
	return func(yield func(*readFile) bool) {
		keys := make([]string, 0, lookedUpAtOnce)
		files := make([]*readFile, 0, lookedUpAtOnce)
		give := func() bool {
			known, err := run.lookUp(ctx, keys)
			for _, f := range files {
				if f.known, f.lost = known, err; !yield(f) {
					return false
				}
			}
			keys, files = keys[:0], files[:0]
			return true
		}
		for file := range run.pagesLast() {
			keys, files = append(keys, file.key), append(files, run.newReadFile(file))
			if len(files) == lookedUpAtOnce && !give() {
				return
			}
		}
		give()
	}
}

// pagesLast are the files that have to be read, first what is written and then the pages that may have been made of it.
func (run *load) pagesLast() iter.Seq[file] {
	return func(yield func(file) bool) {
		pages := false
		for f := range run.folder.found.all() {
			switch {
			case run.isUnread(f):
			case run.folder.isPage(string(f.key)):
				f.markPage()
				pages = true
			case !yield(f.file()):
				return
			}
		}
		if !pages {
			return
		}
		for f := range run.folder.found.all() {
			if f.isPage() && !yield(f.file()) {
				return
			}
		}
	}
}

// newReadFile is a file whose turn to be read ahead has come.
func (run *load) newReadFile(f file) *readFile {
	r := &readFile{file: f, name: run.folder.name(f.key), room: run.roomFor(&f), done: make(chan struct{}), unnoted: f.noted == notNoted}
	if isMany(f.key) {
		r.seen = map[string]string{}
	}
	return r
}

// readers is how many read ahead. Where the content is put off, storing takes longer than reading: it has a processor to itself.
func (run *load) readers() int {
	n := runtime.GOMAXPROCS(0)
	if run.reader.putOff {
		return max(1, n-1)
	}
	return n
}

// roomFor is what a file takes of the room; one that cannot be looked at has an error and nothing else.
func (run *load) roomFor(f *file) int64 {
	size := f.stamp.Size
	if size == 0 {
		if info, err := run.folder.root.Lstat(filepath.FromSlash(f.key)); err == nil {
			size = info.Size()
		}
	}
	if size > largeFile {
		size *= 4
	}
	return min(max(size, 1), aheadBytes)
}

// prepare reads a file, and makes its article. Of a file that may hold many they are made one by one, when it is their
// turn.
func (run *load) prepare(f *readFile, files *reading) {
	defer close(f.done)
	defer func() { f.fault = recover() }()
	if f.lost != nil || isMany(f.key) {
		return
	}
	if f.raw, f.err = files.read(f.key); f.err != nil {
		return
	}
	for rec := range records(f.key, f.raw) {
		m := madeArticle{rec: rec, whole: true}
		if !run.isUnchanged(f, &rec) {
			m.article, m.err = run.reader.article(run.src.Name, f.name, run.drafts, &m.rec)
			m.made = true
		}
		f.made = append(f.made, m)
	}
}

// articles are those of a file whose turn it is.
func (run *load) articles(f *readFile, k kind) iter.Seq[madeArticle] {
	if !k.many {
		return slices.Values(f.made)
	}
	return func(yield func(madeArticle) bool) {
		for rec := range records(f.key, f.raw) {
			if !yield(madeArticle{rec: rec}) {
				return
			}
		}
	}
}
