package ingest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// unbuilt says that the program which the article was written for makes no page of it, or lists it nowhere: then it
// is not meant for a feed either.
func (f *fields) unbuilt(key string) bool {
	unbuilt := slices.Contains(strings.Split(path.Dir(key), "/"), "_drafts") || // Jekyll's and Hexo's folder
		strings.HasPrefix(path.Base(key), "_") && !isSection(key) || // Astro
		isMediumDraft(key)
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
