package clean

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html/atom"
)

func TestBalance(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"well-formed", `<div><p>a <b>b</b> <a href="x">c</a><br></p><ul><li>d</li></ul></div>`, `<div><p>a <b>b</b> <a href="x">c</a><br></p><ul><li>d</li></ul></div>`},
		{"bold goes on in the next paragraph", "<p><b>a<p>b</b>c", "<p><b>a</b></p><p><b>b</b>c</p>"},
		{"bold around a paragraph that ends in it", "<b><p>a</b>b</p>", "<b><p>a</p></b><p>b</p>"},
		{"bold that ends too late", "<p><b>a</p></b>b", "<p><b>a</b></p>b"},
		{"crossed", "<b>a<i>b</b>c</i>d", "<b>a<i>b</i></b><i>c</i>d"},
		{"the same bold thrice", "<p><b>a<p><b>b<p>c", "<p><b>a</b></p><p><b><b>b</b></b></p><p><b>c</b></p>"},
		{"link in a link", `<a href="1">a<a href="2">b</a>`, `<a href="1">a</a><a href="2">b</a>`},
		{"anchors", `<a name="x"><p>a <a href="1">b</a> c`, `<p>a <a href="1">b</a> c</p>`},
		{"paragraph before a list", "<p>a<ul><li>b<li>c<ul><li>d</ul><li>e</ul>f", "<p>a</p><ul><li>b</li><li>c<ul><li>d</li></ul></li><li>e</li></ul>f"},
		{"terms", "<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"},
		{"ruby", "<ruby>a<rt>b<rp>c</ruby>", "<ruby>a<rt>b</rt><rp>c</rp></ruby>"},
		{"ends of nothing", "a</b></p></div></td>b</br>c", "ab<br>c"},
		{"heading with the end of another", "<h2>a</h3>b", "<h2>a</h2>b"},
		{"cells", "<table><tr><td>a<td><b>b<tr><th>c</table>d", "<table><tr><td>a</td><td><b>b</b></td></tr><tr><th>c</th></tr></table>d"},
		{"cells without a row", "<table><td>a<td>b<tr><td>c</table>", "<table><td>a</td><td>b</td><tr><td>c</td></tr></table>"},
		{"caption", "<table><caption>a<colgroup><col><tbody><tr><td>b</table>", "<table><caption>a</caption><colgroup><col></colgroup><tbody><tr><td>b</td></tr></tbody></table>"},
		{"text in no cell", "<table>a<tr>b<td>c</table>", "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>"},
		{"table in a table", "<table><table><td>a", "<table></table><table><td>a</td></table>"},
		{"table in a cell", "<table><td><table><td>a</table>b</table>c", "<table><td><table><td>a</td></table>b</td></table>c"},
		{"end across a cell", "<div><table><td>a</div>b</table>c", "<div><table><td>ab</td></table>c</div>"},
		{"cells without a table", "<td>a<tr>b", "ab"},
		{"markup in text elements", "<title><b></title><xmp><i></xmp>a", "&lt;i&gt;a"},
		{"svg", "<svg><foreignObject><p>a</p></foreignObject><svg/><title><p></title></svg>b", "b"},
		{"svg without an end", "<p>the <svg> element</p><p>a</p>", "<p>the </p><p>a</p>"},
		{"svg without an end before a block", `<svg><div lang="de">a</div>`, `<div lang="de">a</div>`},
		{"image", `<image src="a">`, `<img src="a">`},
		{"unknown", "<x-y>a</x-y><font>b", "ab"},
		{"deep", strings.Repeat("<div>", 1000) + "a" + strings.Repeat("</div>", 1000), strings.Repeat("<div>", maxDepth) + "a" + strings.Repeat("</div>", maxDepth)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := balance(test.in)
			if err != nil || got != test.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestAttributesAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range maxAttributes {
		fmt.Fprintf(&many, "a%d ", i)
	}
	source := "<p " + many.String() + `lang="de">a</p><p title="` + strings.Repeat("a", maxAttribute+1) + `" lang="de">b</p>` +
		`<img srcset="` + strings.Repeat("a.png 1x, ", 40_000/8) + `">`
	got, err := HTML(source, base(t))
	if err != nil || !strings.HasPrefix(got, `<p>a</p><p lang="de">b</p><img srcset="https://`) || strings.Count(got, "a.png") != maxCandidates {
		t.Errorf("got %.300s, %v", got, err)
	}
}

// An article has so many addresses, and none that is longer than servers take.
func TestAddressesAreBounded(t *testing.T) {
	long := strings.Repeat("a", maxURL)
	source := strings.Repeat(`<img src="a.png" srcset="b.png 1x, c.png 2x">`, maxAllCandidates) + `<a href="/` + long + `">d</a><img src="` + long + `x" alt="e">`
	got, err := HTML(source, base(t))
	if err != nil || strings.Count(got, "b.png")+strings.Count(got, "c.png") != maxAllCandidates || strings.Count(got, "a.png") != maxAllCandidates ||
		strings.Contains(got, long) || !strings.Contains(got, ">d") {
		t.Errorf("got %.300s, %v", got, err)
	}
}

// A name that is misspelled is the same as all that are not known.
func TestElementsAreKnown(t *testing.T) {
	for _, names := range []map[atom.Atom]bool{void, formatting, heading, cell, tablePart, block, skipped, written} {
		if names[0] {
			t.Errorf("an unknown name among %v", names)
		}
	}
}

