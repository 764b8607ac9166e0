// Package manifest is the list of what feedpub wrote into a published folder: each document with its digest and
// the time its bytes last changed, and what an empty store must know of the entries to go on as if it were not
// empty. A file that is not on the list is not ours: it is never overwritten, removed or served.
package manifest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"feedpub/feed/internal/durable"
)

// Name is the list's file name in the published folder.
const Name = ".feedpub.json"

// A Manifest is the list. What lies in the archives is on lists of their own, see [ReadPart]: so the list is as long as
// what readers look at every day, and not as the history.
type Manifest struct {
	Files    []File    `json:"files"`    // by path
	Archives []Archive `json:"archives"` // by feed
	Entries  []Entry   `json:"entries"`  // by ID
	Facets   []Facet   `json:"facets"`   // by kind and name
}

// A File is one published document.
type File struct {
	Path    string    `json:"path"`    // below the published folder, with slashes
	Type    string    `json:"type"`    // media type, without charset
	SHA256  string    `json:"sha256"`  // of the bytes, in hex; empty while the document is not written yet
	Size    int64     `json:"size"`    // bytes
	Changed time.Time `json:"changed"` // when the bytes last changed, whole seconds UTC: Last-Modified
	Coded   []Coded   `json:"coded,omitempty"`
}

// A Coded is a document in a content coding, in a file of its own beside the document.
type Coded struct {
	Coding string `json:"coding"` // gzip, br, zstd
	SHA256 string `json:"sha256"` // of the file, in hex; empty where the coding would be no smaller, and there is no file
	Size   int64  `json:"size"`   // bytes
}

// An Archive says that a feed has an archive, and how the documents are called that its parts consist of.
type Archive struct {
	Feed  string   `json:"feed"`
	Files []string `json:"files,omitempty"` // in order
}

// An Entry is the memory of one published entry: what cannot be learnt again from its source or a document.
type Entry struct {
	ID        string     `json:"id"`
	Source    string     `json:"source,omitempty"`
	Key       string     `json:"key,omitempty"`
	URL       string     `json:"url,omitempty"`
	Published time.Time  `json:"published"`
	Updated   time.Time  `json:"updated"`
	Raw       string     `json:"raw,omitempty"` // feed.Entry.Raw of the published version
	Withdrawn *time.Time `json:"withdrawn,omitempty"`
	Note      string     `json:"note,omitempty"`
}

// A Facet is the name that the feed of a tag, an author, a language or a source was given, which depends on those that
// came before it.
type Facet struct {
	Kind  string `json:"kind"` // "tag"
	Name  string `json:"name"`
	Value string `json:"value"` // folded
}

// ErrDamaged is the error of [Read] for a list that cannot be understood.
var ErrDamaged = errors.New("the list of published files is damaged")

// Read reads the list of the published folder. Where there is none the error is fs.ErrNotExist. A path on it that is
// no document of ours, because it leads out of the folder or through a dotfile, is passed over: the list lies where
// other programs write too.
func Read(root *os.Root) (*Manifest, error) {
	var m *Manifest
	if err := read(root, Name, &m); err != nil {
		return nil, err
	}
	if m == nil || m.Files == nil {
		return nil, errNoFiles
	}
	m.Files = documents(m.Files)
	return m, nil
}

// ReadFiles reads only the files of the list, which is a small part of it.
func ReadFiles(root *os.Root) ([]File, error) {
	var m struct {
		Files []File `json:"files"`
	}
	if err := read(root, Name, &m); err != nil {
		return nil, err
	}
	if m.Files == nil {
		return nil, errNoFiles
	}
	return documents(m.Files), nil
}

var errNoFiles = fmt.Errorf("%w: %s names no files", ErrDamaged, Name)

func read(root *os.Root, name string, list any) error {
	data, err := durable.ReadFile(root, name)
	if errors.Is(err, durable.ErrNotRegular) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, list); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return nil
}

func documents(files []File) []File {
	return slices.DeleteFunc(files, func(f File) bool { return !isDocument(f.Path) })
}

func isDocument(path string) bool {
	return fs.ValidPath(path) && !strings.HasPrefix(path, ".") && !strings.Contains(path, "/.")
}

// SetAside moves a damaged list out of the way, where a person can look at it, and gives its new name.
func SetAside(root *os.Root) (string, error) {
	const aside = Name + ".damaged"
	return aside, root.Rename(Name, aside)
}

// Write replaces the list in the published folder, when its bytes differ, and gives its digest.
func (m *Manifest) Write(root *os.Root) (digest string, err error) {
	slices.SortFunc(m.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(m.Entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(m.Facets, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(m.Archives, func(a, b Archive) int { return cmp.Compare(a.Feed, b.Feed) })
	data := m.encode()
	return Digest(data), replace(root, Name, data)
}

func replace(root *os.Root, name string, data []byte) error {
	if old, err := durable.ReadFile(root, name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return durable.WriteFile(root, name, data)
}

// DigestOf is the SHA-256 of the list as it lies in the published folder; empty where there is none to read.
func DigestOf(root *os.Root) string {
	data, err := durable.ReadFile(root, Name)
	if err != nil {
		return ""
	}
	return Digest(data)
}

// Digest is the SHA-256 of a document in hex.
func Digest(doc []byte) string {
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:])
}
