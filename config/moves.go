package config

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"feedpub/feed"
)

// FileRedirects, CopyRedirects and NoRedirects are the values of Config.Redirects.
const (
	FileRedirects = "file"
	CopyRedirects = "copies"
	NoRedirects   = "none"
)

var oldPath = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)

// parseOldPath reads where a feed or a document was, below site.feeds_url.
func parseOldPath(s string) (string, error) {
	clean := strings.TrimSuffix(strings.TrimPrefix(s, "/"), "/")
	if len(clean) > maxName || !oldPath.MatchString(clean) {
		return "", fmt.Errorf("%s is no path below site.feeds_url, such as rss.xml, blog/feed or the name of a feed", quote(s))
	}
	return clean, nil
}

// A Move is an old address that leads to a new one, both below the published folder. An old one without a target is a
// feed's folder: each document in it leads to the one of the same file name in To.
type Move struct {
	From, To string
	Folder   bool
}

// Moves are the old addresses of the feed.
func (f *Feed) Moves() []Move {
	var moves []Move
	for _, old := range f.MovedFrom {
		format, ok := formatOfFile(old)
		if !ok {
			moves = append(moves, Move{From: old, To: f.Name, Folder: true})
			continue
		}
		if f.Paths[format] == "" {
			format = f.Formats[0]
		}
		moves = append(moves, Move{From: old, To: path.Join(f.Name, f.Paths[format])})
	}
	return moves
}

// formatOfFile guesses what a document was by its name; ok is false for a folder.
func formatOfFile(name string) (feed.Format, bool) {
	base := strings.ToLower(path.Base(name))
	switch ext := path.Ext(base); {
	case ext == ".json":
		return feed.JSON, true
	case ext == ".atom", ext == ".xml" && strings.Contains(base, "atom"):
		return feed.Atom, true
	case ext == ".xml", ext == ".rss", ext == ".rdf":
		return feed.RSS, true
	}
	return "", false
}

// checkMovedFrom finds old addresses that are somebody's today, and those that two feeds claim.
func checkMovedFrom(feeds []decodedFeed) {
	used := map[string]string{}
	for i := range feeds {
		f := &feeds[i]
		for _, name := range f.Paths {
			used[path.Join(f.Name, name)] = "a document of " + f.it.key
		}
		used[f.Name] = f.it.key
	}
	for i := range feeds {
		f := &feeds[i]
		for _, old := range f.MovedFrom {
			if other, ok := used[old]; ok {
				f.fail("moved_from", "%s is %s", old, other)
			} else if slices.ContainsFunc(feeds, func(each decodedFeed) bool { return each.Each != "" && each.MayName(old) }) {
				f.fail("moved_from", "%s may be the name of another feed", old)
			}
			used[old] = "where " + f.it.key + " was"
		}
	}
}
