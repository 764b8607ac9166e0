package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// A jsonPart is a value in a list, or under a key of an object, by where it stands in the text. An export is parted
// before its articles are parsed one by one, so that the tree of no more than one is in memory.
type jsonPart struct {
	key        string
	start, end int
}

// parts are the parts of the list or the object that begins at an offset of valid JSON.
func parts(raw []byte, at int) iter.Seq[jsonPart] {
	return func(yield func(jsonPart) bool) {
		object := raw[at] == '{'
		for at = skipSpace(raw, at+1); raw[at] != '}' && raw[at] != ']'; at = skipSpace(raw, at) {
			var part jsonPart
			if object {
				end := skipString(raw, at)
				_ = json.Unmarshal(raw[at:end], &part.key) // a string, as the text is valid
				at = skipSpace(raw, skipSpace(raw, end)+1)
			}
			part.start, part.end = at, skipValue(raw, at)
			if !yield(part) {
				return
			}
			if at = skipSpace(raw, part.end); raw[at] == ',' {
				at++
			}
		}
	}
}

// partAt is the part under the key of the object that begins at an offset, false where no object does or it has none.
func partAt(raw []byte, at int, key string) (jsonPart, bool) {
	if raw[at] == '{' {
		for part := range parts(raw, at) {
			if part.key == key {
				return part, true
			}
		}
	}
	return jsonPart{}, false
}

// checkKeys says which key stands twice in the object that begins at an offset.
func checkKeys(raw []byte, at int) error {
	seen := map[string]bool{}
	for part := range parts(raw, at) {
		if seen[part.key] {
			return &Problem{Line: 1 + bytes.Count(raw[:part.start], []byte("\n")), Field: part.key, Reason: "duplicate key"}
		}
		seen[part.key] = true
	}
	return nil
}

func skipSpace(raw []byte, at int) int {
	for at < len(raw) && (raw[at] == ' ' || raw[at] == '\n' || raw[at] == '\t' || raw[at] == '\r') {
		at++
	}
	return at
}

// skipString is where the string ends that begins at an offset.
func skipString(raw []byte, at int) int {
	for at++; raw[at] != '"'; at++ {
		if raw[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// skipValue is where the value ends that begins at an offset.
func skipValue(raw []byte, at int) int {
	for depth := 0; ; {
		switch raw[at] {
		case '"':
			at = skipString(raw, at)
		case '{', '[':
			depth++
			at++
		case '}', ']':
			depth--
			at++
		default:
			at++
			if depth == 0 { // a number or a word
				for at < len(raw) && bytes.IndexByte([]byte(",]} \n\t\r"), raw[at]) < 0 {
					at++
				}
			}
		}
		if depth == 0 {
			return at
		}
	}
}

// nothing is what JSON is read into to learn whether it is valid: json.Valid would not say where it is not.
type nothing struct{}

func (nothing) UnmarshalJSON([]byte) error { return nil }

// checkJSON says where text is no JSON; it begins on the given line of its file.
func checkJSON(raw []byte, line int) error {
	err := json.Unmarshal(raw, &nothing{})
	if e := (*json.SyntaxError)(nil); errors.As(err, &e) {
		before := raw[:max(0, min(int(e.Offset)-1, len(raw)))]
		return &Problem{Line: line + bytes.Count(before, []byte("\n")),
			Reason: fmt.Sprintf("JSON: %v, at byte %d of the line", e, len(before)-bytes.LastIndexByte(before, '\n'))}
	}
	return err
}

// A lineCounter tells the lines of offsets that ascend.
type lineCounter struct {
	raw  []byte
	at   int
	line int // of the offset
}

func (c *lineCounter) of(offset int) int {
	c.line += bytes.Count(c.raw[c.at:offset], []byte("\n"))
	c.at = offset
	return c.line
}
