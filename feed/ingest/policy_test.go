package ingest

import (
	"fmt"
	"strings"
	"testing"
)

// The tests of the policy are named after its rules (E1 to B1), and read files as feedpub reads them. Those of rule H1
// stand with the pages, J1 and J2 with what reads JSON.

// A ruling is what a file comes to by a rule.
type ruling struct {
	name, file, raw string
	want            says
}

// says are the articles of a file, as wantTold compares them.
type says = [][]string

func testRulings(t *testing.T, rulings []ruling) {
	t.Helper()
	for _, r := range rulings {
		t.Run(r.name, func(t *testing.T) { wantTold(t, told(t, r.file, r.raw), r.want...) })
	}
}

// A script is a kind of file, and how front matter is written in it.
type script struct {
	name, file        string
	open, close       string
	member, separator string // a key and a quoted value
}

var scripts = []script{
	{"YAML", "a.md", "---\n", "\n---\n# Head\n\nText.\n", "%s: %s", "\n"},
	{"TOML", "a.md", "+++\n", "\n+++\n# Head\n\nText.\n", "%s = %s", "\n"},
	{"JSON", "a.md", "{\n", "\n}\n# Head\n\nText.\n", "%q: %s", ",\n"},
	{"text", "a.txt", "---\n", "\n---\nHead\n\nText.\n", "%s: %s", "\n"},
	{"HTML", "a.html", "---\n", "\n---\n<h1>Head</h1><p>Text.</p>\n", "%s: %s", "\n"},
	{"a file of JSON", "a.json", "{\n", ",\n\"content\": \"<h1>Head</h1><p>Text.</p>\"}\n", "%q: %s", ",\n"},
}

// article is an article with front matter of keys and values, given in turn. A value is written as it is.
func (s script) article(pairs ...string) string {
	var members []string
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, fmt.Sprintf(s.member, pairs[i], pairs[i+1]))
	}
	return s.open + strings.Join(members, s.separator) + s.close
}

// inAll are rulings on the same fields in every script.
func inAll(name string, want []string, pairs ...string) (rulings []ruling) {
	for _, s := range scripts {
		var lines []string
		for _, line := range want {
			lines = append(lines, strings.ReplaceAll(line, "FILE", s.file))
		}
		rulings = append(rulings, ruling{name + " in " + s.name, s.file, s.article(pairs...), says{lines}})
	}
	return rulings
}

// A feedForm is a format of feeds, and how an item is written in it.
type feedForm struct {
	name string
	item func(title, date, text string) string
}

var feedForms = []feedForm{
	{"RSS", func(title, date, text string) string {
		return rssFeed("<item><guid>g</guid><title>" + title + "</title><pubDate>" + date + "</pubDate><description><![CDATA[" + text + "]]></description></item>")
	}},
	{"Atom", func(title, date, text string) string {
		return atomFeed("<entry><id>urn:g</id><title>" + title + "</title><published>" + date + "</published><content type=\"html\"><![CDATA[" + text + "]]></content></entry>")
	}},
	{"JSON Feed", func(title, date, text string) string {
		return jsonFeedOf(fmt.Sprintf(`{"id": "g", "title": %q, "date_published": %q, "content_html": %q}`, title, date, text))
	}},
}

func inFeeds(name, title, date, text string, want ...string) (rulings []ruling) {
	for _, f := range feedForms {
		rulings = append(rulings, ruling{name + " in " + f.name, "f.xml", f.item(title, date, text), says{want}})
	}
	return rulings
}

const plainItem = `<item><title>A</title><guid>a</guid></item>`

