package ingest

import (
	"bytes"
	"encoding/binary"
	"iter"
	"slices"
	"sort"
	"strings"

	"feedpub/store"
)

// found are the files that a walk found, in the order of their keys. A million of them are kept while one of them is read, so
// each takes what it does not have in common with the one before, and its stamp: about 25 bytes.
type found struct {
	blocks  []block
	open    block // is being filled
	n       int
	last    string // the key that was added last
	unsound bool   // they do not stand in order, or one of them twice
}

// A block is of blockFiles files; the first stands with its whole key.
type block []byte

const blockFiles = 64

// A file is one of them.
type file struct {
	key   string
	stamp store.Stamp // zero where it is not to be trusted
	noted noted
	page  bool // a page of HTML, perhaps made of an article: it is read after all others
}

func (f *file) isTrusted() bool { return f.stamp != store.Stamp{} }

// noted is what the store has noted of a file, beside how it is.
type noted byte

const (
	notNoted  noted = iota
	doubted         // it is noted that it is not known what of it is stored
	asItIs          // its article is stored as the file has it
	asItWas         // it has been written since
	notedBits = 0b011
	pageBit   = 0b100
)

// isStamp says that the file's stamp is noted, be it another than it has now.
func (n noted) isStamp() bool { return n == asItIs || n == asItWas }

// add adds a file.
func (l *found) add(f file) {
	if l.n > 0 && f.key <= l.last {
		l.unsound = true
	}
	shared := 0
	if l.n%blockFiles == 0 {
		l.close()
	} else {
		for shared < min(len(f.key), len(l.last)) && f.key[shared] == l.last[shared] {
			shared++
		}
	}
	b := append(l.open, byte(f.noted))
	b = binary.AppendUvarint(b, uint64(shared))
	b = binary.AppendUvarint(b, uint64(len(f.key)-shared))
	b = append(b, f.key[shared:]...)
	b = binary.AppendVarint(b, f.stamp.Size)
	b = binary.BigEndian.AppendUint64(b, uint64(f.stamp.Modified))
	l.open = binary.AppendVarint(b, f.stamp.Changed-f.stamp.Modified) // mostly the same
	l.last, l.n = f.key, l.n+1
}

func (l *found) close() {
	if len(l.open) > 0 {
		l.blocks = append(l.blocks, bytes.Clone(l.open))
	}
	l.open = l.open[:0]
}

// settle brings them into order once all are added.
func (l *found) settle() {
	l.close()
	if !l.unsound {
		return
	}
	var all []file
	for e := range l.all() {
		all = append(all, e.file())
	}
	slices.SortStableFunc(all, func(a, b file) int { return strings.Compare(a.key, b.key) })
	*l = found{}
	for _, f := range slices.CompactFunc(all, func(a, b file) bool { return a.key == b.key }) {
		l.add(f)
	}
	l.close()
}

// An entry is a file among those found, while it is looked at.
type entry struct {
	key   []byte
	stamp store.Stamp
	flags *byte
}

func (e *entry) noted() noted     { return noted(*e.flags & notedBits) }
func (e *entry) note(noted noted) { *e.flags = *e.flags&^notedBits | byte(noted) }
func (e *entry) isPage() bool     { return *e.flags&pageBit != 0 }
func (e *entry) markPage()        { *e.flags |= pageBit }

func (e *entry) file() file {
	return file{string(e.key), e.stamp, e.noted(), e.isPage()}
}

// all are the files; each stands until the next is asked for.
func (l *found) all() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		for _, block := range l.blocks {
			for e := range block.all() {
				if !yield(e) {
					return
				}
			}
		}
	}
}

func (b block) all() iter.Seq[*entry] {
	return func(yield func(*entry) bool) {
		var e entry
		for len(b) > 0 {
			if b = e.read(b); !yield(&e) {
				return
			}
		}
	}
}

// read reads the first file of what is left of a block, and gives what comes after it.
func (e *entry) read(b block) block {
	e.flags, b = &b[0], b[1:]
	shared, n := binary.Uvarint(b)
	b = b[n:]
	length, n := binary.Uvarint(b)
	b = b[n:]
	e.key, b = append(e.key[:shared], b[:length]...), b[length:]
	e.stamp.Size, n = binary.Varint(b)
	b = b[n:]
	e.stamp.Modified, b = int64(binary.BigEndian.Uint64(b)), b[8:]
	later, n := binary.Varint(b)
	e.stamp.Changed = e.stamp.Modified + later
	return b[n:]
}

// has says whether a file is among those found, which are settled.
func (l *found) has(key string) bool {
	var e entry
	i := sort.Search(len(l.blocks), func(i int) bool {
		e.read(l.blocks[i])
		return string(e.key) > key
	})
	if i == 0 {
		return false
	}
	for e := range l.blocks[i-1].all() {
		if string(e.key) == key {
			return true
		}
	}
	return false
}
