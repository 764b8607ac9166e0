package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"feedpub/feed"
	"feedpub/store"
)

// Adopt lets an empty store take over what its published folder says: the entries with their IDs, dates and
// withdrawals, so that a job that starts without a store shows readers nothing twice and brings nothing back. It
// returns how many entries it took. A store that has entries is left alone.
func (p *Publisher) Adopt(ctx context.Context) (int, error) {
	empty, err := p.store.Empty(ctx)
	if err != nil || !empty {
		return 0, err
	}
	root, err := os.OpenRoot(p.config.Public)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("open the published folder: %w", err)
	}
	defer root.Close()
	entries, err := readPublished(root)
	if err != nil {
		return 0, fmt.Errorf("adopt what is published in %s: %w", p.config.Public, err)
	}
	if err := p.store.Adopt(ctx, entries); err != nil {
		return 0, fmt.Errorf("adopt what is published in %s: %w", p.config.Public, err)
	}
	return len(entries), nil
}

// readPublished brings together what the documents and the list's memory say of each entry.
func readPublished(root *os.Root) ([]store.Adopted, error) {
	m, err := readManifest(root)
	if err != nil {
		return nil, err
	}
	var shown []feed.Entry
	for _, file := range m.Files {
		format, ok := formatOf(file.Type)
		if !ok || file.SHA256 == "" {
			continue
		}
		doc, err := root.ReadFile(file.Path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		f, err := feed.Read(doc, format)
		if err != nil {
			return nil, fmt.Errorf("%s: %w; restore the file or remove it from the folder", file.Path, err)
		}
		shown = append(shown, f.Entries...)
	}
	var adopted []store.Adopted
	at := map[string]int{}
	for _, e := range richest(shown) {
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
	return adopted, nil
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