func TestPolicyInput(t *testing.T) {
	rulings := []ruling{
		{"E1 UTF-8 in Markdown", "a.md", "# Größe 日本\n", says{{"title=Größe 日本"}}},
		{"E1 a byte order mark is dropped", "a.md", "\ufeff---\ntitle: T\n---\nx", says{{"title=T"}}},
		{"E1 a byte order mark is dropped from text", "a.txt", "\ufeffHead\n\nText.", says{{"title=Head"}}},
		{"E1 a byte order mark is dropped from HTML", "a.html", "\ufeff<h1>T</h1>", says{{"title=T"}}},
		{"E1 a byte order mark is dropped from RSS", "f.xml", "\ufeff" + rssFeed(plainItem), says{{"title=A"}}},
		{"E1 a byte order mark is dropped from JSON Feed", "f.xml", "\ufeff" + jsonFeedOf(`{"id": "a", "title": "A"}`), says{{"title=A"}}},
		{"E1 other bytes in Markdown", "a.md", "# Caf\xe9\n", says{{"a.md: not UTF-8: byte 0xE9 at offset 5"}}},
		{"E1 other bytes in text", "a.txt", "Caf\xe9\n", says{{"a.txt: not UTF-8: byte 0xE9 at offset 3"}}},
		{"E1 an overlong form", "a.md", "# \xc0\xaf\n", says{{"a.md: not UTF-8: byte 0xC0 at offset 2"}}},
		{"E1 a surrogate", "a.md", "# \xed\xa0\x80\n", says{{"a.md: not UTF-8: byte 0xED at offset 2"}}},
		{"E1 a sequence cut short", "a.md", "# T\xf0\x9f", says{{"a.md: not UTF-8: byte 0xF0 at offset 3"}}},
		{"E1 UTF-16 in Markdown", "a.md", "\xff\xfea\x00", says{{"a.md: not UTF-8: byte 0xFF at offset 0; it is UTF-16, save it as UTF-8"}}},
		{"E1 UTF-16 in text", "a.txt", "\xfe\xff\x00a", says{{"a.txt: not UTF-8: byte 0xFE at offset 0; it is UTF-16, save it as UTF-8"}}},
		{"E1 other bytes in JSON Feed", "f.xml", "{\"a\": \"\xe9\"}", says{{"f.xml: not UTF-8: byte 0xE9 at offset 7"}}},
		{"E1 XML in the encoding that it declares", "f.xml", "<?xml version='1.0' encoding='windows-1252'?><rss><channel><item><title>\x93A\x94</title><guid>a</guid></item></channel></rss>",
			says{{"title=“A”"}}},
		{"E1 HTML in the encoding of its byte order mark", "a.html", "\xff\xfe<\x00h\x001\x00>\x00\xe9\x00", says{{"title=é"}}},
		{"E1 HTML that is cut within a character", "a.html", "\xff\xfe<\x00\n\x00h", says{{"a.html:2: not UTF-16, as its byte order mark says; save it as UTF-8"}}},
		{"E1 HTML in the encoding of its meta element", "a.html", "<meta charset=koi8-r><h1>\xe4\xc1</h1>", says{{"title=Да"}}},
		{"E1 HTML: invalid UTF-8 that is declared", "a.html", "<meta charset=utf-8><p>Caf\xe9", says{{"a.html: not UTF-8: byte 0xE9 at offset 26"}}},
		{"E1 HTML: no charset", "a.html", "<p>Caf\xe9", says{{"a.html: not UTF-8: byte 0xE9 at offset 6; declare its charset in a meta element, or save it as UTF-8"}}},
		{"E1 HTML: unknown charset", "a.html", "<meta charset=x-klingon><p>Caf\xe9", says{{`a.html: not UTF-8: byte 0xE9 at offset 30; its charset "x-klingon" is not known; save it as UTF-8`}}},
		{"E1 HTML: not in the charset that is declared", "a.html", "<meta charset=shift_jis>\n<p>\x81", says{{"a.html:2: not shift_jis, which it declares; save it as UTF-8"}}},
		{"E2 HTML: binary", "a.html", "<p>x\x00", says{{"a.html: binary: NUL at offset 4"}}},
		{"E2 HTML: binary UTF-16", "a.html", "\xff\xfe<\x00\x00\x00", says{{"a.html: binary: NUL at offset 1"}}},
		{"E4 HTML: empty", "a.html", " \n", says{{"a.html: empty"}}},
		{"E1 not UTF-8", "f.xml", "<rss><channel>\xff</channel></rss>", says{{"f.xml:1: XML: not UTF-8: byte 0xFF at offset 14"}}},
		{"E1 unknown encoding", "f.xml", `<?xml version="1.0" encoding="klingon"?><rss/>`, says{{`f.xml: the document declares an unknown encoding, "klingon"`}}},
		{"E4 empty", "f.xml", " \n", says{{"f.xml: empty"}}},
		{"E2 NUL in Markdown", "a.md", "# T\x00", says{{"a.md: binary: NUL at offset 3"}}},
		{"E2 NUL in text", "a.txt", "T\x00", says{{"a.txt: binary: NUL at offset 1"}}},
		{"E2 NUL in JSON Feed", "f.xml", "{\"a\": \"\x00\"}", says{{"f.xml: binary: NUL at offset 7"}}},
		{"E2 a signature in Markdown", "a.md", "%PDF-1.7\n", says{{"a.md: binary: not a text file, though its name says so"}}},
		{"E2 a signature in text", "a.txt", "PK\x03\x04\n", says{{"a.txt: binary: not a text file, though its name says so"}}},
		{"E2 a signature in HTML", "a.html", "\x89PNG\r\n\x1a\n", says{{"a.html: binary: not a text file, though its name says so"}}},

		{"E3 controls in Markdown", "a.md", "---\ntitle: a\x07b\x1bc\n---\nx\x0by\ufffez\uffffw\n", says{{"title=abc", "content=<p>xyzw</p>"}}},
		{"E3 controls in text", "a.txt", "He\x07ad\n\nTe\x0cxt\ufffe.", says{{"title=Head", "content=<p>Text.</p>"}}},
		{"E3 controls in HTML", "a.html", "<h1>a\x07b</h1><p>x\x0by&#11;&#xFFFF;z", says{{"title=ab", "content=<p>xyz</p>"}}},
		{"E3 escaped controls in YAML", "a.md", "---\ntitle: \"a\\0b\\x07c\\uFFFEd\"\n---\nx", says{{"title=abcd"}}},
		{"E3 escaped controls in TOML", "a.md", "+++\ntitle = \"a\\u0000b\\u0007c\\uFFFFd\"\n+++\nx", says{{"title=abcd"}}},
		{"E3 escaped controls in JSON", "a.md", "{\"title\": \"a\\u0000b\\u0007c\\uFFFFd\"}\nx", says{{"title=abcd"}}},
		{"E3 escaped controls in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "a\u0000b\ufffec", "content_text": "x\u0007y"}`), says{{"title=abc", "content=<p>xy</p>"}}},
		{"E3 controls that RSS has as HTML", "f.xml", rssFeed("<item><guid>a</guid><title>a&amp;#7;b</title><description>x&amp;#11;y</description></item>"), says{{"title=ab", "content=xy"}}},
		{"E3 tabs and line ends stay", "a.md", "---\ntitle: T\n---\n    a\tb\n    c\n", says{{"content=<pre><code>a\tb"}}},
		{"E3 half a surrogate pair in YAML", "a.md", "---\ntitle: \"a\\uD800b \\uDE00 \\\\uD800\"\n---\nx", says{{"title=a\ufffdb \ufffd \\uD800"}}},
		{"E3 half a surrogate pair in TOML", "a.md", "+++\ntitle = \"a\\uD800b\\U0000DE00\"\n+++\nx", says{{"title=a\ufffdb\ufffd"}}},
		{"E3 half a surrogate pair in JSON", "a.md", "{\"title\": \"a\\ud800b\"}\nx", says{{"title=a\ufffdb"}}},
		{"E3 half a surrogate pair in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "a\ud800b", "content_text": "\udc00c"}`), says{{"title=a\ufffdb", "content=<p>\ufffdc</p>"}}},
		{"E3 half a surrogate pair in HTML", "a.html", "<h1>a&#xD800;b</h1>", says{{"title=a\ufffdb"}}},
		{"E3 a whole surrogate pair in YAML", "a.md", "---\ntitle: \"\\uD83D\\uDE00\"\n---\nx", says{{"title=😀"}}},
		{"E3 a whole surrogate pair in JSON", "a.md", "{\"title\": \"\\uD83D\\uDE00\"}\nx", says{{"title=😀"}}},
		{"E3 two first halves in YAML", "a.md", "---\ntitle: \"\\uD83D\\uD83D\\uDE00\"\n---\nx", says{{"title=\ufffd😀"}}},
		{"E3 CRLF and CR in Markdown", "a.md", "---\r\ntitle: T\r---\r\na\r\nb\rc\r\n", says{{"title=T", "content=<p>a", "b", "c</p>"}}},
		{"E3 CRLF and CR in text", "a.txt", "Head\r\n\r\nText.\r\rMore.\r", says{{"title=Head", "content=<p>Text.</p>", "<p>More.</p>"}}},
		{"E3 CRLF and CR in HTML", "a.html", "<h1>T</h1>\r\n<pre>a\r\nb\rc</pre>", says{{"content=<pre>a", "b", "c</pre>"}}},
		{"E3 CRLF and CR in RSS", "f.xml", rssFeed("<item><guid>a</guid><title>T</title><description>&lt;pre&gt;a\r\nb&#13;\nc&lt;/pre&gt;</description></item>"), says{{"content=<pre>a", "b", "c</pre>"}}},
		{"E3 CRLF in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "content_html": "<pre>a\r\nb\rc</pre>"}`), says{{"content=<pre>a", "b", "c</pre>"}}},

		{"E4 no bytes in Markdown", "a.md", "", says{{"a.md: empty"}}},
		{"E4 white space in Markdown", "a.md", " \n\t\r\n", says{{"a.md: empty"}}},
		{"E4 white space of Unicode's in text", "a.txt", "\ufeff\u00a0\u3000\u2028\n", says{{"a.txt: empty"}}},
		{"E4 controls in text", "a.txt", "\x01\x02\n", says{{"a.txt: empty"}}},
		{"E4 no bytes in HTML", "a.html", "", says{{"a.html: empty"}}},
		{"E4 no bytes in a feed", "f.xml", "", says{{"f.xml: empty"}}},
	}
	testRulings(t, rulings)
}

func TestPolicyTitles(t *testing.T) {
	long := strings.Repeat("ä", 150)
	rulings := []ruling{
		{"T1 white space", "a.md", "---\ntitle: \"  a \\t b\\n\\u00a0c\\u2028d  \"\n---\nx", says{{"title=a b c d"}}},
		{"T1 white space in RSS", "f.xml", rssFeed("<item><guid>a</guid><title>\n a\t\n b </title></item>"), says{{"title=a b"}}},
		{"T1 white space in HTML", "a.html", "<h1> a\n <br>\tb </h1>", says{{"title=a b"}}},
		{"T1 white space in text", "a.txt", "  a \t b  \n\nText.", says{{"title=a b"}}},
		{"T1 markup in a heading is taken out", "a.md", "# A *b* [c](d) `<e>`\n\nx", says{{"title=A b c <e>"}}},
		{"T1 not decoded from text", "a.txt", "AT&amp;T &lt;b&gt; <i>\n\nText.", says{{"title=AT&amp;T &lt;b&gt; <i>"}}},
		{"T1 not decoded from JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "AT&amp;T <b>"}`), says{{"title=AT&amp;T <b>"}}},
		{"T1 decoded once from RSS", "f.xml", rssFeed("<item><guid>a</guid><title>AT&amp;amp;amp;T</title></item>"), says{{"title=AT&amp;T"}}},
		{"T1 a list in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": ["A"]}`), says{{"f.xml:2: title: want text, got a list"}}},
		{"T4 HTML: neither title nor body", "a.html", "<html><body><script>x</script></body>", says{{"a.html: neither title nor body; empty"}}},
		{"T1 a generic type", "f.xml", rssFeed(`<item><title><![CDATA[List<T> &amp; <i>b</i><script>x</script>]]></title><guid>a</guid></item>`), says{{"title=List<T> & b"}}},

		{"T2 YAML", "a.md", "---\ntitle: 1.10\ntags: [007, yes, 2026-03-01, 0x1F, 1_000, .inf, 1e3, True]\n---\nx", says{{"title=1.10", "tags=007, yes, 2026-03-01, 0x1F, 1_000, .inf, 1e3, True"}}},
		{"T2 TOML", "a.md", "+++\ntitle = 1.10\ntags = [0x1F, true, 2026-03-01, 1e3, 1_000]\n+++\nx", says{{"title=1.10", "tags=0x1F, true, 2026-03-01, 1e3, 1_000"}}},
		{"T2 JSON", "a.md", "{\"title\": 1.10, \"tags\": [12345678901234567890, true, 1e3, \"007\"]}\nx", says{{"title=1.10", "tags=12345678901234567890, true, 1e3, 007"}}},
		{"T2 JSON Feed", "f.xml", jsonFeedOf(`{"id": 1.10, "title": 1.10, "tags": [1e3, true]}`), says{{"guid=1.10", "title=1.10", "tags=1e3, true"}}},
		{"T2 a quoted null", "a.md", "---\ntitle: \"null\"\ntags: '~'\n---\nx", says{{"title=null", "tags=~"}}},
		{"T2 text", "a.txt", "---\ntitle: 007\n---\nx", says{{"title=007"}}},

		{"T3 a null title", "a.md", "---\ntitle:\n---\n# Head\n\nText.", says{{"title=Head", "content=<p>Text.</p>"}}},
		{"T3 an empty title", "a.md", "---\ntitle: '  '\n---\n# Head\n\nText.", says{{"title=Head", "content=<p>Text.</p>"}}},
		{"T3 a heading leaves the body", "a.md", "Lead.\n\n# Head\n\nText.\n\n# Second\n", says{{"title=Head", "content=<p>Lead.</p>", "<p>Text.</p>", `<h1 id="second">Second</h1>`}}},
		{"T3 an underlined heading", "a.md", "Head\n====\n\nText.", says{{"title=Head", "content=<p>Text.</p>"}}},
		{"T3 a heading in HTML", "a.md", "Lead.\n\n<h1>He<i>a</i>d</h1>\n\nText.", says{{"title=Head", "content=<p>Lead.</p>", "<p>Text.</p>"}}},
		{"T3 a heading that is quoted", "a.md", "Text.\n\n> # Head\n", says{{"title=Text.", "content=<p>Text.</p>", `<h1 id="head">Head</h1>`}}},
		{"T3 a heading beside a title stays", "a.md", "---\ntitle: T\n---\n# Head\n", says{{"title=T", `content=<h1 id="head">Head</h1>`}}},
		{"T3 no level-1 heading", "a.md", "## Head\n\nText.", says{{"title=Head", `content=<h2 id="head">Head</h2>`}}},
		{"T3 the first line of Markdown, cut", "a.md", long, says{{"title=" + long[:200]}}},
		{"T3 the first line of text, cut", "a.txt", strings.Repeat("Words and more of them follow. ", 10) + "\n\nText.", says{{"title=" + strings.TrimSpace(strings.Repeat("Words and more of them follow. ", 10)[:100])}}},
		{"T3 the first line of HTML, cut", "a.html", "<p>" + long + "</p><p>x", says{{"title=" + long[:200]}}},
		{"T4 neither in Markdown", "a.md", "---\ndate: 2026-03-01\n---\n<script>x</script>\n", says{{"a.md: neither title nor body; empty"}}},
		{"T4 a comment in Markdown", "a.md", "<!-- c -->", says{{"a.md: neither title nor body; empty"}}},
		{"T4 neither in text", "a.txt", "---\ndate: 2026-03-01\n---\n-30-\n", says{{"a.txt: neither title nor body; empty"}}},
		{"T4 a title is enough", "a.md", "---\ntitle: T\n---\n", says{{"title=T", "-content"}}},
		{"T4 a picture is enough", "a.md", "![](/x.png)", says{{"title=a", "warnings=a.md: no title and no text; its name stands for the title"}}},
	}
	rulings = append(rulings, inAll("T1 not decoded", []string{"title=AT&amp;T &lt;b&gt; <i>", "~content="}, "title", `"AT&amp;T &lt;b&gt; <i>"`)...)
	rulings = append(rulings, inAll("T1 a list", []string{"FILE:2: title: want text, got a list"}, "title", `["a"]`)...)
	rulings = append(rulings, inFeeds("T3 a heading leaves the body", "", "2026-03-01", "<p>Lead.</p><div><h1>Head</h1></div><p>Text.</p>", "title=Head", "content=<p>Lead.</p><p>Text.</p>")...)
	rulings = append(rulings, inFeeds("T3 the first line, cut", "", "2026-03-01", "<p>"+long+"</p><p>x</p>", "title="+long[:200])...)
	rulings = append(rulings, inFeeds("T4 neither", " ", "2026-03-01", "<!-- x -->", "~neither title nor body; empty")...)
	testRulings(t, rulings)
}

func TestPolicyLimits(t *testing.T) {
	tags := "a0"
	for i := 1; i <= maxTags; i++ {
		tags += fmt.Sprintf(", a%d", i)
	}
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	rulings := []ruling{
		{"B1 5 MiB of Markdown", "a.md", "# T\n" + strings.Repeat("x", maxArticle), says{{"a.md: too large: 5242884 bytes, at most 5242880 are read"}}},
		{"B1 5 MiB of text", "a.txt", strings.Repeat("x", maxArticle+1), says{{"a.txt: too large: 5242881 bytes, at most 5242880 are read"}}},
		{"B1 5 MiB of HTML", "a.html", strings.Repeat("x", maxArticle+1), says{{"a.html: too large: 5242881 bytes, at most 5242880 are read"}}},
		{"B1 5 MiB of an item of RSS", "f.xml", rssFeed("<item><guid>a</guid><description>" + strings.Repeat("x", maxArticle) + "</description></item>" + plainItem), says{{"~too large"}, {"title=A"}}},
		{"B1 5 MiB of an item of JSON Feed", "f.xml", jsonFeedOf(`{"id": "b", "title": "` + strings.Repeat("x", maxArticle) + `"}, {"id": "a", "title": "A"}`), says{{"~too large"}, {"title=A"}}},
		{"B1 64 KiB of YAML", "a.md", "---\ntitle: T\n# " + strings.Repeat("x", maxFrontMatter) + "\n---\nx", says{{"a.md:1: front matter: too large: 65548 bytes, at most 65536 are read"}}},
		{"B1 64 KiB of TOML", "a.txt", "+++\ntitle = 'T'\n# " + strings.Repeat("x", maxFrontMatter) + "\n+++\nx", says{{"~a.txt:1: front matter: too large"}}},
		{"B1 64 KiB of JSON", "a.html", "{\"title\": \"" + strings.Repeat("x", maxFrontMatter) + "\"}\nx", says{{"~too large, at most 65536 bytes are read"}}},
		{"B1 64 MiB of RSS", "f.xml", rssFeed(plainItem + strings.Repeat(" ", 64<<20)), says{{"f.xml: the document is larger than 64 MiB"}}},
		{"B1 64 MiB of JSON Feed", "f.xml", "{" + strings.Repeat(" ", 64<<20) + "}", says{{"f.xml: the document is larger than 64 MiB"}}},
		{"B1 nesting of 256 in XML", "f.xml", rssFeed(`<item><title>A</title><guid>a</guid>` + strings.Repeat("<x>", 253) + strings.Repeat("</x>", 253) + `</item>`), says{{"title=A"}}},
		{"B1 nesting of 257 in XML", "f.xml", rssFeed(`<item><title>A</title><guid>a</guid>` + strings.Repeat("<x>", 254) + strings.Repeat("</x>", 254) + `</item>`), says{{"f.xml:5: XML: nested deeper than 256"}}},
		{"B1 nesting in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "x": ` + deep(300) + "}"), says{{"~nested deeper than 256"}}},
		{"B1 a title of 2000 in a heading", "a.md", "# " + strings.Repeat("ä", maxTitle), says{{"title=" + strings.Repeat("ä", maxTitle)}}},
		{"B1 a title of 2001 in a heading", "a.md", "# " + strings.Repeat("ä", maxTitle+1), says{{"a.md: title: 2001 characters long, at most 2000 are read"}}},
		{"B1 a title of 2001 in HTML", "a.html", "<h1>" + strings.Repeat("x", maxTitle+1) + "</h1>", says{{"a.html: title: 2001 characters long, at most 2000 are read"}}},
		{"B1 1001 tags in HTML", "a.html", "<meta name=keywords content='" + tags + "'><h1>T</h1>", says{{"a.html: tags: 1001 tags, at most 1000 are read"}}},
		{"B1 1001 tags in RSS", "f.xml", rssFeed("<item><title>A</title><guid>a</guid><category>" + strings.ReplaceAll(tags, ", ", "</category><category>") + "</category></item>"), says{{"f.xml:5: tags: 1001 tags, at most 1000 are read"}}},
		{"B1 tags that repeat are one", "a.md", "---\ntitle: T\ntags: [" + strings.Repeat("a, ", maxTags+1) + "]\n---\nx", says{{"tags=a"}}},
		{"B1 16 MiB of output", "a.txt", "Head\n\n" + strings.Repeat("&", 4<<20), says{{"a.txt: too large: more than 16777216 bytes of HTML"}}},
		{"B1 HTML: tags left open", "a.html", "<p>" + openTags(300) + strings.Repeat("x<p>x", 1000), says{{"a.html: too large: more than 150000 elements, attributes and texts"}}},
		{"B1 HTML: many tags left open", "a.html", openTags(600), says{{"a.html: nested too deep: more than 512 elements are not closed"}}},
		{"B1 HTML: attributes", "a.html", "<p" + manyAttributes(200_000) + ">", says{{"a.html: too large: more than 150000 elements, attributes and texts"}}},
		{"B1 HTML: elements", "a.html", strings.Repeat("<p>x", 100_000), says{{"a.html: too large: more than 150000 elements, attributes and texts"}}},
		{"B1 nesting without an end", "f.xml", "<rss><channel>" + strings.Repeat("<x>", 300), says{{"f.xml:1: XML: nested deeper than 256"}}},
	}
	rulings = append(rulings, inAll("B1 a title of 2001", []string{"FILE:2: title: 2001 characters long, at most 2000 are read"}, "title", `"`+strings.Repeat("ä", maxTitle+1)+`"`)...)
	rulings = append(rulings, inAll("B1 1001 tags", []string{"FILE:2: tags: 1001 tags, at most 1000 are read"}, "tags", `"`+tags+`"`)...)
	rulings = append(rulings, inAll("B1 nesting", []string{"~nested deeper than 256"}, "title", `"T"`, "x", deep(300))...)
	rulings = append(rulings, inFeeds("B1 a title of 2001", strings.Repeat("x", maxTitle+1), "2026-03-01", "", "~title: 2001 characters long, at most 2000 are read")...)
	testRulings(t, rulings)
}
