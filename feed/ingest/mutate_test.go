package ingest

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

const goodBody = "# Head *of* it\n\nLead with [a link](/x \"t\") and `code`.\n\n<!--more-->\n\n> quote\n\n- one\n- two[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" +
	"```go\nfunc main() {}\n```\n\n<p class=\"x\">HTML <b>in</b> it</p>\n\n![pic](/i.png)\n{{< figure src=\"/f.png\" >}}\n{% highlight go %}x{% endhighlight %}\n\n[^1]: A note.\n"

// goodFiles are good articles of each kind, to be spoilt.
var goodFiles = []struct{ name, file, raw string }{
	{"Markdown with YAML", "2026-03-01-a.md", "---\ntitle: \"A title: \\u00e9\"\ndate: 2026-03-01T10:00:00+01:00\nupdated: 2026-03-02\ntags: [go, c#, 日本]\nauthors:\n  - name: Jo Doe\n    email: jo@e.example\n" +
		"  - Al <al@e.example>\nslug: a-title\nimage: /a.png\nenclosure: {url: /a.mp3, length: 7, duration: 1:00}\ndraft: false\nembargo: 2026-03-02\nexpires: 2030-01-01\ncanonical_url: https://e.example/a?b=c#d\n" +
		"guid: urn:x:1\nx: &x [1, 2]\ny: *x\n---\n" + goodBody},
	{"Markdown with TOML", "a.md", "+++\ntitle = 'A title'\ndate = 2026-03-01T10:00:00Z\ntags = [\"a\", 'b']\ndraft = false\n[params]\nauthor = \"Jo\"\nx.y = 1\n[[authors]]\nname = 'Al'\n+++\n" + goodBody},
	{"Markdown with JSON", "a.md", "{\n \"title\": \"A \\\"title\\\" \\ud83d\\ude00\",\n \"date\": \"2026-03-01\",\n \"tags\": [\"a\", 1.10, null],\n \"author\": {\"name\": \"Jo\", \"url\": \"/jo\"}\n}\n" + goodBody},
	{"text", "a.txt", first + "\n\nHeadline here\nA deck under it\nBy Jo Doe and Al Roe, Agency\nMarch 1, 2026\n\n" + second + "\n\nThings:\n- one\n- two\n\n" + first + "\n-30-\n"},
	{"HTML", "a.html", "<!doctype html><html lang=de><head><meta charset=utf-8><base href=https://e.example/d/><link rel=canonical href=/c><meta property=og:image content=i.png>" +
		"<meta name=keywords content='a, b'><meta name=robots content='unavailable_after: 2030-01-01'>" +
		ld(`{"@graph":[{"@type":"Article","headline":"A &amp; B","datePublished":"2026-03-01","author":{"@id":"#j"}},{"@id":"#j","name":"Jo"}]}`) +
		"</head><body><nav>n</nav><article><h1>A &amp; B</h1><p>Text <em>of</em> it<br>and <a href=r?x=1&amp;y=2>more</a></p><table><tr><td>1</table><img srcset='s.png 1x, l.png 2x' alt='x'>" +
		"<pre>a\n b</pre><ul><li>x<li>y</ul><svg><style></svg></article><footer>f</footer></body></html>"},
	{"HTML with front matter", "a.html", "---\ntitle: T\nlayout: post\n---\n<h2>x</h2>{% if a %}<p>{{ site.url }}</p>{% endif %}"},
	{"RSS", "f.xml", rssFeed(`<item><title>A &amp;amp; <![CDATA[<i>b</i>]]></title><guid isPermaLink="false">g 1</guid><link>https://e.example/1</link><pubDate>Sun, 01 Mar 2026 10:00:00 EST</pubDate>
<description>Short</description><content:encoded><![CDATA[<p>Long <a href="b">text</a></p>]]></content:encoded><dc:creator>Jo</dc:creator><category>x</category>
<enclosure url="https://e.example/a.mp3" length="5" type="audio/mpeg"/><itunes:duration>1:00</itunes:duration><media:content url="https://e.example/a.jpg" medium="image"/></item>
<item><guid>https://e.example/2</guid><description>&lt;h1&gt;T&lt;/h1&gt;&lt;p&gt;x&nbsp;y&lt;/p&gt;</description></item>`)},
	{"Atom", "f.xml", atomFeed(`<entry xml:lang="nl" xml:base="y/"><title type="html">a &lt;b&gt;b&lt;/b&gt;</title><id>urn:x:1</id><link href="1"/><link rel="enclosure" href="a.pdf" length="7"/>
<published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated><author><name>Jo</name><email>jo@e.example</email></author><category term="t" label="Tea"/>
<summary>1 &lt; 2</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x<br/>y</p></div></content></entry><entry><title>B</title><id>b</id></entry>`)},
	{"JSON Feed", "f.xml", jsonFeedOf(`{"id": 1.10, "url": "/1", "title": "A \u00e9", "content_html": "<p>x</p>", "summary": "s", "date_published": "2026-03-01T10:00:00Z", "tags": ["t"],
"attachments": [{"url": "https://e.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}], "image": "https://e.example/i.png"}, {"id": "2", "content_text": "1 < 2\n\nb", "author": {"name": "Jo"}}`)},
	{"WordPress", "f.xml", export(post(1, "One\ntwo.\n\n[caption]<img src=\"/x.png\" /> y[/caption]<!--more-->\n\nRest.", `<excerpt:encoded><![CDATA[An <b>excerpt</b>]]></excerpt:encoded><category domain="post_tag" nicename="t">T</category>`) +
		post(2, "<!-- wp:paragraph -->\n<p>x</p>", "<wp:status>future</wp:status><wp:post_password></wp:post_password>"))},
	{"JSON", "a.json", `{"id": 7, "title": "A \ud83d\ude00", "date": "2026-03-01", "content": "<p>Text <a href=\"/x\">x</a></p>", "tags": ["a", 1], "author": {"name": "Jo"}, "draft": false}`},
	{"a list of JSON", "a.json", `[{"id": "a", "title": "A", "body": "x"}, {"slug": "b", "headline": "B", "body_xhtml": "<p>y</p>", "pubstatus": "usable"}]`},
	{"NDJSON", "a.ndjson", `{"id": 1, "title": "A", "date": 1772359200, "content": "<p>x</p>"}` + "\n" + `{"url": "/b", "title": "B", "summary": "s", "image": "/i.png"}` + "\r\n"},
	{"Ghost", "a.json", ghostExport},
}

