package ingest

import (
	"fmt"
	"strings"
	"testing"
)

func export(items string) string {
	return `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Blog</title><link>https://wp.example</link><language>en-US</language><wp:base_blog_url>https://wp.example</wp:base_blog_url>
<wp:author><wp:author_login><![CDATA[jo]]></wp:author_login><wp:author_email>jo@wp.example</wp:author_email><wp:author_display_name><![CDATA[Jo Doe]]></wp:author_display_name></wp:author>
` + items + "</channel></rss>"
}

// post is an item of an export; what the extra elements say comes first.
func post(id int, content, extra string) string {
	item := fmt.Sprintf(`<item><title><![CDATA[Post %d &amp; more]]></title><link>https://wp.example/p%d/</link><guid isPermaLink="false">https://wp.example/?p=%d</guid>
<dc:creator><![CDATA[jo]]></dc:creator><content:encoded><![CDATA[%s]]></content:encoded>`, id, id, id, content)
	for _, d := range []struct{ name, value string }{{"post_name", fmt.Sprint("p", id)}, {"post_date_gmt", "2026-03-01 10:00:00"}, {"status", "publish"}, {"post_type", "post"}} {
		if !strings.Contains(extra, "<wp:"+d.name+">") {
			extra += fmt.Sprintf("<wp:%s><![CDATA[%s]]></wp:%s>", d.name, d.value, d.name)
		}
	}
	return item + extra + "</item>\n"
}

func TestWordPress(t *testing.T) {
	tests := []struct {
		name, raw string
		want      [][]string
	}{
		{"a post", post(1, "One\ntwo.\n\n<a href=\"/x\">Three</a>.<!--more-->\n\nRest.", `<excerpt:encoded><![CDATA[An &amp; <b>excerpt</b>]]></excerpt:encoded>
<category domain="category" nicename="a-b"><![CDATA[A &amp; B]]></category><category domain="post_tag" nicename="t">T</category><category domain="post_format" nicename="x">Aside</category>
<wp:post_date>2026-03-01 11:00:00</wp:post_date><wp:post_modified_gmt>2026-03-02 10:00:00</wp:post_modified_gmt>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>`) +
			post(7, "", "<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:post_id>7</wp:post_id><wp:attachment_url>https://wp.example/i.jpg</wp:attachment_url>") +
			post(8, "x", "<wp:post_type>page</wp:post_type>") + post(9, "x", "<wp:status>trash</wp:status>"), [][]string{{
			"id=https://wp.example/?p=1", "key=f.xml#https://wp.example/?p=1", "url=https://wp.example/p1/", "slug=p1", "title=Post 1 & more", "summary=An & excerpt",
			"authors=Jo Doe", "tags=A & B, T", "published=2026-03-01T10:00:00Z", "updated=2026-03-02T10:00:00Z", "image=https://wp.example/i.jpg", "status=published",
			"content=<p>One<br/>\ntwo.</p>", `<p><a href="https://wp.example/x">Three</a>.</p>`, "<p>Rest.</p>",
			"warnings=f.xml:6: the export has other items, which were passed over: 1 attachment, 1 page, 1 trash"}}},
		{"local dates", post(1, "x", "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><wp:post_date>2026-03-01 11:00:00</wp:post_date>"),
			[][]string{{"published=2026-03-01T11:00:00Z"}}},
		{"drafts have no date", post(1, "x", "<wp:status>draft</wp:status><wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt><wp:post_date>0000-00-00 00:00:00</wp:post_date>"),
			[][]string{{"status=draft", "-published"}}},
		{"pending", post(1, "x", "<wp:status>pending</wp:status>"), [][]string{{"status=draft"}}},
		{"private", post(1, "x", "<wp:status>private</wp:status>"), [][]string{{"status=draft"}}},
		{"future", post(1, "x", "<wp:status>future</wp:status>"), [][]string{{"status=published"}}},
		{"a password", post(1, "x", "<wp:post_password>secret</wp:post_password>"),
			[][]string{{"status=draft", "warnings=f.xml:6: a password protects it on the site; taken as a draft"}}},
		{"an unknown status", post(1, "x", "<wp:status>odd</wp:status>"), [][]string{{`f.xml:6: status: "odd" is not known; use published or draft`}}},
		{"no status", post(1, "x", "<wp:status></wp:status>"), [][]string{{`f.xml:6: status: "of no kind" is not known; use published or draft`}}},
		{"a bad date", post(1, "x", "<wp:post_date_gmt>2026-02-30 10:00:00</wp:post_date_gmt>"), [][]string{{`f.xml:6: pubDate: "2026-02-30 10:00:00Z" is no date of the calendar`}}},
		{"more", post(1, "Teaser.\n\n<!--more Go on-->\n\nRest.", ""), [][]string{{"summary=Teaser.", "content=<p>Teaser.</p>"}}},
		{"an encoded name", post(1, "x", "<wp:post_name>gr%c3%b6sse</wp:post_name>"), [][]string{{"slug=grösse"}}},
		{"control characters", post(1, "a\x02b", ""), [][]string{{"content=<p>ab</p>",
			"warnings=f.xml:6: the file held 1 bytes of control characters, which XML does not have; left out"}}},
		{"no post", post(1, "x", "<wp:post_type>page</wp:post_type>"), [][]string{{"f.xml: no post among its articles: the export has other items, which were passed over: 1 page"}}},
		{"nothing", "", nil},
		{"cut short", "<item>", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			raw := export(test.raw)
			if test.name == "cut short" {
				raw, test.want = raw[:len(raw)-20], [][]string{{"f.xml:6: XML: unexpected EOF; the file is cut short"}}
			}
			wantTold(t, told(t, "f.xml", raw), test.want...)
		})
	}
}

