package ingest

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"feedpub/store"
)

// findFormer finds the keys under which articles of the batch are stored whose own keys are not: an article has the guid of
// a stored one, names its key or its address as an alias, or has its raw bytes; and the file of that key is gone. Of keys and
// addresses those are found that are written as usual: extensions in lower case, URLs as the site's.
func (run *load) findFormer(ctx context.Context) error {
	if run.folder == nil || run.empty {
		return nil // items of a feed are not moved
	}
	ask := map[store.Trait][]string{}
	for i := range run.batch {
		if a := &run.batch[i]; !a.known {
			run.traits(a, ask)
		}
	}
	alike := map[string]store.Known{}
	for by, values := range ask {
		found, err := run.Store.Alike(ctx, run.src.Name, by, values)
		if err != nil {
			return err
		}
		maps.Copy(alike, found)
	}
	if len(alike) == 0 {
		return nil
	}
	names := formerNamesOf(alike)
	for i := range run.batch {
		if a := &run.batch[i]; !a.known {
			a.FormerKey = run.formerKey(names, &a.Article)
		}
	}
	return nil
}

// traits adds what tells the article under another key.
func (run *load) traits(a *readArticle, ask map[store.Trait][]string) {
	if a.ID != run.Reader.mint(a.Source, a.Key) {
		ask[store.ByID] = append(ask[store.ByID], a.ID)
		if a.GUID != "" {
			ask[store.ByGUID] = append(ask[store.ByGUID], a.GUID)
		}
	}
	ask[store.ByRaw] = append(ask[store.ByRaw], a.Raw)
	for _, alias := range a.Aliases {
		at := plainPath(alias)
		if at == "" {
			continue
		}
		ask[store.ByURL] = append(ask[store.ByURL], run.addressesAt(at)...)
		ask[store.ByKey] = append(ask[store.ByKey], keysAt(at)...)
	}
}

// addressesAt are the URLs of the site that an article at a plain path may have.
func (run *load) addressesAt(at string) (urls []string) {
	site := url.URL{Scheme: run.Reader.Site.Scheme, Host: run.Reader.Site.Host}
	for _, end := range []string{"", "/", "/index.html", ".html", ".htm"} {
		site.Path = "/" + at + end
		urls = append(urls, site.String())
	}
	return urls
}

// keysAt are the keys that an article at a plain path may have.
func keysAt(at string) (keys []string) {
	for extension := range kinds {
		keys = append(keys, at+extension, at+"/index"+extension)
	}
	return keys
}

// formerNames finds stored articles by what a renamed file still has of them.
type formerNames struct {
	byID   map[string]string // to keys
	byGUID map[string]string
	byPath map[string]string // of keys and of URLs
	byRaw  map[string][]string
}

func formerNamesOf(articles map[string]store.Known) formerNames {
	n := formerNames{map[string]string{}, map[string]string{}, map[string]string{}, map[string][]string{}}
	for _, key := range slices.Sorted(maps.Keys(articles)) {
		known := articles[key]
		n.byID[known.ID] = key
		if known.GUID != "" {
			n.byGUID[known.GUID] = key
		}
		n.byPath[plainPath(key)] = key
		n.byPath[plainPath(known.URL)] = key
		n.byRaw[known.Raw] = append(n.byRaw[known.Raw], key)
	}
	delete(n.byPath, "")
	return n
}

// formerKey is the key under which an article of an unknown key is stored, empty where it is new.
func (run *load) formerKey(n formerNames, a *Article) string {
	var candidates []string
	if own := run.Reader.mint(a.Source, a.Key); a.ID != own {
		candidates = append(candidates, n.byID[a.ID], n.byGUID[a.GUID])
	}
	for _, alias := range a.Aliases {
		candidates = append(candidates, n.byPath[plainPath(alias)])
	}
	candidates = append(candidates, n.byRaw[a.Raw]...)
	for _, key := range candidates {
		if key != "" && !run.taken[key] && !run.folder.onDisk(key, a.Key) {
			run.taken[key] = true
			return key
		}
	}
	return ""
}

// plainPath is the path of a key, of a URL or of an alias, without what they write differently.
func plainPath(s string) string {
	if u, err := url.Parse(s); err == nil {
		s = u.Path
	}
	s = strings.TrimSuffix(s, "index.html")
	if _, ok := kindOf(s); ok {
		s = keyPath(s)
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
	}
	return strings.Trim(s, "/")
}
