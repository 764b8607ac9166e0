package feed

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
)

// compare reports where got, which was read from a document, is not want, which the document should say: every field
// of the nouns, so that none is forgotten. What a format has no place for is empty in both.
func compare(want, got *Feed, format Format) Problems {
	c := &comparison{}
	w, g := *want, *got
	if format == JSON {
		w.Updated, g.Updated = time.Time{}, time.Time{}
	}
	c.equal("number of entries", len(want.Entries), len(got.Entries))
	w.Entries, g.Entries = nil, nil
	c.values("", reflect.ValueOf(w), reflect.ValueOf(g))
	for i := range min(len(want.Entries), len(got.Entries)) {
		c.entry = want.Entries[i].ID
		c.values("", reflect.ValueOf(want.Entries[i]), reflect.ValueOf(got.Entries[i]))
	}
	return c.problems
}

type comparison struct {
	entry    string // the entry that is compared
	problems Problems
}

var timeType = reflect.TypeFor[time.Time]()

func (c *comparison) values(field string, want, got reflect.Value) {
	switch {
	case want.Type() == timeType:
		c.time(field, want.Interface().(time.Time), got.Interface().(time.Time))
	case want.Kind() == reflect.String:
		c.text(field, want.String(), got.String())
	case want.Kind() == reflect.Struct:
		for i := range want.NumField() {
			f := want.Type().Field(i)
			c.values(fieldName(field, f), want.Field(i), got.Field(i))
		}
	case want.Kind() == reflect.Slice:
		c.equal("number of "+field, want.Len(), got.Len())
		for i := range min(want.Len(), got.Len()) {
			c.values(fmt.Sprintf("%s[%d]", field, i), want.Index(i), got.Index(i))
		}
	case want.Kind() == reflect.Map:
		for _, key := range want.MapKeys() {
			c.values(field, want.MapIndex(key), valueAt(got, key))
		}
	case want.Kind() == reflect.Pointer && !want.IsNil() && !got.IsNil():
		c.values(field, want.Elem(), got.Elem())
	case want.Kind() == reflect.Pointer:
		if want.IsNil() != got.IsNil() {
			c.differ(field, presence(want), presence(got))
		}
	default:
		c.equal(field, want.Interface(), got.Interface())
	}
}

// fieldName is the path of a field as problems spell it: "enclosures[0].url". What is embedded adds nothing to it.
func fieldName(path string, f reflect.StructField) string {
	if f.Anonymous {
		return path
	}
	var b strings.Builder
	name := []rune(f.Name)
	for i, r := range name {
		// A word begins where case changes: SiteURL, FeedURL, ID.
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(name[i-1]) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	if path == "" {
		return b.String()
	}
	return path + "." + b.String()
}

func valueAt(m, key reflect.Value) reflect.Value {
	if v := m.MapIndex(key); v.IsValid() {
		return v
	}
	return reflect.Zero(m.Type().Elem())
}

func presence(v reflect.Value) string {
	if v.IsNil() {
		return "nothing"
	}
	return fmt.Sprintf("%+v", v.Elem())
}

// text compares what gofeed trims, and URLs, which it encodes anew where they stand in an attribute named href.
func (c *comparison) text(field, want, got string) {
	if strings.TrimSpace(want) != strings.TrimSpace(got) && !(strings.Contains(want, "://") && sameURL(want, got)) {
		c.differ(field, excerpt(want, got), excerpt(got, want))
	}
}

func (c *comparison) time(field string, want, got time.Time) {
	if !want.Equal(got) {
		c.differ(field, want.Format(time.RFC3339), got.Format(time.RFC3339))
	}
}

func (c *comparison) equal(field string, want, got any) {
	if want != got {
		c.differ(field, fmt.Sprint(want), fmt.Sprint(got))
	}
}

func (c *comparison) differ(field, want, got string) {
	c.problems = append(c.problems, Problem{EntryID: c.entry, Field: field, Reason: fmt.Sprintf("reads back as %s, not %s", got, want)})
}

// excerpt quotes s from shortly before the place where it parts from other.
func excerpt(s, other string) string {
	const before, length = 10, 60
	i := 0
	for i < min(len(s), len(other)) && s[i] == other[i] {
		i++
	}
	i = max(0, i-before)
	return fmt.Sprintf("%q", strings.ToValidUTF8(s[i:min(len(s), i+length)], ""))
}
