package web

import (
	"bytes"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"feedpub/feed/internal/manifest"
)

// A coding is a content coding of HTTP.
type coding int

const (
	identity coding = iota
	gzipped
	brotlied
	zstandard
	codings // how many there are
)

// String gives the coding's registered name.
func (c coding) String() string {
	return [codings]string{"identity", "gzip", "br", "zstd"}[c]
}

// suffix is what the coding adds to a document's entity tag: a strong tag names these very bytes.
func (c coding) suffix() string {
	if c == identity {
		return ""
	}
	return "-" + c.String()
}

// A content is the bytes of a document, in each coding that was asked for so far. A document's coding is made once,
// at the first request for it.
type content struct {
	digest string // SHA-256, in hex
	plain  []byte
	coded  [codings]struct {
		once  sync.Once
		bytes []byte
	}
}

func newContent(plain []byte) *content {
	return &content{digest: manifest.Digest(plain), plain: plain}
}

// tag is the opaque part of the plain document's entity tag.
func (c *content) tag() string { return c.digest[:32] }

// in gives the document in a coding other than identity.
func (c *content) in(x coding) []byte {
	coded := &c.coded[x]
	coded.once.Do(func() { coded.bytes = compress(c.plain, x) })
	return coded.bytes
}

// compress uses the levels beyond which a document of 160 kB takes several times as long for 1 % less.
func compress(plain []byte, x coding) []byte {
	var b bytes.Buffer
	var w io.WriteCloser
	switch x { // the constructors fail only on levels that do not exist; writing to memory never does
	case gzipped:
		w, _ = gzip.NewWriterLevel(&b, gzip.BestCompression)
	case brotlied:
		w = brotli.NewWriterLevel(&b, 5)
	case zstandard:
		// RFC 9659: a window over 8 MB may be refused.
		w, _ = zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithWindowSize(8<<20), zstd.WithEncoderConcurrency(1))
	}
	w.Write(plain)
	w.Close()
	return bytes.Clone(b.Bytes())
}
