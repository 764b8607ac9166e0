package ingest

import (
	"fmt"
	"strings"
	"time"

	"feedpub/feed"
)

// The names of dates in the dialects, the decisive one first.
var (
	publishedNames = []string{"publishdate", "pubdate", "pubdatetime", "published", "publishedat", "publisheddate", "datepublished", "date"}
	updatedNames   = []string{"lastmod", "modified", "updated", "updateddate", "lastmodifiedat", "lastmodified", "lastupdated", "updatedat", "modifiedat",
		"moddatetime", "datemodified", "modifieddate"}
	embargoNames = nested("embargo", "embargoed", "embargountil", "embargoeduntil", "embargotill", "embargodate", "embargotime", "embargodatetime",
		"embargoat", "embargoends", "embargoend", "embargolifts", "publishat", "publishon", "publishafter", "publishfrom", "golive", "goliveat",
		"golivedate", "validfrom", "availablefrom", "visiblefrom", "notbefore", "scheduledfor", "scheduledat")
	expiryNames = nested("expires", "expire", "expiry", "expirydate", "expirytime", "expiredate", "expiresdate", "expiresat", "expireat", "expireson",
		"expireon", "expiresafter", "expiration", "expirationdate", "expirationtime", "unpublish", "unpublishdate", "unpublishat", "unpublishon",
		"unpublishafter", "validuntil", "validto", "validthrough", "availableuntil", "availableto", "visibleuntil", "notafter")
)

// dates fills in the entry's dates.
func (r *Reader) dates(f *fields, e *feed.Entry, key string) {
	e.Published = f.date(r.Zone, publishedNames)
	if e.Published.IsZero() {
		e.Published = r.placeDate(f, key)
	}
	e.Dated = !e.Published.IsZero()
	e.Updated = f.date(r.Zone, updatedNames)
	e.Embargo = f.bound(r.Zone, embargoNames, time.Time.After)
	e.Expiry = f.bound(r.Zone, expiryNames, time.Time.Before)
}

// dateOrder holds the entry's dates against each other, once all that the article says of them is known.
func (f *fields) dateOrder(e *feed.Entry) {
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
		if v.kind == scalar && strings.TrimSpace(v.text) == "" {
			continue
		}
		if t := f.moment(v, zone, f.doubt); first.IsZero() {
			first = t
		}
	}
	return first
}

// bound is the strictest of the dates with the names: none of those may be passed over, nor be empty.
func (f *fields) bound(zone *time.Location, names []string, stricter func(t, than time.Time) bool) time.Time {
	var bound time.Time
	for _, v := range f.named(names...) {
		if v.kind == null || v.kind == scalar && strings.TrimSpace(v.text) == "" {
			f.refuse(v, "empty; give a date, or remove the key")
			continue
		}
		if t := f.moment(v, zone, f.refuse); bound.IsZero() || stricter(t, bound) && !t.IsZero() {
			bound = t
		}
	}
	return bound
}

// moment is a value that has to be a date; what it is otherwise is told.
func (f *fields) moment(v value, zone *time.Location, tell func(value, string)) time.Time {
	if v.kind != scalar {
		tell(v, fmt.Sprintf("want a date, got %s", v.kind))
		return time.Time{}
	}
	t, err := parseDate(v.text, zone)
	if err != nil {
		tell(v, err.Error())
	}
	return t
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
