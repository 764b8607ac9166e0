package ingest

import (
	"fmt"
	"strings"
	"time"

	"feedpub/feed"
)

// status is what the article says of itself, with the dates. Whatever says draft makes it one, and what
// cannot be read is a problem: a draft must never be published by mistake.
func (f *fields) status(key string) feed.Status {
	draft := f.unbuilt(key)
	for _, v := range f.named("draft", "published", "publish", "status") {
		switch yes, ok := boolean(v.node); {
		case fold(v.name) == "published" && (v.kind == null || v.kind == scalar && !ok):
			// A date, or the empty place for one. The dates are read elsewhere, and complain there.
		case fold(v.name) == "status":
			draft = f.statusWord(v) || draft
		case !ok:
			f.refuse(v, fmt.Sprintf("%s is neither true nor false", describe(v.node)))
		case fold(v.name) == "draft":
			draft = draft || yes
		default:
			draft = draft || !yes
		}
	}
	if draft {
		return feed.Draft
	}
	return feed.Published
}

// named are the members of the front matter with the names, null or not.
func (f *fields) named(names ...string) []value {
	var found []value
	for _, name := range names {
		if m := f.root.get(name); m != nil {
			found = append(found, value{m.key, m.value})
		}
	}
	return found
}

// statusWord says whether a status means that the article is not to be published.
func (f *fields) statusWord(v value) (draft bool) {
	if v.kind == scalar {
		switch strings.ToLower(strings.TrimSpace(v.text)) {
		case "published", "publish", "public":
			return false
		case "scheduled", "future":
			if len(f.all(publishedNames...)) == 0 {
				f.refuse(v, "scheduled, but for no date")
			}
			return false
		case "draft", "private", "pending", "unpublished":
			return true
		}
	}
	f.refuse(v, fmt.Sprintf("%s is not known; use published or draft", describe(v.node)))
	return true
}

// boolean is what a scalar says as yes or no, if it does.
func boolean(n *node) (yes, ok bool) {
	if n.kind != scalar {
		return false, false
	}
	switch strings.ToLower(strings.TrimSpace(n.text)) {
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

// The names of dates in the dialects, the decisive one first.
var (
	publishedNames = []string{"publishdate", "pubdate", "pubdatetime", "published", "publishedat", "publisheddate", "datepublished", "date"}
	updatedNames   = []string{"lastmod", "modified", "updated", "updateddate", "lastmodifiedat", "lastmodified", "lastupdated", "updatedat", "modifiedat",
		"moddatetime", "datemodified", "modifieddate"}
	embargoNames = []string{"embargo", "embargoed", "embargountil", "embargodate"}
	expiryNames  = []string{"expires", "expiry", "expirydate", "unpublishdate", "expiresat", "expirationdate"}
)

// dates fills in the entry's dates.
func (r *Reader) dates(f *fields, e *feed.Entry, key string) {
	e.Published = f.date(r.Zone, publishedNames)
	if e.Published.IsZero() {
		e.Published = r.placeDate(f, key)
	}
	e.Dated = !e.Published.IsZero()
	e.Updated = f.date(r.Zone, updatedNames)
	e.Embargo = f.date(r.Zone, embargoNames)
	e.Expiry = f.date(r.Zone, expiryNames)

	if v, ok := f.get(updatedNames...); ok && e.Dated && !e.Updated.IsZero() && e.Updated.Before(e.Published) {
		e.Updated = e.Published
		f.warn(v, "before the published date, which stands for it")
	}
	if v, ok := f.get(expiryNames...); ok && !e.Expiry.IsZero() && !e.Expiry.After(e.VisibleFrom()) {
		f.refuse(v, "not after the date of publication")
	}
}

// date is the first of the dates with the names. All of them have to be dates.
func (f *fields) date(zone *time.Location, names []string) time.Time {
	var first time.Time
	for _, v := range f.all(names...) {
		if fold(v.name) == "published" {
			if _, isFlag := boolean(v.node); isFlag {
				continue
			}
		}
		if v.kind != scalar {
			f.doubt(v, fmt.Sprintf("want a date, got %s", v.kind))
			continue
		}
		if strings.TrimSpace(v.text) == "" {
			continue
		}
		t, err := parseDate(v.text, zone)
		if err != nil {
			f.doubt(v, err.Error())
		} else if first.IsZero() {
			first = t
		}
	}
	return first
}

// placeDate is the date in the file's name, in its path or in the URL that the article names.
func (r *Reader) placeDate(f *fields, key string) time.Time {
	if t, _ := nameDate(baseName(key), r.Zone); !t.IsZero() {
		return t
	}
	if t := pathDate(key, r.Zone); !t.IsZero() {
		return t
	}
	for _, v := range f.all("permalink", "url", "path", "canonicalurl", "canonical") {
		if t := pathDate(v.text, r.Zone); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
