package ingest

import (
	"context"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Files are read ahead of their turn, by several goroutines: where their content is made, Markdown and sanitising are most
// of what an article costs. What depends on the articles before, renames and doubles, is found out in their order.

// The bounds of what is read ahead. A file as large as the second, which may take a hundred times that while its HTML is
// cleaned, is read alone.
const (
	aheadFiles = 256
	aheadBytes = 1 << 20
)

// A readFile is a file that was read ahead.
type readFile struct {
	key   string
	raw   []byte
	err   error // why it could not be read
	made  []madeArticle
	room  int64
	fault any           // the panic that reading ended in
	done  chan struct{} // closed when all of the above stands
}

// A madeArticle is what the Reader made of a record, or the zero value where that is left for its turn.
type madeArticle struct {
	rec     record
	article Article
	err     error
	made    bool
	whole   bool // it is all that its file holds
}

// ahead reads files, several at once, and gives them in the order of their keys.
func (run *load) ahead(ctx context.Context, keys []string) iter.Seq[*readFile] {
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
			for _, key := range keys {
				f := &readFile{key: key, room: run.roomFor(key), done: make(chan struct{})}
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

// readers is how many read ahead. Where the content is put off, storing takes longer than reading: it has a processor to itself.
func (run *load) readers() int {
	n := runtime.GOMAXPROCS(0)
	if run.reader.putOff {
		return max(1, n-1)
	}
	return n
}

// roomFor is what a file takes of the room; one that cannot be looked at has an error and nothing else.
func (run *load) roomFor(key string) int64 {
	size := run.stamps.now[key].Size
	if size == 0 {
		if info, err := run.folder.root.Lstat(filepath.FromSlash(key)); err == nil {
			size = info.Size()
		}
	}
	return min(max(size, 1), aheadBytes)
}

// prepare reads a file, and makes its article. Of a file that may hold many they are made one by one, when it is their
// turn.
func (run *load) prepare(f *readFile, files *reading) {
	defer close(f.done)
	defer func() { f.fault = recover() }()
	k, _ := kindOf(f.key)
	if k.many {
		return
	}
	if f.raw, f.err = files.read(f.key); f.err != nil {
		return
	}
	for rec := range records(f.key, f.raw) {
		m := madeArticle{rec: rec, whole: true}
		if !run.isUnchanged(&rec) {
			m.article, m.err = run.reader.article(run.src.Name, run.folder.name(f.key), run.drafts, &m.rec)
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
