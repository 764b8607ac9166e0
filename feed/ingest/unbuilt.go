package ingest

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// unbuilt says that the program which the article was written for makes no page of it, or lists it nowhere: then it
// is not meant for a feed either.
func (f *fields) unbuilt(key string) bool {
	unbuilt := f.inDrafts || inDrafts(path.Dir(key)) || isMediumDraft(key) ||
		strings.HasPrefix(path.Base(key), "_") && !isSection(key) // Astro
	for _, v := range f.named("headless", "eleventyexcludefromcollections") {
		unbuilt = f.flag(v) || unbuilt
	}
	for _, v := range f.named("render") { // Zola
		unbuilt = !f.flag(v) || unbuilt
	}
	for _, v := range f.all("permalink") { // Eleventy; any other is a URL, which is read elsewhere
		unbuilt = isFalse(v.node) || unbuilt
	}
	for _, v := range f.all("build.render", "build.list") { // Hugo; _build before 0.145
		unbuilt = f.never(v) || unbuilt
	}
	return unbuilt
}

// inDrafts says that a folder, or one that it lies in, is where Jekyll and Hexo have their drafts.
func inDrafts(dir string) bool {
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(dir), "/"), func(name string) bool { return strings.EqualFold(name, "_drafts") })
}

// isDraftsFolder says whether a source is a folder of drafts by its own path: the keys in it do not say it then.
func isDraftsFolder(dir string) (bool, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return false, err
	}
	target, err := filepath.EvalSymlinks(dir)
	return inDrafts(dir) || inDrafts(target), err
}

// flag is a value that has to be true or false.
func (f *fields) flag(v value) bool {
	yes, ok := boolean(v.node)
	if !ok {
		f.refuse(v, fmt.Sprintf("%s is neither true nor false", describe(v.node)))
	}
	return yes
}

// never says whether one of Hugo's build options leaves the page out. A page that is rendered for links only is not
// written.
func (f *fields) never(v value) bool {
	if v.kind == scalar {
		switch strings.ToLower(strings.TrimSpace(v.text)) {
		case "never", "link":
			return true
		case "always", "local":
			return false
		}
	}
	yes, ok := boolean(v.node)
	if !ok {
		f.refuse(v, fmt.Sprintf("%s is not known; use always or never", describe(v.node)))
	}
	return !yes
}

func isFalse(n *node) bool {
	yes, ok := boolean(n)
	return ok && !yes
}
