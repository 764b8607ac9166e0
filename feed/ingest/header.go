package ingest

import (
	"slices"
	"strings"
	"unicode"

	"feedpub/feed/internal/pattern"
)

// checkHeader refuses a text at whose top stand fields that decide whether the article is published, where they are not
// read: without the lines --- around them, in a comment, or in a second front matter. Whoever wrote them relies on
// them. top says that nothing stands before the text, which begins at the line.
func checkHeader(text string, line int, top bool) error {
	text = text[:min(len(text), maxFrontMatter)]
	for {
		trimmed := strings.TrimLeftFunc(text, isInvisible)
		line += strings.Count(text[:len(text)-len(trimmed)], "\n")
		text = trimmed
		if !strings.HasPrefix(text, "<!--") {
			break
		}
		comment, rest, _ := strings.Cut(text, "-->")
		if err := checkComment(comment, line); err != nil {
			return err
		}
		line += strings.Count(comment, "\n")
		text = rest
	}
	if isSecond(text, top) {
		return &Problem{Line: line, Field: "front matter", Reason: "fields that stand apart from the front matter; put all of them between " +
			"the first two lines ---, at the top"}
	}
	if top {
		if err := checkEmbargoLine(text, line); err != nil {
			return err
		}
	}
	if rest, skipped := belowLine(text); top && fenceLike.MatchString(rest) {
		if err := checkLooseFields(rest, line+skipped, top); err != nil {
			return err
		}
	}
	return checkLooseFields(text, line, top)
}

// belowLine is what follows a line of text at the top, a heading perhaps or a stray character, and how many lines come
// before it.
func belowLine(text string) (rest string, skipped int) {
	_, rest, _ = strings.Cut(text, "\n")
	rest = strings.TrimLeftFunc(rest, isInvisible)
	return rest, strings.Count(text[:len(text)-len(rest)], "\n")
}

// looseField is a line "Key: value", as it may stand in YAML, TOML, JSON, a comment, or after the marks of other
// programs (".. status: draft").
var looseField = pattern.New(`^[^\pL\pN]*(\pL[\pL\pN _.-]{0,40}?)["'*_]*\s*[:=]\s*(.*)$`)

// mayBeField says whether a line may match looseField; most lines are prose and do not, which shows by the first sign
// after their first words.
func mayBeField(line string) bool {
	length := 0
	for _, r := range line[max(0, strings.IndexFunc(line, isAlphanumeric)):] {
		switch {
		case length == 0 && !unicode.IsLetter(r):
			return false
		case isAlphanumeric(r) || strings.ContainsRune(" _.-", r):
			if length++; length > 41 && r != ' ' && r != '_' {
				return false
			}
		default:
			return strings.ContainsRune(":=\"'*\t\n\f\r", r)
		}
	}
	return false
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// closing is where the first line begins that may end a front matter, or -1.
func closing(text string) int {
	offset := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "---") || strings.HasPrefix(line, "+++") || strings.HasPrefix(line, "...") {
			return offset
		}
		offset += len(line)
	}
	return -1
}

// checkComment refuses fields that decide in an HTML comment.
func checkComment(comment string, line int) error {
	for number, text := range strings.Split(comment, "\n") {
		for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;|", r) }) {
			if m := looseField.FindStringSubmatch(part); m != nil && decides(m[1], m[2], false) {
				return unread(m[1], line+number)
			}
		}
	}
	return nil
}

// isSecond says that a text begins with a front matter of its own; without a fence before it one is expected only after
// another front matter. It has at least one field that articles have: a text may have a line across it, and what
// stands above that may read like YAML.
func isSecond(text string, top bool) bool {
	parse := headParser(parseYAML)
	first, rest, _ := strings.Cut(text, "\n")
	switch {
	case strings.HasPrefix(first, "+++"):
		text, parse = rest, parseTOML
	case strings.HasPrefix(first, "---"):
		text = rest
	case object.MatchString(text):
		head, _, err := jsonFrontMatter(text, 1)
		return err == nil && hasField(head)
	case top:
		return false
	}
	end := closing(text)
	if end < 0 {
		return false
	}
	head, err := parse(text[:end], 1)
	return err == nil && hasField(head)
}

