package ingest

import (
	"errors"
	"fmt"
	"strings"
)

// A headParser reads front matter whose first line is the given line of the file. An empty one is nil.
type headParser func(text string, line int) (*node, error)

// splitFrontMatter parts an article into its front matter, nil where it has none, and its body.
func splitFrontMatter(text string, jsonToo bool) (head *node, body string, err error) {
	trimmed := strings.TrimLeft(text, " \t\n")
	line := 1 + strings.Count(text[:len(text)-len(trimmed)], "\n")
	first, rest, _ := strings.Cut(trimmed, "\n")
	switch fence := strings.TrimRight(first, " \t"); {
	case fence == "---":
		return fencedFrontMatter(fence, rest, line, parseYAML)
	case fence == "+++":
		return fencedFrontMatter(fence, rest, line, parseTOML)
	case jsonToo && strings.HasPrefix(first, "{"):
		return jsonFrontMatter(trimmed, line)
	}
	return nil, text, nil
}

// fencedFrontMatter reads front matter up to its closing line; rest begins after the opening one.
func fencedFrontMatter(fence, rest string, line int, parse headParser) (*node, string, error) {
	end, body, ok := cutLine(rest, fence)
	if dots, after, found := cutLine(rest, "..."); fence == "---" && found && (!ok || len(dots) < len(end)) {
		// YAML's own end. Unless a second document follows, which may be where somebody wrote "draft: true".
		if !ok || !isMapping(after[:max(0, len(after)-len(body))], parse) {
			end, body, ok = dots, after, true
		}
	}
	if !ok {
		return nil, "", &Problem{Line: line, Field: "front matter", Reason: fmt.Sprintf("no closing line %q", fence)}
	}
	if len(end) > maxFrontMatter {
		return nil, "", &Problem{Line: line, Field: "front matter", Reason: fmt.Sprintf("too large: %d bytes, at most %d are read", len(end), maxFrontMatter)}
	}
	head, err := parse(end, line+1)
	return head, body, frontMatterError(err)
}

func isMapping(text string, parse headParser) bool {
	text, _, _ = cutLine(text, "---")
	n, err := parse(text, 1)
	return err == nil && n != nil && len(text) <= maxFrontMatter
}

// cutLine cuts text around the first line that is want.
func cutLine(text, want string) (before, after string, found bool) {
	offset := 0
	for line := range strings.Lines(text) {
		if strings.TrimRight(line, " \t\n") == want {
			return text[:offset], text[offset+len(line):], true
		}
		offset += len(line)
	}
	return text, "", false
}

// frontMatterError names the front matter where an error of its parser names no field.
func frontMatterError(err error) error {
	if p := (*Problem)(nil); errors.As(err, &p) && p.Field == "" {
		p.Field = "front matter"
	}
	return err
}
