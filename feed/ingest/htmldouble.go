package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"feedpub/feed/internal/clean"
	"feedpub/store"
)

// doubles finds pages of HTML that a generator made of articles which are read themselves, by their addresses. Where it
// puts them nobody but it knows: docs, out, beside the Markdown.
type doubles struct {
	refused map[string]string // keys of the articles that are refused, by address
	count   int
	first   string // the first page that was passed over, and whose address it has
}

// isPage says that a file may have been made of an article. It is read after what people wrote, so that theirs is the article,
// whatever the files are called.
func (f *folder) isPage(key string) bool { return isHTML(key) && !f.hasFrontMatter(key) }

// hasFrontMatter says that a page of HTML is what a generator reads, not what it writes.
func (f *folder) hasFrontMatter(key string) bool {
	start := bytes.TrimSpace(bytes.TrimPrefix(f.start(key), []byte("\ufeff")))
	return len(start) > 0 && start[0] != '<'
}

// claim notes the address of an article that is refused: what was made of it may not be published either.
func (d *doubles) claim(a *Article) {
	if d.refused == nil {
		d.refused = map[string]string{}
	}
	if at := address(a.URL); at != "" && d.refused[at] == "" {
		d.refused[at] = a.Key
	}
}

// address is a URL without what servers have several spellings of.
func address(link string) string {
	return strings.TrimSuffix(strings.TrimSuffix(link, "index.html"), "/")
}

// spellings are the URLs with an address.
func spellings(address string) []string {
	return []string{address, address + "/", address + "index.html", address + "/index.html"}
}

// isDouble says that a page which is not stored yet has the address of another article, and notes that. Pages without
// addresses of their own may well get the same one by the permalink; what names the whole site has none.
func (run *load) isDouble(ctx context.Context, a *Article, rec *record) (bool, error) {
	at := address(a.URL)
	if run.folder == nil || !isHTML(rec.key) || run.folder.named[rec.key] || at == "" || at == address(run.siteURL()) {
		return false, nil
	}
	own := rec.head.get("url") != nil
	same := func(key string) bool { return key != "" && key != rec.key && (own || !isHTML(key)) }
	other := run.doubles.refused[at]
	for i := range run.batch {
		if b := &run.batch[i]; !same(other) && address(b.URL) == at {
			other = b.Key
		}
	}
	if !same(other) {
		var err error
		if other, err = run.storedAt(ctx, a, same); err != nil {
			return false, err
		}
	}
	if !same(other) {
		return false, nil
	}
	if run.doubles.count++; run.doubles.count == 1 {
		run.doubles.first = fmt.Sprintf("%s, which has the address of %s", run.folder.name(rec.key), other)
	}
	return true, nil
}

// storedAt is what a stored article with the page's URL goes by, empty where there is none that counts. One of this
// source is found under other spellings of it too. A stored page whose file is gone was renamed.
func (run *load) storedAt(ctx context.Context, page *Article, same func(key string) bool) (string, error) {
	stored, err := run.Store.Alike(ctx, run.src.Name, store.ByURL, spellings(address(page.URL)))
	if err != nil {
		return "", err
	}
	first := "" // what is written goes before what was made of it
	for _, key := range slices.Sorted(maps.Keys(stored)) {
		if first == "" || isHTML(first) && !isHTML(key) {
			first = key
		}
	}
	if first != "" {
		if isHTML(first) && !run.folder.onDisk(first, page.Key) {
			return "", nil
		}
		return first, nil
	}
	link := page.URL
	e, err := run.Store.Lookup(ctx, link)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && (e.Source == run.src.Name || e.URL != link || !same(e.Key)):
		return "", nil
	case err != nil:
		return link, nil // several articles have it
	}
	return e.Source + "/" + e.Key, nil
}

func (run *load) siteURL() string {
	link, _ := clean.URL(run.Reader.Site.String(), nil)
	return link
}

// warn says once what was passed over.
func (d *doubles) warn(report *Report) {
	if d.count > 0 {
		report.Warnings = append(report.Warnings, fmt.Sprintf("%d pages of HTML are passed over: they have the addresses of other articles, of which "+
			"they were made perhaps; exclude their folder, or give them addresses of their own. The first is %s", d.count, d.first))
	}
}
