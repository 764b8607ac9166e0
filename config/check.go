package config

import (
	"maps"
	"path"
	"slices"
	"strings"

	"feedpub/feed"
)

// check finds what does not go together in one feed.
func (f *decodedFeed) check() {
	_, named := f.object["name"]
	_, each := f.object["each"]
	switch {
	case !named && !each:
		f.it.fail("a feed needs a name, or each: tag")
	case each && f.Gone:
		f.fail("gone", "not with each; name the feed that is gone")
	case each && f.MovedTo != "":
		f.fail("moved_to", "not with each; name the feed that moved")
	}
	if each && len(f.MovedFrom) > 0 {
		f.fail("moved_from", "not with each; name the feed that moved")
	}
	if f.Gone && f.MovedTo != "" {
		f.fail("moved_to", "only one of gone and moved_to")
	}
	f.checkPaths()
}

// checkPaths finds a renamed document that is not written, and two of one name.
func (f *decodedFeed) checkPaths() {
	used := map[string]feed.Format{}
	for _, format := range feed.Formats {
		name, written := f.Paths[format]
		if _, renamed := f.renamed[format]; renamed && !written {
			f.fail("paths", "%s is not one of the feed's formats", format)
		}
		if !written {
			continue
		}
		name = strings.ToLower(name) // some file systems do not tell cases apart
		if other, ok := used[name]; ok {
			f.fail("paths", "%s and %s have one file name, %s", other, format, f.Paths[format])
		}
		used[name] = format
	}
}

// checkNames finds feeds of one name. With each, every name that its own may become is taken.
func checkNames(feeds []decodedFeed) {
	byName := map[string]*decodedFeed{}
	for i := range feeds {
		f := &feeds[i]
		name := f.Name
		if f.Each != "" {
			name = f.pattern()
		}
		if other, ok := byName[name]; ok && name != "" {
			f.fail("name", "%q is the name of %s already", f.Name, other.it.key)
		} else {
			byName[name] = f
		}
	}
	for i := range feeds {
		for j := range feeds {
			if f, each := &feeds[i], &feeds[j]; f.Each == "" && each.Each != "" && each.MayName(f.Name) {
				f.fail("name", "%s has a feed for each %s, which may be named so", each.it.key, each.Each)
			}
		}
	}
}

// checkDocuments finds a feed whose folder is another one's document.
func checkDocuments(feeds []decodedFeed) {
	owner := maps.Clone(siteFiles)
	for _, f := range feeds {
		if f.Name == "" {
			continue
		}
		owner[path.Join(f.Name, pageName)] = "the page of " + f.it.key
		for format, name := range f.Paths {
			owner[strings.ToLower(path.Join(f.Name, name))] = "the " + string(format) + " document of " + f.it.key
		}
	}
	for i := range feeds {
		f := &feeds[i]
		for folder := f.Name; folder != "" && folder != "."; folder = path.Dir(folder) {
			if o, ok := owner[folder]; ok {
				f.fail("name", "%s is a file, %s, and cannot be a folder too", folder, o)
			}
		}
	}
}

// checkMoves finds moves that lead nowhere.
func checkMoves(feeds []decodedFeed) {
	ends := map[string]bool{} // by name: whether the feed is neither gone nor moved
	for _, f := range feeds {
		ends[f.Name] = !f.Gone && f.MovedTo == ""
	}
	for i := range feeds {
		f := &feeds[i]
		if f.MovedTo == "" || strings.Contains(f.MovedTo, ":") {
			continue
		}
		end, known := ends[f.MovedTo]
		switch {
		case f.MovedTo == f.Name:
			f.fail("moved_to", "the feed itself")
		case known && !end:
			f.fail("moved_to", "%s is gone or moved itself", f.MovedTo)
		case !known && !slices.ContainsFunc(feeds, func(each decodedFeed) bool { return each.MayName(f.MovedTo) }):
			f.fail("moved_to", "%s is neither a feed nor an absolute URL", quote(f.MovedTo))
		}
	}
}
