package ingest

import (
	"encoding/json"
	"strings"
)

// maxLinked bounds the JSON-LD of a page, in bytes.
const maxLinked = 1 << 20

// linked is the JSON-LD of a page (https://schema.org): its objects, and those that are named by their @id. Where a
// value is asked for, an object with an @id stands for the one that tells more.
type linked struct {
	objects []map[string]any
	byID    map[string]map[string]any
}

// add reads one script.
func (l *linked) add(script string) error {
	d := json.NewDecoder(strings.NewReader(script))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return err
	}
	l.collect(v)
	return nil
}

// collect notes an object, or those in a list or a @graph.
func (l *linked) collect(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			l.collect(item)
		}
	case map[string]any:
		l.objects = append(l.objects, v)
		if id, _ := v["@id"].(string); id != "" && len(v) > 1 && l.byID[id] == nil {
			if l.byID == nil {
				l.byID = map[string]map[string]any{}
			}
			l.byID[id] = v
		}
		l.collect(v["@graph"])
		l.collect(v["mainEntity"])
	}
}

// article is the first object that is one by its type, else the first with a headline; nil where there is none.
func (l *linked) article() map[string]any {
	var other map[string]any
	for _, o := range l.objects {
		for _, name := range l.texts(o["@type"]) {
			name = name[strings.LastIndexAny(name, "/#:")+1:]
			if strings.HasSuffix(name, "Article") || strings.HasSuffix(name, "Posting") || name == "Report" {
				return o
			}
		}
		if other == nil && len(l.texts(o["headline"])) > 0 {
			other = o
		}
	}
	return other
}

// texts are the texts of a value: its own, those of its items, and of an object the first of its members that has one.
func (l *linked) texts(v any, members ...string) (found []string) {
	switch v := v.(type) {
	case string:
		if v = oneLine(v); v != "" {
			found = append(found, v)
		}
	case json.Number:
		found = append(found, v.String())
	case []any:
		for _, item := range v {
			found = append(found, l.texts(item, members...)...)
		}
	case map[string]any:
		v = l.told(v)
		for _, name := range append([]string{"@value"}, members...) {
			if found = l.texts(v[name]); len(found) > 0 {
				return found[:1]
			}
		}
	}
	return found
}

// told is the object that an @id alone stands for.
func (l *linked) told(v map[string]any) map[string]any {
	if id, _ := v["@id"].(string); id != "" && l.byID[id] != nil {
		return l.byID[id]
	}
	return v
}

// people are the authors in a value.
func (l *linked) people(v any) (found []*node) {
	switch v := v.(type) {
	case string:
		if v = oneLine(v); v != "" {
			found = append(found, textNode(v))
		}
	case []any:
		for _, item := range v {
			found = append(found, l.people(item)...)
		}
	case map[string]any:
		v = l.told(v)
		person := &node{kind: mapping}
		for _, name := range []string{"name", "email", "url"} {
			if texts := l.texts(v[name], "@id"); len(texts) > 0 {
				person.put(name, textNode(texts[0]))
			}
		}
		if len(person.members) > 0 {
			found = append(found, person)
		}
	}
	return found
}
