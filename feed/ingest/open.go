package ingest

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// A reading opens files of a source one after the other. It keeps the folder open that it found the last one in, since each
// step on the way to a file costs about as much as to open it.
type reading struct {
	*folder
	dir    string
	within *os.Root // nil where that is the source's own, or cannot be opened
}

func (r *reading) open(key string) (*os.File, fs.FileInfo, error) {
	dir, name := path.Split(key)
	if dir != r.dir {
		r.close()
		r.dir = dir
		r.within, _ = r.root.OpenRoot(filepath.FromSlash(dir))
	}
	if r.within != nil {
		if file, info, err := openIn(r.within, name); err == nil {
			return file, info, nil
		}
	}
	return r.folder.open(key) // a link may lead to another folder of the source
}

func (r *reading) close() {
	if r.within != nil {
		r.within.Close()
	}
	r.dir, r.within = "", nil
}

// read is the raw article with a key.
func (f *folder) read(key string) ([]byte, error) { return read(f.open, key) }

func (r *reading) read(key string) ([]byte, error) { return read(r.open, key) }

func read(open func(key string) (*os.File, fs.FileInfo, error), key string) ([]byte, error) {
	file, info, err := open(key)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	limit := int64(maxArticle)
	if k, ok := kindOf(key); ok {
		limit = int64(k.limit)
	}
	var b bytes.Buffer
	b.Grow(int(min(info.Size(), limit)) + bytes.MinRead) // a large file is in memory once
	_, err = b.ReadFrom(io.LimitReader(file, limit+1))
	return b.Bytes(), err
}

// start is how a file begins, empty where it cannot be read.
func (f *folder) start(key string) []byte {
	file, _, err := f.open(key)
	if err != nil {
		return nil
	}
	defer file.Close()
	b, _ := io.ReadAll(io.LimitReader(file, 64<<10))
	return b
}

func (f *folder) open(key string) (*os.File, fs.FileInfo, error) {
	return openIn(f.root, filepath.FromSlash(key))
}

// openIn opens a regular file. It looks before it opens, for to open a device may do something, and does not wait where a named
// pipe has come since.
func openIn(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("not a regular file but %s; write the article into a file", nature(info.Mode()))
	}
	file, err := root.OpenFile(name, os.O_RDONLY|doNotWait, 0)
	return file, info, err
}

// nature is what a file is that is not a regular one.
func nature(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
