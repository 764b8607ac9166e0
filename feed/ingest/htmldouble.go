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
	articles map[string]string // keys of the articles read in this run, by address
	stored   map[string]string // keys of the source's stored articles; nil until it is asked for
	count    int
	first    string // the first page that was passed over, and whose address it has
}

// sourcesFirst puts what is written before the pages that may have been made of it, so that it is the article whatever
// the files are called.
func (f *folder) sourcesFirst(keys []string) []string {
	var sources, pages []string
	for _, key := range keys {
		if isHTML(key) && !f.hasFrontMatter(key) {
			pages = append(pages, key)
		} else {
			sources = append(sources, key)
		}
	}
	return slices.Concat(sources, pages)
}

// hasFrontMatter says that a page of HTML is what a generator reads, not what it writes.
func (f *folder) hasFrontMatter(key string) bool {
	start := bytes.TrimSpace(bytes.TrimPrefix(f.start(key), []byte("\ufeff")))
	return len(start) > 0 && start[0] != '<'
}

// claim notes an article's address, even of one that is refused: what was made of it may not be published either.
func (d *doubles) claim(a *Article) {
	if d.articles == nil {
		d.articles = map[string]string{}
	}
	if at := address(a.URL); at != "" && d.articles[at] == "" {
		d.articles[at] = a.Key
	}
}

// address is a URL without what servers have several spellings of.
func address(link string) string {
	return strings.TrimSuffix(strings.TrimSuffix(link, "index.html"), "/")
}

// isDouble says that a page which is not stored yet has the address of another article, and notes that. Pages without
// addresses of their own may well get the same one by the permalink; what names the whole site has none.
func (run *load) isDouble(ctx context.Context, a *Article, rec *record) bool {
	at := address(a.URL)
	if run.folder == nil || !isHTML(rec.key) || run.folder.named[rec.key] || at == "" || at == address(run.siteURL()) {
		return false
	}
	own := rec.head.get("url") != nil
	same := func(key string) bool { return key != "" && key != rec.key && (own || !isHTML(key)) }
	other := run.doubles.articles[at]
	if !same(other) {
		other = run.storedAt(ctx, a, same)
	}
	if !same(other) {
		return false
	}
	if run.doubles.count++; run.doubles.count == 1 {
		run.doubles.first = fmt.Sprintf("%s, which has the address of %s", run.folder.name(rec.key), other)
	}
	return true
}

// storedAt is what a stored article with the page's URL goes by, empty where there is none that counts. One of this
// source is found under other spellings of it too. A stored page whose file is gone was renamed.
func (run *load) storedAt(ctx context.Context, page *Article, same func(key string) bool) string {
	d := &run.doubles
	if d.stored == nil {
		d.stored = map[string]string{}
		for _, key := range slices.Sorted(maps.Keys(run.all)) {
			at := address(run.all[key].URL)
			if was := d.stored[at]; was == "" || isHTML(was) && !isHTML(key) {
				d.stored[at] = key
			}
		}
	}
	if key := d.stored[address(page.URL)]; key != "" {
		if isHTML(key) && !run.folder.onDisk(key, page.Key) {
			return ""
		}
		return key
	}
	link := page.URL
	e, err := run.Store.Lookup(ctx, link)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && (e.Source == run.src.Name || e.URL != link || !same(e.Key)):
		return ""
	case err != nil:
		return link // several articles have it
	}
	return e.Source + "/" + e.Key
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