func TestWordPressHTML(t *testing.T) {
	tests := []struct{ name, in, want, left string }{
		{"paragraphs", "One\ntwo\r\n\r\nThree", "<p>One<br>\ntwo</p>\n<p>Three</p>\n", ""},
		{"blocks", "One\n<h2>Head</h2>\nTwo\n<ul>\n<li>a\nb</li>\n</ul>\nThree", "<p>One</p>\n<h2>\nHead\n</h2>\n<p>Two</p>\n<ul>\n<li>\na<br>\nb\n</li>\n</ul>\n<p>Three</p>\n", ""},
		{"paragraphs there", "<p>One</p>\n\nTwo\n\n<p>Three</p>", "<p>\nOne\n</p>\n<p>Two</p>\n<p>\nThree\n</p>\n", ""},
		{"quote", "<blockquote>a\n\nb</blockquote>", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n", ""},
		{"code", "a\n<pre>x\n\n<b>y</b></pre>\nb", "<p>a</p>\n<pre>x\n\n<b>y</b></pre><p>b</p>\n", ""},
		{"made of blocks", "<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->", "<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->", ""},
		{"caption", `[caption id="a" align="b"]<img src="i.jpg" /> Some text[/caption]`,
			"<figure>\n<img src=\"i.jpg\" />\n<figcaption>\nSome text\n</figcaption>\n</figure>\n", ""},
		{"embed", "[embed width=1]https://v.example/1[/embed]", "<p>\n<a href=\"https://v.example/1\">https://v.example/1</a>\n</p>\n", ""},
		{"gallery", "a [gallery] b [gallery ids=\"1,2\"]", "<p>a  b</p>\n", "gallery"},
		{"others", "[box color=\"red\"]Text[/box] [sc]x[/sc] [ad id=1]", "<p>Text x</p>\n", "box sc ad"},
		{"remarks", "He [sic] said [1] [see above] [[gallery]]", "<p>He [sic] said [1] [see above] [gallery]</p>\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, left := wordPressHTML(test.in)
			if got != test.want || strings.Join(left, " ") != test.left {
				t.Errorf("got  %q, %q\nwant %q, %q", got, left, test.want, test.left)
			}
		})
	}
}

func FuzzWordPress(f *testing.F) {
	f.Add("One\n\n[caption]<img src=x> y[/caption]<!--more-->\n[[a]] [b c=1]", "<wp:post_password>x</wp:post_password>")
	f.Add("<ul><li>a</ul>\n\n<p>b\x01", "<wp:status>draft</wp:status>")
	f.Fuzz(func(t *testing.T, content, extra string) {
		for a, err := range newReader(t).ReadAll("s", "f.xml", []byte(export(post(1, content, extra)))) {
			if err == nil {
				checkInvariants(t, a)
			} else if strings.Contains(err.Error(), "fault of feedpub") {
				t.Error(err)
			}
		}
	})
}
