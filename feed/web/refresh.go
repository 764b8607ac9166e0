package web

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/manifest"
)

// ErrIncomplete is the error of a refresh that could not give every listed document its listed bytes, because a
// writer is at work or died between a document and the list. What was served before is served on, or, where nothing
// was, the bytes that are there. The next refresh tries again.
var ErrIncomplete = errors.New("not all documents are those of the list")

// A folder is the published folder, or a part of an archive, as it is served. It does not change.
type folder struct {
	list      fs.FileInfo // of the list that was read
	documents map[string]*document
	waiting   map[string]fs.FileInfo // the documents that are not the listed ones; nil where there is no file
	feeds     map[string]bool        // that have documents, or pages
	problem   error                  // what keeps them waiting
}

// Refresh loads what the published folder's list names, when the list, or a document that was not as listed, has
// changed since the last time, and says whether it did. Documents whose bytes stayed the same are not read again.
// On an error what was served before is served on. It may be called at any time, also by several at once.
func (s *Server) Refresh() (changed bool, err error) {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	served := s.folder.Load()
	next, err := s.read(served)
	switch {
	case served == nil && errors.Is(err, fs.ErrNotExist):
		return false, nil // nothing is published yet
	case err != nil:
		return false, fmt.Errorf("refresh from %s: %w", s.dir, err)
	}
	s.folder.Store(next)
	return next != served, next.problem
}

// patience is how long a folder may be incomplete before that is worth a word: a run that is under way has replaced
// documents and not yet written the list.
const patience = time.Minute

// Watch refreshes once in every such time until ctx is done. It logs an error when it first appears, not each time
// it is met again.
func (s *Server) Watch(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	said, incomplete := "", time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		changed, err := s.Refresh()
		lg := s.settings.Load().Log
		if changed {
			lg.InfoContext(ctx, "serving what was published", "folder", s.dir, "documents", len(s.folder.Load().documents))
		}
		if errors.Is(err, ErrIncomplete) {
			if incomplete += every; incomplete < patience {
				continue
			}
		} else {
			incomplete = 0
		}
		if err == nil {
			said = ""
		} else if err.Error() != said {
			said = err.Error()
			lg.WarnContext(ctx, "published folder not read in full", "error", err)
		}
	}
}

// read gives the folder as its list says, or served itself where nothing has changed.
func (s *Server) read(served *folder) (*folder, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return s.readFolder(root, manifest.Name, served, func() ([]manifest.File, error) { return manifest.ReadFiles(root) })
}

// readFolder gives what a list names, which files reads, or served itself where nothing has changed.
func (s *Server) readFolder(root *os.Root, list string, served *folder, files func() ([]manifest.File, error)) (*folder, error) {
	// The list is looked at before it is read: one replaced in between is read twice rather than missed.
	info, err := root.Stat(list)
	if err != nil {
		return nil, err
	}
	if served != nil && sameFile(served.list, info) && !served.stirred(root) {
		return served, nil
	}
	listed, err := files()
	if err != nil {
		return nil, err
	}
	next := &folder{list: info, documents: make(map[string]*document), waiting: make(map[string]fs.FileInfo), feeds: make(map[string]bool)}
	var problems []error
	const told = 3 // of as many as there are documents
	for _, f := range listed {
		if f.SHA256 == "" { // a document without its digest is not written yet
			continue
		}
		if err := next.load(root, s.hot, f, served.document(f.Path)); err != nil && len(problems) < told {
			problems = append(problems, err)
		}
	}
	for name := range next.documents {
		next.feeds[folderOf(name)] = true
	}
	if problems != nil {
		next.problem = fmt.Errorf("%w: %w", ErrIncomplete, errors.Join(problems...))
	}
	return next, nil
}

// load takes the listed document into the folder: as served, where its bytes are the listed ones, else from its file.
func (n *folder) load(root *os.Root, h *hot, f manifest.File, served *document) error {
	if served != nil && served.digest == f.SHA256 {
		n.documents[f.Path] = served.listed(f)
		return nil
	}
	info, data, err := readFile(root, f.Path)
	if err == nil {
		c := newContent(h, f, data)
		if c.digest == f.SHA256 {
			modified := f.Changed.Truncate(time.Second)
			if served != nil && !modified.After(served.modified) {
				modified = served.modified.Add(time.Second)
			}
			n.documents[f.Path] = newDocument(f.Type, modified, c)
			return nil
		}
		err = fmt.Errorf("%s: its SHA-256 is %s, the list says %s", f.Path, c.digest, f.SHA256)
		if served == nil {
			served = newDocument(f.Type, info.ModTime().Truncate(time.Second), c)
		}
	}
	n.waiting[f.Path] = info
	if served != nil {
		n.documents[f.Path] = served
	}
	return err
}

// listed is the document with what the list now says beside its bytes.
func (d *document) listed(f manifest.File) *document {
	changed := f.Changed.Truncate(time.Second)
	if d.mediaType == f.Type && !changed.After(d.modified) {
		return d
	}
	if changed.Before(d.modified) {
		changed = d.modified
	}
	return newDocument(f.Type, changed, d.content)
}

// document gives what is served at the path, nil for nothing.
func (n *folder) document(path string) *document {
	if n == nil {
		return nil
	}
	return n.documents[path]
}

// stirred says whether the file of a document that waits has changed.
func (n *folder) stirred(root *os.Root) bool {
	for path, seen := range n.waiting {
		info, err := root.Stat(path)
		if err != nil {
			info = nil
		}
		if (info == nil) != (seen == nil) || info != nil && !sameFile(info, seen) {
			return true
		}
	}
	return false
}

// readFile gives the bytes of a regular file, and what it was before they were read; nil where there is none.
func readFile(root *os.Root, path string) (fs.FileInfo, []byte, error) {
	info, err := root.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	data, err := durable.ReadFile(root, path)
	return info, data, err
}

func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
