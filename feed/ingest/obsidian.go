package ingest

import (
	"bytes"
	"strings"

	"feedpub/feed/internal/pattern"
)

var (
	wiki      = pattern.New(`^\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]`)
	wikiSpace = pattern.New(`\s*#+\s*`)
)

// wikiLink takes [[Page]], [[Page#Heading]] or [[Page|words]]: readers cannot follow it, so its words stand. An
// embedded file, ![[picture.png]], is not on the web.
func (t *templates) wikiLink(rest string) {
	var m []string
	if len(rest) > 2 && rest[2] != '[' {
		m = wiki.FindStringSubmatch(rest)
	}
	if m == nil || m[1][0] == ' ' || strings.HasPrefix(rest[len(m[0]):], "(") || strings.HasPrefix(rest[len(m[0]):], "[") ||
		strings.HasPrefix(rest[len(m[0]):], ":") && t.atLineStart() {
		t.copy(1)
		return
	}
	t.pos += len(m[0])
	if n := len(t.out); n > 0 && t.out[n-1] == '!' {
		t.out = t.out[:n-1]
		t.warn("!" + m[0])
		t.drop()
		return
	}
	words := strings.TrimSpace(m[2])
	if words == "" {
		words = strings.TrimPrefix(wikiSpace.ReplaceAllString(strings.TrimSpace(m[1]), " > "), " > ")
	}
	t.out = append(t.out, words...)
}

// privateNote leaves out Obsidian's %% … %%, which may hold many paragraphs: its author does not want it read. A mark
// without an end is text, but alone on its line it begins a note that goes on to the end.
func (t *templates) privateNote(rest string) {
	n := strings.Index(rest[2:], "%%")
	if n < 0 {
		if strings.TrimSpace(t.line()) != "%%" || len(bytes.TrimSpace(t.out[t.lineStart():])) > 0 {
			t.copy(2)
			return
		}
		t.pos = len(t.src)
		t.note("%%", "has no end; all that follows is left out")
		return
	}
	note := rest[:n+4]
	if strings.Contains(note, "\n\n") && len(bytes.TrimSpace(t.out[t.lineStart():])) > 0 {
		t.warn(note) // perhaps two signs that have nothing to do with each other
	}
	t.pos += len(note)
	t.drop()
}
