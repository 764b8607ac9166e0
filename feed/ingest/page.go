package ingest

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// page is the article's page: its own URL, else the site's permalink. base is what its relative URLs mean, which
// is the page on this site even where the article names a canonical one elsewhere. A draft without a date may have
// none yet. path is the path of its file, empty where that has many.
func (r *Reader) page(f *fields, e *feed.Entry, path string) (page string, base *url.URL) {
	page = r.ownPage(f, path, e.Slug, e.Published)
	if u, err := url.Parse(page); page != "" && err == nil && u.Host == r.Site.Host {
		return page, u
	}
	link, err := r.expand(r.Permalink, path, e.Slug, e.Published)
	if err != nil {
		known := errors.Is(err, errUndated) && (e.Status == feed.Draft || len(f.problems) > 0)
		if page == "" && !known {
			f.fail(err)
		}
		return page, r.Site
	}
	if page == "" {
		page = link
	}
	base, err = url.Parse(link)
	if err != nil {
		base = r.Site
	}
	return page, base
}

// ownPage is the URL that the article names, or none.
func (r *Reader) ownPage(f *fields, key, slug string, published time.Time) string {
	for _, v := range f.all("canonicalurl", "canonical", "url", "permalink", "path") {
		if v.kind != scalar {
			f.refuse(v, fmt.Sprintf("want a URL, got %s", v.kind))
			continue
		}
		ref := strings.TrimSpace(v.text)
		if fold(v.name) == "permalink" {
			if isFalse(v.node) {
				continue // Eleventy makes no page: the article is a draft
			}
			if isStyle(ref) {
				f.warn(v, fmt.Sprintf("%s is a style of another program; the site's permalink stands", quoted(ref)))
				continue
			}
			if token.MatchString(ref) && !strings.Contains(ref, "//") {
				if link, err := r.expand(ref, key, slug, published); err == nil {
					return link
				}
				f.warn(v, fmt.Sprintf("%s holds what is not known; the site's permalink stands", quoted(ref)))
				continue
			}
		}
		if ref == "" {
			continue
		}
		link, err := clean.URL(ref, r.Site)
		if err != nil {
			f.refuse(v, err.Error())
			continue
		}
		return link
	}
	return ""
}

// isStyle says that a permalink is a name or a template of Jekyll or Eleventy, which only they can fill in.
func isStyle(s string) bool {
	switch strings.ToLower(s) {
	case "pretty", "date", "ordinal", "weekdate", "none", "true":
		return true
	}
	return strings.Contains(s, "{{") || strings.Contains(s, "{%")
}

// errUndated says that a permalink needs a date that the article does not have.
var errUndated = errors.New("no date")

var token = pattern.New(`:[a-z_]+`)

// expand fills in a permalink and puts it below the site's URL.
func (r *Reader) expand(permalink, key, slug string, published time.Time) (string, error) {
	var wrong error
	date := published.In(r.Zone)
	link := replaceTokens(permalink, func(name string) string {
		switch name {
		case ":slug", ":title":
			return url.PathEscape(slug)
		case ":path":
			if key == "" {
				return url.PathEscape(slug)
			}
			return keyPath(key)
		case ":year", ":month", ":day":
			if published.IsZero() {
				wrong = fmt.Errorf("%w, which the permalink %s asks for; give it one, or a url", errUndated, permalink)
				return ""
			}
		}
		switch name {
		case ":year":
			return date.Format("2006")
		case ":month":
			return date.Format("01")
		case ":day":
			return date.Format("02")
		}
		wrong = fmt.Errorf("permalink %s: %s is not known", permalink, name)
		return ""
	})
	if wrong != nil {
		return "", wrong
	}
	return clean.URL(r.below(link), r.Site)
}

// replaceTokens puts other text in the place of what token matches.
func replaceTokens(permalink string, with func(name string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(permalink, ":")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz_"))]
		if name == "" {
			b.WriteByte(':')
		} else {
			b.WriteString(with(":" + name))
		}
		permalink = rest[len(name):]
	}
}

// below is a path on the site, whose own URL may have a path.
func (r *Reader) below(link string) string {
	if r.Site == nil {
		return link
	}
	return strings.TrimSuffix(r.Site.EscapedPath(), "/") + "/" + strings.TrimPrefix(link, "/")
}

// keyPath is a key without extension, as a path of a URL; a page bundle is its folder.
func keyPath(key string) string {
	key = strings.TrimSuffix(key, path.Ext(key))
	if dir, name := path.Split(key); dir != "" && strings.EqualFold(name, "index") {
		key = strings.TrimSuffix(dir, "/")
	}
	segments := strings.Split(key, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

// check says what the Reader lacks.
func (r *Reader) check() error {
	switch {
	case r.Site == nil || r.Site.Host == "":
		return errors.New("ingest: the reader has no site")
	case r.Zone == nil:
		return errors.New("ingest: the reader has no time zone")
	case r.IDAuthority == "":
		return errors.New("ingest: the reader has no authority for IDs")
	case r.Permalink == "":
		return errors.New("ingest: the reader has no permalink")
	}
	return nil
}