// nasty are pieces that break readers of text.
var nasty = []string{
	"\x00", "\x07", "\x1b[31m", "\x7f", "\r", "\r\n", "\ufeff", "\ufffd", "\ufffe", "\u0085", "\u2028", "\u202e", "\xff", "\xc0\xaf", "\xed\xa0\x80", `\ud800`, `\u0000`, "&#0;", "&#xD800;", "&#11;", "&amp;", "&", "&bogus;", "<", ">", `"`, "'", "`",
	"<!--", "-->", "<![CDATA[", "]]>", "<script>", "</script>", "<style>", "</p>", "<svg><", "<a href=javascript:x>", "<plaintext>", "<table><td>", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "<?xml version='1.1'?>", "</item>", "<item>", "<entry>",
	"---", "+++", "...", "\n---\n", ": ", "- ", "? ", "|", ">", "*a", "&a ", "<<: *a", "!!binary ", "{", "}", "[", "]", "{{", "}}", "{%", "%}", "[[", "]]", "%%", "[^1]", "](", "``",
	"9999-12-31T23:59:59-14:00", "0001-01-01", "99999999999999999999", "-1", "1e999", "NaN", "null", "true", "2026-02-30", "yesterday", "EST",
	"javascript:alert(1)", "data:text/html,x", "http://[::1", "https://u:p@e.example/", "//", "../../etc/passwd", "%00", "%zz", "http://xn--/", "mailto:", "\u0301\u0301\u0301", "👩‍👩‍👧", "ß", "İ",
}

