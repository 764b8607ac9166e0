package ingest

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/xss"
)

func ld(object string) string { return `<script type="application/ld+json">` + object + `</script>` }

func TestHTMLFields(t *testing.T) {
	const body = "<article><p>Text.</p></article>"
	tests := []struct{ name, raw, field, want string }{
		{"H1 title from JSON-LD", ld(`{"@type":"NewsArticle","headline":"J &amp; K"}`) + `<meta property=og:title content=O><h1>H</h1>`, "title", "J &amp; K"},
		{"H1 title from a list of JSON-LD", ld(`[{"@type":"Organization","name":"S"},{"@type":["Thing","BlogPosting"],"headline":"J"}]`) + "<h1>H</h1>", "title", "J"},
		{"H1 title from a second script", ld(`{"@type":"WebSite","name":"S"}`) + ld(`{"@type":"https://schema.org/Article","name":"J"}`), "title", "J"},
		{"H1 title from the article of a page's JSON-LD", ld(`{"@type":"WebPage","name":"S","mainEntity":{"@type":"Article","headline":"J"}}`), "title", "J"},
		{"H1 title from Open Graph", `<title>T</title><meta property="og:title" content="O &amp; P"><h1>H</h1>`, "title", "O & P"},
		{"H1 title from h1", "<title>T</title><h1>The <em>H</em><br>one</h1>", "title", "The H one"},
		{"H1 title from the article's h1", "<header><h1>Site</h1></header><article><h1>H</h1><p>x</article>", "title", "H"},
		{"H1 title beside a picture", "<title>T</title><h1><img alt=Logo src=l.png></h1>", "title", "T"},
		{"H1 title from title", "<title>T &lt;b&gt;</title>", "title", "T <b>"},
		{"T3 no title", "<p>First line.</p><p>Second.</p>", "title", "First line."},
		{"title of a drawing", "<svg><title>Icon</title></svg>" + body, "title", "Text."},
		{"H1 date from JSON-LD", ld(`{"@type":"Article","datePublished":"2026-03-01"}`) + `<meta property="article:published_time" content="2026-04-01">`, "published", "2026-03-01T00:00:00Z"},
		{"H1 date from Unix seconds in JSON-LD", ld(`{"@type":"Article","datePublished":1772323200}`), "published", "2026-03-01T00:00:00Z"},
		{"H1 date from Open Graph", `<meta property="article:published_time" content="2026-03-01T10:00:00+01:00"><time datetime=2026-04-01>`, "published", "2026-03-01T09:00:00Z"},
		{"H1 date from time", "<meta name=date content=2026-04-01><p>By Jo, <time datetime=2026-03-01>1 March</time>", "published", "2026-03-01T00:00:00Z"},
		{"H1 date from a marked time", "<time datetime=2026-04-01>a</time><time class=dt-published datetime=2026-03-01>b</time>", "published", "2026-03-01T00:00:00Z"},
		{"H1 date from pubdate", "<time datetime=2026-04-01>a</time><time pubdate datetime=2026-03-01>b</time>", "published", "2026-03-01T00:00:00Z"},
		{"H1 date from microdata", "<meta itemprop=datePublished content=2026-03-01>", "published", "2026-03-01T00:00:00Z"},
		{"H1 date from a marked text", "<span class=dt-published>March 1, 2026</span>", "published", "2026-03-01T00:00:00Z"},
		{"H1 date from meta", "<meta name=DC.date.issued content=2026-03-01>", "published", "2026-03-01T00:00:00Z"},
		{"time in running text", "<p>" + strings.Repeat("Of the war and its end. ", 10) + "<time datetime=1945-05-08>8 May</time>", "published", "@now"},
		{"time of another article", "<article><p>x</article><aside><time datetime=2026-04-01>a</time></aside>", "published", "@now"},
		{"time that is no day", "<time datetime=PT5M>5 minutes</time><time datetime=2026-03-01>1 March</time>", "published", "2026-03-01T00:00:00Z"},
		{"D4 date in the URL", `<link rel=canonical href="/2026/03/01/x.html">`, "published", "2026-03-01T00:00:00Z"},
		{"updated from JSON-LD", ld(`{"@type":"Article","datePublished":"2026-03-01","dateModified":"2026-03-02"}`), "updated", "2026-03-02T00:00:00Z"},
		{"updated from Open Graph", `<meta property="article:published_time" content=2026-03-01><meta property="og:updated_time" content=2026-03-02>`, "updated", "2026-03-02T00:00:00Z"},
		{"summary from JSON-LD", ld(`{"@type":"Article","description":"J"}`) + "<meta name=description content=M>", "summary", "J"},
		{"summary from meta", "<meta name=Description content=' M\n&amp; N '>", "summary", "M & N"},
		{"summary of Medium's", "<article><section data-field=subtitle class=p-summary>The sub</section><section data-field=body><p>x</section></article>", "summary", "The sub"},
		{"authors from JSON-LD", ld(`{"@type":"Article","author":["Jo",{"@type":"Person","name":"Al","url":"/al"}]}`), "authors", "[Jo Al]"},
		{"authors by reference in JSON-LD", ld(`{"@graph":[{"@type":"Article","author":{"@id":"#1"}},{"@type":"Person","@id":"#1","name":"Jo"}]}`), "authors", "[Jo]"},
		{"author from meta", "<meta name=author content='Jo &lt;jo@example.org&gt;'><a rel=author>Al</a>", "authors", "[Jo]"},
		{"author from Open Graph", `<meta property="article:author" content="https://e.example/jo"><meta property="article:author" content=Al>`, "authors", "[Al]"},
		{"author of Medium's", "<footer>By <a class=p-author href=x>Jo</a></footer>", "authors", "[Jo]"},
		{"author from a link", "<p>By <a rel='author nofollow' href=x>Jo</a>", "authors", "[Jo]"},
		{"URL from canonical", "<link rel=canonical href=/c><meta property=og:url content=https://example.org/o>", "url", "https://example.org/c"},
		{"URL from Open Graph", "<meta property=og:url content=https://example.org/o>", "url", "https://example.org/o"},
		{"URL from JSON-LD", ld(`{"@type":"Article","mainEntityOfPage":{"@type":"WebPage","@id":"https://example.org/j"}}`), "url", "https://example.org/j"},
		{"URL of Medium's", "<footer><a class=p-canonical href=https://e.example/m>Canonical link</a></footer>", "url", "https://e.example/m"},
		{"no URL", "<h1>x</h1>", "url", "https://example.org/posts/a/"},
		{"language", "<html lang=de-AT>", "lang", "de-AT"},
		{"language from Open Graph", "<html lang><meta property=og:locale content=en_GB>", "lang", "en-GB"},
		{"image", "<meta property=og:image content=/i.png>", "image", "https://example.org/i.png"},
		{"image from JSON-LD", ld(`{"@type":"Article","image":[{"@type":"ImageObject","contentUrl":"https://e.example/i.png"}]}`), "image", "https://e.example/i.png"},
		{"image by reference in JSON-LD", ld(`{"@graph":[{"@type":"Article","image":{"@id":"#i"}},{"@id":"#i","url":"/i.png"}]}`), "image", "https://example.org/i.png"},
		{"L1 tags", `<meta property=article:tag content="a"><meta property=article:tag content="b, c"><meta name=keywords content="A, d,,">` +
			ld(`{"@type":"Article","keywords":["e",{"@type":"DefinedTerm","name":"f"}]}`), "tags", "[a b, c e f d]"},
		{"tags in a string of JSON-LD", ld(`{"@type":"Article","keywords":"a, b"}`), "tags", "[a b]"},
		{"expiry from Open Graph", "<meta property=article:expiration_time content=2027-01-01>", "expires", "2027-01-01T00:00:00Z"},
		{"expiry from robots", `<meta name=robots content="noindex, unavailable_after: 25 Jun 2027 15:00:00 PST, noarchive">`, "expires", "2027-06-25T23:00:00Z"},
		{"D5 expired", ld(`{"@type":"Article","datePublished":"2026-01-01","expires":"2026-02-01"}`), "status", "expired"},
		{"D5 scheduled", ld(`{"@type":"Article","datePublished":"2027-01-01"}`), "status", "scheduled"},
		{"embargo", "<meta name=embargo content=2027-01-01>", "status", "scheduled"},
		{"hidden from search engines only", "<meta name=robots content=noindex>", "status", "published"},
		{"S1 draft in JSON-LD", ld(`{"@type":"Article","creativeWorkStatus":"https://schema.org/Draft"}`), "status", "draft"},
		{"S1 draft in meta", "<meta name=draft content=yes>", "status", "draft"},
		{"broken JSON-LD", ld(`{"@type":"Article","headline":"J",}`) + "<h1>H</h1>", "title", "H"},
		{"a list in a list", ld(`[[[{"@type":"Article","headline":[["J"]]}]]]`), "title", "J"},
	}
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", "a.html", []byte(test.raw+"<p>x</p>"))
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(field(&a.Entry, test.field, now)); got != test.want {
				t.Errorf("%s: got %q, want %q", test.field, got, test.want)
			}
		})
	}
}

