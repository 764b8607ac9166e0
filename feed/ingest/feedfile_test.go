package ingest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

const rssOpen = `<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>F</title><link>https://e.example/blog/</link><language>en-us</language><managingEditor>ed@e.example (Ed)</managingEditor>
`

func rssFeed(items string) string { return rssOpen + items + "\n</channel></rss>\n" }

func atomFeed(entries string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="de"><title>F</title>
<link href="https://e.example/"/><author><name>Ed</name><uri>https://e.example/ed</uri></author>
` + entries + "</feed>"
}

func jsonFeedOf(items string) string {
	return `{"version": "https://jsonfeed.org/version/1.1", "language": "fr", "authors": [{"name": "Ed"}], "home_page_url": "https://e.example/",
"items": [` + items + `]}`
}

// told are the articles of a file as lines of "field=value" for the fields that are not empty, and why one is refused.
func told(t testing.TB, name, raw string) []string {
	t.Helper()
	var all []string
	for a, err := range newReader(t).ReadAll("blog", name, []byte(raw)) {
		if err != nil {
			all = append(all, err.Error())
			continue
		}
		var names, files []string
		for _, p := range a.Authors {
			names = append(names, strings.TrimSpace(fmt.Sprint(p.Name, " ", p.Email, p.URL)))
		}
		for _, c := range a.Enclosures {
			files = append(files, fmt.Sprint(c.URL, " ", c.Type, " ", c.Length, " ", c.Duration))
		}
		line := ""
		for _, f := range []struct{ name, value string }{
			{"key", a.Key}, {"id", a.ID}, {"guid", a.GUID}, {"url", a.URL}, {"title", a.Title}, {"summary", a.Summary}, {"content", a.Content},
			{"published", when(a.Published)}, {"updated", when(a.Updated)}, {"status", string(a.Status)}, {"slug", a.Slug},
			{"authors", strings.Join(names, ", ")}, {"tags", strings.Join(a.Tags, ", ")}, {"lang", a.Language}, {"image", a.Image.URL},
			{"files", strings.Join(files, ", ")}, {"warnings", strings.Join(a.Warnings, "; ")},
		} {
			if f.value != "" {
				line += f.name + "=" + f.value + "\n"
			}
		}
		all = append(all, line)
	}
	return all
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// wantTold compares what was told with the lines that are wanted, in any order; "-name" wants a field to be empty,
// "~part" wants that part of a line.
func wantTold(t *testing.T, got []string, want ...[]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d articles, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i, lines := range want {
		for _, line := range lines {
			name, without := strings.CutPrefix(line, "-")
			has := strings.Contains("\n"+got[i], "\n"+line+"\n") || got[i] == line
			if part, partly := strings.CutPrefix(line, "~"); partly {
				has = strings.Contains(got[i], part)
			}
			if without {
				has = !strings.Contains("\n"+got[i], "\n"+name+"=")
			}
			if !has {
				t.Errorf("article %d: want %q, got\n%s", i+1, line, got[i])
			}
		}
	}
}

func TestFeedFiles(t *testing.T) {
	tests := []struct {
		name, file, raw string
		want            [][]string
	}{
		{"RSS 2.0", "f.xml", rssFeed(`<item><title>A &amp; B</title><guid>https://e.example/a</guid><pubDate>Sun, 1 Mar 2026 10:00:00 EST</pubDate>
<description>Short &lt;b&gt;text&lt;/b&gt;</description><content:encoded><![CDATA[<p>Long <a href="b">text</a></p>]]></content:encoded>
<dc:creator>Jo</dc:creator><author>other@e.example</author><category>x</category><category>y, z</category>
<enclosure url="https://e.example/a.mp3" length="5" type="audio/mpeg"/><itunes:duration>1:00</itunes:duration>
<media:content url="https://e.example/a.jpg" medium="image"/><media:thumbnail url="https://e.example/t.jpg"/>
<atom:updated>2026-03-02T10:00:00Z</atom:updated></item>`), [][]string{{
			"key=f.xml#https://e.example/a", "id=https://e.example/a", "guid=https://e.example/a", "url=https://e.example/a", "title=A & B",
			"summary=Short text", `content=<p>Long <a href="https://e.example/b">text</a></p>`, "published=2026-03-01T15:00:00Z",
			"updated=2026-03-02T10:00:00Z", "authors=Jo", "tags=x, y, z", "lang=en-us", "image=https://e.example/a.jpg",
			"files=https://e.example/a.mp3 audio/mpeg 5 1m0s", "status=published", "-warnings"}}},
		{"RSS 2.0, little said", "f.rss", rssFeed(`<item><guid isPermaLink="false"> g 1 </guid><description>One &lt;i&gt;line&lt;/i&gt;</description></item>`), [][]string{{
			"key=f.rss#g 1", "id=tag:example.org,2026-01-01:blog/g%201", "guid=g 1", "title=One line", "content=One <i>line</i>", "-summary", "-published",
			"authors=Ed ed@e.example"}}},
		{"RSS 1.0 and dc:date", "f.rdf", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/">
<channel rdf:about="x"><title>F</title><link>https://e.example/</link></channel>
<item rdf:about="https://e.example/1"><title>A</title><link>/1</link><d:date>2026-03-01T10:00+01:00</d:date><d:creator>Jo</d:creator></item></rdf:RDF>`,
			[][]string{{"url=https://e.example/1", "id=https://e.example/1", "published=2026-03-01T09:00:00Z", "authors=Jo"}}},
		{"RSS 0.91 with its DTD", "f.xml", `<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://localhost:1/rss-0.91.dtd">
<rss version="0.91"><channel><title>F</title><item><title>A&eacute;&nbsp;b</title><link>https://e.example/1</link></item></channel></rss>`,
			[][]string{{"title=Aé b", "id=https://e.example/1"}}},
		{"Atom", "f.atom", atomFeed(`<entry xml:lang="nl"><title>a &lt;b&gt; c</title><id>urn:x:Ä/1</id><link rel="enclosure" href="a.pdf" length="7"/>
<link rel="alternate" href="https://e.example/1"/><published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>
<summary>1 &lt; 2</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x<br/>y</p></div></content>
<media:content url="https://e.example/p.jpg" type="image/jpeg"/><category term="t" label="Tea"/></entry>`), [][]string{{
			"title=a <b> c", "id=urn:x:Ä/1", "url=https://e.example/1", "summary=1 < 2", "content=<p>x<br/>y</p>", "lang=nl", "tags=Tea",
			"published=2026-03-01T10:00:00Z", "updated=2026-03-02T10:00:00Z", "authors=Ed https://e.example/ed", "image=https://e.example/p.jpg",
			"files=https://e.example/a.pdf application/pdf 7 0s"}}},
		{"Atom, little said", "f.atom", atomFeed(`<entry><title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title><id>i</id><updated>2026-03-02T10:00:00Z</updated>
<summary>1 &lt; 2 &lt;b&gt;</summary></entry>`), [][]string{{"title=A & B", "content=<p>1 &lt; 2 &lt;b&gt;</p>", "-summary", "published=2026-03-02T10:00:00Z", "lang=de"}}},
		{"xml:base", "f.atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/x/"><entry xml:base="y/"><id>i</id><title>A</title><link href="1"/>
<content type="html">&lt;a href="2"&gt;z&lt;/a&gt;</content></entry></feed>`, [][]string{{"url=https://b.example/x/y/1", `content=<a href="https://b.example/x/y/2">z</a>`}}},
		{"JSON Feed", "f.xml", jsonFeedOf(`
{"id": 1.10, "url": "/1", "title": "A &amp; <b>", "content_html": "<p>x</p>", "summary": "s", "date_published": "2026-03-01T10:00:00Z",
 "tags": ["t"], "attachments": [{"url": "https://e.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9, "duration_in_seconds": 60}], "image": "https://e.example/i.png"},
{"url": "https://e.example/2", "content_text": "1 < 2\n\nb", "author": {"name": "Jo"}, "draft": "maybe"}`), [][]string{
			{"guid=1.10", "id=tag:example.org,2026-01-01:blog/1.10", "url=https://e.example/1", "title=A &amp; <b>", "content=<p>x</p>", "summary=s",
				"published=2026-03-01T10:00:00Z", "tags=t", "files=https://e.example/a.mp3 audio/mpeg 9 1m0s", "image=https://e.example/i.png", "lang=fr", "authors=Ed"},
			{"guid=https://e.example/2", "title=1 < 2", "content=<p>1 &lt; 2</p>\n<p>b</p>", "authors=Jo"}}},
		{"UTF-16", "f.xml", inUTF16(`<?xml version="1.0" encoding="utf-16"?><rss><channel><item><title>Größe</title><guid>g</guid></item></channel></rss>`),
			[][]string{{"title=Größe"}}},
		{"declared encoding", "f.xml", `<?xml version="1.0" encoding="iso-8859-1"?><rss><channel><item><title>Gr` + "\xf6\xdf" + `e</title><guid>g</guid></item></channel></rss>`,
			[][]string{{"title=Größe"}}},
		{"paths in a guid mean nothing", "_drafts/2026-03-01-f.xml", rssFeed(`<item><title>_A B</title><guid isPermaLink="false">_posts/_x</guid><category>a b</category></item>`),
			[][]string{{"status=published", "tags=a b", "-published", "slug=_a-b", "url=https://example.org/posts/_a-b/"}}},
		{"an empty feed", "f.xml", rssFeed(""), nil},
		{"JSON Feed without items", "f.xml", `{"version": "https://jsonfeed.org/version/1", "items": null}`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { wantTold(t, told(t, test.file, test.raw), test.want...) })
	}
}

func inUTF16(s string) string {
	b := []byte{0xfe, 0xff}
	for _, r := range s {
		b = append(b, byte(r>>8), byte(r))
	}
	return string(b)
}

// What is wrong with the whole of a feed refuses the whole of it.
func TestFeedRefusals(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"an HTML page", "<!doctype html><p>404", "f.xml: an HTML page: neither a feed (RSS, Atom, JSON Feed) nor a WordPress export"},
		{"a sitemap", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`, "f.xml: <urlset>: neither a feed (RSS, Atom, JSON Feed) nor a WordPress export"},
		{"no XML", "Hello", "f.xml: neither a feed (RSS, Atom, JSON Feed) nor a WordPress export"},
		{"JSON Feed without a version", `{"title": "F", "items": []}`, "f.xml: no JSON Feed: its version has to be https://jsonfeed.org/version/1.1 or one before"},
		{"JSON Feed without a list", `{"version": "https://jsonfeed.org/version/1"}`, "f.xml: no JSON Feed: it has no items"},
		{"J1 nesting", `{"version": "x", "items": [{"id":` + "\n" + strings.Repeat("[", 300), "f.xml:2: JSON: nested deeper than 256"},
		{"J1 trailing data", jsonFeedOf("") + "\n{}", "f.xml:3: JSON: data follows the end of the feed"},
		{"J1 cut short", `{"version": "x", "items": [`, "f.xml:1: JSON: unexpected EOF"},
		{"J1 a key of the feed twice", `{"version": "https://jsonfeed.org/version/1.1", "title": "F", "title": "G", "items": []}`, "f.xml:1: JSON: duplicate key title"},
		{"J1 items twice", `{"items": [], "items": []}`, "f.xml:1: JSON: duplicate key items"},
		{"J1 duplicate key", jsonFeedOf("\n{\"id\": \"1\",\n\"id\": \"2\"}"), "f.xml:4: id: duplicate key, given on line 3 already"},
		{"J1 no object", jsonFeedOf("7"), "f.xml:2: an item is an object, not a scalar"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := told(t, "f.xml", test.raw); !slices.Equal(got, []string{test.want}) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// A feed that is a source has no file before the guids.
func TestReadFeed(t *testing.T) {
	raw := rssFeed("<item><title>A</title><guid>a</guid></item><item><title>B</title><guid>a</guid></item><item><title>C</title><link>https://e.example/c</link></item>")
	var got []string
	for a, err := range newReader(t).ReadFeed("old", []byte(raw)) {
		got = append(got, fmt.Sprint(a.Key, " ", a.Title, " ", err))
	}
	if want := []string{"a A <nil>", `a  old:5: its guid, "a", is that of another before it`, "https://e.example/c C <nil>"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What leaves a feed is not gone; other XML in the folder is none of ours; a guid twice is told.
// A generator's own feed lies in many a site's folder. Its items are the articles beside it.
func TestFeedOfTheSiteItself(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	item := "<item><title>A</title><link>https://example.org/a/</link></item>"
	b.write("public/index.xml", `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>S</title><link>https://www.example.org/</link>`+item+`</channel></rss>`)
	b.write("public/atom.xml", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://example.org/atom.xml"/><entry><id>urn:a</id><title>A</title></entry></feed>`)
	b.write("other.xml", `<rss version="2.0"><channel><link>https://elsewhere.example/</link><item><title>B</title><guid>urn:b</guid></item></channel></rss>`)
	report := b.load()
	b.wantCounts(report, "2 2 0 0 0 0 0")
	if len(report.Warnings) != 2 {
		t.Errorf("got the warnings %v, want one for each feed of the site", report.Warnings)
	}
}

func TestLoadFeeds(t *testing.T) {
	b := newBench(t)
	item := func(n int) string {
		return fmt.Sprintf("<item><title>T%d</title><guid isPermaLink=\"false\">g%d</guid><description>Text.</description></item>\n", n, n)
	}
	b.write("f.xml", rssFeed(item(1)+item(2)))
	b.write("sitemap.xml", `<?xml version="1.0"?><!-- x --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>`)
	b.write("data.rdf", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>`)
	report := b.load()
	b.wantCounts(report, "2 2 0 0 0 0 0")
	if report.Other != 2 {
		t.Errorf("got %d other files, want 2", report.Other)
	}
	b.write("f.xml", rssFeed(item(2)+item(3)+item(3)))
	b.wantCounts(b.load(), "3 1 0 1 1 0 0")
	b.write("f.xml", rssFeed(""))
	b.wantCounts(b.load(), "0 0 0 0 0 0 0")
	// The same items in another format of the feed are not the same file under another name.
	b.write("a.rss", rssFeed(item(2)))
	for range 2 {
		if report := b.load(); report.Moved != 0 {
			t.Errorf("got %d moved, want none; problems %v", report.Moved, report.Problems)
		}
	}
	b.remove("f.xml")
	b.remove("a.rss")
	if report := b.load(); report.Withdrawn == 0 {
		t.Error("the files are gone, and nothing was withdrawn")
	}
}

// checkInvariants says what of an accepted article could not stand in a feed.
func checkInvariants(t *testing.T, a Article) {
	t.Helper()
	for _, s := range []string{a.ID, a.Key, a.Title, a.Summary, a.Content, a.URL} {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }) {
			t.Errorf("got %q, which a feed cannot have", s)
		}
	}
	if u, err := url.Parse(a.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		t.Errorf("got URL %q", a.URL)
	}
	if a.Title == "" || a.ID == "" || a.Key == "" {
		t.Errorf("got title %q, ID %q, key %q", a.Title, a.ID, a.Key)
	}
	for _, bad := range []string{"<script", "<style", "<iframe", "<svg", "<form", "<!--", `href="javascript`} {
		if strings.Contains(strings.ToLower(a.Content), bad) {
			t.Errorf("got content %q, which holds %s", a.Content, bad)
		}
	}
}

func FuzzFeedFile(f *testing.F) {
	f.Add(rssFeed(`<item><title><![CDATA[A <i>b</i>]]></title><guid>g</guid><pubDate>x</pubDate><content:encoded>&lt;p&gt;</content:encoded></item>`))
	f.Add(atomFeed(`<entry xml:base="y/"><id>i</id><title type="xhtml"><div>a</div></title><link href="1"/><content src="x"/></entry>`))
	f.Add(jsonFeedOf(`{"id": 1, "content_text": "x"}, {"url": "y", "attachments": [{}]}`))
	f.Add(`<rdf:RDF xmlns:rdf="x" xmlns="http://purl.org/rss/1.0/"><channel/><item><link>/1</link></item></rdf:RDF>`)
	f.Fuzz(func(t *testing.T, source string) {
		for a, err := range newReader(t).ReadAll("s", "f.xml", []byte(source)) {
			if err == nil {
				checkInvariants(t, a)
			} else if strings.Contains(err.Error(), "fault of feedpub") {
				t.Error(err)
			}
		}
	})
}
