package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"feedpub/feed/internal/manifest"
)

// What lies in an archive is on the list of its part, in the part's own folder, so that a change costs the parts that it
// touches, however long the history is. Lists of parts are read when they are asked for, and let go when they are written.

// A partList is the list of one part of an archive, as a run changes it.
type partList struct {
	files   map[string]manifest.File // by path
	changed bool                     // the written list does not hold it
	err     error                    // why it could not be read
}

// part is the list of a part, for who holds mu. One that is damaged, or was lost, is made anew of what says that it is ours.
func (l *list) part(folder string) *partList {
	if p := l.parts[folder]; p != nil {
		return p
	}
	p := &partList{files: map[string]manifest.File{}}
	l.parts[folder] = p
	files, err := manifest.ReadPart(l.root, folder)
	if errors.Is(err, manifest.ErrDamaged) || errors.Is(err, fs.ErrNotExist) {
		files, err = l.recognise(folder)
		p.changed = len(files) > 0
	}
	if err != nil {
		p.err = fmt.Errorf("read the list of published files in %s: %w", folder, err)
	}
	for _, f := range files {
		p.files[f.Path] = f
	}
	return p
}

// recognise makes the list of a folder of what says that it is ours.
func (l *list) recognise(folder string) (files []manifest.File, err error) {
	for _, name := range l.names(folder) {
		if info, err := l.root.Lstat(name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		mediaType, err := l.ours(l.root, name)
		if err != nil {
			return nil, err
		}
		if mediaType != "" {
			files = append(files, manifest.File{Path: name, Type: mediaType})
		}
	}
	return files, nil
}

// names are the paths of what lies in a folder, in order; none where there is no such folder.
func (l *list) names(folder string) (names []string) {
	dir, err := l.root.Open(folder)
	if err != nil {
		return nil
	}
	defer dir.Close()
	all, _ := dir.Readdirnames(-1) // what cannot be read is not ours to judge
	for _, name := range all {
		names = append(names, path.Join(folder, name))
	}
	slices.Sort(names)
	return names
}

// archived are the listed documents in the archive of a feed, in order. Their lists are let go again.
func (l *list) archived(feed string) (paths []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, folder := range l.names(path.Join(feed, archiveFolder)) {
		_, kept := l.parts[folder]
		paths = append(paths, slices.Sorted(maps.Keys(l.part(folder).files))...)
		if p := l.parts[folder]; !kept && !p.changed {
			delete(l.parts, folder)
		}
	}
	return paths
}

// all are all listed documents, those in archives too, in order of their folders.
func (l *list) all() []string {
	paths := l.paths()
	for _, feed := range l.archivedFeeds() {
		paths = append(paths, l.archived(feed)...)
	}
	return paths
}

// archivedFeeds are the feeds with archives, in order.
func (l *list) archivedFeeds() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.archives))
}

// partFiles are the listed documents of a part, in order.
func (l *list) partFiles(folder string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.part(folder).files))
}

// settle writes the list of a part, where it changed, and lets go of it.
func (l *list) settle(folder string) error {
	l.mu.Lock()
	p := l.parts[folder]
	l.mu.Unlock() // the part is its channel's alone, and others need not wait for the disk
	if p == nil || l.dry {
		return nil
	}
	for name, f := range p.files {
		if f.SHA256 == "" {
			if _, err := l.root.Lstat(name); os.IsNotExist(err) { // claimed, and not written after all
				delete(p.files, name)
				p.changed = true
			}
		}
	}
	if err := l.writePart(folder, p); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.parts, folder)
	return nil
}

// settleParts settles every part below the folder that was looked at.
func (l *list) settleParts(below string) error {
	l.mu.Lock()
	folders := slices.Sorted(maps.Keys(l.parts))
	l.mu.Unlock()
	for _, folder := range folders {
		if below != "." && !strings.HasPrefix(folder, below+"/") {
			continue
		}
		if err := l.settle(folder); err != nil {
			return err
		}
	}
	return nil
}

// claimPart writes the list of a part whose documents are about to be written.
func (l *list) claimPart(folder string) error {
	l.mu.Lock()
	p := l.part(folder)
	l.mu.Unlock()
	return l.writePart(folder, p)
}

// writePart writes the list of a part where it changed, and clears its folder away when nothing is in it.
func (l *list) writePart(folder string, p *partList) error {
	if !p.changed {
		return nil
	}
	if err := manifest.WritePart(l.root, folder, slices.Collect(maps.Values(p.files))); err != nil {
		return fmt.Errorf("write the list of published files in %s: %w", folder, err)
	}
	p.changed = false
	if len(p.files) == 0 {
		l.clear(folder)
	}
	return nil
}

// clear removes a folder, and those above it, where nothing is in them.
func (l *list) clear(folder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; folder != "."; folder = path.Dir(folder) {
		if l.root.Remove(folder) != nil {
			return // not empty, or not ours to judge
		}
		if path.Base(folder) == archiveFolder {
			delete(l.archives, path.Dir(folder))
		}
	}
}
