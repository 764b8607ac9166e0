package feed

import (
	"bytes"
	"hash/maphash"
	"strconv"
	"sync"
)

// A Proof knows by their bytes the entries of documents that passed the check, so that none is checked twice: neither when
// another entry of its document changes, nor when it stands in the documents of several feeds. The zero Proof knows none.
// It may be used by several goroutines at once.
type Proof struct {
	mu    sync.Mutex
	known map[fingerprint]struct{}
}

// A fingerprint is that of what around an entry says how it is read, and of the entry's bytes, 128 bits each. They are of no use
// to another process: nobody can make an entry for them that has not passed.
type fingerprint struct{ around, entry [2]uint64 }

var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func hashed(b []byte) (h [2]uint64) {
	for i, seed := range seeds {
		h[i] = maphash.Bytes(seed, b)
	}
	return h
}

// provenAtMost is how many entries a Proof knows; it takes some 4 MiB then, and begins anew.
const provenAtMost = 1 << 16

// Trust takes the entries of doc as proven: a document that Write made of a feed like this one, with the same configuration,
// and that passed the check.
func (p *Proof) Trust(doc []byte, like *Feed, format Format) {
	if parts, ok := takeApart(doc, format); ok {
		p.add(parts.fingerprints(like, format))
	}
}

// Check is [Check] of a document that Write made of want, which has no ID twice then. An entry that is proven is not checked
// again; what stands around the entries always is.
func (p *Proof) Check(doc []byte, want *Feed, format Format) error {
	parts, ok := takeApart(doc, format)
	if !ok || len(parts.entries) != len(want.Entries) {
		return Check(doc, want, format)
	}
	prints := parts.fingerprints(want, format)
	if err := checkUnproven(doc, want, format, parts, p.unknown(prints)); err != nil {
		return err
	}
	p.add(prints)
	return nil
}

// checkUnproven checks the entries with these indices, and what stands around all.
func checkUnproven(doc []byte, want *Feed, format Format, parts pieces, unproven []int) error {
	if len(unproven) == len(want.Entries) {
		return Check(doc, want, format)
	}
	if len(doc) > MaxSize {
		return Problems{{Reason: ErrTooLarge.Error()}}
	}
	part := *want
	part.Entries = make([]Entry, len(unproven))
	for i, at := range unproven {
		part.Entries[i] = want.Entries[at]
	}
	return Check(parts.with(parts.pick(unproven)), &part, format)
}

func (p *Proof) unknown(prints []fingerprint) (indices []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, print := range prints {
		if _, known := p.known[print]; !known {
			indices = append(indices, i)
		}
	}
	return indices
}

func (p *Proof) add(prints []fingerprint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known)+len(prints) > provenAtMost {
		p.known = map[fingerprint]struct{}{}
	}
	for _, print := range prints {
		p.known[print] = struct{}{}
	}
}

// fingerprints are those of the entries. Of what stands around an entry, the namespaces say what its names mean, the feed's
// language which one it has that names none, and a podcast's entries are episodes.
func (p pieces) fingerprints(f *Feed, format Format) []fingerprint {
	around := bytes.Join([][]byte{[]byte(format), p.root(), []byte(line(f.Language)), strconv.AppendBool(nil, f.Podcast != nil)}, []byte{0})
	prints := make([]fingerprint, len(p.entries))
	in := hashed(around)
	for i, e := range p.entries {
		prints[i] = fingerprint{in, hashed(e)}
	}
	return prints
}