// mutate spoils a text in one to four ways.
func mutate(r *rand.Rand, raw []byte) []byte {
	raw = slices.Clone(raw)
	for range 1 + r.IntN(4) {
		i := r.IntN(len(raw) + 1)
		j := min(len(raw), i+r.IntN(1+min(200, len(raw))))
		piece := slices.Clone(raw[i:j])
		switch r.IntN(9) {
		case 0: // flip bits
			if i < len(raw) {
				raw[i] ^= byte(1 << r.IntN(8))
			}
		case 1: // cut out
			raw = slices.Delete(raw, i, j)
		case 2: // cut short
			raw = raw[:i]
		case 3: // double
			raw = slices.Insert(raw, i, piece...)
		case 4: // move
			raw = slices.Delete(raw, i, j)
			raw = slices.Insert(raw, r.IntN(len(raw)+1), piece...)
		case 5: // swap lines
			lines := bytes.Split(raw, []byte("\n"))
			a, b := r.IntN(len(lines)), r.IntN(len(lines))
			lines[a], lines[b] = lines[b], lines[a]
			raw = bytes.Join(lines, []byte("\n"))
		case 6: // repeat hugely
			raw = slices.Insert(raw, i, bytes.Repeat(piece[:min(len(piece), 20)], r.IntN(2000))...)
		default:
			raw = slices.Insert(raw, i, []byte(nasty[r.IntN(len(nasty))])...)
		}
	}
	return raw
}

// Whatever becomes of a good file, it is read without a fault and in good time, and what is accepted stands in feeds of
// all formats.
func TestSpoiltFiles(t *testing.T) {
	rounds := 60
	if os.Getenv("LONG_TESTS") != "" {
		rounds = 1000
	}
	for _, good := range goodFiles {
		t.Run(good.name, func(t *testing.T) {
			t.Parallel()
			readInto(t, good.file, []byte(good.raw), 1)
			seed := fnv.New64()
			seed.Write([]byte(good.name))
			r := rand.New(rand.NewPCG(seed.Sum64(), 1))
			for n := range rounds {
				raw := mutate(r, []byte(good.raw))
				done := make(chan bool)
				go func() {
					defer close(done)
					readInto(t, good.file, raw, 0)
				}()
				select {
				case <-done:
				case <-time.After(time.Minute):
					t.Fatalf("round %d hangs: %.2000q", n, raw)
				}
				if t.Failed() {
					t.Fatalf("round %d: %.2000q", n, raw)
				}
			}
		})
	}
}

// readInto reads a file and writes its articles, at least a number of them, as feeds.
func readInto(t *testing.T, file string, raw []byte, least int) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	f := feed.Feed{Name: "f", ID: "tag:example.org,2026-01-01:feeds/f", Title: "F", Language: "en", SiteURL: "https://example.org/", Updated: now,
		SelfURL: map[feed.Format]string{}}
	seen := map[string]bool{}
	for a, err := range newReader(t).ReadAll("s", file, raw) {
		switch {
		case err != nil && strings.Contains(err.Error(), "fault of feedpub"):
			t.Error(err)
		case err == nil && !seen[a.ID]:
			seen[a.ID] = true
			checkInvariants(t, a)
			f.Entries = append(f.Entries, feed.Revise(nil, a.Entry, now))
		}
	}
	if len(f.Entries) < least {
		t.Errorf("got %d articles, want some", len(f.Entries))
	}
	for format, name := range map[feed.Format]string{feed.RSS: "rss.xml", feed.Atom: "atom.xml", feed.JSON: "feed.json"} {
		f.SelfURL[format] = fmt.Sprint("https://feeds.example.org/f/", name)
		var b bytes.Buffer
		if err := f.Write(&b, format); err != nil {
			t.Errorf("write %s: %v", name, err)
		} else if err := feed.Check(b.Bytes(), &f, format); err != nil {
			t.Errorf("check %s: %v", name, err)
		}
	}
}
