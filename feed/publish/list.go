package publish

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"sync"
	"time"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/encode"
	"feedpub/feed/internal/manifest"
)

// A list is the list of own files as a run changes it. Only what is on it is overwritten or removed.
type list struct {
	root    *os.Root
	at      time.Time
	dry     bool
	ours    func(root *os.Root, name string) (mediaType string, err error) // see Publisher.ours
	codings []encode.Coding                                                // in which documents are published too
	order   []manifest.File                                                // the files as they were, by path: what is almost in order is soon sorted
	entries []manifest.Entry                                               // by ID
	facets  []manifest.Facet
	whole   *manifest.Manifest // as it was written last
	digest  string             // of that

	mu       sync.Mutex                 // held for what follows: feeds are published side by side
	claimed  bool                       // something is new that the written list does not hold
	files    map[string]manifest.File   // by path, but for those in archives
	archives map[string]map[string]bool // by feed, how the documents of its archive are called
	parts    map[string]*partList       // by folder, those that were asked for
}

func newList(root *os.Root, m *manifest.Manifest, at time.Time, dry bool) *list {
	l := &list{
		root: root, at: at, dry: dry, order: m.Files, entries: m.Entries, facets: m.Facets,
		files: map[string]manifest.File{}, archives: map[string]map[string]bool{}, parts: map[string]*partList{},
	}
	slices.SortFunc(l.entries, func(a, b manifest.Entry) int { return byID(a, b.ID) }) // a stranger may have written it
	for _, a := range m.Archives {
		l.archives[a.Feed] = map[string]bool{}
		for _, name := range a.Files {
			l.archives[a.Feed][name] = true
		}
	}
	for _, f := range m.Files {
		if feed, folder, ok := manifest.Part(f.Path); ok { // what was recognised, see Publisher.recognise
			if l.parts[folder] == nil {
				l.parts[folder] = &partList{files: map[string]manifest.File{}}
			}
			l.parts[folder].put(f)
			l.named(feed, f.Path)
			continue
		}
		l.files[f.Path] = f
	}
	return l
}

// file is what the list says of a document.
func (l *list) file(name string) (f manifest.File, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, folder, archived := manifest.Part(name); archived {
		f, ok = l.part(folder).files[name]
	} else {
		f, ok = l.files[name]
	}
	return f, ok
}

// entry is what the list says of an entry; the zero one where it says nothing.
func (l *list) entry(id string) manifest.Entry {
	if n, found := slices.BinarySearchFunc(l.entries, id, byID); found {
		return l.entries[n]
	}
	return manifest.Entry{}
}

// set puts a document on the list, or what is new of it.
func (l *list) set(f manifest.File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(f)
}

func (l *list) put(f manifest.File) {
	feed, folder, archived := manifest.Part(f.Path)
	if !archived {
		l.files[f.Path] = f
		return
	}
	l.part(folder).put(f)
	l.named(feed, f.Path)
}

// named notes how a document of an archive is called.
func (l *list) named(feed, name string) {
	if l.archives[feed] == nil {
		l.archives[feed] = map[string]bool{}
	}
	if base := path.Base(name); !l.archives[feed][base] {
		l.archives[feed][base], l.claimed = true, true
	}
}

// name is named for who does not hold mu.
func (l *list) name(feed, name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.named(feed, name)
}

func (p *partList) put(f manifest.File) {
	p.files[f.Path] = f
	p.changed = true
}

// drop takes a document off the list.
func (l *list) drop(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, folder, archived := manifest.Part(name); archived {
		p := l.part(folder)
		delete(p.files, name)
		p.changed = true
		return
	}
	delete(l.files, name)
}

// paths are the listed paths, but for those in archives, in order.
func (l *list) paths() []string {
	return l.pathsOf(func(string, manifest.File) bool { return true })
}

// pathsOf are those of them of which something is so, in order.
func (l *list) pathsOf(is func(path string, f manifest.File) bool) (paths []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, f := range l.files {
		if is(name, f) {
			paths = append(paths, name)
		}
	}
	slices.Sort(paths)
	return paths
}

// claim puts a new document on the list before it is written: whatever a crash leaves is then known as ours. A file
// that is there already, but not on the list, is somebody else's.
func (l *list) claim(name, mediaType string) {
	if _, ok := l.file(name); ok {
		return
	}
	if _, err := l.root.Lstat(name); os.IsNotExist(err) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.put(manifest.File{Path: name, Type: mediaType})
		_, _, archived := manifest.Part(name)
		l.claimed = l.claimed || !archived
	}
}

