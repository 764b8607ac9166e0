package ingest

import (
	"strings"
	"testing"
)

// What was meant as front matter, and says draft or embargo, must not be published as text: it is read, or refused with
// the line and the remedy.
func TestUnreadHeaders(t *testing.T) {
	const (
		noFence = "is no line --- or +++ alone; make it one, or begin the text with another line"
		loose   = "it stands where no fields are read; put the fields between two lines ---, at the top"
		apart   = "front matter: fields that stand apart from the front matter; put all of them between the first two lines ---, at the top"
	)
	tests := []struct{ name, text, want string }{
		{"two byte order marks", "\ufeff\ufeff---\ndraft: true\n---\nText\n", "draft"},
		{"no-break space before", "\u00a0\n\u200b---\ndraft: true\n---\nText\n", "draft"},
		{"no-break space after", "---\u00a0\ndraft: true\n---\u200b\nText\n", "draft"},
		{"U+0085 before", "\u0085---\ndraft: true\n---\nText\n", "draft"},
		{"U+2028 before", "\u2028---\ndraft: true\n---\nText\n", "draft"},
		{"JSON", "\u200b{\"draft\": true}\nText\n", "draft"},

		{"comment", "--- # comment\ndraft: true\n---\nText\n", `1: front matter: "--- # comment" ` + noFence},
		{"language", "---yaml\ndraft: true\n---\nText\n", `1: front matter: "---yaml" ` + noFence},
		{"language apart", "--- yaml\ndraft: true\n---\nText\n", `1: front matter: "--- yaml" ` + noFence},
		{"four dashes", "\n----\ndraft: true\n----\nText\n", `2: front matter: "----" ` + noFence},
		{"TOML's language", "+++toml\ndraft = true\n+++\nText\n", `1: front matter: "+++toml" ` + noFence},
		{"semicolons", ";;;\n{\"draft\": true}\n;;;\nText\n", `1: front matter: ";;;" ` + noFence},
		{"directive", "%YAML 1.2\n---\ndraft: true\n---\nText\n", `1: front matter: "%YAML 1.2" ` + noFence},
		{"space without width in it", "-\u200b--\ndraft: true\n---\nText\n", "1: front matter: \"-\\u200b--\" " + noFence},
		{"U+2028 as line ends", "---\u2028draft: true\u2028---\u2028Text\n", "1: front matter: \"---\\u2028draft: true\\u2028---\\u2028Text\" " + noFence},
		{"U+0085 as line ends", "---\u0085draft: true\u0085---\u0085Text\n", `1: front matter: "---…draft: true…---…Text" ` + noFence},
		{"U+2029 at its end", "---\ndraft: true\n---\u2029Text\n", `1: front matter: no closing line "---"`},
		{"other closing", "---\ndraft: true\n+++\nText\n", `1: front matter: no closing line "---"`},

		{"front matter in a comment", "<!--\n---\ndraft: true\n---\n-->\nText\n", "3: draft: " + loose},
		{"comment of one line", "<!-- draft: true -->\nText\n", "1: draft: " + loose},
		{"second comment", "<!-- by hand -->\n\n<!-- title: x, Status: Draft -->\nText\n", "3: Status: " + loose},
		{"Nikola's comment", "<!--\n.. title: x\n.. status: private\n-->\nText\n", "3: status: " + loose},
		{"front matter below a comment", "<!-- by hand -->\n---\ntitle: T\n---\nText\n", "2: " + apart},
		{"front matter below a heading", "# T\n\n---\ndraft: true\n---\nText\n", "4: draft: " + loose},
		{"front matter below a stray character", "x\n---\ntitle: T\ndraft: true\n---\nText\n", "4: draft: " + loose},
		{"comment below front matter", "---\ntitle: T\n---\n<!-- draft: true -->\nText\n", "4: draft: " + loose},

		{"fields of Pelican's", "Title: T\nStatus: draft\n\nText\n", "2: Status: " + loose},
		{"draft alone", "Draft: yes\n\nText\n", "1: Draft: " + loose},
		{"misspelt", "Title: T\nTags: a\nDraft: ture\n\nText\n", "3: Draft: " + loose},
		{"field below another of two lines", "Title: T\n  and more\nPublished: no\nText\n", "3: Published: " + loose},
		{"TOML's fields", "title = \"T\"\ndraft = true\n\nText\n", "2: draft: " + loose},
		{"dashes of a word processor", "———\ntitle: T\ndraft: true\n———\n\nText\n", "3: draft: " + loose},
		{"code block", "```yaml\n---\ndraft: true\n---\n```\nText\n", "3: draft: " + loose},
		{"embargo", "Embargo: 3 March 2030\n\nText\n", "1: Embargo: " + loose},
		{"expiry", "Expires: 2020-01-01\n\nText\n", "1: Expires: " + loose},
		{"embargo of a press release", "Town buys bridge\nEMBARGOED UNTIL 00:01 MONDAY 3 MARCH\n\nText\n",
			"2: embargo: it is not read in the text; put it between two lines ---, at the top, as embargo: 2026-03-01T06:00:00Z"},

		{"second document", "---\ntitle: A\n---\ndraft: true\n---\nText\n", "4: " + apart},
		{"second document of other fields", "---\ntitle: A\n---\n\ndate: 2030-01-01\n---\nText\n", "5: " + apart},
		{"second front matter", "---\ntitle: A\n---\n---\nparams:\n  draft: true\n---\nText\n", "4: " + apart},
		{"second of TOML", "---\ntitle: A\n---\n+++\ndraft = true\n+++\nText\n", "4: " + apart},
		{"second of JSON", "{\"title\": \"A\"}\n{\"draft\": true}\nText\n", "2: " + apart},
		{"second without end", "---\ntitle: A\n---\n---\ndraft: true\n\nText\n", "5: draft: " + loose},
	}
	for _, test := range tests {
		for _, key := range []string{"a.md", "a.txt"} {
			t.Run(test.name+"/"+key, func(t *testing.T) {
				a, err := newReader(t).Read("s", key, []byte(test.text))
				got := string(a.Status)
				if err != nil {
					got = strings.TrimPrefix(err.Error(), key+":")
				}
				if got != test.want {
					t.Errorf("got  %s\nwant %s", got, test.want)
				}
			})
		}
	}
}

