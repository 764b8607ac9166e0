package ingest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"feedpub/feed"
)

// The names of what says that an article is not for everybody, in the dialects.
var (
	draftNames = nested("draft", "isdraft", "private", "isprivate", "hidden", "ishidden", "unlisted", "isunlisted", "unpublished", "expired",
		"nopublish", "donotpublish", "deleted", "isdeleted")
	publishNames = nested("publish", "ispublished", "public", "ispublic", "listed", "islisted", "visible", "isvisible")
	wordNames    = nested("status", "visibility", "poststatus", "pubstatus")

	publishedFlags = nested("published")
	passwordNames  = nested("password")
)

// stateWords are what a status or a visibility may be, and whether it is that of a draft.
var stateWords = map[string]bool{
	"published": false, "publish": false, "public": false, "visible": false, "scheduled": false, "future": false,
	"usable": false, "canceled": true, "cancelled": true, // of newsrooms
	"draft": true, "private": true, "pending": true, "unpublished": true, "hidden": true, "unlisted": true, "members": true, "paid": true,
	"password": true, "protected": true, "internal": true, "withheld": true, "expired": true, "trash": true,
}

// isStateName says that a field decides whether, or when, an article is published.
func isStateName(name string) bool {
	return slices.Contains(draftNames, name) || slices.Contains(publishNames, name) || slices.Contains(wordNames, name) ||
		slices.Contains(embargoNames, name) || slices.Contains(expiryNames, name) || name == "published"
}

// nests are the maps in which programs keep the author's own fields.
var nests = []string{"params", "extra", "meta", "metadata"}

// nested are the names, and the same in the nests.
func nested(names ...string) []string {
	all := names
	for _, nest := range nests {
		for _, name := range names {
			all = append(all, nest+"."+name)
		}
	}
	return all
}

// status is what the article says of itself. Whatever says draft makes it one, and what cannot be read is a problem: a
// draft must never be published by mistake.
func (f *fields) status(key string) feed.Status {
	draft := f.unbuilt(key)
	for _, v := range f.named(draftNames...) {
		if f.flag(v) {
			draft = f.withhold(v)
		}
	}
	for _, v := range f.named(publishNames...) {
		if f.flag(v); isFalse(v.node) {
			draft = f.withhold(v)
		}
	}
	for _, v := range f.named(publishedFlags...) { // any other is a date, which is read elsewhere
		draft = isFalse(v.node) || draft
		if v.kind == null || v.kind == scalar && strings.TrimSpace(v.text) == "" {
			f.refuse(v, "empty; give a date, true or false, or remove the key")
		}
	}
	for _, v := range f.named(wordNames...) {
		if f.stateWord(v) {
			draft = f.withhold(v)
		}
	}
	for _, v := range f.all(passwordNames...) { // readers of a feed are not asked for one
		if v.kind != scalar || strings.TrimSpace(v.text) != "" {
			draft = f.withhold(v)
		}
	}
	f.refuseNearNames()
	if draft {
		return feed.Draft
	}
	return feed.Published
}

// withhold makes the article a draft, and says so where that is not the author's own word for it.
func (f *fields) withhold(v value) (draft bool) {
	switch name := fold(v.name[strings.LastIndex(v.name, ".")+1:]); name {
	case "draft", "isdraft", "publish", "ispublished", "status":
	default:
		f.warn(v, "taken for a draft; it is not published")
	}
	return true
}

// stateWord says whether a status or a visibility means that the article is not to be published.
func (f *fields) stateWord(v value) (draft bool) {
	word := ""
	if v.kind == scalar {
		word = strings.ToLower(strings.TrimSpace(v.text))
	}
	draft, known := stateWords[word]
	inNest := strings.Contains(v.name, ".") && strings.HasSuffix(fold(v.name), "status") // perhaps that of the book it is about
	switch {
	case known && (word == "scheduled" || word == "future") && len(f.all(slices.Concat(publishedNames, embargoNames)...)) == 0:
		f.refuse(v, "scheduled, but for no date")
	case !known && !inNest:
		f.refuse(v, fmt.Sprintf("%s is not known; use published or draft", describe(v.node)))
	}
	if word == "canceled" || word == "cancelled" {
		f.warn(v, "a kill: the newsroom took the article back; where it was published before, withdraw it")
	}
	return draft
}

// refuseNearNames refuses what must be meant as an embargo or an expiry, but is none that is known.
func (f *fields) refuseNearNames() {
	maps := []value{{"", f.root}}
	for _, nest := range nests {
		maps = append(maps, f.all(nest)...)
	}
	for _, in := range maps {
		if in.node == nil {
			continue
		}
		for _, m := range in.members {
			name := fold(m.key)
			if isNearName(name) && !isStateName(name) {
				f.refuse(value{strings.TrimPrefix(in.name+"."+m.key, "."), m.value}, "not known; use "+nearest(name))
			}
		}
	}
}

func isNearName(name string) bool {
	return strings.HasPrefix(name, "embargo") || strings.HasPrefix(name, "expir") || strings.HasPrefix(name, "unpublish") ||
		levenshtein.Distance(name, "embargo", nil) <= 2
}

// nearest is the known name that is most like one.
func nearest(name string) string {
	return slices.MinFunc([]string{"embargo", "expires", "expiry", "unpublish"}, func(a, b string) int {
		return levenshtein.Distance(name, a, nil) - levenshtein.Distance(name, b, nil)
	})
}

// boolean is what a scalar says as yes or no, if it does.
func boolean(n *node) (yes, ok bool) {
	if n.kind != scalar {
		return false, false
	}
	return yesNo(n.text)
}

func yesNo(text string) (yes, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "yes", "on", "1":
		return true, true
	case "false", "no", "off", "0":
		return false, true
	}
	return false, false
}

func describe(n *node) string {
	if n.kind == scalar {
		return quoted(n.text)
	}
	return n.kind.String()
}
