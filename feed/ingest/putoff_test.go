package ingest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// checkPutOff holds an article whose content is made later against the same article read at once.
func checkPutOff(t *testing.T, key string, raw []byte) (putOff bool) {
	t.Helper()
	r := newReader(t)
	want, wantErr := r.Read("blog", key, raw)
	got, err := r.puttingOff().Read("blog", key, raw)
	putOff = got.Unmade != ""
	if putOff && wantErr != nil {
		t.Fatalf("put off, but read at once it is refused: %v", wantErr)
	}
	if err := r.Make(&got.Entry); err != nil {
		t.Fatalf("put off, but its content cannot be made: %v", err)
	}
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
		t.Fatalf("made later: %+v, %v\nread at once: %+v, %v", got, err, want, wantErr)
	}
	return putOff
}

// What is put off is what it would be at once, for all good and hostile articles at hand.
func TestPutOff(t *testing.T) {
	n := 0
	for _, dir := range []string{"jekyll", "hostile/md"} {
		folder := sharedFolder(t, dir)
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, ".markdown") {
				return err
			}
			raw, err := os.ReadFile(name)
			if err == nil && checkPutOff(t, filepath.Base(name), raw) {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 50 {
		t.Errorf("%d articles were put off: too few to say anything", n)
	}
}

// textPieces are what authors write, in all of Markdown that is read; an article is made of some of them.
var textPieces = []string{
	"A paragraph with *emphasis*, **strong words**, ***both***, ~~struck~~, `code` and a  \nhard break.",
	"Heading\n=======\n\nSub\n---\n\nText.",
	"## A heading {#named .class}\n\n## A heading\n\n### Another ###\n\n####### Not one",
	"A [link](https://elsewhere.example/a?b=1&c=2 \"Title\"), a [relative one](../b/c.html#d), [one](</with space>), <https://auto.example/>, www.plain.example and jo@example.org.",
	"![A picture](images/a.png \"Title\") and ![](/b.jpg), [![linked](c.png)](d.html)",
	"> A quote\n> of two lines\n>\n> > in a quote\n\nAfter it.",
	"- one\n- two\n  - inner\n\n    with a paragraph\n- three\n\n1. first\n2. second\n\n7) seventh",
	"- [ ] to do\n- [x] done",
	"Term\n: what it means\n: what else\n\nOther\n: more",
	"```go\nfunc main() { fmt.Println(\"<b>\", 1 < 2 && 3 > 2) }\n```",
	"~~~ {.python}\nprint('a')  # ``` within\n~~~",
	"    indented code\n    \tand a tab\n\nText.",
	"| Name | Count | Note |\n|:-----|------:|:----:|\n| `a`  | 1     | *x*  |\n| b \\| c | 2 | |",
	"Text with a note[^1] and another[^long].\n\n[^1]: The *note*.\n\n[^long]: Longer.\n\n    In two paragraphs.",
	"The lead of it, with *marks*.\n\n<!--more-->\n\nThe rest.",
	"<div class=\"box\" onclick=\"x()\">\n\n*Markdown* within <span style=\"color: red\">HTML</span>\n\n</div>",
	"<p>A paragraph<br>of <abbr title=\"HyperText\">HTML</abbr> &amp; more</p>\n\n<script>alert(1)</script>\n\n<style>p { color: red }</style>",
	"<figure><img src=\"e.png\" alt=\"x\"><figcaption>What it is</figcaption></figure>\n\n<video src=\"f.mp4\" controls></video>",
	"<iframe src=\"https://player.example/1\"></iframe>\n\n<details><summary>More</summary>\n\nHidden *text*.\n\n</details>",
	"An unclosed <b>tag and a stray </i>, a < b, a <3, <notatag>, &copy; &nbsp; &#x41; &bogus; &amp;lt;",
	"A line with a trailing backslash\\\nand \\*escapes\\* \\`of\\` \\[all\\] \\<kinds\\>",
	"***\n\n- - -\n\n___\n\nText",
	"Grüße, naïve café — “quotes”, 日本語の文章。 العربية עברית 👩‍👩‍👧 \u00a0 \u200b\u00ad end",
	"Lines\r\nwith CR\r\n\r\nand more\r\n",
	"*unclosed **emphasis `code [link](",
	"*a **b* c** __d _e__ f_ ~g~ ~~h~~ ***i*",
	"<!-- a comment -->\n\nText <!-- inline --> more",
	"javascript: [a](javascript:alert(1)) [b](data:text/html,x) ![c](file:///etc/passwd) [d](vbscript:x)",
	"1986\\. A great year\n\n1986. A list\n\n+ plus\n* star",
	"Price: 5 € | $10, 100% {braces} { spaced } a_b_c snake_case_word 2*3*4",
	"{: .attribute}\nText\n{: #id}",
	"Text with \x00 a zero \x07 and a bell",
	strings.Repeat("A long paragraph that goes on and on, with *marks* and `code`. ", 40),
	strings.Repeat("> ", 20) + "deep",
	strings.Repeat("- item\n", 60),
}

var textHeads = []string{
	"---\ntitle: A title\ndate: 2026-03-01\n---\n",
	"---\ntitle: \"Another: title\"\ndate: 2026-03-01T10:00:00+01:00\nsummary: Its summary\ntags: [a, b]\nauthor: Jo\n---\n\n",
	"+++\ntitle = 'TOML'\ndate = 2026-03-01T10:00:00Z\nslug = 'x'\n+++\n",
	"{\n  \"title\": \"JSON\",\n  \"date\": \"2026-03-01\"\n}\n\n",
	"---\ntitle: Draft\ndraft: true\n---\n",
}

// The same for articles of our own: each piece of Markdown alone, and after each other one.
func TestPutOffPieces(t *testing.T) {
	n, all := 0, 0
	for i, piece := range textPieces {
		bodies := []string{piece}
		for j, other := range textPieces {
			if j != i {
				bodies = append(bodies, other+"\n\n"+piece+"\n")
			}
		}
		for j, body := range bodies {
			all++
			if checkPutOff(t, "a.md", []byte(textHeads[(i+j)%len(textHeads)]+body)) {
				n++
			}
		}
	}
	if n < all/3 || n == all {
		t.Errorf("%d articles of %d were put off: too few, or too many, to say anything", n, all)
	}
	t.Logf("%d articles of %d were put off", n, all)
}

// What may be refused or warned of, or changes other fields than the content, is not put off.
func TestNotPutOff(t *testing.T) {
	const head = "---\ntitle: T\ndate: 2026-03-01\n---\n"
	for name, c := range map[string]struct {
		text   string
		putOff bool
	}{
		"plain":                {head + "Some *text*.\n", true},
		"a teaser":             {head + "Lead.\n\n<!--more-->\n\nRest.\n", true},
		"code with braces":     {head + "```go\nif a { b() }\n```\n", true},
		"no title":             {"---\ndate: 2026-03-01\n---\n# Title\n\nText.\n", false},
		"a template":           {head + "{% include x %}\n", false},
		"a shortcode":          {head + "{{< x >}}\n", false},
		"a wiki link":          {head + "[[Page]]\n", false},
		"a definition":         {head + "[a][b]\n\n[b]: https://example.org/\n", false},
		"another page":         {"---\ntitle: T\ncanonical_url: https://elsewhere.example/\n---\n[a](b)\n", false},
		"long":                 {head + strings.Repeat("Text. ", 2000), false},
		"many marks":           {head + strings.Repeat("*", 6000), false},
		"a wide table":         {head + strings.Repeat("|", 300), false},
		"a tag":                {head + "<b>bold</b>\n", false},
		"a tag left open":      {head + strings.Repeat("<b title=x>", 70) + "x" + strings.Repeat("\n\na", 2300), false},
		"less than":            {head + "1 < 2 and <3\n", true},
		"quotes in quotes":     {head + strings.Repeat("> ", 150) + "x\n", false},
		"plain text":           {"", false},
		"a draft without date": {"---\ntitle: T\ndraft: true\n---\nText.\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := checkPutOff(t, "a.md", []byte(c.text)); got != c.putOff {
				t.Errorf("put off: %v, want %v", got, c.putOff)
			}
		})
	}
}

func FuzzPutOff(f *testing.F) {
	for _, seed := range []string{goodBody, "text", "a\n---\n", "[^1] [^1]: x", "| a |\n|--|\n", strings.Repeat("> ", 90), "<div>\n\n*a*\n</div>", "&#0; \x00 \r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		checkPutOff(t, "a.md", []byte("---\ntitle: T\ndate: 2026-03-01\n---\n"+body))
	})
}
