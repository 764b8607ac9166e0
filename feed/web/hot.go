package web

import (
	"container/list"
	"fmt"
	"os"
	"strconv"
	"sync"

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
	last *list.List // of *body, the one asked for last in front
	at   map[coded]*list.Element
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
}

func newHot(dir string, limit int) *hot {
	return &hot{dir: dir, limit: limit, last: list.New(), at: map[coded]*list.Element{}}
}

// get gives what is in memory; nil where it is not.
func (h *hot) get(k coded) *body {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.at[k]
	if e == nil {
		return nil
	}
	h.last.MoveToFront(e)
	return e.Value.(*body)
}

// put keeps bytes in place of those that nobody asked for longest.
func (h *hot) put(k coded, bytes []byte) *body {
	b := &body{k, bytes, value{strconv.Itoa(len(bytes))}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.at[k]; e != nil {
		h.drop(e)
	}
	h.at[k] = h.last.PushFront(b)
	for h.used += len(bytes); h.used > h.limit; {
		h.drop(h.last.Back())
	}
	return b
}

func (h *hot) drop(e *list.Element) {
	b := h.last.Remove(e).(*body)
	delete(h.at, b.coded)
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
