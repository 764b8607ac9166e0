package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/fetch"
	"feedpub/store"
)

// An Adoption says what was taken over from a feed.
type Adoption struct {
	Entries int // whose ID and dates articles with the same URL will have
	// Unnamed are the URLs of entries whose guid is no IRI, which an Atom feed cannot carry: readers of the old RSS feed
	// will see them as new.
	Unnamed []string
	// Late are the URLs of entries that are stored under another ID already, which is kept.
	Late []string
}

// Adopt has articles go on under the IDs and dates by which readers know them from a feed, at a URL or in a file: those
// with the same URL take them over when they are first put. It is done once for each feed; done says whether it was.
func (l *Loader) Adopt(ctx context.Context, address string) (a Adoption, done bool, err error) {
	setting := "adopted/" + address
	if was, err := l.Store.Setting(ctx, setting); err != nil || was != "" {
		return a, false, err
	}
	raw, err := l.oldFeed(ctx, address)
	if err != nil {
		return a, false, fmt.Errorf("adopt %s: %w", address, err)
	}
	entries, err := l.adoptable(ctx, raw, &a)
	if err != nil {
		return a, false, fmt.Errorf("adopt %s: %w", address, err)
	}
	if err := l.Store.Adopt(ctx, entries); err != nil {
		return a, false, fmt.Errorf("adopt %s: %w", address, err)
	}
	return a, true, l.Store.SetSetting(ctx, setting, l.Now().UTC().Format("2006-01-02T15:04:05Z"))
}

func (l *Loader) adoptable(ctx context.Context, raw []byte, a *Adoption) ([]store.Adopted, error) {
	var entries []store.Adopted
	for old, err := range l.Reader.ReadFeed("adopted", raw) {
		var p *Problem
		switch {
		case errors.As(err, &p) && p.Item == 0:
			return nil, err // no feed
		case err != nil || old.URL == "":
			continue // nobody can say which article it is
		case !iri.MatchString(old.GUID) && old.GUID != "":
			a.Unnamed = append(a.Unnamed, old.URL)
			continue
		}
		if e, err := l.Store.Lookup(ctx, old.URL); err == nil && e.ID != old.ID {
			a.Late = append(a.Late, old.URL)
			continue
		} else if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		entries = append(entries, store.Adopted{ID: old.ID, URL: old.URL, Published: old.Published, Updated: old.Updated})
	}
	a.Entries = len(entries)
	return entries, nil
}

// oldFeed is the document of a feed.
func (l *Loader) oldFeed(ctx context.Context, address string) ([]byte, error) {
	if strings.Contains(address, "://") {
		resp, err := l.Web.Get(ctx, address, fetch.Validators{})
		if err != nil {
			return nil, err
		}
		return resp.Body, nil
	}
	if info, err := os.Stat(address); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	file, err := os.Open(address)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, feed.MaxSize+1))
}
