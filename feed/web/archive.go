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
	mu    sync.Mutex
	parts map[string]*folder
}

// find gives the document at an address of the published folder; nil for none.
func (s *Server) find(ctx context.Context, set *settings, served *folder, name string) *document {
	_, part, ok := manifest.Part(name)
	if !ok {
		return served.documents[name]
	}
	f, err := s.part(part)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		set.Log.WarnContext(ctx, "part of an archive not read", "folder", part, "error", err)
	}
	return f.document(name)
}

// part gives the documents of a part of an archive.
func (s *Server) part(name string) (*folder, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	s.archive.mu.Lock()
	defer s.archive.mu.Unlock()
	next, err := s.readFolder(root, path.Join(name, manifest.Name), s.archive.parts[name], func() ([]manifest.File, error) {
		return manifest.ReadPart(root, name)
	})
	if err != nil {
		delete(s.archive.parts, name)
		return nil, err
	}
	if len(s.archive.parts) >= maxParts {
		clear(s.archive.parts)
	}
	s.archive.parts[name] = next
	return next, nil
}
