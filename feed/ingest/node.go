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
	bare    bool   // a number, true or false of JSON
	items   []*node
	members []member
	index   map[string]int // where a folded key stands among the members
	marks   uint64         // of the folded keys
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
	folded := fold(key)
	if m := n.get(folded); m != nil {
		reason := "duplicate key"
		if m.line > 0 {
			reason = fmt.Sprintf("duplicate key, given on line %d already", m.line)
		}
		return &Problem{Line: line, Field: key, Reason: reason}
	}
	n.addAs(folded, member{key, line, value})
	return nil
}

// add adds a member whose key the mapping has not yet.
func (n *node) add(m member) { n.addAs(fold(m.key), m) }

// addAs adds a member that is found under another name than its own, which messages give.
func (n *node) addAs(folded string, m member) {
	if n.index == nil {
		n.index = map[string]int{}
	}
	n.index[folded] = len(n.members)
	n.marks |= mark(folded)
	n.members = append(n.members, m)
}

// get is the member of a mapping with the folded key, or nil.
func (n *node) get(folded string) *member {
	if n == nil || n.kind != mapping || n.marks&mark(folded) == 0 {
		return nil
	}
	if i, ok := n.index[folded]; ok {
		return &n.members[i]
	}
	return nil
}

// mark is one bit of 64 for a key. An article is asked for hundreds of names and has a dozen: those whose bit no key has
// need not be looked up.
func mark(folded string) uint64 {
	if folded == "" {
		return 1
	}
	return 1 << ((7*len(folded) + int(folded[0])) % 64)
}

var wordParts = strings.NewReplacer("_", "", "-", "", " ", "")

// fold is a key without case and without what parts its words: pubDate, pub_date and Pub-Date are one.
func fold(key string) string {
	for i := range len(key) {
		if c := key[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' {
			return wordParts.Replace(strings.ToLower(key))
		}
	}
	return key
}
