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
}

func (f *file) isTrusted() bool { return f.stamp != store.Stamp{} }

// noted is what the store has noted of a file, beside how it is.
type noted byte

const (
	notNoted noted = iota
	doubted        // it is noted that it is not known what of it is stored
	asItIs         // its article is stored as the file has it
	asItWas        // it has been written since
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
	for f := range l.all() {
		all = append(all, f.file())
	}
	slices.SortStableFunc(all, func(a, b file) int { return strings.Compare(a.key, b.key) })
	*l = found{}
	for _, f := range slices.CompactFunc(all, func(a, b file) bool { return a.key == b.key }) {
		l.add(f)
	}
	l.close()
}

// A foundFile is a file among those found, while it is looked at.
type foundFile struct {
	key   []byte
	stamp store.Stamp
	flags *byte
}

// The flags of a file.
const (
	notedFlags = 0b011 // what is noted of it
	pageFlag   = 0b100 // it is a page of HTML, perhaps made of an article: it is read after all others
)

func (f *foundFile) noted() noted { return noted(*f.flags & notedFlags) }
func (f *foundFile) note(n noted) { *f.flags = *f.flags&^notedFlags | byte(n) }
func (f *foundFile) isPage() bool { return *f.flags&pageFlag != 0 }
func (f *foundFile) markPage()    { *f.flags |= pageFlag }

func (f *foundFile) file() file { return file{string(f.key), f.stamp, f.noted()} }

// all are the files; each stands until the next is asked for.
func (l *found) all() iter.Seq[*foundFile] {
	return func(yield func(*foundFile) bool) {
		for _, block := range l.blocks {
			for f := range block.all() {
				if !yield(f) {
					return
				}
			}
		}
	}
}

func (b block) all() iter.Seq[*foundFile] {
	return func(yield func(*foundFile) bool) {
		var f foundFile
		for len(b) > 0 {
			if b = f.read(b); !yield(&f) {
				return
			}
		}
	}
}

// read reads the first file of what is left of a block, and gives what comes after it.
func (f *foundFile) read(b block) block {
	f.flags, b = &b[0], b[1:]
	shared, n := binary.Uvarint(b)
	b = b[n:]
	length, n := binary.Uvarint(b)
	b = b[n:]
	f.key, b = append(f.key[:shared], b[:length]...), b[length:]
	f.stamp.Size, n = binary.Varint(b)
	b = b[n:]
	f.stamp.Modified, b = int64(binary.BigEndian.Uint64(b)), b[8:]
	later, n := binary.Varint(b)
	f.stamp.Changed = f.stamp.Modified + later
	return b[n:]
}

// find finds a file among those found, which are settled; nil is none.
func (l *found) find(key string) *foundFile {
	var first foundFile
	i := sort.Search(len(l.blocks), func(i int) bool {
		first.read(l.blocks[i])
		return string(first.key) > key
	})
	if i == 0 {
		return nil
	}
	for f := range l.blocks[i-1].all() {
		if string(f.key) == key {
			return f
		}
	}
	return nil
}
