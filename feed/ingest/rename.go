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
// a stored one, names its key or its address as an alias, or has its raw bytes; and the file of that key is gone.
func (run *load) findFormer(ctx context.Context) error {
	if run.folder == nil || run.empty {
		return nil // items of a feed are not moved
	}
	ask := map[store.Trait][]string{}
	aliased := false
	for i := range run.batch {
		if a := &run.batch[i]; !a.known {
			ask[store.ByRaw] = append(ask[store.ByRaw], a.Raw)
			if run.hasOwnID(&a.Article) {
				ask[store.ByID] = append(ask[store.ByID], a.ID)
				ask[store.ByGUID] = append(ask[store.ByGUID], a.GUID)
			}
			aliased = aliased || len(a.Aliases) > 0
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
	n := formerNamesOf(alike)
	if aliased {
		var err error
		if n.byPath, err = run.formerPaths(ctx); err != nil {
			return err
		}
	}
	for i := range run.batch {
		if a := &run.batch[i]; !a.known {
			a.FormerKey = run.formerKey(n, &a.Article)
		}
	}
	return nil
}

// hasOwnID says that an article's source gives it a guid.
func (run *load) hasOwnID(a *Article) bool { return a.ID != run.Reader.mint(a.Source, a.Key) }

// formerNames finds stored articles by what a renamed file still has of them.
type formerNames struct {
	byID   map[string]string // to keys
	byGUID map[string]string
	byPath map[string]string // of keys and of URLs
	byRaw  map[string][]string
}

func formerNamesOf(articles map[string]store.Known) formerNames {
	n := formerNames{byID: map[string]string{}, byGUID: map[string]string{}, byRaw: map[string][]string{}}
	for _, key := range slices.Sorted(maps.Keys(articles)) {
		known := articles[key]
		n.byID[known.ID] = key
		if known.GUID != "" {
			n.byGUID[known.GUID] = key
		}
		n.byRaw[known.Raw] = append(n.byRaw[known.Raw], key)
	}
	return n
}

// formerPaths are the keys of all stored articles whose file is gone, those that were withdrawn too, by the paths of their keys and
// URLs. There is no index of them: an article that names an alias is seldom new, and they are found once a run.
func (run *load) formerPaths(ctx context.Context) (map[string]string, error) {
	if run.former != nil {
		return run.former, nil
	}
	former := map[string]string{}
	err := run.Store.Keys(ctx, run.src.Name, func(key string, k store.Known) {
		if run.isFound(key) || !run.whole && run.folder.onDisk(key, "") {
			return
		}
		for _, at := range []string{plainPath(key), plainPath(k.URL)} {
			if at != "" && key > former[at] { // in no order, but always the same one
				former[at] = key
			}
		}
	})
	run.former = former
	return former, err
}

// formerKey is the key under which an article of an unknown key is stored, empty where it is new.
func (run *load) formerKey(n formerNames, a *Article) string {
	var candidates []string
	if run.hasOwnID(a) {
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