// dropUnwritten takes off what was claimed and not written after all.
func (l *list) dropUnwritten() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for path, f := range l.files {
		if f.SHA256 == "" {
			if _, err := l.root.Lstat(path); os.IsNotExist(err) {
				delete(l.files, path)
			}
		}
	}
}

// isMissing tells whether a document is not there as it was written: somebody removed it, or changed its length.
func (l *list) isMissing(path string) bool {
	info, err := l.root.Lstat(path)
	f, _ := l.file(path)
	return err != nil || f.SHA256 == "" || f.Size != info.Size() || l.isCodedMissing(path, f)
}

// read reads a document; nil where there is none, or what is no file of ours any more.
func (l *list) read(path string) ([]byte, error) {
	doc, err := durable.ReadFile(l.root, path)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, durable.ErrNotRegular) {
		return nil, nil
	}
	return doc, err
}

// replace makes doc the content of a document, when it is not that already. Different documents may be replaced at the
// same time.
func (l *list) replace(path, mediaType string, old, doc []byte) (changed bool, err error) {
	file, ours := l.file(path)
	if !ours {
		return false, l.notOurs(path)
	}
	changed = old == nil || !bytes.Equal(old, doc)
	if l.dry {
		return changed, nil
	}
	if changed {
		if err := durable.WriteFile(l.root, path, doc); err != nil {
			return false, fmt.Errorf("replace %s: %w", path, err)
		}
	}
	// The list can lag behind the file when a run died between the two.
	sum := manifest.Digest(doc)
	if !changed && file.SHA256 == sum && l.isEncoded(path, file) {
		return false, nil
	}
	if file.SHA256 != sum {
		file.Type, file.SHA256, file.Size = mediaType, sum, int64(len(doc))
		file.Changed = l.changedAt(file.Changed)
	}
	file.Coded, err = l.encode(path, file, old, doc)
	l.set(file)
	return changed, err
}

// notOurs says why a document cannot be replaced that is not on the list.
func (l *list) notOurs(name string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, folder, archived := manifest.Part(name); archived {
		if err := l.part(folder).err; err != nil {
			return err
		}
	}
	return fmt.Errorf("%s is there already and was not written by feedpub; move it away, or give the document another path", name)
}

// changedAt is the time from which the new bytes are told apart: at least a second after the time before, even
// when the clock was set back.
func (l *list) changedAt(before time.Time) time.Time {
	at := l.at.UTC().Truncate(time.Second)
	if least := before.Add(time.Second); !before.IsZero() && at.Before(least) {
		return least
	}
	return at
}

// inOrder are the files, almost by path: those that were there before, and then the new ones.
func (l *list) inOrder() []manifest.File {
	files := make([]manifest.File, 0, len(l.files))
	for _, f := range l.order {
		if now, ok := l.files[f.Path]; ok {
			files = append(files, now)
		}
	}
	if len(files) < len(l.files) {
		were := make(map[string]bool, len(files))
		for _, f := range files {
			were[f.Path] = true
		}
		for name, f := range l.files {
			if !were[name] {
				files = append(files, f)
			}
		}
	}
	return files
}

// archivesInOrder are the archives, for who holds mu.
func (l *list) archivesInOrder() (archives []manifest.Archive) {
	for _, feed := range slices.Sorted(maps.Keys(l.archives)) {
		archives = append(archives, manifest.Archive{Feed: feed, Files: slices.Sorted(maps.Keys(l.archives[feed]))})
	}
	return archives
}

// writeClaims replaces the list in the folder when something new is on it.
func (l *list) writeClaims() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.claimed {
		return nil
	}
	return l.writeWhole()
}

// write replaces the list in the folder when it differs.
func (l *list) write() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.writeWhole()
}

func (l *list) writeWhole() error {
	l.claimed = false
	l.whole = &manifest.Manifest{Files: l.inOrder(), Archives: l.archivesInOrder(), Entries: l.entries, Facets: l.facets}
	if l.dry {
		return nil
	}
	var err error
	if l.digest, err = l.whole.Write(l.root); err != nil {
		return fmt.Errorf("write the list of published files: %w", err)
	}
	return nil
}
