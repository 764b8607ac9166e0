package web

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"sync"

	"feedpub/feed/internal/manifest"
)

// maxParts is how many parts of archives are known at once. Few are asked for, and by few readers.
const maxParts = 256

// An archive gives the documents of archives, which have lists of their own: each is read when somebody asks for one of
// its documents, and looked at again each time.
type archive struct {
	mu    sync.Mutex // never held while the disk is waited for
	parts map[string]*folder
}

// find gives the document at an address of the published folder; nil for none.
func (s *Server) find(ctx context.Context, set *settings, served *folder, name string) *document {
	feed, part, ok := manifest.Part(name)
	if !ok {
		return served.documents[name]
	}
	if !served.feeds[feed] {
		return nil // it costs nothing to make addresses up
	}
	f, err := s.part(part)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		set.Log.WarnContext(ctx, "part of an archive not read", "folder", part, "error", err)
	}
	return f.document(name)
}

// part gives the documents of a part of an archive. Of two who ask at once, both look.
func (s *Server) part(name string) (*folder, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	next, err := s.readFolder(root, path.Join(name, manifest.Name), s.archive.get(name), func() ([]manifest.File, error) {
		return manifest.ReadPart(root, name)
	})
	s.archive.put(name, next)
	return next, err
}

func (a *archive) get(name string) *folder {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.parts[name]
}

// put notes what a part is; nil is that there is none.
func (a *archive) put(name string, part *folder) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, known := a.parts[name]
	switch {
	case part == nil:
		delete(a.parts, name)
		return
	case !known && len(a.parts) >= maxParts:
		clear(a.parts)
	}
	a.parts[name] = part
}