func TestHTMLBody(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"a heading that is the title leaves", "<article><header><h1>T</h1></header><p>x</p></article>", "<p>x</p>"},
		{"a heading that Open Graph has too leaves", "<meta property=og:title content=t><h1>T</h1><p>x</p>", "<p>x</p>"},
		{"another heading stays", "<meta property=og:title content=O><h1>T</h1><p>x</p>", "<h1>T</h1><p>x</p>"},
		{"Medium's title in the body leaves", "<h1 class=p-name>T</h1><section data-field=body class=e-content><div><h3>T</h3></div><p>x</p><h3>T</h3></section>", "<p>x</p><h3>T</h3>"},
		{"one article", "<nav>n</nav><article><p>x</p><aside>y</aside><footer>f</footer></article><aside>s</aside>", "<p>x</p><aside>y</aside>"},
		{"an article in an article", "<article><p>x</p><article><p>y</p></article></article>", "<p>x</p><article><p>y</p></article>"},
		{"two articles", "<h1>T</h1><article><p>x</p></article><article><p>y</p></article>", "<article><p>x</p></article><article><p>y</p></article>"},
		{"frames and formulas", "<article><p>x <math><mi>y</mi></math></p><iframe src=https://e.example/v title=V></iframe></article>", `<p>x y</p><p><a href="https://e.example/v">V</a></p>`},
		{"the text of an article", "<article><p>date</p><div class='a e-content'><p>x</p></div></article>", "<p>x</p>"},
		{"text in parts", "<article><div itemprop=articleBody>x</div><p>y</p><div itemprop=articleBody>z</div></article>", "<div>x</div><p>y</p><div>z</div>"},
		{"an empty mark", "<div class=entry-content> </div><p>x</p>", "<div> </div><p>x</p>"},
		{"main", "<header>h</header><main><header>g</header><p>x</p></main><footer>f</footer>", "<p>x</p>"},
		{"body", "<header><h1>T</h1>h</header><nav>n</nav><p>x</p><aside>s</aside><footer>f</footer>", "<p>x</p>"},
		{"the source of a quote", "<blockquote>x<footer>y</footer></blockquote>", "<blockquote>x<footer>y</footer></blockquote>"},
		{"footnotes", "<article>x<footer class=footnotes>y</footer></article>", "x<footer>y</footer>"},
		{"a page in a form", "<form action=x><input><p>x</p></form><form>Search <input></form>", "<p>x</p>"},
		{"readers' comments", "<article><p>x</p><div id=comments>y</div></article>", "<p>x</p>"},
		{"what is not seen", "<p>x</p><!-- y --><p hidden>y</p><p style='color: red; Display : none'>y</p><template>y</template><noscript>y</noscript>", "<p>x</p>"},
		{"hidden until a script shows it", "<body style='visibility:hidden'><p>x</p>", "<p>x</p>"},
		{"a base", "<base href=https://e.example/d/><p><a href=r>x</a></p>", `<p><a href="https://e.example/d/r">x</a></p>`},
		{"a relative base", "<base href=/d/><p><a href=r>x</a></p>", `<p><a href="https://example.org/d/r">x</a></p>`},
		{"a base that is not on the web", "<base href=javascript:x//><p><a href=r>x</a></p>", `<p><a href="https://example.org/posts/a/r">x</a></p>`},
		{"relative to the page", "<link rel=canonical href=/d/x.html><p><a href=r>x</a></p>", `<p><a href="https://example.org/d/r">x</a></p>`},
		{"a picture only", "<article><img src=/i.png alt=I></article>", `<img src="https://example.org/i.png" alt="I"/>`},
		{"H3 malformed", "<div>x<b>y<i>z</b></div></i>", "<div>x<b>y<i>z</i></b></div>"},
		{"frames", "<frameset><frame src=x></frameset>", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", "a.html", []byte("<title>T</title>"+test.raw))
			if err != nil {
				t.Fatal(err)
			}
			if a.Content != test.want {
				t.Errorf("got %s\nwant %s", a.Content, test.want)
			}
		})
	}
}

