package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"feedpub/feed/internal/pattern"
	"feedpub/store"
)

// A folder is a source's, opened: nothing outside it is read.
type folder struct {
	root    *os.Root
	dir     string
	opened  time.Time
	exclude []string
	site    string          // the site's host
	found   found           // files of articles
	named   map[string]bool // of them, those that a person named
	slots   [store.Slots]looked
	blind   []string // folders that could not be read: nothing below them is known to have vanished
	report  *Report
}

func (l *Loader) openFolder(src Source, report *Report) (*folder, error) {
	for _, pattern := range src.Exclude {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("exclude %q: %w", pattern, err)
		}
	}
	root, err := os.OpenRoot(src.Dir)
	if err != nil {
		return nil, fmt.Errorf("open source %s: %w", src.Name, err)
	}
	return &folder{root: root, dir: src.Dir, opened: time.Now(), exclude: src.Exclude, site: l.Reader.siteHost(), named: map[string]bool{}, report: report}, nil
}

// walk finds the articles below a folder of the source, "." for all of it. Dotfiles, what is excluded, section pages
// (_index.md), the site's machinery and files of other kinds are passed over.
func (f *folder) walk(from string) error {
	entries, err := f.list(from)()
	if err != nil {
		return fmt.Errorf("read source folder: %w", err)
	}
	f.walkListed(from, entries)
	return nil
}

// foldersAhead are read before their turn, since to find out about files is most of what a run costs that finds nothing new.
var foldersAhead = runtime.GOMAXPROCS(0) + 1

func (f *folder) walkListed(dir string, entries []fs.DirEntry) {
	entries = slices.DeleteFunc(entries, func(d fs.DirEntry) bool { return d.IsDir() && isPassedOver(f.exclude, path.Join(dir, d.Name())) })
	inOrderOfKeys(entries)
	var inner []string // the folders in it that are not begun
	for _, d := range entries {
		if d.IsDir() {
			inner = append(inner, path.Join(dir, d.Name()))
		}
	}
	var lists []listing // of those that come next
	for _, d := range entries {
		for len(lists) < foldersAhead && len(inner) > 0 {
			lists, inner = append(lists, f.list(inner[0])), inner[1:]
		}
		key := path.Join(dir, d.Name())
		if !d.IsDir() {
			f.visit(key, d)
			continue
		}
		within, err := lists[0]()
		lists = lists[1:]
		if err != nil {
			f.blind = append(f.blind, key+"/")
			f.problem(key, err)
		}
		f.walkListed(key, within)
	}
}

// inOrderOfKeys sorts what is in a folder, which comes by name, so that the keys of all files below are in order.
func inOrderOfKeys(entries []fs.DirEntry) {
	key := func(d fs.DirEntry) string {
		if d.IsDir() {
			return d.Name() + "/"
		}
		return d.Name()
	}
	if slices.ContainsFunc(entries, fs.DirEntry.IsDir) {
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(key(a), key(b)) })
	}
}

// A listing waits for what is in a folder, by name; where that cannot be read whole, it gives what could be.
type listing func() ([]fs.DirEntry, error)

// list begins to read a folder.
func (f *folder) list(dir string) listing {
	var entries []fs.DirEntry
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		entries, err = fs.ReadDir(f.root.FS(), dir)
	}()
	return func() ([]fs.DirEntry, error) {
		<-done
		return entries, err
	}
}

// isPassedOver says that a file or folder is hidden, excluded, or a folder that holds what others wrote.
func isPassedOver(exclude []string, key string) bool {
	name := path.Base(key)
	return strings.HasPrefix(name, ".") || excluded(exclude, key) || slices.Contains(foreignFolders, name)
}

