package ingest

import (
	"strings"
	"testing"
)

func TestPolicyText(t *testing.T) {
	b39, b40 := strings.Repeat("b", 38)+".", strings.Repeat("b", 39)+"."
	p := func(text string) string { return "<p>" + text + "</p>" }
	testRulings(t, []ruling{
		{"X1 the first line that reads like a headline", "a.txt", "Headline here\n\n" + first, says{{"title=Headline here", "content=" + p(first), "-summary"}}},
		{"X1 a headline of 200 characters", "a.txt", strings.Repeat("ä", 200) + "\n\n" + first, says{{"title=" + strings.Repeat("ä", 200), "content=" + p(first)}}},
		{"X1 a line of 201 characters is none", "a.txt", strings.Repeat("ä", 201) + "\n\nHeadline here\n\n" + first, says{{"title=Headline here", "summary=" + strings.Repeat("ä", 201), "content=" + p(first)}}},
		{"X1 a line with a sentence's end is none", "a.txt", "It is over.\n\nHeadline here\n\n" + second, says{{"title=Headline here", "summary=It is over.", "content=" + p(second)}}},
		{"X1 a line that stands again below comes first", "a.txt", "The news desk\n\nHeadline here\n\n" + first + "\n\nHeadline here\n\n" + second,
			says{{"title=Headline here", "content=<p>The news desk</p>", p(first), p(second)}}},
		{"X1 the headline again is dropped", "a.txt", "Headline here\n\nHEADLINE HERE\n\n" + first + "\n\nHeadline here\n", says{{"title=Headline here", "content=" + p(first)}}},
		{"X1 a paragraph above is the summary", "a.txt", first + "\n\nHeadline here\nA deck under it\n\n" + second, says{{"summary=" + first, "content=<p>A deck under it</p>", p(second)}}},
		{"X1 without one a short line right under it is", "a.txt", "Headline here\nA deck under it\n\n" + second, says{{"summary=A deck under it", "content=" + p(second)}}},
		{"X1 a long line under it is none", "a.txt", "Headline here\n" + strings.Repeat("Words and words, ", 20) + "and an end.\n\n" + second, says{{"title=Headline here", "-summary"}}},
		{"X1 a paragraph of 40 characters again is dropped", "a.txt", "Headline here\n\n" + b40 + "\n\nMore.\n\n" + b40, says{{"content=" + p(b40), "<p>More.</p>"}}},
		{"X1 a paragraph of 39 characters again stays", "a.txt", "Headline here\n\n" + b39 + "\n\nMore.\n\n" + b39, says{{"~content=" + p(b39) + "\n<p>More.</p>\n" + p(b39)}}},
		{"X1 the summary again is dropped", "a.txt", first + "\n\nHeadline here\n\n" + second + "\n\n" + first, says{{"summary=" + first, "content=" + p(second)}}},
		{"X1 By NAME", "a.txt", "Headline here\nBy Jo Doe\n\n" + first, says{{"authors=Jo Doe", "content=" + p(first)}}},
		{"X1 by NAME", "a.txt", "Headline here\nby Jo Doe and Al Roe\n\n" + first, says{{"title=Headline here", "authors=Jo Doe, Al Roe", "content=" + p(first)}}},
		{"X1 By NAME above", "a.txt", "By JO DOE\n\nHeadline here\n\n" + first, says{{"title=Headline here", "authors=JO DOE", "content=" + p(first)}}},
		{"X1 By NAME at the end", "a.txt", "Headline here\n\n" + first + "\n\nBy Jo Doe\nMarch 1, 2026\n-30-\n", says{{"authors=Jo Doe", "published=2026-03-01T00:00:00Z", "-summary", "content=" + p(first)}}},
		{"X1 no name", "a.txt", "Headline here\n\n" + first + "\n\nBy the river it is quiet", says{{"-authors", "content=" + p(first), "<p>By the river it is quiet</p>"}}},
		{"X1 a date line", "a.txt", "Headline here\nMarch 1, 2026\n\n" + first, says{{"published=2026-03-01T00:00:00Z", "content=" + p(first)}}},
		{"X1 an ISO date line", "a.txt", "Headline here\n\n2026-03-01 10:00\n\n" + first, says{{"published=2026-03-01T10:00:00Z", "content=" + p(first)}}},
		{"X1 a date line with a word", "a.txt", "Headline here\nPublished: 1 March 2026\n\n" + first, says{{"published=2026-03-01T00:00:00Z"}}},
		{"X1 a date in a sentence is none", "a.txt", "Headline here\n\nOn March 1, 2026 it rained.\n", says{{"-published", "content=<p>On March 1, 2026 it rained.</p>"}}},
		{"X1 the marks of an end", "a.txt", "Headline here\n\n" + first + "\n\n-30-\n###\n\nENDS\n(END)\n", says{{"content=" + p(first), "-summary"}}},
		{"X1 words at the end are none", "a.txt", "Headline here\n\n" + first + "\n\nIt ENDS\n", says{{"content=" + p(first), "<p>It ENDS</p>"}}},
		{"X1 a blank line parts paragraphs", "a.txt", "Headline here\n\nThe committee met\non Tuesday.\n\n" + second, says{{"content=<p>The committee met on Tuesday.</p>", p(second)}}},
		{"X1 without one each line does", "a.txt", "Headline here\n" + first + "\n" + second, says{{"content=" + p(first), p(second)}}},
		{"X2 markup is text", "a.txt", "Tags <b>bold</b> **b** & co\n\n<script>alert(1)</script> [a](b) _c_ # d {{ e }}", says{{"title=Tags <b>bold</b> **b** & co",
			"content=<p>&lt;script&gt;alert(1)&lt;/script&gt; [a](b) _c_ # d {{ e }}</p>"}}},
		{"X2 an entity is text", "a.txt", "A &amp; B\n\n&lt;b&gt;", says{{"title=A &amp; B", "content=<p>&amp;lt;b&amp;gt;</p>"}}},
	})
}

