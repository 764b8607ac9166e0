package web

import (
	"sync"
	"sync/atomic"

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

// A content is one version of a document. Its bytes, in each coding that was asked for, are in memory as long as they are
// asked for often enough.
type content struct {
	hot       *hot
	path      string          // below the published folder
	digest    string          // SHA-256, in hex
	published [codings]string // digests of the files beside the document that hold it in a coding; empty where there is none
	etags     [codings]value
	sizes     [codings]atomic.Int64 // bytes; 0 where they were never made
	inMemory  [codings]atomic.Pointer[body]
	making    sync.Mutex // held while bytes are read or made
}

// newContent is a version of the document at the path of the list that has these bytes.
func newContent(h *hot, f manifest.File, plain []byte) *content {
	c := &content{hot: h, path: f.Path, digest: manifest.Digest(plain)}
	for x := range codings {
		c.etags[x] = value{`"` + c.tag() + suffix(x) + `"`}
	}
	if c.digest == f.SHA256 {
		for _, listed := range f.Coded {
			if x, known := encode.Named(listed.Coding); known {
				c.published[x] = listed.SHA256
			}
		}
	}
	c.keep(identity, plain)
	return c
}

// tag is the opaque part of the plain document's entity tag.
func (c *content) tag() string { return c.digest[:32] }

// size is how many bytes the document has in a coding.
func (c *content) size(x coding) (int, error) {
	if n := c.sizes[x].Load(); n > 0 {
		return int(n), nil
	}
	b, err := c.in(x)
	if err != nil {
		return 0, err
	}
	return len(b.bytes), nil
}

// known is how many bytes the document has in a coding, or plain where it was never made in it.
func (c *content) known(x coding) int64 {
	if n := c.sizes[x].Load(); n > 0 {
		return n
	}
	return c.sizes[identity].Load()
}

// in gives the document in a coding. It is an error when its file holds another version by now.
func (c *content) in(x coding) (*body, error) {
	if b := (coded{c, x}).get(); b != nil {
		return b, nil
	}
	c.making.Lock()
	defer c.making.Unlock()
	return c.bring(x)
}

// bring reads the document in a coding, or makes it where it was not published beside the document, or is not as listed.
func (c *content) bring(x coding) (*body, error) {
	if b := (coded{c, x}).get(); b != nil {
		return b, nil
	}
	if x == identity {
		plain, err := c.hot.read(c.path, c.digest)
		if err != nil {
			return nil, err
		}
		return c.keep(x, plain), nil
	}
	if c.published[x] != "" {
		if data, err := c.hot.read(c.path+x.Ext(), c.published[x]); err == nil {
			return c.keep(x, data), nil
		}
	}
	plain, err := c.bring(identity)
	if err != nil {
		return nil, err
	}
	return c.keep(x, encode.Bytes(plain.bytes, x)), nil
}

func (c *content) keep(x coding, bytes []byte) *body {
	c.sizes[x].Store(int64(len(bytes)))
	return c.hot.put(coded{c, x}, bytes)
}
