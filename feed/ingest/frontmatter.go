package ingest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"feedpub/feed/internal/pattern"
)

// A headParser reads front matter whose first line is the given line of the file. An empty one is nil.
type headParser func(text string, line int) (*node, error)

var (
	// fenceLike begins what was meant as front matter, and after it nothing else is the line a fence: "--- # comment",
	// "---yaml", "%YAML 1.2".
	fenceLike = pattern.New(`^(?i:---|\+\+\+|;;;|%yaml|%tag)`)
	// ticker is a headline as news tickers set it.
	ticker = pattern.New(`^\+\+\+ [^=]+ \+\+\+$`)
	// object begins JSON, or what was meant as such.
	object = pattern.New(`^\{\s*(?:["'}]|\w+\s*:)`)
)

// splitFrontMatter parts an article into its front matter, nil where it has none, and its body. What looks like front
// matter but would be read as text is refused: it may say that the article is a draft.
func splitFrontMatter(text string, markdown bool) (head *node, body string, err error) {
	trimmed := strings.TrimLeftFunc(text, isInvisible)
	line := 1 + strings.Count(text[:len(text)-len(trimmed)], "\n")
	first, rest, _ := strings.Cut(trimmed, "\n")
	switch fence := strings.TrimRightFunc(first, isInvisible); {
	case fence == "---":
		head, body, err = fencedFrontMatter(fence, rest, line, parseYAML)
	case fence == "+++":
		head, body, err = fencedFrontMatter(fence, rest, line, parseTOML)
	case fenceLike.MatchString(visible(fence)) && !ticker.MatchString(fence):
		return nil, "", &Problem{Line: line, Field: "front matter", Reason: quoted(fence) + " is no line --- or +++ alone; " +
			"make it one, or begin the text with another line"}
	case markdown && strings.HasPrefix(first, "{"), object.MatchString(trimmed):
		head, body, err = jsonFrontMatter(trimmed, line)
	default:
		return nil, text, checkHeader(trimmed, line, true)
	}
	if err != nil {
		return nil, "", err
	}
	return head, body, checkHeader(body, 1+strings.Count(text[:len(text)-len(body)], "\n"), false)
}

// isInvisible says that a character before or after a fence cannot be seen: any white space, byte order marks, what has
// no width, and the ellipsis that a line end of EBCDIC (U+0085) has become in cleaning.
func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || r == '…' || r == '\u2800' || r == '\u3164' || unicode.In(r, unicode.Cf, unicode.Mn)
}

// visible is a line without what cannot be seen in it, but for white space.
func visible(line string) string {
	return strings.Map(func(r rune) rune {
		if isInvisible(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, line)
}

// fencedFrontMatter reads front matter up to its closing line; rest begins after the opening one.
func fencedFrontMatter(fence, rest string, line int, parse headParser) (*node, string, error) {
	end, body, ok := cutLine(rest, fence)
	if dots, after, found := cutLine(end, "..."); fence == "---" && found { // YAML's own end
		end, body, ok = dots, rest[len(end)-len(after):], true
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

// cutLine cuts text around the first line that is want.
func cutLine(text, want string) (before, after string, found bool) {
	offset := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, want) && strings.TrimRightFunc(line, isInvisible) == want {
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

// surrogate is an escape of half a pair, perhaps followed by that of the other half; or an escaped backslash, after
// which none begins.
var surrogate = pattern.New(`\\\\|\\(?:u|U0000)([Dd][89A-Fa-f][[:xdigit:]]{2})(?:\\(?:u|U0000)([Dd][C-Fc-f][[:xdigit:]]{2}))?`)

// mendEscapes is front matter with the characters that surrogate escapes stand for. JSON writes such, and people paste
// it; YAML and TOML refuse the whole for one. Half a pair stands for a character that was lost.
func mendEscapes(text string) string {
	return surrogate.ReplaceAllStringFunc(text, func(escape string) string {
		m := surrogate.FindStringSubmatch(escape)
		if m[1] == "" {
			return escape
		}
		first, second := hexRune(m[1]), hexRune(m[2])
		pair := utf16.DecodeRune(first, second)
		if pair == utf8.RuneError && m[2] != "" {
			return string([]rune{pair, pair})
		}
		return string(pair)
	})
}

func hexRune(digits string) rune {
	n, _ := strconv.ParseUint(digits, 16, 32) // none is 0
	return rune(n)
}
