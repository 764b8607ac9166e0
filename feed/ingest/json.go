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
	p := jsonReader{text: limited, line: line, dec: json.NewDecoder(strings.NewReader(limited))}
	p.dec.UseNumber()
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

type jsonReader struct {
	text string
	line int   // of what was counted up to
	seen int64 // how far the lines were counted
	dec  *json.Decoder
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
		n.text = fmt.Sprint(v)
	}
	return n, nil
}

func (p *jsonReader) object(n *node, depth int) error {
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

// at is the line that the decoder has come to.
func (p *jsonReader) at() int {
	now := p.dec.InputOffset()
	p.line += strings.Count(p.text[p.seen:now], "\n")
	p.seen = now
	return p.line
}

func (p *jsonReader) problem(reason string) error {
	return &Problem{Line: p.at(), Reason: "JSON: " + reason}
}