// JSON that has no end is refused in plain text as in Markdown.
func TestBrokenJSONText(t *testing.T) {
	if _, err := newReader(t).Read("s", "a.txt", []byte("{draft: true}\nText\n")); err == nil || !strings.Contains(err.Error(), "JSON") {
		t.Errorf("got %v, want an error of JSON", err)
	}
}

// What only looks a little like front matter is text.
func TestNoHeaders(t *testing.T) {
	tests := []struct{ name, key, text, want string }{
		{"stars", "a.md", "***\nText here\n", "Text here"},
		{"underscores", "a.md", "___\n\nText here\n", "Text here"},
		{"dashes apart", "a.md", "- - -\n\nText here\n", "Text here"},
		{"lines across below a heading", "a.md", "# T\n\n---\n\nText here: some\n\n---\n", "Text here"},
		{"credits between lines across", "a.txt", "Town buys a bridge\n---\nBy: Jo Doe\nPublished: March 1, 2026\n---\nText here\n", "Text here"},
		{"ticker", "a.txt", "+++ Bridge closed: long way round +++\n\nText here\n", "Text here"},
		{"line across", "a.md", "---\ntitle: T\n---\nText here\n\n---\n\nMore\n", "Text here"},
		{"line across below a colon", "a.md", "---\ntitle: T\n---\nRemember: it rains\n\n---\n\nMore\n", "it rains"},
		{"line across at once", "a.md", "---\ntitle: T\n---\n\n---\n\nText here: some\n\n---\n", "Text here"},
		{"underlined heading", "a.md", "---\ntitle: T\n---\nSome heading\n---\nText here\n", "Text here"},
		{"credits", "a.txt", "Town buys a bridge\nBy: Jo Doe\nDate: March 1, 2026\n\nText here\n", "Text here"},
		{"credits above", "a.txt", "By: Jo Doe\nPublished: March 1, 2026\n\nTown buys a bridge\n\nText here\n", "Text here"},
		{"headline of two words", "a.txt", "Draft: Bears pick first\n\nText here\n", "Text here"},
		{"headline", "a.md", "# Hidden: Treasures\n\nText here\n", "Text here"},
		{"status of something", "a.md", "Status: open\n\nText here\n", "open"},
		{"headline about an embargo", "a.txt", "Embargo: what is known\n\nText here\n", "Text here"},
		{"embargo on something", "a.txt", "Embargo on oil: 5 questions\n\nText here\n", "Text here"},
		{"draft in the text", "a.md", "# A\n\nWrite this:\n\ndraft: true\n", "draft: true"},
		{"code in an article", "a.md", "---\ntitle: T\n---\n```yaml\ndraft: true\n```\n", "draft: true"},
		{"comment", "a.md", "<!-- written: by hand -->\n\nText here\n", "Text here"},
		{"teaser", "a.md", "---\ntitle: T\n---\nText here\n<!--more-->\nMore\n", "Text here"},
		{"brace", "a.txt", "{ A headline in braces }\n\nText here\n", "Text here"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", test.key, []byte(test.text))
			if err != nil || a.Status != "published" || !strings.Contains(a.Content, test.want) {
				t.Errorf("got %s, %q, %v, want it published with %q", a.Status, a.Content, err, test.want)
			}
		})
	}
}

// A line that is passed over without the pattern does not match it.
func FuzzLooseField(f *testing.F) {
	for _, line := range []string{
		"draft: true", ".. status: draft", `"draft": true,`, "**Draft:** yes", "draft = true", "  publish _date__ \t: x", "d:", ":", "= x", "", "1: x", "é: x", "¼a: x", "\u00a0a\u00a0: x", "a\v: x", "a\f: x",
		"The council (which met on Monday): what it said", "A headline: with more", "See https://e.example/?a=b", strings.Repeat("a", 41) + "_ : x", strings.Repeat("a", 42) + ": x", strings.Repeat("é", 41) + ": x", strings.Repeat("a ", 40) + ": x",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if looseField.MatchString(line) && !mayBeField(line) {
			t.Errorf("%q: it is passed over, but it is a field", line)
		}
	})
}