func TestHTMLFrontMatter(t *testing.T) {
	tests := []struct{ name, raw, title, content string }{
		{"YAML", "---\ntitle: F\n---\n<h1>H</h1><p>x</p>", "F", "<h1>H</h1><p>x</p>"},
		{"TOML", "+++\ntitle = 'F'\n+++\n<h1>F</h1><p>x</p>", "F", "<p>x</p>"},
		{"JSON", "{\"title\": \"F\"}\n<p>x</p>", "F", "<p>x</p>"},
		{"no title", "---\nlayout: post\n---\n<h1>H</h1><p>x</p>", "H", "<p>x</p>"},
		{"nothing in it", "---\n---\n<h1>H</h1><p>{{ x }}</p>", "H", "<p>{{ x }}</p>"},
		{"a known template", "---\ntitle: F\n---\n<p><a href=\"{{ '/a' | relative_url }}\">{{ site.baseurl }}x</a></p>", "F", `<p><a href="https://example.org/a">x</a></p>`},
		{"an unknown template", "---\ntitle: F\n---\n<p><a href=\"{{ y }}\">x</a> {{ z }}</p>", "F", `<p>x {{ z }}</p>`},
		{"control", "---\ntitle: F\n---\n{% if a %}<p>x</p>{% endif %}", "F", "<p>x</p>"},
		{"code", "---\ntitle: F\n---\n{% highlight html %}\n<b>\n{% endhighlight %}", "F", `<pre><code class="language-html">&lt;b&gt;</code></pre>`},
		{"shown code", "---\ntitle: F\n---\n<code>{% raw %}{{ x }}{% endraw %}</code>", "F", `<code>{{ x }}</code>`},
		{"a figure", "---\ntitle: F\n---\n{{< figure src=\"/i.png\" >}}", "F", `<figure><img src="https://example.org/i.png" alt=""/></figure>`},
		{"a picture", "---\ntitle: F\n---\n{% asset_img i.png %}{{image \"j.png\"}}", "F",
			`<img src="https://example.org/posts/a/i.png" alt=""/><img src="https://example.org/posts/a/j.png" alt=""/>`},
		{"Markdown's marks", "---\ntitle: F\n---\n<p>`{{ site.url }}` [[x]] %% y %%</p>\n\n    {{ site.url }}", "F", "<p>`` [[x]] %% y %%</p>"},
		{"a whole page", "---\ntitle: F\n---\n<html><title>T</title><nav>n</nav><article><p>x</p></article>", "F", "<p>x</p>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", "a.html", []byte(test.raw))
			if err != nil {
				t.Fatal(err)
			}
			if a.Title != test.title || a.Content != test.content {
				t.Errorf("got %s, %s\nwant %s, %s", a.Title, a.Content, test.title, test.content)
			}
		})
	}
}

