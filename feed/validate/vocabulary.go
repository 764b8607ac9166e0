package validate

import (
	"encoding/xml"
	"slices"
)

// A vocabulary is the elements of one namespace.
type vocabulary struct {
	name      string // codes begin with it; it is also the usual prefix
	namespace string
	source    string // where its rules stand
	// children are what the elements of others may hold of it, by their kind: feed, entry, person.
	children map[string]children
}

// children are the elements that an element may hold, by their local name.
type children map[string]child

// A child is an element and how often it stands in its parent.
type child struct {
	*elem
	min int
	max int // 0: any number
}

func one(e *elem) child  { return child{e, 1, 1} }
func opt(e *elem) child  { return child{e, 0, 1} }
func any_(e *elem) child { return child{e, 0, 0} }

// An elem is what an element may hold.
type elem struct {
	kind     string // what it is to other vocabularies: feed, entry, person; empty where they have nothing to say
	attrs    attrs
	text     *check // nil where text has no place
	children children
	open     bool // holds whatever it likes
	markup   bool // an Atom text construct or content, whose type says what it holds
	done     func(w *walk, n *node)
}

// attrs are the attributes in no namespace that an element may have.
type attrs map[string]attr

type attr struct {
	check    *check
	required bool
}

func need(c *check) attr { return attr{c, true} }
func may(c *check) attr  { return attr{c, false} }

// text is an element that holds text alone.
func text(c *check) *elem { return &elem{text: c} }

// A check is of a value: of the text of an element, or of an attribute.
type check struct {
	what   string // what the value should be: "an RFC 822 date"
	remedy string
	test   func(v value) []fault
}

// A value is a text with what is around it.
type value struct {
	text string
	node *node
	walk *walk
}

// A fault is what is wrong with a value. Without a code it is that it is not what the check is called by.
type fault struct{ code, message, remedy string }

// invalid is the fault of a value that is not what it should be.
var invalid = []fault{{}}

func valid(ok bool) []fault {
	if ok {
		return nil
	}
	return invalid
}

// simple is a check that needs nothing but the text.
func simple(what, remedy string, ok func(s string) bool) *check {
	return &check{what, remedy, func(v value) []fault { return valid(ok(v.text)) }}
}

// A node is an element that was met, until its parent ends.
type node struct {
	name     xml.Name
	vocab    *vocabulary
	rule     *elem
	parent   *node
	offset   int64
	attrs    []xml.Attr
	content  []byte
	children []*node
	inner    []*node // the elements of its markup
	others   bool    // it holds elements of vocabularies that are not known
	base     bool    // an xml:base is in force

	entered   bool // it has held an entry
	late      bool // and something else behind it
	defaulted bool // it holds a media:content that is the default
}

// attr is the value of an attribute in no namespace.
func (n *node) attr(name string) string {
	s, _ := n.lookUp(name)
	return s
}

func (n *node) lookUp(name string) (string, bool) {
	i := slices.IndexFunc(n.attrs, func(a xml.Attr) bool { return a.Name == xml.Name{Local: name} })
	if i < 0 {
		return "", false
	}
	return n.attrs[i].Value, true
}

// child is the first such element in it.
func (n *node) child(v *vocabulary, name string) *node {
	for _, c := range n.children {
		if c.vocab == v && c.name.Local == name {
			return c
		}
	}
	return nil
}

func (n *node) has(v *vocabulary, name string) bool { return n.child(v, name) != nil }

func (n *node) value() string { return trim(string(n.content)) }
