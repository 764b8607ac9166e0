package ingest

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The YAML of most articles is lines "key: value" of plain words, quoted text and lists of those on one line or on lines
// of their own. Such YAML is recognised here, in a fifth of the time and of the memory that the parser takes for it,
// which was the larger part of reading an article. Whatever is not just so is the parser's, faults too: what is accepted
// here gives the same nodes on the same lines.

const (
	maxPlainKey   = 100  // bytes; the parser refuses keys from 1024 on
	maxPlainNodes = 1000 // values, far below maxNodes
)

// plainYAML is what parseYAML makes of a text, where that is plain; ok is false for any other.
func plainYAML(text string, line int) (root *node, ok bool) {
	if !isPlainText(text) {
		return nil, false
	}
	p := plainParser{rest: strings.Clone(text), at: line - 1} // values must not hold on to the whole article
	for p.next() {
		if root == nil {
			root = &node{line: p.at, kind: mapping}
		}
		if !p.member(root) || p.nodes > maxPlainNodes {
			return nil, false
		}
	}
	return root, root != nil
}

// isPlainText says that no character means anything to YAML but line ends, spaces and what is printed in ASCII.
func isPlainText(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		switch r, size := utf8.DecodeRuneInString(text[i:]); {
		case r < 0xa0, r == '\u2028', r == '\u2029', r == '\ufeff', r == utf8.RuneError, r&0xfffe == 0xfffe:
			return false
		default:
			i += size
		}
	}
	return true
}

type plainParser struct {
	rest  string
	line  string // without the white space at its end
	at    int    // the line's number
	held  bool   // the line is to be given once more
	nodes int
}

// next goes to the next line that is not blank.
func (p *plainParser) next() bool {
	if p.held {
		p.held = false
		return true
	}
	for p.rest != "" {
		p.line, p.rest, _ = strings.Cut(p.rest, "\n")
		p.line = strings.TrimRight(p.line, " ")
		if p.at++; p.line != "" {
			return true
		}
	}
	return false
}

// member reads the line "key: value", and the list below it.
func (p *plainParser) member(root *node) bool {
	key, rest, found := strings.Cut(p.line, ":")
	if !found || !isPlainKey(key) || rest != "" && rest[0] != ' ' {
		return false
	}
	line := p.at
	value, ok := p.value(strings.TrimLeft(rest, " "))
	if !ok {
		return false
	}
	value.line = line
	return root.set(key, line, value) == nil
}

func isPlainKey(key string) bool {
	if len(key) > maxPlainKey || key == "" || !isASCIILetter(key[0]) {
		return false
	}
	for i := range len(key) {
		if c := key[i]; !isASCIILetter(c) && (c < '0' || c > '9') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// value reads what stands after a key.
func (p *plainParser) value(text string) (*node, bool) {
	switch {
	case text == "":
		return p.block()
	case text[0] == '[':
		return p.flow(text[1:])
	}
	n, rest, ok := p.scalar(text, false)
	return n, ok && rest == ""
}

// block reads the lines "- item" below a key, all at one depth. There are none where the key has no value.
func (p *plainParser) block() (*node, bool) {
	n := &node{}
	depth := -1
	for p.next() {
		item := strings.TrimLeft(p.line, " ")
		indent := len(p.line) - len(item)
		if !strings.HasPrefix(item, "- ") {
			p.held = true
			return n, indent == 0
		}
		if depth < 0 {
			n.kind, depth = list, indent
		}
		value, rest, ok := p.scalar(strings.TrimLeft(item[2:], " "), false)
		if !ok || rest != "" || indent != depth {
			return nil, false
		}
		n.items = append(n.items, value)
	}
	return n, true
}

// flow reads the items of a list after its bracket.
func (p *plainParser) flow(text string) (*node, bool) {
	n := &node{kind: list}
	text = strings.TrimLeft(text, " ")
	if text == "]" {
		return n, true
	}
	for {
		item, rest, ok := p.scalar(text, true)
		if !ok || rest == "" {
			return nil, false
		}
		n.items = append(n.items, item)
		switch {
		case rest == "]":
			return n, true
		case rest[0] != ',':
			return nil, false
		}
		text = strings.TrimLeft(rest[1:], " ")
	}
}

// scalar reads a scalar and the spaces after it; in a list on one line it ends before a comma or the bracket.
func (p *plainParser) scalar(text string, inFlow bool) (n *node, rest string, ok bool) {
	p.nodes++
	n = &node{line: p.at, kind: scalar}
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		n.text, rest, ok = quotedScalar(text)
		return n, strings.TrimLeft(rest, " "), ok
	}
	end := len(text)
	if inFlow {
		end = max(0, strings.IndexAny(text, ",[]{}"))
	}
	n.text, rest = strings.TrimRight(text[:end], " "), text[end:]
	if !isPlainScalar(n.text, inFlow) {
		return nil, "", false
	}
	if slices.Contains(nulls, n.text) {
		n.kind, n.text = null, ""
	}
	return n, rest, true
}

// nulls are plain scalars that are none.
var nulls = []string{"null", "Null", "NULL"}

// isPlainScalar says that text is a scalar as a whole, without quotes. It begins with a letter, a digit or what else means
// nothing there.
func isPlainScalar(text string, inFlow bool) bool {
	if text == "" || text[0] < utf8.RuneSelf && !isASCIILetter(text[0]) && (text[0] < '0' || text[0] > '9') && strings.IndexByte("/(+$", text[0]) < 0 {
		return false
	}
	if inFlow {
		return !strings.ContainsAny(text, ":#?")
	}
	return !strings.HasSuffix(text, ":") && !strings.Contains(text, ": ") && !strings.Contains(text, " #")
}

// unescape undoes the escapes that quoted text needs, by its quote.
var unescape = map[byte]*strings.Replacer{'\'': strings.NewReplacer("''", "'"), '"': strings.NewReplacer(`\"`, `"`, `\\`, `\`)}

// quotedScalar is the text in the quotes that it begins with, and what follows them. Other escapes are the parser's.
func quotedScalar(text string) (inner, rest string, ok bool) {
	quote, escaped := text[0], false
	for i := 1; i < len(text); i++ {
		next := byte(0)
		if i+1 < len(text) {
			next = text[i+1]
		}
		switch c := text[i]; {
		case c == '\\' && quote == '"' && next != '"' && next != '\\':
			return "", "", false
		case c == '\\' && quote == '"', c == '\'' && quote == '\'' && next == '\'':
			escaped = true
			i++
		case c == quote:
			inner = text[1:i]
			if escaped {
				inner = unescape[quote].Replace(inner)
			}
			return inner, text[i+1:], true
		}
	}
	return "", "", false
}