func TestHTMLRefusals(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"unreadable expiry", "<meta name=robots content='unavailable_after: soon'>x", `a.html: expires: "soon" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z`},
		{"a template", "{% extends \"base\" %}<p>x", "a.html: a template, not a page; exclude it, or give it front matter if it is an article"},
		{"a template's title", "<title>{{ page.title }}</title><p>x", "a.html: a template, not a page; exclude it, or give it front matter if it is an article"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newReader(t).Read("s", "a.html", []byte(test.raw))
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
}

// openTags are n bold letters, each unlike the others, that no tag closes.
func openTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<b id=%d>", i)
	}
	return b.String()
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d", i)
	}
	return b.String()
}

func TestHTMLCharsets(t *testing.T) {
	tests := []struct{ name, raw string }{
		{"UTF-8", "<h1>Café</h1>"},
		{"UTF-8 with a byte order mark, whatever is declared", "\ufeff<meta charset=iso-8859-1><h1>Café</h1>"},
		{"UTF-8 by an unknown name", "<meta charset=x-klingon><h1>Café</h1>"},
		{"UTF-8 declared as UTF-16", "<meta charset=utf-16le><h1>Café</h1>"},
		{"UTF-16, little end first", "\xff\xfe<\x00h\x001\x00>\x00C\x00a\x00f\x00\xe9\x00"},
		{"UTF-16, big end first", "\xfe\xff\x00<\x00h\x001\x00>\x00C\x00a\x00f\x00\xe9"},
		{"Latin-1", "<meta charset='ISO-8859-1'><h1>Caf\xe9</h1>"},
		{"in http-equiv", "<meta content='text/html; charset=windows-1252' http-equiv=Content-Type><h1>Caf\xe9</h1>"},
		{"far below", "<style>" + strings.Repeat("p{} ", 1000) + "</style><meta charset=latin1><h1>Caf\xe9</h1>"},
		{"in XHTML", `<?xml version="1.0" encoding="iso-8859-15"?><html><h1>Caf` + "\xe9</h1></html>"},
		{"of a Mac", "<meta charset=macintosh><h1>Caf\x8e</h1>"},
		{"of two bytes", "<meta charset=gb18030><h1>Caf\xa8\xa6</h1>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", "a.xhtml", []byte(test.raw))
			if err != nil || a.Title != "Café" {
				t.Errorf("got title %q, %v, want Café", a.Title, err)
			}
		})
	}
}