// harmful is HTML of everything that rule H2 names, and what may stay of it.
const (
	harmful = `<script>a</script><style>b</style><iframe src="javascript:x">c</iframe><object data=x></object><embed src=x><form action=x><input></form>` +
		`<base href=https://e.example/><meta name=x><link rel=x><p onclick=x ONLOAD=y>p</p><a href='javascript:x'>j</a><a href=' Java&#9;script:x'>k</a>` +
		`<a href='data:text/html,x'>d</a><a href='vbscript:x'>v</a><img src='data:image/png;base64,AA'><svg onload=x></svg>`
	harmless = "<p>p</p>jkdv"
)

func TestPolicyHTML(t *testing.T) {
	rulings := []ruling{
		{"H2 in Markdown", "a.md", "# T\n\n" + harmful, says{{"content=" + harmless}}},
		{"H2 in links of Markdown", "a.md", "# T\n\n[a](javascript:x) ![b](data:x) [c](vbscript:x) <javascript:x>", says{{`content=<p>a <img alt="b"/> c javascript:x</p>`}}},
		{"H2 in HTML", "a.html", "<h1>T</h1>" + strings.Replace(harmful, "<base href=https://e.example/>", "", 1), says{{"content=" + harmless}}},
		{"H2 in HTML below front matter", "a.html", "---\ntitle: T\n---\n" + harmful, says{{"content=" + harmless}}},
		{"H3 elements that are not closed", "a.html", "<h1>T</h1><p>x<b>y<i>z</b></div>", says{{"content=<p>x<b>y<i>z</i></b></p>"}}},
		{"H3 a tag that does not end", "a.html", "<h1>T</h1><p>x<a href='", says{{"content=<p>x</p>"}}},
		{"H3 no HTML at all", "a.html", "Text & more < 2", says{{"title=Text & more < 2"}}},
		{"H3 nesting of 600 in Markdown is flattened", "a.md", "# T\n\n" + strings.Repeat("<div>", 600) + "x", says{{"title=T", "~x</div>"}}},
		{"H3 nested too deep", "a.html", strings.Repeat("<div>", 600) + "x", says{{"a.html: parse HTML: html: open stack of elements exceeds 512 nodes"}}},
	}
	rulings = append(rulings, inFeeds("H2", "T", "2026-03-01", harmful, "content="+harmless)...)
	rulings = append(rulings, inFeeds("H3 malformed", "T", "2026-03-01", "<p>x<b>y<i>z</b></div>", "content=<p>x<b>y<i>z</i></b></p>")...)
	rulings = append(rulings, inFeeds("H3 nesting of 600 is flattened", "T", "2026-03-01", strings.Repeat("<div>", 600)+"x", "title=T", "~x</div>")...)
	testRulings(t, rulings)
}

