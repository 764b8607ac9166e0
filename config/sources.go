package config

import (
	"path/filepath"
	"strings"
)

// sources decodes the list of sources. The default is one, the folder itself where no file describes it.
func (r *reading) sources(it item, found bool) []Source {
	if !found {
		s := Source{Name: "articles", Folder: r.folder, Missing: KeepMissing}
		if r.file != "" {
			s.Folder = resolve(r.folder, "articles")
		}
		return []Source{s}
	}
	items, _ := it.list()
	var sources []Source
	for _, it := range items {
		s, ok := r.source(it)
		if !ok {
			continue
		}
		for i, other := range sources {
			if s.Name != "" && s.Name == other.Name {
				it.fail("%q is the name of sources[%d] already", s.Name, i)
			}
			if s.Folder != "" && s.Folder == other.Folder {
				it.fail("its folder is that of sources[%d] already", i)
			}
			if s.Feed != "" && s.Feed == other.Feed {
				it.fail("its feed is that of sources[%d] already", i)
			}
		}
		sources = append(sources, s)
	}
	return sources
}

func (r *reading) source(it item) (Source, bool) {
	o, ok := it.object("name", "folder", "feed", "exclude", "missing")
	if !ok {
		return Source{}, false
	}
	_, named := o["name"]
	_, folder := o["folder"]
	_, feed := o["feed"]
	if !named {
		it.fail("a source needs a name")
	}
	switch {
	case !folder && !feed:
		it.fail("a source needs a folder, or the URL of a feed")
	case folder && feed:
		o["feed"].fail("only one of folder and feed")
	}
	for _, key := range []string{"exclude", "missing"} {
		if other, ok := o[key]; ok && feed {
			other.fail("not with feed")
		}
	}
	s := Source{
		Name:    get(o, "name", "", text(parseName)),
		Folder:  get(o, "folder", "", text(parsePath)),
		Feed:    get(o, "feed", "", text(parseFeedURL)),
		Exclude: get(o, "exclude", nil, listOf(text(parsePattern))),
		Missing: get(o, "missing", KeepMissing, text(oneOf(KeepMissing, WithdrawMissing))),
	}
	if s.Folder != "" {
		s.Folder = resolve(r.folder, s.Folder)
	}
	return s, true
}

// parseFeedURL reads the address of a feed.
func parseFeedURL(s string) (string, error) {
	u, err := parseURL(s)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// excludeOwn keeps the store and the published folder from being read as articles where they lie in the source.
func (s *Source) excludeOwn(store, public, theme string) {
	for _, folder := range []string{public, theme} {
		if rel, ok := below(s.Folder, folder); ok && folder != "" && rel != "." {
			s.Exclude = append(s.Exclude, literal(rel)+"/**")
		}
	}
	if isPostgres(store) {
		return
	}
	if rel, ok := below(s.Folder, filepath.Dir(store)); ok && rel != "." {
		s.Exclude = append(s.Exclude, literal(rel)+"/**")
	} else if ok {
		s.Exclude = append(s.Exclude, literal(filepath.Base(store))+"*") // and its -wal, -shm and .lock
	}
}

// below returns the path of target within folder, with slashes, if it lies there.
func below(folder, target string) (string, bool) {
	rel, err := filepath.Rel(folder, target)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// literal is the pattern that matches the path only.
func literal(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
