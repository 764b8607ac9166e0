package ingest

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// formerNames finds stored articles by what a renamed file still has of them. It is filled when the first unknown key
// comes; most runs have none.
type formerNames struct {
	built  bool
	byID   map[string]string // to keys
	byGUID map[string]string
	byPath map[string]string // of keys and of URLs
	byRaw  map[string][]string
	taken  map[string]bool // keys that a renamed article had
}

// formerKey is the key under which an article of an unknown key is stored, empty where it is new: it has the guid of
// a stored article, names its key or its address as an alias, or has its raw bytes; and the file of that
// key is gone.
func (run *load) formerKey(a *Article) string {
	if run.folder == nil {
		return "" // items of a feed are not moved
	}
	n := &run.names
	n.build(run)
	var candidates []string
	if own := run.Reader.mint(a.Source, a.Key); a.ID != own {
		candidates = append(candidates, n.byID[a.ID], n.byGUID[a.GUID])
	}
	for _, alias := range a.Aliases {
		candidates = append(candidates, n.byPath[plainPath(alias)])
	}
	candidates = append(candidates, n.byRaw[a.Raw]...)
	for _, key := range candidates {
		if key != "" && !n.taken[key] && !run.folder.onDisk(key, a.Key) {
			n.taken[key] = true
			return key
		}
	}
	return ""
}

func (n *formerNames) build(run *load) {
	if n.built {
		return
	}
	*n = formerNames{built: true, byID: map[string]string{}, byGUID: map[string]string{}, byPath: map[string]string{},
		byRaw: map[string][]string{}, taken: map[string]bool{}}
	for _, key := range slices.Sorted(maps.Keys(run.all)) {
		known := run.all[key]
		n.byID[known.ID] = key
		if known.GUID != "" {
			n.byGUID[known.GUID] = key
		}
		n.byPath[plainPath(key)] = key
		n.byPath[plainPath(known.URL)] = key
		n.byRaw[known.Raw] = append(n.byRaw[known.Raw], key)
	}
	delete(n.byPath, "")
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