// hostile are articles of a size that the parser took minutes or gigabytes for.
func hostile(size int) map[string]string {
	repeat := func(s string) string { return strings.Repeat(s, size/len(s)) }
	marked := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	shapes := map[string]string{
		"attributes":          "<p " + marked(size/8, "a%d ") + ">a",
		"attributes of bold":  "<b " + marked(size/8, "a%d ") + ">a",
		"long attribute":      `<p title="` + repeat("a") + `">b`,
		"long address":        `<a href="/` + repeat("ä") + `">b`,
		"quotes":              repeat(`'"`),
		"ampersands":          repeat("&"),
		"ampersands and text": repeat("&aa"),
		"quotes and text":     repeat("'aa"),
		"references":          repeat("&amp;"),
		"less than":           repeat("<"),
		"comments":            repeat("a<!---->"),
		"open comment":        repeat("<!--"),
		"images":              marked(size/60, "<img src=%[1]d.png srcset='%[1]d-1.png 480w,%[1]d-2.png 800w'>"),
		"long addresses":      strings.Repeat("<a href='/"+strings.Repeat("ä", size/200)+"'>x</a>", 90),
		"words quoted":        repeat("'a "),
		"candidates":          `<img srcset="` + repeat("a.png 1x,") + `">`,
		"candidates unparted": `<img srcset="` + repeat("a ") + `">`,
		"distinct bold":       marked(maxDepth-1, "<b lang=a%d>") + repeat("<p>x"),
		"distinct bold twice": "<p>" + marked(400, "<b lang=a%d>") + repeat("<p>x"),
		"distinct languages":  marked(size/16, "<p><b lang=a%d>x"),
		"long languages":      "<p>" + strings.Repeat("<b lang="+strings.Repeat("a", size/300)+"><i lang="+strings.Repeat("b", size/300)+">", 100) + repeat("<p>x")[:size/3],
		"closed by blocks":    marked(100, "<b lang=a%d>") + repeat("<div>x</b></div>"),
		"svg titles":          "<p><svg><title>" + marked(400, "<b id=a%d>") + "</title></svg>" + repeat("<p>x"),
		"objects":             marked(400, "<b id=a%d><object></b></object>") + repeat("<p>x"),
		"text in rows":        "<table>" + repeat("x<tr>"),
		"ends in rows":        "<table>" + repeat("x</b>"),
	}
	for _, s := range []string{
		"<b>", "<b><p>", "<p><b>", "<b><i><a href=x>", "<a href=x><b>", "<a href=x>", "<a href=x><table>", "<a href=x><div>", "<nobr>", "<font>", "<font><p>",
		"<table>", "<table><b>", "<table><td>", "<table><tr><td><b>", "<table>x", "<td>x", "x</b>", "x</td>", "<svg>", "<math>", "<svg><p>", "<svg><b>", "<svg><title>",
		"<math><mi><b>", "<br>", "<p>", "<p>x", "<p></p>", "<div>", "<div></div>", "<ul><li>", "<li>", "<dl><dd>", "<b>x</b>", "<b><div>x</b></div>", "<i><b></i>x</b>",
		"<form>x", "<select>", "<select><b>", "<button><b>", "<template>", "<object><b>", "<marquee><b>", "<ruby><rt>", "<ruby><rt><b>", "<h1><b>", "<code><pre>",
		"<frameset>", "<textarea>", "<title>", "<script>", "<plaintext>", "<x>", "</x>", "</p>", "</br>", "<img src=a>", "<a href=x>y</a>", "<details><summary>",
		"<body a=b>", "<html a=b>", "<![CDATA[", "<?", "</", "<a ", "<a b=", "<a href=\"", "&#", "&amp", "\r", "<em lang=de>x</em>", "<q>", "<q><p></q>",
	} {
		shapes[s] = repeat(s)
	}
	return shapes
}

func TestHostileHTML(t *testing.T) {
	for name, source := range hostile(32 << 10) {
		start := time.Now()
		_, err := HTML(source, base(t))
		if took := time.Since(start); took > time.Minute { // a hang; how long they take the benchmark shows
			t.Errorf("%s: took %s, %v", name, took, err)
		}
	}
}

func TestTooManyElements(t *testing.T) {
	for _, source := range []string{strings.Repeat("<br>", maxElements+1), "<p>" + strings.Repeat("<b lang=a><b lang=b><b lang=c>", 20) + strings.Repeat("<p>x", maxElements/2)} {
		if _, err := HTML(source, base(t)); err == nil || !strings.Contains(err.Error(), "more than 100000 HTML elements") {
			t.Errorf("got %v, want that there are too many elements", err)
		}
	}
}

// Quotes are references at last, of five bytes each.
func TestTooManyQuotes(t *testing.T) {
	for quotes, want := range map[int]string{maxBalanced/5 - 10: "<nil>", maxBalanced/5 + 10: errOutput.Error()} {
		if _, err := balance(strings.Repeat("'", quotes)); fmt.Sprint(err) != want {
			t.Errorf("%d quotes: got %v, want %s", quotes, err, want)
		}
	}
}

func BenchmarkHostileHTML(b *testing.B) {
	for name, source := range hostile(5 << 20) {
		b.Run(strings.ReplaceAll(name, "/", "|"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = HTML(source, base(b))
			}
		})
	}
}
