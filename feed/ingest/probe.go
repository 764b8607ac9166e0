package ingest

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"feedpub/feed"
	"feedpub/feed/internal/fetch"
	"feedpub/store"
)

const (
	probesAtOnce = 4               // servers asked at the same time
	probesInRun  = 200             // asked in a run; the others' turn comes with the next
	longestProbe = 5 * time.Second // for all of a run

	firstWait = time.Hour           // before a server that did not tell is asked again; doubled each time
	lastWait  = 30 * 24 * time.Hour // and the longest of these
)

// Probe finds out the length and the type of enclosures whose source does not tell: of the file, where it lies in its
// source's folder, else of its server. What was found out is kept; who does not tell is asked again after an hour, and
// then more and more seldom. It takes a few seconds at most, whatever servers do. changed is how many enclosures it
// found something out of.
func (l *Loader) Probe(ctx context.Context, sources []Source) (changed int, err error) {
	probes, err := l.Store.Probes(ctx, l.Now(), probesInRun)
	if err != nil || len(probes) == 0 {
		return 0, err
	}
	folders := sourceFolders{}
	defer folders.close()
	folders.open(sources)
	var mu sync.Mutex // one result is stored at a time
	limited, cancel := context.WithTimeout(ctx, longestProbe)
	defer cancel()
	asks := new(errgroup.Group)
	asks.SetLimit(probesAtOnce)
	save := func(p store.Probe, again time.Time) error {
		mu.Lock()
		defer mu.Unlock()
		found, err := l.Store.SaveProbe(ctx, p, again)
		if found {
			changed++
		}
		return err
	}
	for _, p := range probes {
		if found, ok := folders.look(p); ok {
			if found != p {
				asks.Go(func() error { return save(found, time.Time{}) })
			}
			continue
		}
		if !p.Due || l.Web == nil || limited.Err() != nil {
			continue
		}
		asks.Go(func() error {
			if limited.Err() != nil {
				return nil // its turn comes with the next run
			}
			p, wait := ask(limited, l.Web, p)
			if ctx.Err() != nil {
				return nil
			}
			again := time.Time{}
			if wait > 0 {
				again = l.Now().Add(wait)
			}
			return save(p, again)
		})
	}
	return changed, asks.Wait()
}

// ask asks the server of an enclosure. wait is how long to wait before it is asked again, 0 for ever.
func ask(ctx context.Context, web Web, p store.Probe) (told store.Probe, wait time.Duration) {
	head, err := web.Head(ctx, p.URL)
	if err == nil && head.Length > 0 {
		p.Length, p.Type, p.Failures = head.Length, plainType(head.ContentType), 0
		return p, 0
	}
	wait = firstWait << min(p.Failures, 20)
	if status, ok := errors.AsType[*fetch.StatusError](err); ok {
		wait = max(wait, status.RetryAfter)
	}
	p.Failures++
	return p, min(wait, lastWait)
}

// plainType is a server's Content-Type without its parameters, empty where it says nothing of the file.
func plainType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind == feed.UnknownType || !mediaType.MatchString(kind) {
		return ""
	}
	return kind
}

// sourceFolders are the sources' folders, by the sources' names.
type sourceFolders map[string]*os.Root

// open opens the folders. One that cannot be opened was told of when it was to be read.
func (s sourceFolders) open(sources []Source) {
	for _, src := range sources {
		if src.Dir == "" {
			continue
		}
		if root, err := os.OpenRoot(src.Dir); err == nil {
			s[src.Name] = root
		}
	}
}

func (s sourceFolders) close() {
	for _, root := range s {
		root.Close()
	}
}

// look looks at the file of an enclosure, ok where it is there. A file is asked for its type only once.
func (s sourceFolders) look(p store.Probe) (found store.Probe, ok bool) {
	root := s[p.Source]
	if root == nil || p.File == "" {
		return p, false
	}
	name := filepath.FromSlash(p.File)
	info, err := root.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return p, false
	}
	if info.Size() == p.Length {
		return p, true
	}
	found = p
	found.Length, found.Failures = info.Size(), 0
	if file, err := root.Open(name); err == nil {
		found.Type = sniff(file)
		file.Close()
	}
	return found, true
}

// sniff is the media type of a file by its first bytes, empty where they do not tell.
func sniff(file io.Reader) string {
	start := make([]byte, 512)
	n, _ := io.ReadFull(file, start)
	kind, _, _ := strings.Cut(http.DetectContentType(start[:n]), ";")
	if kind == feed.UnknownType || kind == "text/plain" {
		return ""
	}
	return kind
}
