package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A reading collects what the file, the environment and the flags say, and what is wrong with it.
type reading struct {
	file    string
	folder  string
	errs    Errors
	origins map[string]string // see Config
	given   map[string]given  // the settings that have a name of one value, such as site.url
}

// given is a value that somebody gave, as text, with its place.
type given struct {
	text string
	at   Error // without key and reason
}

func (r *reading) fail(at Error, key, format string, args ...any) {
	at.Key, at.Reason = key, fmt.Sprintf(format, args...)
	r.errs = append(r.errs, &at)
}

// An item is one value of the file.
type item struct {
	r    *reading
	node *yaml.Node
	key  string // its path, such as feeds[1].limit
}

func (it item) place() Error {
	return Error{File: it.r.file, Line: it.node.Line, Column: it.node.Column}
}

func (it item) fail(format string, args ...any) { it.r.fail(it.place(), it.key, format, args...) }

// isNull says that nothing stands after the key.
func (it item) isNull() bool { return it.node.Kind == yaml.ScalarNode && it.node.Tag == "!!null" }

// plain refuses what no configuration needs: aliases, which can blow up a file's meaning, and tags.
func (it item) plain() bool {
	switch {
	case it.node.Kind == yaml.AliasNode:
		it.fail("aliases are not supported; write the value out")
	case it.node.Style&yaml.TaggedStyle != 0:
		it.fail("tags such as %s are not supported", quote(it.node.Tag))
	case it.isNull():
		it.fail("no value; give one or leave the key out")
	default:
		return true
	}
	return false
}

// text is the value as it is written: 1.10, yes and 2026-01-01 are these characters.
func (it item) text() (string, bool) {
	if !it.plain() {
		return "", false
	}
	if it.node.Kind != yaml.ScalarNode {
		it.fail("expected text, found %s", kindName(it.node))
		return "", false
	}
	return it.node.Value, true
}

func (it item) integer() (int, bool) {
	if !it.plain() {
		return 0, false
	}
	n, err := strconv.Atoi(it.node.Value)
	if it.node.Kind != yaml.ScalarNode || it.node.Tag != "!!int" || err != nil {
		it.fail("expected a whole number, found %s", kindName(it.node))
		return 0, false
	}
	return n, true
}

func (it item) boolean() (bool, bool) {
	if !it.plain() {
		return false, false
	}
	if it.node.Kind != yaml.ScalarNode || it.node.Tag != "!!bool" {
		it.fail("expected true or false, found %s", kindName(it.node))
		return false, false
	}
	return strings.EqualFold(it.node.Value, "true"), true
}

func (it item) isList() bool { return it.node.Kind == yaml.SequenceNode }

// list is the items of a list.
func (it item) list() ([]item, bool) {
	if !it.plain() {
		return nil, false
	}
	if it.node.Kind != yaml.SequenceNode {
		it.fail("expected a list, found %s", kindName(it.node))
		return nil, false
	}
	items := make([]item, len(it.node.Content))
	for i, n := range it.node.Content {
		items[i] = item{it.r, n, fmt.Sprintf("%s[%d]", it.key, i)}
	}
	return items, true
}

// object is the values of a mapping by their keys, all of which are known. Unknown ones, and repeated ones, are
// reported and left out.
func (it item) object(known ...string) (map[string]item, bool) {
	if !it.plain() {
		return nil, false
	}
	if it.node.Kind != yaml.MappingNode {
		it.fail("expected keys and values (%s), found %s", strings.Join(known, ", "), kindName(it.node))
		return nil, false
	}
	object := map[string]item{}
	for i := 0; i+1 < len(it.node.Content); i += 2 {
		k, v := it.node.Content[i], it.node.Content[i+1]
		field := item{it.r, v, join(it.key, k.Value)}
		key := item{it.r, k, join(it.key, cut(k.Value))}
		first, repeated := object[k.Value]
		switch {
		case k.Kind != yaml.ScalarNode || k.Style&yaml.TaggedStyle != 0:
			item{it.r, k, it.key}.fail("a key must be plain text")
		case !slices.Contains(known, k.Value):
			key.fail("%s", unknownKey(it.key, known, k.Value))
		case repeated:
			key.fail("the key stands in line %d already", first.node.Line)
		default:
			object[k.Value] = field
			it.r.origins[field.key] = fmt.Sprintf("%s:%d", it.r.file, k.Line)
		}
	}
	return object, true
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// cut keeps a stranger's key from filling the message, or breaking its line.
func cut(key string) string {
	if q := quote(key); key == "" || q != `"`+key+`"` || strings.ContainsAny(key, " :") {
		return q
	}
	return key
}

// kindName says what stands where something else was expected.
func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	return quote(n.Value)
}

// get decodes one value of an object: def when it is not there or is wrong, which is reported.
func get[T any](object map[string]item, key string, def T, decode func(item) (T, bool)) T {
	it, ok := object[key]
	if !ok {
		return def
	}
	if v, ok := decode(it); ok {
		return v
	}
	return def
}

// text lifts a parser of text to a decoder.
func text[T any](parse func(string) (T, error)) func(item) (T, bool) {
	return func(it item) (T, bool) {
		var v T
		s, ok := it.text()
		if !ok {
			return v, false
		}
		v, err := parse(s)
		if err != nil {
			it.fail("%v", err)
		}
		return v, err == nil
	}
}

// listOf lifts a decoder of an item to one of a list of them, without repeats.
func listOf[T comparable](decode func(item) (T, bool)) func(item) ([]T, bool) {
	return func(it item) ([]T, bool) {
		items, ok := it.list()
		var values []T
		seen := map[T]bool{}
		for _, item := range items {
			v, good := decode(item)
			if good && seen[v] {
				item.fail("stands in the list already")
			}
			ok, seen[v] = ok && good, true
			values = append(values, v)
		}
		return values, ok
	}
}

// notEmpty has a decoder refuse an empty list, for the reason given.
func notEmpty[T any](decode func(item) ([]T, bool), reason string) func(item) ([]T, bool) {
	return func(it item) ([]T, bool) {
		values, ok := decode(it)
		if ok && len(values) == 0 {
			it.fail("%s", reason)
		}
		return values, ok && len(values) > 0
	}
}
