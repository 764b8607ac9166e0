package manifest

import (
	"cmp"
	"os"
	"path"
	"slices"

	"feedpub/feed/internal/durable"
)

// ArchiveFolder is where a feed's archive lies, below the feed's own folder: news/archive/2026-03/rss.xml. No feed may
// be called so.
const ArchiveFolder = "archive"

// Part says which feed and which folder a document of an archive belongs to, by its path; ok is false for any other.
func Part(name string) (feed, folder string, ok bool) {
	folder = path.Dir(name)
	archive := path.Dir(folder)
	feed = path.Dir(archive)
	return feed, folder, path.Base(archive) == ArchiveFolder && feed != "."
}

// ReadPart reads the list of one part of an archive, which lies in the part's folder and names the documents there. Where
// there is none the error is fs.ErrNotExist.
func ReadPart(root *os.Root, folder string) ([]File, error) {
	var part struct {
		Files []File `json:"files"`
	}
	if err := read(root, path.Join(folder, Name), &part); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(part.Files, func(f File) bool { return !isDocument(f.Path) || path.Dir(f.Path) != folder }), nil
}

// WritePart replaces the list of a part of an archive, when its bytes differ. One without files has no list.
func WritePart(root *os.Root, folder string, files []File) error {
	name := path.Join(folder, Name)
	if len(files) == 0 {
		return durable.Remove(root, name)
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return replace(root, name, encodePart(files))
}
