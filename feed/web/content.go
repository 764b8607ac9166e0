package web

import (
	"os"
	"strconv"
	"sync"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/encode"
	"feedpub/feed/internal/manifest"
)

// A coding is a content coding of HTTP.
type coding = encode.Coding

const (
	identity  = encode.Identity
	gzipped   = encode.Gzip
	brotlied  = encode.Brotli
	zstandard = encode.Zstd
	codings   = encode.Codings
)

// suffix is what a coding adds to a document's entity tag: a strong tag names these very bytes.
func suffix(c coding) string {
	if c == identity {
		return ""
	}
	return "-" + c.String()
}

// A value is that of a header, ready to be sent: making it anew for each answer shows in a profile. It is never changed.
type value []string

// A content is the bytes of a document, in each coding that was asked for so far. A document's coding is made once,
// at the first request for it, unless it was published beside the document.
type content struct {
	digest string // SHA-256, in hex
	plain  []byte
	etags  [codings]value
	coded  [codings]struct {
		once   sync.Once
		bytes  []byte
		length value
	}
}

func newContent(plain []byte) *content {
	c := &content{digest: manifest.Digest(plain), plain: plain}
	for x := range codings {
		c.etags[x] = value{`"` + c.tag() + suffix(x) + `"`}
	}
	c.put(identity, func() []byte { return plain })
	return c
}

// put makes the document in a coding, unless that was done before.
func (c *content) put(x coding, bytes func() []byte) {
	coded := &c.coded[x]
	coded.once.Do(func() {
		coded.bytes = bytes()
		coded.length = value{strconv.Itoa(len(coded.bytes))}
	})
}

// tag is the opaque part of the plain document's entity tag.
func (c *content) tag() string { return c.digest[:32] }

// in gives the document in a coding other than identity.
func (c *content) in(x coding) []byte {
	c.put(x, func() []byte { return encode.Bytes(c.plain, x) })
	return c.coded[x].bytes
}

// take takes over the codings that were published beside the document. One that is not there, or not as listed, is made
// when somebody asks for it.
func (c *content) take(root *os.Root, f manifest.File) {
	for _, listed := range f.Coded {
		x, known := encode.Named(listed.Coding)
		if !known || x == identity || listed.SHA256 == "" {
			continue
		}
		if data, err := durable.ReadFile(root, f.Path+x.Ext()); err == nil && manifest.Digest(data) == listed.SHA256 {
			c.put(x, func() []byte { return data })
		}
	}
}