func TestPolicyFeeds(t *testing.T) {
	const noTime = "2026-03-01T00:00:00Z"
	testRulings(t, []ruling{
		{"F1 an external DTD is not fetched", "f.xml", `<!DOCTYPE rss SYSTEM "http://localhost:1/x.dtd"><rss><channel>` + plainItem + `</channel></rss>`, says{{"title=A"}}},
		{"F1 a DTD without entities", "f.xml", `<!DOCTYPE rss [<!ELEMENT rss ANY>]><rss><channel>` + plainItem + `</channel></rss>`, says{{"title=A"}}},
		{"F1 an entity in small letters", "f.xml", `<!DOCTYPE rss [<!entity a "b">]><rss/>`, says{{"~ENTITY declaration"}}},
		{"F1 an entity of Atom", "f.xml", `<!DOCTYPE feed [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom"/>`, says{{"~ENTITY declaration"}}},
		{"F1 an entity of WordPress", "f.xml", strings.Replace(export(""), "?>", `?><!DOCTYPE rss [<!ENTITY a "b">]>`, 1), says{{"~ENTITY declaration"}}},
		{"F1 entities of HTML", "f.xml", rssFeed("<item><title>a&nbsp;b&eacute;&hellip;</title><guid>a</guid></item>"), says{{"title=a bé…"}}},
		{"F1 an ampersand alone", "f.xml", rssFeed("<item><title>A & B</title></item>"), says{{"f.xml:5: XML: invalid character entity & (no semicolon)"}}},
		{"F1 what stands before the declaration", "f.xml", "\n" + rssFeed(plainItem), says{{"f.xml:2: XML: the declaration <?xml does not begin the file; remove what stands before it"}}},
		{"F1 an attribute without quotes", "f.xml", "<rss version=2.0/>", says{{"f.xml:1: XML: unquoted or missing attribute value in element"}}},
		{"F1 entity", "f.xml", `<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel>` + plainItem + `</channel></rss>`, says{{"f.xml:1: XML: there is an ENTITY declaration in the DOCTYPE, which feeds have no need of"}}},
		{"F1 parameter entity", "f.xml", `<!DOCTYPE rss [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><rss/>`, says{{"f.xml:1: XML: there is an ENTITY declaration in the DOCTYPE, which feeds have no need of"}}},
		{"F1 cut short", "f.xml", rssOpen + plainItem + "<item><ti", says{{"f.xml:5: XML: unexpected EOF; the file is cut short"}}},
		{"F1 cut between items", "f.xml", rssOpen + plainItem, says{{"f.xml:5: XML: unexpected EOF; the file is cut short"}}},
		{"F1 mismatch", "f.xml", "<rss><channel></rss>", says{{"f.xml:1: XML: element <channel> closed by </rss>"}}},
		{"F1 unknown entity", "f.xml", "<rss><channel>\n&foo;</channel></rss>", says{{"f.xml:2: XML: invalid character entity &foo;"}}},
		{"F1 an attribute twice", "f.xml", `<rss a="1" a="2"/>`, says{{"f.xml:1: XML: <rss> has the attribute a twice"}}},
		{"F1 data behind", "f.xml", rssFeed(plainItem) + "x", says{{"f.xml:7: XML: text follows the end of the document"}}},
		{"F1 a second root", "f.xml", rssFeed(plainItem) + "<rss/>", says{{"f.xml:7: XML: a second document follows the end of the first"}}},
		{"F1 control character", "f.xml", "<rss><channel>\x01</channel></rss>", says{{"f.xml:1: XML: illegal character code U+0001"}}},
		{"F2 neither guid nor link", "f.xml", rssFeed("<item><title>A</title></item>\n<item><title>B</title><guid>b</guid></item>"),
			says{{"f.xml:5: neither a guid nor a link says which item it is"}, {"title=B"}}},
		{"F3 a bad date", "f.xml", rssFeed(`<item><title>A</title><guid>a</guid><pubDate>01/02/2026</pubDate><dc:date>2026-03-01</dc:date></item>`),
			says{{"published=2026-03-01T00:00:00Z",
				`warnings=f.xml:5: pubDate: "01/02/2026" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z; left out`}}},
		{"F3 no other date", "f.xml", rssFeed(`<item><title>A</title><guid>a</guid><pubDate>Sun, 01 Mar 2026 10:00:00 XYZ</pubDate></item>`), says{{"-published"}}},
		{"F2 in Atom", "f.xml", atomFeed("<entry><title>A</title></entry><entry><title>B</title><id>urn:b</id></entry>"), says{{"f.xml:3: neither a guid nor a link says which item it is"}, {"title=B"}}},
		{"F2 in JSON Feed", "f.xml", jsonFeedOf(`{"title": "A"}, {"title": "B", "id": "b"}`), says{{"f.xml:2: neither a guid nor a link says which item it is"}, {"title=B"}}},
		{"F2 an empty guid", "f.xml", rssFeed("<item><title>A</title><guid> </guid></item>"), says{{"~neither a guid nor a link"}}},
		{"F2 a link is enough", "f.xml", rssFeed("<item><title>A</title><link>https://e.example/a</link></item>"), says{{"guid=https://e.example/a"}}},
		{"F3 in Atom", "f.xml", atomFeed("<entry><title>A</title><id>urn:a</id><published>soon</published><updated>" + noTime + "</updated></entry>"),
			says{{"published=" + noTime, `~pubDate: "soon" is no date`}}},
		{"F3 then D4", "f.xml", atomFeed(`<entry><title>A</title><id>urn:a</id><published>soon</published><link href="https://e.example/2026/03/01/a"/></entry>`), says{{"published=" + noTime}}},
		{"F3 in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "A", "date_published": "01/02/2026", "date_modified": "yesterday"}`),
			says{{"-published", "-updated", "~date_published: ", "~date_modified: "}}},
		{"F3 an object in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "A", "date_published": {"a": 1}}`), says{{"-published", "~date_published: want a date, got a map; left out"}}},
	})
	dup := map[string]string{
		"RSS":       rssFeed("<item><title>A</title><guid>a</guid></item><item><title>B</title><guid> a </guid></item><item><title>C</title><guid>c</guid></item>"),
		"Atom":      atomFeed("<entry><title>A</title><id>urn:a</id></entry><entry><title>B</title><id>urn:a</id></entry><entry><title>C</title><id>urn:c</id></entry>"),
		"JSON Feed": jsonFeedOf(`{"id": "1", "title": "A"}, {"id": 1, "title": "B"}, {"id": "2", "title": "C"}`),
	}
	for name, raw := range dup {
		t.Run("F2 the first of two with one guid wins in "+name, func(t *testing.T) {
			b := newBench(t)
			b.write("f.xml", raw)
			b.wantCounts(b.load(), "3 2 0 0 1 0 0")
			got := ""
			for a, err := range newReader(t).ReadFeed("s", []byte(raw)) {
				if err == nil {
					got += a.Title
				}
			}
			if got != "AC" {
				t.Errorf("got %s, want AC", got)
			}
		})
	}
}