// What is left out of a page is told.
func TestHTMLWarnings(t *testing.T) {
	a, err := newReader(t).Read("s", "a.html", []byte(ld(`{"headline": }`)+"<h1>x</h1>"))
	if want := []string{"a.html: JSON-LD: invalid character '}' looking for beginning of value; left out"}; err != nil || !reflect.DeepEqual(a.Warnings, want) {
		t.Errorf("got %q, %v, want %q", a.Warnings, err, want)
	}
}

func TestMediumDraft(t *testing.T) {
	for key, want := range map[string]string{"draft_D-abc.html": "draft", "posts/draft_D.HTM": "draft", "draft_d.md": "published", "2026-03-01_D-abc.html": "published"} {
		a, err := newReader(t).Read("s", key, []byte("<h1>x</h1>"))
		if err != nil || string(a.Status) != want {
			t.Errorf("%s: got %s, %v, want %s", key, a.Status, err, want)
		}
	}
}

// A folder may be a whole site's: what makes it up is no article, unless it is named.
func TestSiteMachinery(t *testing.T) {
	b := newBench(t)
	for _, key := range []string{"index.html", "404.html", "google0123456789abcdef.html", "_layouts/a.html", "x/partials/b.htm", "themes/c/d.html", "node_modules/e/f.html"} {
		b.write(key, "<h1>No</h1>")
	}
	for _, key := range []string{"a.html", "b/index.html", "x/layouts.html", "layouts/c.md"} {
		b.write(key, "<h1>"+key+"</h1>")
	}
	b.wantCounts(b.load(), "4 4 0 0 0 0 0")
	report, err := b.loader.Import(t.Context(), b.source, "404.html", "themes/c/d.html")
	if err != nil {
		t.Fatal(err)
	}
	b.wantCounts(report, "2 2 0 0 0 0 0")
}

func FuzzHTMLFile(f *testing.F) {
	for _, seed := range []string{
		"<h1>a</h1><p>b", "---\ntitle: a\n---\n<a href={{ x }}>{% highlight x %}<b>", "\xff\xfe<\x00p\x00>\x00x\x00",
		"<meta charset=shift_jis><base href=//e.example><link rel=canonical href=x><img srcset=' ,a 1x'>\x82\xa0",
		ld(`{"@graph":[{"@type":"Article","headline":"a","author":{"@id":"b"}},{"@id":"b","name":"c"}]}`) + "<article><h1>a</h1><svg><p><style><img src=x onerror=y>",
		"<table><td><form><p><nav>x<frameset><select><option>y<plaintext>", "<meta name=robots content='unavailable_after: 2027-01-01'><time pubdate>2026-03-01</time>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := newReader(t).Read("s", "a.html", raw)
		if err != nil {
			if strings.Contains(err.Error(), "fault of feedpub") {
				t.Error(err)
			}
			return
		}
		for name, text := range map[string]string{"title": a.Title, "summary": a.Summary, "content": a.Content} {
			if !utf8.ValidString(text) || clean.Input(text) != text {
				t.Errorf("Read(%q): got %s %q, which is not clean", raw, name, text)
			}
		}
		if u, err := url.Parse(a.URL); a.Title == "" || a.ID == "" || err != nil || u.Host == "" {
			t.Errorf("Read(%q): got title %q, ID %q, URL %q", raw, a.Title, a.ID, a.URL)
		}
		if bad := xss.Harm(a.Content); bad != "" {
			t.Errorf("Read(%q): got content %q, which has %s", raw, a.Content, bad)
		}
	})
}
