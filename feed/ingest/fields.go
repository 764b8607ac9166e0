package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"feedpub/feed/internal/clean"
)

// fields is an article's front matter while it is read: it gives values out by their names, and collects what is
// wrong with them.
type fields struct {
	file     string
	item     int   // of the article in its file, 0 where it is the file
	line     int   // on which the article begins, 0 where that is not known
	root     *node // nil where the article has no front matter
	inDrafts bool  // its source lies in a folder of drafts
	lenient  bool  // as in record
	problems []error
	warnings []string
}

// A value is a member of the front matter.
type value struct {
	name string // as the author spelled it
	*node
}

// get is the value with one of the names, the first that has one, and whether there is one. Names are folded; a dot goes
// into a mapping: "params.author".
func (f *fields) get(names ...string) (value, bool) {
	for _, v := range f.all(names...) {
		return v, true
	}
	return value{}, false
}

// all are the values with the names, in their order.
func (f *fields) all(names ...string) []value {
	return slices.DeleteFunc(f.named(names...), func(v value) bool { return v.kind == null })
}

// named are the members of the front matter with the names, null or not. "params.author" is found under the whole name
// too.
func (f *fields) named(names ...string) []value {
	if f.root == nil {
		return nil
	}
	var found []value
	nests := slices.ContainsFunc(f.root.members, func(m member) bool { return m.value.kind == mapping })
	for _, name := range names {
		if m := f.root.get(name); m != nil {
			found = append(found, value{m.key, m.value})
		}
		if !nests {
			continue
		}
		nest, last, dotted := strings.Cut(name, ".")
		if !dotted {
			continue
		}
		if outer := f.root.get(nest); outer != nil {
			if m := outer.value.get(last); m != nil {
				found = append(found, value{outer.key + "." + m.key, m.value})
			}
		}
	}
	return found
}

// text is the scalar with one of the names, cleaned and on one line. A list or a map is a problem.
func (f *fields) text(names ...string) (string, value) {
	v, ok := f.get(names...)
	if !ok {
		return "", value{}
	}
	if v.kind != scalar {
		f.refuse(v, fmt.Sprintf("want text, got %s", v.kind))
		return "", v
	}
	return oneLine(v.text), v
}

// harmlessText is text where another kind of value does no harm: it is left out, with a warning.
func (f *fields) harmlessText(names ...string) string {
	for _, v := range f.all(names...) {
		if v.kind != scalar {
			f.warn(v, fmt.Sprintf("want text, got %s; left out", v.kind))
		} else if text := oneLine(v.text); text != "" {
			return text
		}
	}
	return ""
}

// oneLine is plain text with its white space folded.
func oneLine(s string) string { return strings.Join(strings.Fields(clean.Input(s)), " ") }

// refuse notes why the article cannot be taken.
func (f *fields) refuse(v value, reason string) {
	f.problems = append(f.problems, f.problem(v, reason))
}

// doubt notes a date that cannot be read. Its author has to mend it; a stranger who imports it cannot.
func (f *fields) doubt(v value, reason string) {
	if f.lenient {
		f.warn(v, reason+"; left out")
	} else {
		f.refuse(v, reason)
	}
}

// warn notes what is left out of the article, or read otherwise than it may be meant.
func (f *fields) warn(v value, reason string) {
	f.warnings = append(f.warnings, f.problem(v, reason).Error())
}

func (f *fields) problem(v value, reason string) *Problem {
	p := &Problem{File: f.file, Item: f.item, Line: f.line, Field: v.name, Reason: reason}
	if v.node != nil && v.line > 0 {
		p.Line = v.line
	}
	return p
}

// fail notes an error that has no field, or its own.
func (f *fields) fail(err error) {
	p := (*Problem)(nil)
	if !errors.As(err, &p) {
		p = &Problem{Reason: err.Error()}
	}
	p.File, p.Item = f.file, f.item
	if p.Line == 0 {
		p.Line = f.line
	}
	f.problems = append(f.problems, p)
}

// quoted is a value as messages show it, cut where it is long.
func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
