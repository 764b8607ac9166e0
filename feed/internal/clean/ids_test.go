package clean

import (
	"strings"
	"testing"
)

func TestPrefixIDs(t *testing.T) {
	const page = "https://example.org/posts/x/"
	tests := []struct{ name, in, want string }{
		{"none", `<p>a &#39;b&#39;</p>`, `<p>a &#39;b&#39;</p>`},
		{"heading", `<h2 id="a">A &amp; b</h2>`, `<h2 id="p-a">A &amp; b</h2>`},
		{"footnote", `<p>x<sup id="fnref:1"><a href="#fn:1">1</a></sup></p><ol><li id="fn:1">y <a href="./#fnref:1">^</a></li></ol>`,
			`<p>x<sup id="p-fnref:1"><a href="https://example.org/posts/x/#p-fn:1">1</a></sup></p>` +
				`<ol><li id="p-fn:1">y <a href="https://example.org/posts/x/#p-fnref:1">^</a></li></ol>`},
		{"not in ASCII", `<h2 id="é">E</h2><p><a href="#é">e</a></p>`, `<h2 id="p-é">E</h2><p><a href="https://example.org/posts/x/#p-%C3%A9">e</a></p>`},
		{"the page itself", `<h2 id="a">A</h2><p><a href="https://example.org/posts/x/#a">a</a></p>`,
			`<h2 id="p-a">A</h2><p><a href="https://example.org/posts/x/#p-a">a</a></p>`},
		{"on the page, not in the content", `<h2 id="a">A</h2><p><a href="#comments">c</a></p>`,
			`<h2 id="p-a">A</h2><p><a href="https://example.org/posts/x/#comments">c</a></p>`},
		{"with references", `<h2 id="a">A</h2><p><a href="./?a=&#39;1&#39;&amp;b#a">it</a> <a href="#it&#39;s">no</a></p>`,
			`<h2 id="p-a">A</h2><p><a href="https://example.org/posts/x/?a=&#39;1&#39;&amp;b#a">it</a> <a href="https://example.org/posts/x/#it&#39;s">no</a></p>`},
		{"on another page", `<h2 id="a">A</h2><p><a href="../y/#a">y</a></p>`,
			`<h2 id="p-a">A</h2><p><a href="https://example.org/posts/y/#a">y</a></p>`},
		{"text that looks like one", `<h2 id="a">id=&#34;a&#34; #a</h2><p><img alt="id=&#34;a&#34; #a" src="x.png#a"/></p>`,
			`<h2 id="p-a">id=&#34;a&#34; #a</h2><p><img alt="id=&#34;a&#34; #a" src="https://example.org/posts/x/x.png#a"/></p>`},
		{"values that end like a name", `<h2 id="a">A</h2><p><img alt="an id=" src="https://example.org/posts/x/x.png?href="/><a href="./?id=" title=" id=">b</a> <a href="#a">a</a></p>`,
			`<h2 id="p-a">A</h2><p><img alt="an id=" src="https://example.org/posts/x/x.png?href="/><a href="https://example.org/posts/x/?id=" title=" id=">b</a> <a href="https://example.org/posts/x/#p-a">a</a></p>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in, err := HTML(test.in, base(t))
			if err != nil {
				t.Fatal(err)
			}
			got := PrefixIDs(in, page, "p-")
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if again := PrefixIDs(got, page, "p-"); again != got {
				t.Errorf("again: got %s", again)
			}
			if cleaned, err := HTML(got, base(t)); err != nil || cleaned != got {
				t.Errorf("cleaned: got %s, %v", cleaned, err)
			}
		})
	}
}

// A page whose address needs references is the same page.
func TestPrefixIDsOnAPageWithAQuery(t *testing.T) {
	const page = "https://example.org/?p=1&q='x'"
	in := `<h2 id="a">A</h2><p><a href="https://example.org/?p=1&amp;q=&#39;x&#39;#a">a</a></p>`
	want := `<h2 id="p-a">A</h2><p><a href="https://example.org/?p=1&amp;q=&#39;x&#39;#p-a">a</a></p>`
	if got := PrefixIDs(in, page, "p-"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// BenchmarkPrefixIDs is a text of a hundred headings and links, and one of as many links and one id.
func BenchmarkPrefixIDs(b *testing.B) {
	link := `<p>Some <em>words</em> of a text, with a <a href="https://example.org/a">link</a> in it.</p>`
	for name, in := range map[string]string{
		"headings": strings.Repeat(`<h2 id="a">A</h2>`+link, 100),
		"links":    `<h2 id="a">A</h2>` + strings.Repeat(link, 100),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				PrefixIDs(in, "https://example.org/", "p-")
			}
		})
	}
}
