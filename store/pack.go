package store

import (
	"sync"

	"github.com/klauspost/compress/s2"

	"feedpub/feed"
)

// A packed is text that is kept until somebody needs it, which is never for most of it: what an import of very many articles
// writes is most of all their texts. S2 takes some 5 µs an article, and leaves two thirds of a text that people wrote.
type packed string

// pack packs text; none is nothing.
func pack(text string) packed {
	if text == "" {
		return ""
	}
	b := packing.Get().(*struct{ text, packed []byte })
	defer packing.Put(b)
	b.text = append(b.text[:0], text...)
	b.packed = s2.Encode(b.packed[:cap(b.packed)], b.text)
	return packed(b.packed)
}

// A packer packs the texts of articles while those before them are stored.
type packer map[string]func() packed // by text

// packAhead begins to pack the articles' texts. done waits for the end of it.
func packAhead(es []feed.Entry) (p packer, done func()) {
	p = packer{}
	var inOrder []func() packed
	for i := range es {
		if text := es[i].Unmade; text != "" && p[text] == nil {
			p[text] = sync.OnceValue(func() packed { return pack(text) })
			inOrder = append(inOrder, p[text])
		}
	}
	var all sync.WaitGroup
	all.Go(func() {
		for _, pack := range inOrder {
			pack()
		}
	})
	return p, all.Wait
}

// pack is [pack], of what was packed ahead.
func (p packer) pack(text string) packed {
	if ahead := p[text]; ahead != nil {
		return ahead()
	}
	return pack(text)
}

var packing = sync.Pool{New: func() any { return new(struct{ text, packed []byte }) }}

func (p packed) text() (string, error) {
	if p == "" {
		return "", nil
	}
	text, err := s2.Decode(nil, []byte(p))
	return string(text), err
}
