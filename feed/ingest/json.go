package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonFrontMatter reads the JSON object that an article begins with; what follows it is the body.
func jsonFrontMatter(text string, line int) (*node, string, error) {
	limited := text[:min(len(text), maxFrontMatter)]
	p := newJSONReader(limited, line)
	head, err := p.value(0)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = p.problem("the object has no end")
		if len(limited) < len(text) {
			err = p.problem(fmt.Sprintf("too large, at most %d bytes are read", maxFrontMatter))
		}
	}
	if err != nil {
		return nil, "", frontMatterError(err)
	}
	rest := text[p.dec.InputOffset():]
	same, body, _ := strings.Cut(rest, "\n")
	if strings.TrimSpace(same) != "" {
		return nil, "", frontMatterError(p.problem("text follows on the line of the closing brace"))
	}
	return head, body, nil
}

// A jsonReader makes a tree of JSON in which no key stands twice.
type jsonReader struct {
	text string
	line int // of the text up to counted
	dec  *json.Decoder

	counted int  // bytes whose lines are in line
	loose   bool // keys that differ in spelling are two, unless they are fields of articles
}

// newJSONReader reads text that begins on a line of its file.
func newJSONReader(text string, line int) *jsonReader {
	p := &jsonReader{text: text, line: line, dec: json.NewDecoder(strings.NewReader(text))}
	p.dec.UseNumber()
	return p
}

func (p *jsonReader) value(depth int) (*node, error) {
	token, err := p.token()
	if err != nil {
		return nil, err
	}
	n := &node{line: p.at(), kind: scalar}
	if depth > maxNesting {
		return nil, p.problem(fmt.Sprintf("nested deeper than %d", maxNesting))
	}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			n.kind = mapping
			return n, p.object(n, depth)
		}
		n.kind = list
		return n, p.array(n, depth)
	case nil:
		n.kind = null
	case string:
		n.text = v
	default: // json.Number, bool
		n.text, n.bare = fmt.Sprint(v), true
	}
	return n, nil
}

func (p *jsonReader) object(n *node, depth int) error {
	seen := map[string]bool{}
	for p.dec.More() {
		token, err := p.token()
		if err != nil {
			return err
		}
		key, line := fmt.Sprint(token), p.at()
		value, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		value.line = line
		again := seen[key]
		seen[key] = true
		switch {
		case p.loose && !again && key == "_id": // a database's own, which an id beside it is not
			n.addAs(key, member{key, line, value})
			continue
		case p.loose && !again && isHarmless(n, key, value):
			continue
		}
		if err := n.set(key, line, value); err != nil {
			return err
		}
	}
	_, err := p.token()
	return err
}

func (p *jsonReader) array(n *node, depth int) error {
	for p.dec.More() {
		value, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, value)
	}
	_, err := p.token()
	return err
}

func (p *jsonReader) token() (json.Token, error) {
	token, err := p.dec.Token()
	if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
		return nil, p.problem(e.Error())
	}
	return token, err
}

// isHarmless says that a key does no harm beside one that is spelled otherwise: it says the same, or nothing that
// articles are asked for. Databases have their own data by any names.
func isHarmless(n *node, key string, value *node) bool {
	first := n.get(fold(key))
	if first == nil || first.key == key {
		return false
	}
	same := first.value.kind == value.kind && first.value.text == value.text && value.kind <= scalar
	return same || !isJSONField(fold(key))
}

// at is the line that the decoder has come to.
func (p *jsonReader) at() int {
	offset := int(p.dec.InputOffset())
	p.line += strings.Count(p.text[p.counted:offset], "\n")
	p.counted = offset
	return p.line
}

func (p *jsonReader) problem(reason string) error {
	return &Problem{Line: p.at(), Reason: "JSON: " + reason}
}
