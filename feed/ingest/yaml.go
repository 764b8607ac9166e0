package ingest

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"feedpub/feed/internal/pattern"
)

// maxNodes bounds the values of a front matter with its aliases expanded.
const maxNodes = 20_000

func parseYAML(text string, line int) (*node, error) {
	if root, ok := plainYAML(text, line); ok {
		return root, nil
	}
	return parseAnyYAML(text, line)
}

// parseAnyYAML is parseYAML for YAML of any kind.
func parseAnyYAML(text string, line int) (*node, error) {
	if !hasYAML(text) {
		return nil, nil
	}
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		if mended := mendEscapes(text); mended != text {
			return parseAnyYAML(mended, line)
		}
		return nil, yamlError(err, text, line)
	}
	c := yamlConverter{line: line - 1}
	root, err := c.convert(&doc, 0)
	if err != nil {
		return nil, err
	}
	if root.kind == null {
		return nil, nil
	}
	if root.kind != mapping {
		return nil, &Problem{Line: root.line, Reason: fmt.Sprintf("YAML: want a map of fields, got %s", root.kind)}
	}
	return root, nil
}

// hasYAML says that there is more than comments.
func hasYAML(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return true
		}
	}
	return false
}

type yamlConverter struct {
	line  int // added to the parser's lines
	nodes int
}

func (c *yamlConverter) convert(y *yaml.Node, depth int) (*node, error) {
	n := &node{line: c.line + y.Line}
	if c.nodes++; c.nodes > maxNodes {
		return nil, &Problem{Line: n.line, Reason: "YAML: too many values, or aliases that multiply"}
	}
	if depth > maxNesting {
		return nil, &Problem{Line: n.line, Reason: fmt.Sprintf("YAML: nested deeper than %d", maxNesting)}
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) == 0 {
			return n, nil
		}
		return c.convert(y.Content[0], depth)
	case yaml.AliasNode:
		return c.convert(y.Alias, depth+1)
	case yaml.SequenceNode:
		n.kind = list
		for _, item := range y.Content {
			value, err := c.convert(item, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, value)
		}
		return n, nil
	case yaml.MappingNode:
		n.kind = mapping
		return n, c.fill(n, y, depth)
	}
	if y.ShortTag() != "!!null" {
		n.kind, n.text = scalar, y.Value
	}
	return n, nil
}

// fill sets the keys of a mapping, and after them those that it merges from others and has not itself.
func (c *yamlConverter) fill(n *node, y *yaml.Node, depth int) error {
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		value, err := c.convert(y.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			merged = append(merged, value.items...)
			continue
		}
		if key.Kind != yaml.ScalarNode {
			return &Problem{Line: c.line + key.Line, Reason: "YAML: a key is no plain text; quote the value if it begins with { or ["}
		}
		value.line = c.line + key.Line
		if err := n.set(key.Value, value.line, value); err != nil {
			return err
		}
	}
	for _, m := range merged {
		for _, e := range m.members {
			if n.get(fold(e.key)) == nil {
				n.add(e)
			}
		}
	}
	return nil
}

// yamlValue is a line whose value is neither quoted nor a list, a map or a block.
var yamlValue = pattern.New(`^\s*[\w-]+:\s+[^'"\[|>\s]`)

// secondDocument is how many lines come before the one that begins a second document, which the parser does not tell.
func secondDocument(text string) (lines int) {
	for l := range strings.Lines(text) {
		if strings.HasPrefix(l, "---") {
			break
		}
		lines++
	}
	return lines
}

// yamlError gives the parser's error its place in the file, and the hint that helps most often.
func yamlError(err error, text string, line int) error {
	reason, at := err.Error(), 0
	if e := (*yaml.LoadError)(nil); errors.As(err, &e) {
		reason, at = strings.TrimPrefix(e.Message, "yaml: "), e.Mark.Line
	}
	p := &Problem{Reason: "YAML: " + reason}
	if lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n"); at > 0 {
		at = min(at, len(lines))
		p.Line = line + at - 1
		if yamlValue.MatchString(lines[at-1]) {
			p.Reason += "; if the value is text, quote it"
		}
		return p
	}
	p.Line = line + secondDocument(text)
	return p
}
