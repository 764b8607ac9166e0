// Package encode is the content codings of HTTP in which documents are published and served.
package encode

import (
	"bytes"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A Coding is a content coding of HTTP.
type Coding int

const (
	Identity Coding = iota
	Gzip
	Brotli
	Zstd
	Codings // how many there are
)

// MinSize is how many bytes a document has at least that is worth a coding: a smaller one fits into one packet either
// way.
const MinSize = 200

// String gives the coding's registered name.
func (c Coding) String() string {
	return [Codings]string{"identity", "gzip", "br", "zstd"}[c]
}

// Ext is what a document's name ends in that is in the coding: servers look for these.
func (c Coding) Ext() string {
	return [Codings]string{"", ".gz", ".br", ".zst"}[c]
}

// Named gives the coding of a registered name.
func Named(name string) (Coding, bool) {
	for c := range Codings {
		if c.String() == name {
			return c, true
		}
	}
	return Identity, false
}

// window is the largest of zstd's that any client must take (RFC 9659).
const window = 8 << 20

// Bytes gives the document in the coding, the same bytes for the same document.
func Bytes(plain []byte, c Coding) []byte {
	var b bytes.Buffer
	var w io.WriteCloser
	switch c { // the constructors fail only on levels that do not exist; writing to memory never does
	case Gzip:
		w, _ = gzip.NewWriterLevel(&b, gzipLevel)
	case Brotli:
		w = brotli.NewWriterLevel(&b, brotliLevel)
	case Zstd:
		w, _ = zstd.NewWriter(&b, zstd.WithEncoderLevel(zstdLevel), zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1))
	default:
		return plain
	}
	w.Write(plain)
	w.Close()
	return bytes.Clone(b.Bytes())
}

// Decode gives back what is coded. More than limit bytes are an error.
func Decode(coded []byte, c Coding, limit int) ([]byte, error) {
	var r io.Reader = bytes.NewReader(coded)
	switch c {
	case Gzip:
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = z
	case Brotli:
		r = brotli.NewReader(r)
	case Zstd:
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(window), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		r = z
	}
	plain, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err == nil && len(plain) > limit {
		err = fmt.Errorf("holds more than %d bytes", limit)
	}
	return plain, err
}
