package ingest

import (
	"fmt"
	"strings"
)

// A node is a value of front matter, whatever language it was written in. Scalars keep their spelling: 1.10, 007
// and yes are those characters until a field says what it wants them to be.
type node struct {
	line    int    // in the file, from 1
	kind    shape  // what it is
	text    string // of a scalar
	items   []*node
	members []member
}

type shape int

const (
	null shape = iota
	scalar
	list
	mapping
)

func (k shape) String() string {
	return [...]string{"null", "a scalar", "a list", "a map"}[k]
}

// A member is a key of a mapping and its value.
type member struct {
	key   string
	line  int
	value *node
}

// set adds a key to a mapping. Keys are one when they differ only in case, underscores and hyphens, as generators
// read them, so that "Draft: true" and "draft: false" are not two answers to one question.
func (n *node) set(key string, line int, value *node) error {
	for _, e := range n.members {
		if fold(e.key) == fold(key) {
			return &Problem{Line: line, Field: key, Reason: fmt.Sprintf("duplicate key, given on line %d already", e.line)}
		}
	}
	n.members = append(n.members, member{key, line, value})
	return nil
}

// get is the member of a mapping with the key, or nil.
func (n *node) get(key string) *member {
	if n == nil || n.kind != mapping {
		return nil
	}
	for i := range n.members {
		if fold(n.members[i].key) == key {
			return &n.members[i]
		}
	}
	return nil
}

// fold is a key without case and without what parts its words: pubDate, pub_date and Pub-Date are one.
func fold(key string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key))
}
