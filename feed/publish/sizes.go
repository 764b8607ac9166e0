package publish

import (
	"errors"
	"os"
	"path"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
)

// Sizes gives the bytes of each feed's documents, without archives, as the published folder's list names them.
func (p *Publisher) Sizes() (map[string]int64, error) {
	sizes := map[string]int64{}
	root, err := os.OpenRoot(p.config.Public)
	if errors.Is(err, os.ErrNotExist) {
		return sizes, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	files, err := manifest.ReadFiles(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, manifest.ErrDamaged) {
		return nil, err
	}
	isFeed := map[string]bool{}
	for _, f := range feed.Formats {
		isFeed[f.MediaType()] = true
	}
	for _, f := range files {
		if isFeed[f.Type] {
			sizes[path.Dir(f.Path)] += f.Size
		}
	}
	return sizes, nil
}
