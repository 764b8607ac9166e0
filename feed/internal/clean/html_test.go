package clean

import (
	"net/url"
	"testing"

	"feedpub/feed/internal/xss"
)

func base(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse("https://example.org/posts/x/")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestHTML(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "<p>One &amp; two</p>", "<p>One &amp; two</p>"},
		{"balanced", "<p>One<p><b>two", "<p>One</p><p><b>two</b></p>"},
		{"comment", "a<!-- secret -->b", "ab"},
		{"script", "<script>alert(1)</script><p>x</p>", "<p>x</p>"},
		{"style", `<style>p{}</style><p style="position:fixed" onclick="x()">x</p>`, "<p>x</p>"},
		{"frames and forms", `<iframe srcdoc="x">y</iframe><form action="/a"><input><button>go</button></form><object>o</object><embed>`, ""},
		{"page furniture", `<base href="//e.example/"><meta http-equiv=refresh><link rel=stylesheet href=x><p>x</p>`, "<p>x</p>"},
		{"svg", "<svg onload=alert(1)><circle/><text>t</text></svg>after", "after"},
		{"template", "<template><script>alert(1)</script></template>after", "after"},
		{"link", `<a href="../y?a=b&amp;c#d" onclick=x>y</a>`, `<a href="https://example.org/posts/y?a=b&amp;c#d">y</a>`},
		{"mailto", `<a href="mailto:jo@example.org">Jo</a>`, `<a href="mailto:jo@example.org">Jo</a>`},
		{"script links", `<a href="&#106;ava&#9;script:alert(1)">x</a><a href="data:text/html,x">y</a><a href=" vbscript:x">z</a>`, "xyz"},
		{"no mailto image", `<img src="mailto:a@b" alt="x">`, `<img alt="x"/>`},
		{"image", `<img src="/a b.png" srcset="a.png 1x, b.png 2x" alt="A" onerror="alert(1)">`,
			`<img src="https://example.org/a%20b.png" srcset="https://example.org/posts/x/a.png 1x, https://example.org/posts/x/b.png 2x" alt="A"/>`},
		{"srcset without spaces", `<img srcset="a.png,b.png 2x,javascript:x 3x">`, `<img srcset="https://example.org/posts/x/a.png%2Cb.png 2x"/>`},
		{"video", `<video controls poster="p.jpg" onplay=x><source src="v.mp4" type="video/mp4"></video>`,
			`<video controls="" poster="https://example.org/posts/x/p.jpg"><source src="https://example.org/posts/x/v.mp4" type="video/mp4"/></video>`},
		{"code", `<pre><code class="language-go">x &lt; y</code></pre>`, `<pre><code class="language-go">x &lt; y</code></pre>`},
		{"other classes", `<p class="x">a</p><code class="language-go evil">b</code>`, `<p>a</p><code class="language-go">b</code>`},
		{"figure", `<figure><img src="https://e.example/a.png"><figcaption>A</figcaption></figure>`,
			`<figure><img src="https://e.example/a.png"/><figcaption>A</figcaption></figure>`},
		{"details", `<details open ontoggle=alert(1)><summary>s</summary>x</details>`, `<details open=""><summary>s</summary>x</details>`},
		{"ids", `<h2 id="a-1">x</h2><a id="location" name="cookie">y</a>`, `<h2 id="a-1">x</h2>y`},
		{"relative", `<p><a href="//cdn.example/a?b">1</a><a href="?q=1">2</a><a href="/r">3</a><a href="#f">4</a><a href="https:/s">5</a><a href="">6</a></p>`,
			`<p><a href="https://cdn.example/a?b">1</a><a href="https://example.org/posts/x/?q=1">2</a><a href="https://example.org/r">3</a>` +
				`<a href="https://example.org/posts/x/#f">4</a>5<a href="https://example.org/posts/x/">6</a></p>`},
		{"relative media", `<audio src="a.mp3"><track src="a.vtt" kind="captions" srclang="de" label="D" default></audio><video poster="//e.example/p.jpg"></video>` +
			`<picture><source srcset="/a.avif 1x, //e.example/b.avif 2x" type="image/avif"><img src="../a.png" longdesc="d.html" usemap="#m"></picture>`,
			`<audio src="https://example.org/posts/x/a.mp3"><track src="https://example.org/posts/x/a.vtt" kind="captions" srclang="de" label="D" default=""/></audio>` +
				`<video poster="https://e.example/p.jpg"></video><picture><source srcset="https://example.org/a.avif 1x, https://e.example/b.avif 2x" type="image/avif"/>` +
				`<img src="https://example.org/posts/a.png"/></picture>`},
		{"sources of quotes", `<blockquote cite="/a"><q cite="b">x</q></blockquote><ins cite="c" datetime="2026-03-01">y</ins><del cite="javascript:x">z</del>`,
			`<blockquote cite="https://example.org/a"><q cite="https://example.org/posts/x/b">x</q></blockquote><ins cite="https://example.org/posts/x/c" datetime="2026-03-01">y</ins><del>z</del>`},
		{"no source", `<img src="" alt="a"><video src=" " poster=""></video>`, `<img alt="a"/><video></video>`},
		{"language of code", `<pre class="highlight language-c++"><code class=" x language-c++ hljs">a</code></pre>`,
			`<pre class="language-c++"><code class="language-c++">a</code></pre>`},
		{"lists", `<ol start="3" reversed type="a"><li value="7">x</li></ol><ul type="disc"><li>y</li></ul><dl><dt>t</dt><dd>d</dd></dl>`,
			`<ol start="3" reversed="" type="a"><li value="7">x</li></ol><ul><li>y</li></ul><dl><dt>t</dt><dd>d</dd></dl>`},
		{"words", `<p lang="ar" dir="rtl"><mark>m</mark><kbd>k</kbd><samp>s</samp><sub>1</sub><sup>2</sup><abbr title="A B">AB</abbr><time datetime="2026-03-01">1 March</time>` +
			`<q>q</q><ins>i</ins><del>d</del><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby><bdo dir="ltr">b</bdo></p>`,
			`<p lang="ar" dir="rtl"><mark>m</mark><kbd>k</kbd><samp>s</samp><sub>1</sub><sup>2</sup><abbr title="A B">AB</abbr><time datetime="2026-03-01">1 March</time>` +
				`<q>q</q><ins>i</ins><del>d</del><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby><bdo dir="ltr">b</bdo></p>`},
		{"cells", `<table><caption>c</caption><thead><tr><th scope="col" colspan="2">a</th></tr></thead><tbody><tr><td rowspan="2">b</td></tr></tbody></table>`,
			`<table><caption>c</caption><thead><tr><th scope="col" colspan="2">a</th></tr></thead><tbody><tr><td rowspan="2">b</td></tr></tbody></table>`},
		{"size of pictures", `<img src="/a" width="10" height="20" alt="A" title="T" style="width:1px" loading="lazy">`,
			`<img src="https://example.org/a" width="10" height="20" alt="A" title="T"/>`},
		{"notes", `<p>x<a href="#n" id="r">1</a></p><section id="notes"><p id="n">y</p></section>`,
			`<p>x<a href="https://example.org/posts/x/#n" id="r">1</a></p><section id="notes"><p id="n">y</p></section>`},
		{"table", `<table><tr><td align="right" style="x">1</td></tr></table>`, `<table><tbody><tr><td align="right">1</td></tr></tbody></table>`},
		{"returned control", "a&#11;b&#0;c", "abc"},
		{"lost character", "<p>a\ufffdb", "<p>a\ufffdb</p>"},
		{"IDN", `<a href="https://bücher.example/ä">b</a>`, `<a href="https://xn--bcher-kva.example/%C3%A4">b</a>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := HTML(test.in, base(t))
			if err != nil || got != test.want {
				t.Errorf("got %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func FuzzHTML(f *testing.F) {
	for _, seed := range []string{
		"<p>One<p><b>two", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<table>a<tr>b<td>c", "<pre>\n\nx</pre>",
		`<a href="a"><a href="b">x`, "<svg><p><style><!--</style><img src=x onerror=y>--></svg>", `<img srcset=" , a,,b 2x,">`,
		"<form><div></form><form>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", `<a href="mailto:%">x</a>`,
		`<iframe src="//e.example/x" title="&quot;<b>">y</iframe>`, `<math alttext="<p>"><mi>x</mi><annotation encoding="application/x-tex">&lt;p></annotation></math>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		got, err := HTML(source, base(t))
		if err != nil {
			t.Skip()
		}
		if again, err := HTML(got, base(t)); err != nil || again != got {
			t.Errorf("HTML(%q): got %q, then %q, %v", source, got, again, err)
		}
		if bad := xss.Harm(got); bad != "" {
			t.Errorf("HTML(%q): got %q, which has %s", source, got, bad)
		}
	})
}

func TestText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"blocks", "<h2>Head</h2><p>One  two\nthree</p><ul><li>a</li><li>b</li></ul>", "Head\nOne two three\na\nb"},
		{"inline", "<p>a<b>b</b>c <i>d</i></p>", "abc d"},
		{"entities", "<p>&lt;b&gt; 1 &lt; 2 &amp;amp;</p>", "<b> 1 < 2 &amp;"},
		{"code", "<pre><code>a  b\n\nc</code></pre>", "a b\nc"},
		{"no text", "<script>x()</script><style>y{}</style><!-- z -->a", "a"},
		{"cells", "<table><tr><td>a</td><td>b</td></tr></table>", "a b"},
		{"plain", "1 < 2", "1 < 2"},
		{"formula", `<h1>On <math><mi>x</mi><annotation encoding="application/x-tex">x</annotation></math></h1>`, "On x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Text(test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
