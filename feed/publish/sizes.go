package publish

import (
	"errors"
	"os"
	"path"
	"sync"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
)

// sizes are those of a list, which is long where there are many feeds, and read again only when it is another.
type sizes struct {
	mu     sync.Mutex
	list   os.FileInfo // nil before the first
	byFeed map[string]int64
}

// Sizes gives the bytes of each feed's documents, without archives, as the published folder's list names them. They are
// shared, and not to be changed.
func (p *Publisher) Sizes() (map[string]int64, error) {
	p.sizes.mu.Lock()
	defer p.sizes.mu.Unlock()
	root, err := os.OpenRoot(p.config.Public)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(manifest.Name) // before it is read: one that comes in between is read twice
	if err == nil && p.sizes.list != nil && sameFile(p.sizes.list, info) {
		return p.sizes.byFeed, nil
	}
	files, err := manifest.ReadFiles(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, manifest.ErrDamaged) {
		return nil, err
	}
	byFeed := map[string]int64{}
	for _, f := range files {
		if _, ok := feed.FormatOf(f.Type); ok {
			byFeed[path.Dir(f.Path)] += f.Size
		}
	}
	p.sizes.list, p.sizes.byFeed = info, byFeed
	return byFeed, nil
}