// visit takes the file if it is an article.
func (f *folder) visit(key string, d fs.DirEntry) {
	if isPassedOver(f.exclude, key) || d.Type()&fs.ModeSymlink != 0 && !f.follow(key) {
		return
	}
	k, isArticle := kindOf(key)
	switch {
	case isSection(key) || isMachinery(key):
	case isArticle && f.isPaperwork(key):
		f.report.Other++
	case isArticle && k.foreign != nil:
		f.weigh(key, k)
	case isArticle:
		f.found.add(file{key: key, stamp: f.stamp(key, d)})
		if k.many {
			f.slot(key).doubt = true // what is refused in it is not known by its stamp
		}
	case otherKinds[strings.ToLower(path.Ext(key))]:
		f.report.Other++
	}
}

// weigh takes a file that may be a collection of articles. A feed of the site itself was made of its articles, by another
// program perhaps: read beside them it would double each.
func (f *folder) weigh(key string, k kind) {
	f.slot(key).doubt = true
	start := f.start(key)
	switch {
	case k.foreign(start):
		f.report.Other++
	case k.window(start) && f.site != "" && feedHost(start) == f.site:
		f.report.Warnings = append(f.report.Warnings, f.name(key)+": a feed of this site itself, made of its articles; passed over")
	default:
		f.found.add(file{key: key})
	}
}

var homeLink = pattern.New(`(?:<(?:atom:)?link(?:\s[^>]*\shref=|\s+href=|\s*>)\s*["']?|"home_page_url"\s*:\s*")\s*(https?:(?://|\\/\\/)[^"'<\s]+)`)

// feedHost is the host of the first link in a feed, which is that of its site, by how it begins.
func feedHost(start []byte) string {
	m := homeLink.FindSubmatch(start)
	if m == nil {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(string(m[1]), `\/`, "/")) // JSON may write it so
	if err != nil {
		return ""
	}
	return plainHost(u)
}

// plainHost is a URL's host as two names for one site have it in common.
func plainHost(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }

func (r *Reader) siteHost() string {
	if r.Site == nil {
		return ""
	}
	return plainHost(r.Site)
}

// otherKinds are what people write articles in too, but which are not read.
var otherKinds = map[string]bool{
	".mdx": true, ".article": true, ".adoc": true, ".rst": true, ".org": true,
}

// follow says whether a symbolic link leads to a file within the folder.
func (f *folder) follow(key string) bool {
	info, err := f.root.Stat(filepath.FromSlash(key))
	switch {
	case err != nil:
		f.report.Warnings = append(f.report.Warnings, f.name(key)+": a symbolic link that leads nowhere, or out of the folder; not followed")
		return false
	case info.IsDir():
		f.report.Warnings = append(f.report.Warnings, f.name(key)+": a symbolic link to a folder; not followed")
		return false
	}
	return true
}

// isSection says that a file describes a section of Hugo's or Zola's, and is no article.
func isSection(key string) bool {
	return strings.HasPrefix(path.Base(key), "_index.")
}

var (
	// foreignFolders hold what others wrote: the packages that a site is built with.
	foreignFolders   = []string{"node_modules", "bower_components", "vendor"}
	paperwork        = pattern.New(`(?i)(?:^|/)(?:(?:readme|licen[cs]e|copying|changelog|contributing|code_of_conduct|security|authors|todo)(?:[.-][a-z-]+)?\.(?:md|markdown|txt)|(?:robots|humans|ads|app-ads|security|llms(?:-full)?|cmakelists|requirements(?:[-_][a-z]+)?)\.txt)$|(?:^|/)(?:themes|_includes|_layouts)/`)
	machineryFolders = []string{"_layouts", "_includes", "_data", "layouts", "partials", "templates", "themes", "node_modules", "_site", "public", "dist", "build"}
	machineryJSON    = pattern.New(`(?:^|/)(?:package|package-lock|composer|deno|[jt]sconfig(?:[.-]\w+)*|manifest|bower|vercel|firebase|angular|turbo|nx|lerna|biome|renovate)\.json$|(?:^|/)(?:i18n|_?locales)/`)
	searchIndex      = pattern.New(`(?i)^index\.json$|(?:^|[/._-])(?:search|lunr|algolia|fuse|pagefind)(?:[._-]?(?:index|data|docs|store|db|content|pages|posts|records)|\.[a-z]{2})*\.json$`)
	machineryPages   = pattern.New(`(?:^index|(?:^|/)(?:404|500|50x|google[0-9a-f]{16}))\.x?html?$`)
)