// hasField says that one of the keys is a field that articles have.
func hasField(head *node) bool {
	return head != nil && slices.ContainsFunc(head.members, func(m member) bool { return isField(fold(m.key)) })
}

func isField(name string) bool {
	return slices.Contains(commonNames, name) || isStateName(name) || slices.Contains(publishedNames, name) || slices.Contains(updatedNames, name)
}

// commonNames are fields that most articles have some of.
var commonNames = []string{"title", "slug", "url", "permalink", "id", "guid", "tags", "categories", "author", "authors", "layout", "type",
	"description", "summary", "image", "lang", "aliases", "weight", "params", "extra", "meta", "metadata"}

// checkLooseFields refuses a block of fields without fences, as MultiMarkdown and Pelican have it, in which one decides.
func checkLooseFields(text string, line int, top bool) error {
	var block [][]string
	var lines []int
	known := 0
	for l := range strings.Lines(text) {
		var m []string
		if trimmed := strings.TrimSpace(l); mayBeField(trimmed) {
			m = looseField.FindStringSubmatch(trimmed)
		}
		switch {
		case strings.HasPrefix(l, "# "):
			m = nil // a heading
		case m != nil:
			block, lines = append(block, m), append(lines, line)
			if isField(fold(m[1])) {
				known++
			}
		}
		if m == nil && !isOrnament(l, top) && (len(block) == 0 || strings.TrimLeft(l, " \t") == l) {
			break // neither a field nor the rest of one
		}
		line++
	}
	for i, m := range block {
		if decides(m[1], m[2], known > 1) {
			return unread(m[1], lines[i])
		}
	}
	return nil
}

// isOrnament says that a line holds no words; or, at the top, that it opens a code block.
func isOrnament(line string, top bool) bool {
	if top && (strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~")) {
		return true
	}
	return !strings.ContainsFunc(line, isAlphanumeric)
}

// decides says that a line "key: value" reads like one that decides whether an article is published, and not like a
// headline ("Draft: Bears pick first"). Among other fields any word is a value, perhaps a misspelt one.
func decides(key, value string, among bool) bool {
	key = fold(key)
	for _, nest := range nests {
		key = strings.TrimPrefix(key, nest+".")
	}
	value, _, _ = strings.Cut(value, " #")
	value = strings.ToLower(strings.TrimFunc(value, func(r rune) bool { return !isAlphanumeric(r) }))
	_, isWord := stateWords[value]
	_, isBoolean := yesNo(value)
	switch {
	case !isStateName(key):
		return false
	case isWord || isBoolean:
		return true
	case key == "published":
		return false // a date, as stories have it
	case slices.Contains(embargoNames, key) || slices.Contains(expiryNames, key):
		if value == "" || strings.ContainsFunc(value, unicode.IsDigit) {
			return true
		}
	}
	return among && !strings.ContainsFunc(value, unicode.IsSpace)
}

// embargoLine is how press releases say it.
var embargoLine = pattern.New(`(?i)^\W*(?:strictly\s+)?(?:under\s+)?embargo(?:ed)?\s+(?:until|till)\s`)

// checkEmbargoLine refuses an embargo in words near the top: nothing reads it.
func checkEmbargoLine(text string, line int) error {
	seen := 0
	for l := range strings.Lines(text) {
		if embargoLine.MatchString(l) {
			return &Problem{Line: line, Field: "embargo", Reason: "it is not read in the text; put it between two lines ---, at the top, as " +
				"embargo: 2026-03-01T06:00:00Z"}
		}
		if strings.TrimSpace(l) != "" {
			seen++
		}
		if seen == 5 {
			break
		}
		line++
	}
	return nil
}

func unread(field string, line int) error {
	return &Problem{Line: line, Field: field, Reason: "it stands where no fields are read; put the fields between two lines ---, at the top"}
}
