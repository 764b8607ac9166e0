package clean

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedpub/feed/internal/xss"
)

var plainBase = &url.URL{Scheme: "https", Host: "example.org", Path: "/posts/1/"}

// samePlain holds what is made of plain HTML against what the whole way makes of it.
func samePlain(t *testing.T, source string) (isPlain bool) {
	t.Helper()
	got, ok := plain(source, plainBase)
	if !ok {
		return false
	}
	if want, err := whole(source, plainBase); err != nil || got != want {
		t.Errorf("%q:\n got %q\nwant %q, %v", source, got, want, err)
	}
	return true
}

// plainPages are of the kind that Markdown makes.
var plainPages = []string{
	"", "words", "<p>One &amp; two, &lt;three&gt; \"four\" 'five' &quot;six&quot; &#39;seven&#39;.</p>\n",
	"<h2 id=\"a-heading\">A heading</h2>\n<p>Text with <em>some <strong>marks</strong></em>, <code>a &lt; b</code> and <del>more</del>.<br />\nA line.</p>\n<hr>\n<hr />\n",
	"<p><a href=\"https://example.com/a/b?c=d#e\" title=\"There\">a link</a> <a href=\"/about\">another</a> <a href=\"#here\">here</a> <a href=\"../up\">up</a></p>",
	"<p><img src=\"picture.png\" alt=\"A picture\" title=\"Its title\" /><img src=\"x.png\" alt=\"&quot;One&quot; &amp; 'two' &lt;3&gt;\"></p>",
	"<p><a href=\"/%C3%B6/%41%2F%25%2E/größe\">a</a> <a href=\"https://example.org/%2E%2E/%00%0A%3C%27?x=1#y\">b</a></p>",
	"<h2 id=\"größe-中文\">Größe</h2><p><a href=\"https://example.org/a?b=1&amp;c=2&amp;lt=3\">x</a></p>",
	"<pre><code class=\"language-go\">func main() {\n\tprintln(&quot;x&quot;)\n}\n</code></pre>\n<pre><code>\nplain</code></pre>",
	"<ul>\n<li>One</li>\n<li>\n<p>Two</p>\n<ol start=\"3\">\n<li>Three</li>\n<li></li>\n</ol>\n</li>\n</ul>\n<blockquote>\n<p>Quoted</p>\n</blockquote>",
	"<p>Before</p>\n<!--more-->\n<p>after, größer, 中文, \u00a0 and 🎉</p>\n\u00a0",
	"<p></p><p><em></em><code></code></p><blockquote></blockquote><ul></ul>",
	"<p><em>a</em><em>b</em><a href=\"/x\"><em>in a link</em></a></p> <em>outside</em>",
}

func TestPlainIsAsTheWholeWay(t *testing.T) {
	for _, page := range plainPages {
		if !samePlain(t, page) {
			t.Errorf("%q: went the whole way", page)
		}
	}
	// Every beginning of a page, every page with a piece missing, and those that are built to be mistaken.
	for _, page := range plainPages {
		for i := range page {
			samePlain(t, page[:i])
			for j := i + 1; j <= min(i+12, len(page)); j++ {
				samePlain(t, page[:i]+page[j:])
			}
		}
	}
	for _, payload := range xss.Payloads {
		samePlain(t, payload)
		samePlain(t, "<p>"+payload+"</p>")
	}
	pages, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "articles", "*", "*"))
	for _, name := range pages {
		if data, err := os.ReadFile(name); err == nil && len(data) < 1<<20 {
			samePlain(t, string(data))
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, page := range plainPages {
		f.Add(page)
	}
	pieces := []string{"p", "em", "strong", "code", "del", "a", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "br", "hr", "img"}
	f.Fuzz(func(t *testing.T, source string) {
		samePlain(t, source)
		// The same bytes as a row of elements and text, which more often is plain.
		var b strings.Builder
		var open []string
		for i := range len(source) {
			switch c := source[i]; {
			case c < 96:
				name := pieces[int(c)%len(pieces)]
				b.WriteString("<" + name)
				b.WriteString(map[string]string{"a": ` href="/x"`, "img": ` src="/x"`}[name])
				b.WriteString(">")
				if plainElements[name] != plainVoid {
					open = append(open, name)
				}
			case c < 192 && len(open) > 0:
				b.WriteString("</" + open[len(open)-1] + ">")
				open = open[:len(open)-1]
			default:
				b.WriteString([]string{"x", " ", "\n", "'", "&amp;"}[c%5])
			}
		}
		for len(open) > 0 {
			b.WriteString("</" + open[len(open)-1] + ">")
			open = open[:len(open)-1]
		}
		samePlain(t, b.String())
	})
}

func BenchmarkPlain(b *testing.B) {
	source := strings.Repeat("<p>Some <em>text</em> of an article, with <a href=\"/there\">a link</a> and &quot;quotes&quot;.</p>\n", 50)
	for name, clean := range map[string]func() bool{
		"plain": func() bool { _, ok := plain(source, plainBase); return ok },
		"whole": func() bool { _, err := whole(source, plainBase); return err == nil },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(source)))
			for b.Loop() {
				if !clean() {
					b.Fatal("not clean")
				}
			}
		})
	}
}
