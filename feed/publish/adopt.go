package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
	"feedpub/store"
)

// Adopt lets an empty store take over what its published folder says: the entries with their IDs, dates and
// withdrawals, and the names of the feeds of tags, so that a job that starts without a store shows readers nothing twice and
// brings nothing back. It returns how many entries it took. A store that has entries takes over withdrawals alone, see
// keepUnlessNoted.
func (p *Publisher) Adopt(ctx context.Context) (int, error) {
	empty, err := p.store.Empty(ctx)
	if err != nil {
		return 0, err
	}
	root, err := os.OpenRoot(p.config.Public)
	if err != nil && (!empty || errors.Is(err, os.ErrNotExist)) {
		return 0, nil // nothing is published, or whoever publishes tells of it, when the sources are read
	}
	if err != nil {
		return 0, fmt.Errorf("open the published folder: %w", err)
	}
	defer root.Close()
	if !empty {
		return 0, p.keepUnlessNoted(ctx, root)
	}
	m, err := p.readManifest(ctx, root)
	if err != nil {
		return 0, err
	}
	entries := p.remembered(ctx, root, m)
	if err := p.store.Adopt(ctx, entries); err != nil {
		return 0, fmt.Errorf("adopt what is published in %s: %w", p.config.Public, err)
	}
	for _, f := range m.Facets {
		if err := p.store.NameFacet(ctx, feed.Kind(f.Kind), f.Value, f.Name); err != nil {
			return 0, fmt.Errorf("adopt what is published in %s: %w", p.config.Public, err)
		}
	}
	return len(entries), nil
}

// keepUnlessNoted is keepWithdrawn of a folder whose list is not the one that the store noted. A list that cannot be read is for
// whoever publishes.
func (p *Publisher) keepUnlessNoted(ctx context.Context, root *os.Root) error {
	if n, err := p.notedWith(ctx, root); err != nil || n != nil {
		return err
	}
	m, err := manifest.Read(root)
	if err != nil {
		return nil
	}
	return p.keepWithdrawn(ctx, m)
}

// keepWithdrawn takes over the withdrawals that the list tells of and a store does not that was put back to an older state: what
// was withdrawn must not come back.
func (p *Publisher) keepWithdrawn(ctx context.Context, m *manifest.Manifest) error {
	var withdrawn []store.Adopted
	for _, e := range m.Entries {
		if e.Withdrawn != nil {
			withdrawn = append(withdrawn, recalled(e))
		}
	}
	n, err := p.store.KeepWithdrawn(ctx, withdrawn)
	if n > 0 {
		p.log.WarnContext(ctx, "withdrawals that the store did not know are taken over from what is published", "entries", n)
	}
	return err
}

// remembered brings together what the documents and the list's memory say of each entry.
func (p *Publisher) remembered(ctx context.Context, root *os.Root, m *manifest.Manifest) []store.Adopted {
	l := newList(root, m, p.now(), true)
	l.ours = p.ours
	var adopted []store.Adopted
	at := map[string]int{}
	for _, e := range richest(p.readDocuments(ctx, l)) {
		a := adoptedOf(e)
		if e.Content != "" {
			a.Significant = e.Significant()
		}
		at[e.ID] = len(adopted)
		adopted = append(adopted, a)
	}
	for _, known := range m.Entries {
		a := recalled(known) // its dates are finer than the documents' whole seconds
		if i, ok := at[known.ID]; ok {
			a.Significant = adopted[i].Significant
			adopted[i] = a
		} else {
			adopted = append(adopted, a)
		}
	}
	return adopted
}

// readDocuments reads the entries of all listed feed documents. One that cannot be read is passed over: what it said
// stands in the other formats too, and in the list's memory.
func (p *Publisher) readDocuments(ctx context.Context, l *list) (entries []feed.Entry) {
	for _, name := range l.all() {
		file, _ := l.file(name)
		format, ok := formatOf(file.Type)
		if !ok {
			continue
		}
		doc, err := durable.ReadFile(l.root, name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		var f *feed.Feed
		if err == nil {
			f, err = feed.Read(doc, format)
		}
		if err != nil {
			p.log.WarnContext(ctx, "published document unreadable", "path", name, "error", err)
			continue
		}
		for _, e := range f.Entries {
			e = unpresent(e)
			if format == feed.Atom && len(f.Authors) == 0 && len(e.Authors) == 1 && slices.Contains([]feed.Author{{Name: p.config.Site.Title}, {Name: f.Title}}, e.Authors[0]) {
				e.Authors = nil // the site or the feed, which Atom names where there is none; other formats tell whether there is one
			}
			entries = append(entries, e)
		}
	}
	return entries
}

// recognise makes the list of a folder that has none, of what says that it is ours: a document whose self link is its
// own place in this folder, and a page that names its own.
func (p *Publisher) recognise(root *os.Root) (*manifest.Manifest, error) {
	m := new(manifest.Manifest)
	err := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // it was removed meanwhile
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), ".") && name != ".":
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		mediaType, err := p.ours(root, name)
		if err != nil {
			return err
		}
		if mediaType != "" {
			m.Files = append(m.Files, manifest.File{Path: name, Type: mediaType})
		}
		return nil
	})
	return m, err
}

// formerMark stood in the start page when that was the only page.
const formerMark = `<meta name="generator" content="feedpub">`

// ours is the media type of a file that says it is ours, and empty for another.
func (p *Publisher) ours(root *os.Root, name string) (string, error) {
	ext := path.Ext(name)
	if path.Base(name) != indexPath && ext != ".xml" && ext != ".json" && ext != ".atom" && ext != ".rss" {
		return "", nil
	}
	doc, err := durable.ReadFile(root, name)
	if err != nil {
		return "", err
	}
	if path.Base(name) == indexPath {
		folder := strings.TrimSuffix(name, indexPath)
		if page.IsOurs(doc, p.config.Site.FeedsURL+folder) || folder == "" && bytes.Contains(doc, []byte(formerMark)) {
			return pageType, nil
		}
		return "", nil
	}
	format, err := feed.DetectFormat(doc)
	if err != nil {
		return "", nil
	}
	f, err := feed.Read(doc, format)
	if err != nil || f.SelfURL[format] != p.config.Site.FeedsURL+name {
		return "", nil
	}
	return format.MediaType(), nil
}

// richest is every entry once, in the version that says most: a full one before a summary, and of several formats
// the one that carries more.
func richest(entries []feed.Entry) []feed.Entry {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b feed.Entry) int {
		if c := strings.Compare(a.ID, b.ID); c != 0 {
			return c
		}
		return weight(b) - weight(a)
	})
	return slices.CompactFunc(entries, func(a, b feed.Entry) bool { return a.ID == b.ID })
}

func weight(e feed.Entry) int {
	w := len(e.Authors) + len(e.Enclosures) + len(e.Tags)
	for _, a := range e.Authors {
		if a.Email != "" || a.URL != "" {
			w++
		}
	}
	if e.Image.URL != "" {
		w += 10
	}
	if e.Content != "" {
		w += 1000
	}
	return w
}

func formatOf(mediaType string) (feed.Format, bool) {
	for _, f := range feed.Formats {
		if f.MediaType() == mediaType {
			return f, true
		}
	}
	return "", false
}
