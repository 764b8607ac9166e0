package ingest

import (
	"regexp/syntax"
	"strings"
	"testing"
)

// What is passed over without trying the pattern is not matched by it: each name that the pattern has is tried, and what is
// like one.
func TestMayBePaperwork(t *testing.T) {
	pattern, err := syntax.Parse(paperwork.String(), syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	names := matched(pattern)
	if len(names) < 100 {
		t.Errorf("got %d names, too few to say anything: %q", len(names), names)
	}
	for _, name := range append(names, "README.md", "App-Ads.txt", "LICENCE-mit.TXT", "themes/a.md") {
		for _, key := range []string{name, "posts/" + name, strings.ToUpper(name), name + "a.md", "x" + name} {
			if paperwork.MatchString(key) && !mayBePaperwork(key) {
				t.Errorf("%q: it is passed over, but it is paperwork", key)
			}
		}
		if !paperwork.MatchString(name) {
			t.Errorf("%q: it was made of the pattern, and does not match", name)
		}
	}
	for _, name := range []string{"app-ads.txt", "cmakelists.txt", "llms-full.txt", "requirements-dev.txt", "code_of_conduct.md", "a/_layouts/b.md"} {
		if !paperwork.MatchString(name) || !mayBePaperwork(name) {
			t.Errorf("%q is no paperwork", name)
		}
	}
}

// matched are texts that a pattern matches: of each choice every way, of a repetition one and, where it may be missing, none.
func matched(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(re.Rune))}
	case syntax.OpCharClass:
		var texts []string
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= re.Rune[i+1] && r < 0x80; r++ {
				if len(texts) < 3 && !('A' <= r && r <= 'Z') {
					texts = append(texts, string(r))
				}
			}
		}
		return texts
	case syntax.OpQuest, syntax.OpStar:
		return append([]string{""}, matched(re.Sub[0])...)
	case syntax.OpPlus, syntax.OpCapture:
		return matched(re.Sub[0])
	case syntax.OpAlternate:
		var texts []string
		for _, sub := range re.Sub {
			texts = append(texts, matched(sub)...)
		}
		return texts
	case syntax.OpConcat:
		texts := []string{""}
		for _, sub := range re.Sub {
			var longer []string
			for _, text := range texts {
				for _, end := range matched(sub) {
					longer = append(longer, text+end)
				}
			}
			texts = longer
		}
		return texts
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpEmptyMatch:
		return []string{""}
	}
	panic("the pattern has what this test does not know: " + re.String())
}
