package ingest

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseTOML reads TOML twice: once for its rules, once for the spelling of its scalars.
func parseTOML(text string, line int) (*node, error) {
	var rules map[string]any
	if err := toml.Unmarshal([]byte(text), &rules); err != nil {
		if mended := mendEscapes(text); mended != text {
			return parseTOML(mended, line)
		}
		return nil, tomlError(err, text, line)
	}
	c := tomlConverter{firstLine: line, root: &node{line: line, kind: mapping}}
	for i := range len(text) {
		if text[i] == '\n' {
			c.newlines = append(c.newlines, i)
		}
	}
	c.parser.Reset([]byte(text))
	table, depth := c.root, 0
	for c.parser.NextExpression() {
		expr := c.parser.Expression()
		var err error
		switch expr.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, depth, err = c.table(expr)
		case unstable.KeyValue:
			err = c.keyValue(table, expr, depth)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(c.root.members) == 0 {
		return nil, nil
	}
	return c.root, nil
}

func tomlError(err error, text string, line int) error {
	p := &Problem{Reason: "TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
	if e := (*toml.DecodeError)(nil); errors.As(err, &e) {
		row, _ := e.Position()
		p.Line = line + row - 1
		if lines := strings.Split(text, "\n"); row >= 1 && row <= len(lines) {
			key, value, _ := strings.Cut(lines[row-1], "=")
			if value != "" && len(key) < 50 {
				p.Field = strings.TrimSpace(key)
			}
		}
	}
	return p
}

type tomlConverter struct {
	parser    unstable.Parser
	newlines  []int // offsets
	firstLine int
	root      *node
}

func (c *tomlConverter) line(n *unstable.Node) int {
	return c.firstLine + sort.SearchInts(c.newlines, int(n.Raw.Offset))
}

// table is the mapping that [a.b] or [[a.b]] opens, and how deep it lies; the keys of the latter each open a new item of a list.
func (c *tomlConverter) table(expr *unstable.Node) (at *node, depth int, err error) {
	at = c.root
	keys := expr.Key()
	for keys.Next() {
		if depth++; depth > maxNesting {
			return nil, 0, c.tooDeep(c.line(keys.Node()))
		}
		if at, err = c.child(at, keys.Node(), expr.Kind == unstable.ArrayTable && keys.IsLast()); err != nil {
			return nil, 0, err
		}
	}
	return at, depth, nil
}

// child is the mapping under a key, made where it is missing; of a list of mappings, the last.
func (c *tomlConverter) child(at *node, key *unstable.Node, item bool) (*node, error) {
	line := c.line(key)
	var found *node
	if m := at.get(fold(string(key.Data))); m != nil {
		found = m.value
	} else {
		found = &node{line: line, kind: mapping}
		if item {
			found.kind = list
		}
		if err := at.set(string(key.Data), line, found); err != nil {
			return nil, err
		}
	}
	if item && found.kind == list {
		found.items = append(found.items, &node{line: line, kind: mapping})
	}
	if found.kind == list && len(found.items) > 0 {
		found = found.items[len(found.items)-1]
	}
	if found.kind != mapping {
		return nil, &Problem{Line: line, Field: string(key.Data), Reason: "TOML: a duplicate key, once a table and once a value"}
	}
	return found, nil
}

func (c *tomlConverter) keyValue(at *node, expr *unstable.Node, depth int) error {
	keys := expr.Key()
	for keys.Next() {
		key := keys.Node()
		if depth++; depth > maxNesting {
			return c.tooDeep(c.line(key))
		}
		if !keys.IsLast() {
			var err error
			if at, err = c.child(at, key, false); err != nil {
				return err
			}
			continue
		}
		value, err := c.value(expr.Value(), c.line(key), depth)
		if err != nil {
			return err
		}
		return at.set(string(key.Data), value.line, value)
	}
	return nil
}

func (c *tomlConverter) tooDeep(line int) error {
	return &Problem{Line: line, Reason: fmt.Sprintf("TOML: nested deeper than %d", maxNesting)}
}

func (c *tomlConverter) value(v *unstable.Node, line, depth int) (*node, error) {
	n := &node{line: line, kind: scalar, text: string(v.Data)}
	if depth > maxNesting {
		return nil, c.tooDeep(line)
	}
	children := v.Children()
	switch v.Kind {
	case unstable.Array:
		n.kind, n.text = list, ""
		for children.Next() {
			if children.Node().Kind == unstable.Comment {
				continue
			}
			item, err := c.value(children.Node(), line, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case unstable.InlineTable:
		n.kind, n.text = mapping, ""
		for children.Next() {
			if err := c.keyValue(n, children.Node(), depth+1); err != nil {
				return nil, err
			}
		}
	}
	return n, nil
}
