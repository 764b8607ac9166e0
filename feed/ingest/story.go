package ingest

import (
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"feedpub/feed"
	"feedpub/feed/internal/pattern"
)

// A story is what plain text says, as newsrooms send it: perhaps a lead, a headline, perhaps again, a deck, who
// wrote it and when, and paragraphs, some of them twice.
type story struct {
	title      string // empty where no line reads like a headline
	summary    string
	authors    []feed.Author
	date       time.Time
	doubt      error // why a line that must be meant as the date is none
	paragraphs []string
}

const (
	maxHeadline = 200 // characters
	maxDeck     = 200
	wrapped     = 120 // characters; a longer line is a paragraph, a shorter one may be part of one
	repeatable  = 40  // characters; shorter paragraphs may stand twice ("Yes.", "Background")
)

// readStory reads plain text. A title that is known already is the headline.
func readStory(text, title string, zone *time.Location) story {
	lines := textLines(text)
	s := story{title: title}
	at := -1
	if title == "" {
		if at = findHeadline(lines, zone); at >= 0 {
			s.title = lines[at]
		}
	}
	var above []string
	if at >= 0 {
		above = parted(s.takeCredits(lines[:at], zone))
		above = s.takeLead(above)
	}
	rest := s.withoutHeadline(lines[at+1:])
	rest = s.takeFooter(s.takeHeader(rest, at >= 0, zone), zone)
	s.paragraphs = s.once(append(above, parted(rest)...))
	return s
}

var endMark = pattern.New(`^(?:-\s?30\s?-|#\s?#\s?#|-?\s?ENDS?\s?-?|\(ENDS?\)|\(end\))$`)

const maxEndMark = 10 // bytes: "- ENDS -"

// textLines are the lines with white space folded, without the marks that say where a story ends.
func textLines(text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = oneLine(line); len(line) > maxEndMark || !endMark.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// findHeadline is the index of the headline, or -1: a line near the top that stands again below, else the first line
// that reads like one. What stands above it is at most a lead and a kicker.
func findHeadline(lines []string, zone *time.Location) int {
	first, seen := -1, 0
	for i, line := range lines {
		if line == "" {
			continue
		}
		if seen++; seen > 5 {
			break
		}
		if !isHeadline(lines, i) || isCredit(line, zone) {
			continue
		}
		if utf8.RuneCountInString(line) >= 8 && standsBelow(lines[i+1:], line) {
			return i
		}
		if first < 0 && len(parted(lines[:i])) <= 2 {
			first = i
		}
	}
	return first
}

func standsBelow(lines []string, line string) bool {
	for _, l := range lines {
		if strings.EqualFold(l, line) {
			return true
		}
	}
	return false
}

var abbreviation = pattern.New(`(?:\p{Lu}\.){2,}$`)

// isHeadline says whether a line reads like a headline: short, and no sentence nor the beginning of one that is
// wrapped. A question or a cry is one when it stands alone at the top.
func isHeadline(lines []string, i int) bool {
	line := lines[i]
	if utf8.RuneCountInString(line) > maxHeadline {
		return false
	}
	next := ""
	if i+1 < len(lines) {
		next = lines[i+1]
	}
	if r, _ := utf8.DecodeRuneInString(next); unicode.IsLower(r) && byline(next) == nil {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, `"'”’»)]`))
	switch last {
	case '?', '!', '？', '！':
		return next == "" && strings.Join(lines[:i], "") == ""
	case '.', '…', '。', ':', ';', ',':
		return abbreviation.MatchString(line)
	}
	return true
}

// isSentence says that a paragraph is more than a label.
func isSentence(p string) bool {
	return utf8.RuneCountInString(p) >= repeatable || strings.HasSuffix(p, ".")
}

// takeLead takes the paragraph above the headline as the summary.
func (s *story) takeLead(above []string) []string {
	for i, p := range above {
		if isSentence(p) {
			s.summary = p
			return append(above[:i:i], above[i+1:]...)
		}
	}
	return above
}

func (s *story) withoutHeadline(lines []string) []string {
	if s.title == "" {
		return lines
	}
	title := oneLine(s.title)
	var kept []string
	for _, line := range lines {
		if !strings.EqualFold(line, title) {
			kept = append(kept, line)
		}
	}
	return kept
}

// takeHeader takes what stands between headline and body: deck, authors and date. A deck is right under the
// headline and sets itself off from the text, or it stands between the headline and who wrote it.
func (s *story) takeHeader(lines []string, headed bool, zone *time.Location) []string {
	under := headed // right under the headline
	for i, line := range lines {
		switch {
		case line == "":
			under = false
		case s.takeCredit(line, zone):
		case headed && s.summary == "" && (under && isDeck(lines, i, zone) || leadsToCredit(lines[i:], zone)):
			s.summary, under = line, false
		default:
			return lines[i:]
		}
	}
	return nil
}

// takeFooter takes authors and date from the last lines of a text.
func (s *story) takeFooter(lines []string, zone *time.Location) []string {
	for i := len(lines) - 1; i > 0; i-- {
		if lines[i] != "" && !s.takeCredit(lines[i], zone) {
			return lines[:i+1]
		}
	}
	return lines
}

// leadsToCredit says that a short line is followed by who wrote the story, or when, and then by the story.
func leadsToCredit(lines []string, zone *time.Location) bool {
	if utf8.RuneCountInString(lines[0]) > maxDeck {
		return false
	}
	credited := false
	for _, next := range lines[1:] {
		switch {
		case next == "":
		case isCredit(next, zone):
			credited = true
		default:
			return credited
		}
	}
	return false
}