// isPaperwork says that a file goes with a project, a site or a theme and is no article, unless front matter says that
// it is one.
func (f *folder) isPaperwork(key string) bool {
	if !mayBePaperwork(key) || !paperwork.MatchString(key) || isHTML(key) || isJSON(key) {
		return false
	}
	start := bytes.TrimSpace(bytes.TrimPrefix(f.start(key), []byte("\ufeff")))
	return !bytes.HasPrefix(start, []byte("---")) && !bytes.HasPrefix(start, []byte("+++")) && !bytes.HasPrefix(start, []byte("{"))
}

// paperworkStems are how the names begin that paperwork matches, up to their first point or hyphen.
var paperworkStems = []string{"readme", "license", "licence", "copying", "changelog", "contributing", "code_of_conduct", "security", "authors", "todo",
	"robots", "humans", "ads", "app", "llms", "cmakelists", "requirements"}

// mayBePaperwork is false where paperwork does not match: trying it on each of many files takes as long as finding them.
func mayBePaperwork(key string) bool {
	dir, name := path.Split(key)
	for folder := range strings.SplitSeq(dir, "/") {
		if strings.EqualFold(folder, "themes") || strings.EqualFold(folder, "_includes") || strings.EqualFold(folder, "_layouts") {
			return true
		}
	}
	return slices.ContainsFunc(paperworkStems, func(stem string) bool {
		return len(name) > len(stem) && strings.EqualFold(name[:len(stem)], stem)
	})
}

// isMachinery says that a page of HTML, or a file of JSON, makes up the site and is no article: a generator's template,
// data or output, the site's front page, its answer to an error, a proof of who owns it, what programs are set up with,
// the index of its search, in which each of its articles stands again.
func isMachinery(key string) bool {
	if !isHTML(key) && !isJSON(key) {
		return false
	}
	return isHTML(key) && machineryPages.MatchString(key) || isJSON(key) && (machineryJSON.MatchString(key) || searchIndex.MatchString(key)) ||
		slices.ContainsFunc(strings.Split(path.Dir(key), "/"), func(folder string) bool { return slices.Contains(machineryFolders, folder) })
}

// onDisk says whether the file of a key, or the one that holds its article among others, is there under a name other
// than that of the article now: on a file system that does not tell cases apart, a.md is there after it became A.md.
func (f *folder) onDisk(key, now string) bool {
	old, err := f.root.Lstat(filepath.FromSlash(key))
	if errors.Is(err, fs.ErrNotExist) {
		file, among := fileIn(key)
		return among && f.onDisk(file, now)
	}
	if err != nil {
		return true
	}
	info, err := f.root.Lstat(filepath.FromSlash(now))
	return err != nil || !strings.EqualFold(key, now) || !os.SameFile(old, info)
}

// name is a key as messages show it: the path of its file.
func (f *folder) name(key string) string {
	return filepath.ToSlash(filepath.Join(f.dir, filepath.FromSlash(key)))
}

func (f *folder) problem(key string, err error) {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		err = e.Err
	}
	f.report.refuse(&Problem{File: f.name(key), Reason: err.Error()})
}

// excluded says whether a path matches one of the patterns, or lies below what matches.
func excluded(patterns []string, name string) bool {
	for _, pattern := range patterns {
		pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "/"), "/")
		if matches(strings.Split(pattern, "/"), strings.Split(name, "/")) {
			return true
		}
	}
	return false
}

// matches matches path segments: ** is any number of them, none too; in others * is what path.Match takes it for.
func matches(pattern, name []string) bool {
	if len(pattern) == 0 {
		return len(name) == 0
	}
	if pattern[0] == "**" {
		for i := range len(name) + 1 {
			if matches(pattern[1:], name[i:]) {
				return true
			}
		}
		return false
	}
	if len(name) == 0 {
		return false
	}
	ok, err := path.Match(pattern[0], name[0])
	return err == nil && ok && matches(pattern[1:], name[1:])
}
