package clean

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestSummary(t *testing.T) {
	long := strings.Repeat("word ", 100)
	family := "👨‍👩‍👧‍👦"
	tests := []struct{ name, in, want string }{
		{"all of a short text", "<p>One. Two.</p><p>Three</p>", "One. Two. Three"},
		{"as many sentences as fit", "<p>" + strings.Repeat("A sentence that is of a certain length, no more. ", 10) + "</p>",
			strings.TrimSpace(strings.Repeat("A sentence that is of a certain length, no more. ", 6))},
		{"a long sentence is cut at a word", "<p>" + long + "</p>", strings.TrimSpace(strings.Repeat("word ", 60)) + "…"},
		{"no comma before the mark", "<p>" + strings.Repeat("abc, ", 100) + "</p>", strings.TrimSuffix(strings.Repeat("abc, ", 60), ", ") + "…"},
		{"a short sentence is not enough", "<p>Hello! " + long + "</p>", "Hello! " + strings.TrimSpace(strings.Repeat("word ", 58)) + "…"},
		{"not the footnotes", "<p>Text.</p><div><hr/><ol><li>Note.</li></ol></div>", "Text."},
		{"not an address alone", "<p>https://e.example/film</p><p>Text: https://e.example/</p>", "Text: https://e.example/"},
		{"to the second heading", "<h2>Head</h2><p>Intro.</p><h2>More</h2><p>Other.</p>", "Intro."},
		{"lists", "<p>We need:</p><ul><li>salt</li><li>fish</li></ul>", "We need: salt fish"},
		{"no captions, code, tables", "<figure><img><figcaption>C</figcaption></figure><pre>x</pre><table><tr><td>t</td></tr></table><p>Text.</p>", "Text."},
		{"no marks of footnotes", `<p>Text.<sup id="r1"><a href="https://e.example/#f1">1</a></sup> More x<sup>2</sup>.</p>`, "Text. More x2."},
		{"ruby", "<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字。</p>", "漢字。"},
		{"line breaks", "<p>One<br>two.</p>", "One two."},
		{"entities", "<p>Fish &amp; chips &lt;cheap&gt; &amp;amp;.</p>", "Fish & chips <cheap> &amp;."},
		{"entity at the cut", "<p>" + strings.Repeat("x", 299) + "&amp;&amp;&amp;</p>", strings.Repeat("x", 299) + "&…"},
		{"only headings and code", "<h2>Head</h2><pre>code</pre>", "Head code"},
		{"only pictures", `<p><img src="https://e.example/a"><img src="https://e.example/b" alt=" A  fish "></p>`, "A fish"},
		{"nothing to say", `<p><img src="https://e.example/a"></p>`, ""},
		{"empty", "", ""},
		{"one endless word", "<p>" + strings.Repeat("x", 400) + "</p>", strings.Repeat("x", 300) + "…"},
		{"an endless word after another", "<p>See " + strings.Repeat("x", 400) + "</p>", "See " + strings.Repeat("x", 296) + "…"},
		{"Chinese", "<p>" + strings.Repeat("今天天气很好，我们去海边。", 40) + "</p>", strings.Repeat("今天天气很好，我们去海边。", 23)},
		{"Chinese without an end", "<p>" + strings.Repeat("海", 400) + "</p>", strings.Repeat("海", 300) + "…"},
		{"Arabic", "<p>" + strings.Repeat("كيف حالك اليوم؟ ", 40) + "</p>", strings.TrimSpace(strings.Repeat("كيف حالك اليوم؟ ", 18))},
		{"emoji are whole", "<p>" + strings.Repeat("x", 297) + family + family + "</p>", strings.Repeat("x", 297) + "…"},
		{"accents are whole", "<p>" + strings.Repeat("x", 299) + "e\u0301e</p>", strings.Repeat("x", 299) + "…"},
		{"marks without end", "<p>" + strings.Repeat("!", 1_000_000) + "</p>", strings.Repeat("!", 300) + "…"},
		{"accents without end", "<p>" + "e" + strings.Repeat("\u0301", 500) + "</p>", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Summary(test.in); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestCutSentence(t *testing.T) {
	for _, test := range []string{ // "|" stands where the sentence ends
		"One. |Two.", "One! |Two.", "One? |Two.", "One… |Two.", "One... |Two.", "Really?! |Yes.", "“Stop.” |Go.", "(One.) |Two.", "Only one.|",
		"No end|", "Wait… what. |Two.", "“Stop!” he said. |Two.", "He met Dr. Who. |Two.", "Prof. Dr. Li came. |Two.", "By J. R. Hart. |Two.",
		"For e.g. Apple it is. |Two.", "It costs 3.5 now. |Two.", "The U.S. Army left. |Two.", "A Ph.D. There. |Two.", "See No. 5 below. |Two.",
		"She said no. |Then yes.", "Am 3. Mai war es. |Zwei.", "On Dec. 24 it is. |Two.", "In 2026. |Two.", "See example.org. |Two.", "Go to e.com/a.b now. |Two.",
		"一。|二。", "「一！」|二。", "一？！|二", "نعم؟ |لا.", "हाँ। |नहीं।", "At 5 p.m. Monday it is. |Two.", "¿Qué? |Nada.", "Ver pág. 3 hoy. |Dos.",
	} {
		want, _, _ := strings.Cut(test, "|")
		if got, _ := cutSentence(strings.Replace(test, "|", "", 1)); got != want {
			t.Errorf("%q: got %q", test, got)
		}
	}
}

// What is cut is a beginning of the text, cut between characters, and not too long.
func FuzzSummary(f *testing.F) {
	f.Add("<p>One. Two</p>")
	f.Add(strings.Repeat("👨‍👩‍👧‍👦", 70))
	f.Add(strings.Repeat("e\u0301 ", 200))
	f.Fuzz(func(t *testing.T, text string) {
		text = foldLine(text)
		got := firstSentences([]string{text})
		if n := utf8.RuneCountInString(got); n > summaryLength+1 || !utf8.ValidString(got) {
			t.Fatalf("%q: got %d characters: %q", text, n, got)
		}
		kept, isCut := strings.CutSuffix(got, "…")
		if got == text || !isCut {
			kept = got
		}
		if !strings.HasPrefix(text, kept) {
			t.Fatalf("%q: got %q, which is no beginning of it", text, got)
		}
		for at, g := len(kept), uniseg.NewGraphemes(text); g.Next(); {
			if from, to := g.Positions(); from < at && at < to {
				t.Fatalf("%q: got %q, cut within %q", text, got, text[from:to])
			}
		}
	})
}