func isDeck(lines []string, i int, zone *time.Location) bool {
	if utf8.RuneCountInString(lines[i]) > maxDeck || strings.Join(lines[i+1:], "") == "" {
		return false
	}
	if next := lines[i+1]; next == "" || isCredit(next, zone) {
		return true
	}
	return !strings.Contains(strings.Join(lines, "\n"), "\n\n") && isHeadline(lines, i)
}

// takeCredits takes authors and date out of lines.
func (s *story) takeCredits(lines []string, zone *time.Location) []string {
	var kept []string
	for _, line := range lines {
		if line == "" || !s.takeCredit(line, zone) {
			kept = append(kept, line)
		}
	}
	return kept
}

func (s *story) takeCredit(line string, zone *time.Location) bool {
	if names := byline(line); names != nil && s.authors == nil {
		s.authors = names
		return true
	}
	if t := dateLine(line, zone); !t.IsZero() && s.date.IsZero() {
		s.date = t
		return true
	} else if err := doubtfulDate(line, zone); err != nil && s.doubt == nil {
		s.doubt = err
		return true
	}
	return false
}

func isCredit(line string, zone *time.Location) bool {
	return byline(line) != nil || !dateLine(line, zone).IsZero() || doubtfulDate(line, zone) != nil
}

// numericDate is a line that can be meant as nothing but a date.
var numericDate = pattern.New(`^(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})$`)

// doubtfulDate is why a line of a date only cannot be read as one; nil where it can, or is none.
func doubtfulDate(line string, zone *time.Location) error {
	line = datePrefix.ReplaceAllString(line, "")
	if !numericDate.MatchString(line) {
		return nil
	}
	_, err := parseDate(line, zone)
	return err
}

var (
	byNames   = pattern.New(`^(?i:by):?\s+(\S.{0,150})$`)
	nameParts = pattern.New(`(?i)\s+and\s+|\s*&\s*`)
	smallWord = pattern.New(`^(?:and|von|van|de|der|den|del|di|da|dos|la|le|al|bin|ibn|y|&)$`)
)

// byline are the authors of a line "By NAME", nil where it is none: every word of a name is a capital one.
func byline(line string) []feed.Author {
	m := byNames.FindStringSubmatch(line)
	if m == nil || strings.HasSuffix(line, ".") && !strings.HasSuffix(line, "r.") {
		return nil
	}
	if a := splitAuthor(m[1]); a.Email != "" {
		return []feed.Author{a}
	}
	for word := range strings.FieldsSeq(m[1]) {
		if r, _ := utf8.DecodeRuneInString(word); (unicode.IsLower(r) || unicode.IsDigit(r)) && !smallWord.MatchString(word) {
			return nil
		}
	}
	parts := nameParts.Split(m[1], -1)
	if len(parts) > 1 { // "A, B and C"
		parts = append(strings.Split(parts[0], ","), parts[1:]...)
	}
	var authors []feed.Author
	for _, part := range parts {
		name, _, _ := strings.Cut(part, ",") // "NAME, Agency"
		if name = strings.TrimSpace(name); name != "" {
			authors = append(authors, feed.Author{Name: name})
		}
	}
	return authors
}

var datePrefix = pattern.New(`^(?i:published|posted|date)(?i: on)?:?\s+`)

// dateLine is the date that a line consists of, zero where it does not. A number is none: it may count anything.
func dateLine(line string, zone *time.Location) time.Time {
	line = datePrefix.ReplaceAllString(line, "")
	if utf8.RuneCountInString(line) > 60 || unixDate.MatchString(line) {
		return time.Time{}
	}
	t, err := parseDate(line, zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

var bullet = pattern.New(`^(?:[-*•–]|\d{1,3}[.)])\s`)

// parted are the paragraphs of lines. A blank line parts them; where there is none each line is one, and so are
// lines too long to be part of one.
func parted(lines []string) []string {
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	if text == "" {
		return nil
	}
	single := !strings.Contains(text, "\n\n")
	var paragraphs []string
	for block := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(strings.Trim(block, "\n"), "\n")
		each := single
		for _, line := range lines {
			each = each || utf8.RuneCountInString(line) > wrapped
		}
		from := 0 // where the paragraph begins
		for i, line := range lines {
			if i > 0 && (bullet.MatchString(line) || each && !goesOn(lines[i-1], line)) {
				paragraphs = append(paragraphs, strings.Join(lines[from:i], " "))
				from = i
			}
		}
		if last := strings.Join(lines[from:], " "); last != "" {
			paragraphs = append(paragraphs, last)
		}
	}
	return paragraphs
}

// goesOn says that a line is the rest of a wrapped sentence.
func goesOn(line, next string) bool {
	last, _ := utf8.DecodeLastRuneInString(line)
	r, _ := utf8.DecodeRuneInString(next)
	return unicode.IsLower(r) && !unicode.IsPunct(last) && utf8.RuneCountInString(line) <= wrapped
}

// once are the paragraphs without the long ones that stood before.
func (s *story) once(paragraphs []string) []string {
	seen := map[string]bool{s.summary: true}
	var kept []string
	for _, p := range paragraphs {
		if utf8.RuneCountInString(p) >= repeatable {
			if seen[p] {
				continue
			}
			seen[p] = true
		}
		kept = append(kept, p)
	}
	return kept
}

// html is the story's paragraphs; markup in plain text is text.
func (s *story) html() string {
	var b strings.Builder
	for _, p := range s.paragraphs {
		b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
	}
	return b.String()
}
