package config

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"feedpub/feed"
)

// selectionKeys are the keys by which a feed takes entries, and each of all, any and none as well.
var selectionKeys = []string{"tags", "authors", "language", "source", "since", "search", "all", "any", "none"}

// selection decodes which entries a feed takes. A language that is the site's takes also what names none.
func (r *reading) selection(o map[string]item, c *Config) feed.Selection {
	values := func(key string, parse func(string) (string, error)) []string {
		return get(o, key, nil, notEmpty(oneOrMore(text(parse)), "an empty list; leave the key out to select every entry"))
	}
	s := feed.Selection{
		Tags:      values("tags", parseLine),
		Authors:   values("authors", parseLine),
		Languages: values("language", parseLanguage),
		Sources:   values("source", parseName),
		Search:    values("search", parseSearch),
		Since:     get(o, "since", time.Time{}, text(c.parseDay)),
	}
	if slices.ContainsFunc(s.Languages, func(l string) bool { return feed.InLanguage(c.Site.Language, l) }) {
		s.Languages = append(s.Languages, "")
	}
	inner := func(it item) (feed.Selection, bool) {
		o, ok := it.object(selectionKeys...)
		if ok && len(o) == 0 {
			it.fail("no key; give one of %s", strings.Join(selectionKeys, ", "))
		}
		return r.selection(o, c), ok
	}
	s.All = get(o, "all", nil, notEmpty(each(inner), "an empty list; leave the key out"))
	s.Any = get(o, "any", nil, notEmpty(each(inner), "an empty list; leave the key out"))
	s.None = get(o, "none", nil, notEmpty(each(inner), "an empty list; leave the key out"))
	return s
}

// oneOrMore reads a list, or one value in place of it.
func oneOrMore[T comparable](decode func(item) (T, bool)) func(item) ([]T, bool) {
	return func(it item) ([]T, bool) {
		if it.isList() {
			return listOf(decode)(it)
		}
		v, ok := decode(it)
		return []T{v}, ok
	}
}

// each reads a list of what may stand in it more than once.
func each[T any](decode func(item) (T, bool)) func(item) ([]T, bool) {
	return func(it item) (values []T, ok bool) {
		items, ok := it.list()
		for _, it := range items {
			v, good := decode(it)
			values, ok = append(values, v), ok && good
		}
		return values, ok
	}
}

// parseSearch reads what to search for.
func parseSearch(s string) (string, error) {
	s, err := parseLine(s)
	if err == nil && strings.Trim(s, "* ") == "" {
		err = fmt.Errorf("%s has no word in it", quote(s))
	}
	return s, err
}

// parseDay reads a date, or a moment, in the site's zone.
func (c *Config) parseDay(s string) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, c.Site.Timezone); err == nil {
		return t.UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%s is no date; write it as 2026-03-01 or 2026-03-01T08:00:00Z", quote(s))
	}
	return t.UTC(), nil
}

// Placeholder stands for the value in the name, title and description of a feed for each: ":tag".
func Placeholder(kind feed.Kind) string { return ":" + string(kind) }

// parseNameFor reads the name of a feed for each value of the kind: one of its segments is the placeholder.
func parseNameFor(kind feed.Kind) func(string) (string, error) {
	return func(s string) (string, error) {
		segments := strings.Split(s, "/")
		if at := slices.Index(segments, Placeholder(kind)); at >= 0 {
			segments[at] = "x"
			_, err := parseFeedName(strings.Join(segments, "/"))
			return s, err
		}
		return "", fmt.Errorf("%s has no %s between slashes, which stands for each %s", quote(s), Placeholder(kind), kind)
	}
}

// MayName says whether a feed of the name may be one that f is for.
func (f *Feed) MayName(name string) bool {
	if f.Each == "" {
		return f.Name == name
	}
	ok, _ := path.Match(f.pattern(), name)
	return ok
}

// pattern is the name as path.Match takes it.
func (f *Feed) pattern() string { return strings.Replace(f.Name, Placeholder(f.Each), "*", 1) }
