package web

import (
	"container/list"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/manifest"
)

// hotBytes is how much of what is served is kept in memory: a few hundred feeds, or the part of thousands that readers
// ask for most.
const hotBytes = 32 << 20

// A hot keeps the bytes of documents that were asked for last, and reads the others from the published folder.
type hot struct {
	dir   string
	limit int // bytes

	mu   sync.Mutex
	used int
	kept *list.List // of *body, the one that was brought last in front
}

// A coded is a document in a coding.
type coded struct {
	*content
	coding coding
}

// A body is the bytes of a document in a coding, as they are sent.
type body struct {
	coded
	bytes  []byte
	length value
	asked  atomic.Bool // since it was looked at last whether it is to go
	place  *list.Element
}

func newHot(dir string, limit int) *hot {
	return &hot{dir: dir, limit: limit, kept: list.New()}
}

// get gives what is in memory; nil where it is not. No request waits for another.
func (k coded) get() *body {
	b := k.inMemory[k.coding].Load()
	if b != nil && !b.asked.Load() {
		b.asked.Store(true)
	}
	return b
}

// put keeps bytes in place of those that nobody asked for, since they were brought or looked at: the second chance of
// https://en.wikipedia.org/wiki/Page_replacement_algorithm.
func (h *hot) put(k coded, bytes []byte) *body {
	b := &body{coded: k, bytes: bytes, length: value{strconv.Itoa(len(bytes))}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if before := k.inMemory[k.coding].Swap(b); before != nil {
		h.drop(before)
	}
	for h.used+len(bytes) > h.limit && h.kept.Len() > 0 {
		last := h.kept.Back()
		if oldest := last.Value.(*body); oldest.asked.Swap(false) {
			h.kept.MoveToFront(last)
		} else {
			h.drop(oldest)
		}
	}
	if b.place, h.used = h.kept.PushFront(b), h.used+len(bytes); h.used > h.limit {
		h.drop(b) // it alone is too large
	}
	return b
}

func (h *hot) drop(b *body) {
	h.kept.Remove(b.place)
	b.inMemory[b.coding].CompareAndSwap(b, nil)
	h.used -= len(b.bytes)
}

// read reads a file of the published folder, which must have the digest.
func (h *hot) read(path, digest string) ([]byte, error) {
	root, err := os.OpenRoot(h.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	data, err := durable.ReadFile(root, path)
	if err != nil {
		return nil, err
	}
	if got := manifest.Digest(data); got != digest {
		return nil, fmt.Errorf("%s: its SHA-256 is %s, not %s", path, got, digest)
	}
	return data, nil
}
