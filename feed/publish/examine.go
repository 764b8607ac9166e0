package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/encode"
	"feedpub/feed/internal/manifest"
)

// A Listed is a document of the published folder, as the list there has it.
type Listed struct {
	Path    string    // below the folder, with slashes
	Type    string    // media type, without charset
	SHA256  string    // of the bytes, in hex
	Changed time.Time // when they last changed
}

// A Flaw is a listed document that does not lie in the published folder as it was written.
type Flaw struct {
	Path   string
	Reason string
}

// Examine reads all that the list of a published folder names, and gives the listed documents, but for those in archives,
// and the flaws of all. While somebody publishes there may be flaws that are none a moment later. Where there is no list,
// the error is fs.ErrNotExist.
func Examine(folder string) (documents []Listed, flaws []Flaw, err error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	m, err := manifest.Read(root)
	if err != nil {
		return nil, nil, err
	}
	e := &examination{root: root}
	for _, f := range m.Files {
		documents = append(documents, Listed{f.Path, f.Type, f.SHA256, f.Changed})
		e.file(f)
	}
	for _, a := range m.Archives {
		if err := e.archive(path.Join(a.Feed, archiveFolder)); err != nil {
			return nil, nil, err
		}
	}
	return documents, e.flaws, nil
}

type examination struct {
	root  *os.Root
	flaws []Flaw
}

func (e *examination) archive(folder string) error {
	parts, err := fs.ReadDir(e.root.FS(), folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, part := range parts {
		files, err := manifest.ReadPart(e.root, path.Join(folder, part.Name()))
		switch {
		case err != nil && part.IsDir():
			e.flaws = append(e.flaws, Flaw{path.Join(folder, part.Name()), fmt.Sprintf("its list cannot be read: %v", err)})
		case err == nil:
			for _, f := range files {
				e.file(f)
			}
		}
	}
	return nil
}

func (e *examination) file(f manifest.File) {
	e.compare(f.Path, f.SHA256)
	for _, c := range f.Coded {
		if x, known := encode.Named(c.Coding); known && c.SHA256 != "" {
			e.compare(f.Path+x.Ext(), c.SHA256)
		}
	}
}

func (e *examination) compare(name, digest string) {
	switch doc, err := durable.ReadFile(e.root, name); {
	case errors.Is(err, fs.ErrNotExist):
		e.flaws = append(e.flaws, Flaw{name, "it is missing"})
	case err != nil:
		e.flaws = append(e.flaws, Flaw{name, err.Error()})
	case manifest.Digest(doc) != digest:
		e.flaws = append(e.flaws, Flaw{name, "its bytes are not those that feedpub wrote"})
	}
}
