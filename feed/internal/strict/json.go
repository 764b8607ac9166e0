package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// JSON walks a JSON document, looking for what encoding/json accepts or mends in silence: keys twice, invalid UTF-8,
// halves of surrogate pairs, trailing data.
func JSON(doc []byte, maxDepth int) []Problem {
	j := &jsonPass{pass: pass{doc: doc, maxDepth: maxDepth, entry: -1}, decoder: json.NewDecoder(bytes.NewReader(doc))}
	j.decoder.UseNumber()
	switch {
	case bytes.HasPrefix(doc, []byte("\ufeff")):
		j.report(1, "there is a byte order mark")
	case !utf8.Valid(doc):
		j.invalidUTF8()
	default:
		for !j.full() && j.token() {
		}
	}
	return j.problems
}

type jsonPass struct {
	pass
	decoder *json.Decoder
	open    []container
	root    bool // there was one
}

// A container is an open object or array.
type container struct {
	keys map[string]bool // nil in an array
	key  string          // the one whose value comes next; empty where a key comes next
	name bool            // a key comes next
}

// token takes the next token and says whether to go on.
func (j *jsonPass) token() bool {
	t, err := j.decoder.Token()
	if err != nil {
		j.end(err)
		return false
	}
	if len(j.open) == 0 && (j.root || t != json.Delim('{')) {
		j.problem("the document is not one object")
		return false
	}
	j.root = true
	if s, ok := t.(string); ok && strings.ContainsRune(s, utf8.RuneError) {
		j.problem("there is a U+FFFD, which stands for a character that is lost")
	}
	switch t {
	case json.Delim('{'):
		if j.inItems() {
			j.enterEntry()
		}
		j.open = append(j.open, container{keys: make(map[string]bool), name: true})
	case json.Delim('['):
		j.open = append(j.open, container{})
	case json.Delim('}'), json.Delim(']'):
		j.open = j.open[:len(j.open)-1]
		if j.inItems() {
			j.entry = -1
		}
		j.valueDone()
	default:
		j.scalar(t)
	}
	if len(j.open) > j.maxDepth {
		j.problem("%s", j.tooDeep())
		return false
	}
	return true
}

// scalar is a key or a value.
func (j *jsonPass) scalar(t json.Token) {
	c := &j.open[len(j.open)-1]
	if !c.name {
		j.valueDone()
		return
	}
	c.key, c.name = t.(string), false
	if c.keys[c.key] {
		j.problem("the key %q stands twice", c.key)
	}
	c.keys[c.key] = true
}

func (j *jsonPass) valueDone() {
	if len(j.open) > 0 {
		c := &j.open[len(j.open)-1]
		c.name = c.keys != nil
	}
}

// inItems says whether the innermost container is the feed's list of items.
func (j *jsonPass) inItems() bool {
	return len(j.open) == 2 && j.open[0].key == "items" && j.open[1].keys == nil
}

func (j *jsonPass) end(err error) {
	switch {
	case errors.Is(err, io.EOF) && len(j.open) > 0, errors.Is(err, io.ErrUnexpectedEOF):
		j.problem("the document ends too early")
	case errors.Is(err, io.EOF):
		if !j.root {
			j.problem("the document is empty")
		}
	default:
		j.problem("%v", err)
	}
}

func (j *jsonPass) problem(format string, args ...any) {
	j.report(lineAt(j.doc, j.decoder.InputOffset()), fmt.Sprintf(format, args...))
}

func (j *jsonPass) invalidUTF8() {
	for i := 0; i < len(j.doc); {
		r, size := utf8.DecodeRune(j.doc[i:])
		if r == utf8.RuneError && size == 1 {
			j.report(lineAt(j.doc, int64(i)), "is not UTF-8")
			return
		}
		i += size
	}
}

func lineAt(doc []byte, offset int64) int {
	return 1 + bytes.Count(doc[:offset], []byte{'\n'})
}
