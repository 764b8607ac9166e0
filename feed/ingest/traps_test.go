package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Each of these kept goldmark busy for seconds to minutes before it was refused, or bounded.
func TestTraps(t *testing.T) {
	repeat := func(s string) string { return strings.Repeat(s, 200<<10/len(s)) }
	var distinct, nested strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&distinct, "[^%d]\n\n[^%d]: x\n\n", i, i)
	}
	for i := range 400 {
		nested.WriteString(strings.Repeat(" ", i*2) + "- a\n")
	}
	tests := []struct {
		name, body string
		refused    bool
	}{
		{"emphasis", repeat("*a _b "), true},
		{"brackets", repeat("["), true},
		{"link targets", repeat("[a]("), true},
		{"quotes", repeat("> "), true},
		{"lists on a line", repeat("- "), true},
		{"lists on many lines", strings.Repeat(strings.Repeat("- ", 90)+"a\n", 200), true},
		{"blank lines in lists", strings.Repeat("- ", 45) + "a\n" + strings.Repeat("\n", 50_000), true},
		{"blank lines below lists", strings.Repeat("- ", 45) + "a\n\nb\n" + strings.Repeat("\n", 50_000), false},
		{"letters quoted in letters", strings.Repeat(">>>>> Some words.\n", 40_000), false},
		{"attributes of an underlined heading", "a {" + repeat(" .b") + "}\n===\n", true},
		{"a long line of code", "```\n{" + repeat(" .b") + "}\n```\n", false},
		{"links without an end", strings.Repeat("[a](", 1000) + repeat("text"), true},
		{"links in a long paragraph", strings.Repeat("[a](b) and words ", 1600), false},
		{"addresses", repeat("www.a.b "), true},
		{"lines across the page", strings.Repeat("a\n\n* * *\n\n", 1000), false},
		{"attributes of a heading", "# a {" + repeat(" .b") + "}\n", true},
		{"a picture of megabytes", `<img src="` + strings.Repeat("QUJD", 1_000_000) + `">`, true},
		{"lists below each other", nested.String(), true},
		{"footnotes", distinct.String(), true},
		{"footnote references", repeat("[^1]\n\n") + "[^1]: x\n", true},
		{"columns", strings.Repeat("|a", 5000) + "\n" + strings.Repeat("|-", 5000) + "\n", true},
		{"cells", strings.Repeat("|a", 150) + "\n" + strings.Repeat("|-", 150) + "\n" + repeat("|\n"), true},
		{"HTML", repeat("<div>"), false},
		{"attributes", "<x " + strings.Repeat("a ", 600_000), true},
		{"a long tag", "<x " + strings.Repeat("a", 1_200_000), true},
		{"lines of attributes", strings.Repeat("- <x "+strings.Repeat("a ", 1000)+"\n\n", 600), true},
		{"a picture", `<img src="data:image/png;base64,` + strings.Repeat("QUJD", 500_000) + `" alt='a>b'>`, false},
		{"private notes", repeat("a%%b%%"), false},
		{"embedded files", repeat("![[a.png]]"), false},
		{"headings of one name", repeat("# a\n"), true},
		{"some headings of one name", strings.Repeat("# a\n", 10_000), false},
		{"templates", repeat("{{"), false},
		{"links to templates", repeat("[a]({{ x }})\n\n"), false},
		{"long text", strings.Repeat("Some words and more of them.\n", 100_000), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			_, err := newReader(t).Read("s", "a.md", []byte("---\ntitle: T\n---\n"+test.body))
			if (err != nil) != test.refused {
				t.Errorf("got error %v, want one: %t", err, test.refused)
			}
			if took := time.Since(start); took > time.Minute { // a hang
				t.Errorf("took %s", took)
			}
		})
	}
}
