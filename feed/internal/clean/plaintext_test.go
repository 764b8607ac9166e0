package clean

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedpub/feed/internal/xss"
)

// sameText holds the text of plain HTML against what a parser makes of it.
func sameText(t *testing.T, source string) (isPlain bool) {
	t.Helper()
	if got, want := Words(source), strings.Join(strings.Fields(source), " "); got != want {
		t.Errorf("words of %q:\n got %q\nwant %q", source, got, want)
	}
	got, ok := textOfPlain(source)
	if want := wholeText(source); ok && got != want {
		t.Errorf("%q:\n got %q\nwant %q", source, got, want)
	}
	return ok
}

var plainTexts = []string{
	" \n", "a<p> b\u00a0c\u2028d\u0085e</p>", "<td>a<td>b</td> <pre>\n a\r\n  b \n\n\tc\x01 \x02</pre>\n d", "</pre><pre/>\na\n<pre>\nb\nc</pre>",
	"<p class=\"a>b\" title=\"<p>\">x</p>", "&#10;&nbsp;&#x2003;&amp;lt;&bogus;&#0;&#x85;&#128;", "<p>Größe <b>der</b>\nWelt\u3000中 文</p>",
	"<ul><li>a<li>b</ul><table><tr><th>c</th><td>d</td></tr></table><br/>e\ufffd",
}

func TestPlainTextIsAsTheParsers(t *testing.T) {
	for _, page := range append(plainTexts, plainPages...) {
		cleaned, err := HTML(page, plainBase)
		if err != nil {
			t.Fatal(err)
		}
		if !sameText(t, cleaned) {
			t.Errorf("%q: went the whole way", cleaned)
		}
		for i := range page {
			sameText(t, page[:i])
			for j := i + 1; j <= min(i+12, len(page)); j++ {
				sameText(t, page[:i]+page[j:])
			}
		}
	}
	for _, page := range plainTexts {
		for _, piece := range []string{"<", ">", "\"", "&", "/", " ", "\n", "\x00", "\xff", "<script>", "<p>", "<!--", "<td>", "</pre>", "<pre>"} {
			for i := range page {
				sameText(t, page[:i]+piece+page[i:])
			}
		}
	}
	for _, payload := range xss.Payloads {
		sameText(t, payload)
		sameText(t, "<p>"+payload+"</p>")
	}
	for _, folder := range [][]string{
		{"..", "..", "..", "..", "shared", "articles", "*", "*"}, {"..", "..", "ingest", "testdata", "*"}, {"testdata", "*"}, {"..", "..", "testdata", "*"},
	} {
		names, _ := filepath.Glob(filepath.Join(folder...))
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil || len(data) > 1<<20 {
				continue
			}
			sameText(t, string(data))
			if cleaned, err := HTML(string(data), plainBase); err == nil {
				sameText(t, cleaned)
			}
		}
	}
}

func FuzzPlainText(f *testing.F) {
	for _, page := range append(plainTexts, plainPages...) {
		f.Add(page)
	}
	pieces := []string{
		"<p>", "</p>", "<pre>", "</pre>", "<td>", "</td>", "<br/>", "<a href=\"x y\">", "</a>", "<script>", "</script>", " ", "\n", "\r",
		"&#10;", "&amp;", "&nbsp;", "\u00a0", "ö", "\u0085", "\ufffd", "\x01", "<img src=\"a\" alt=\"b\"/>", "x", "yz",
	}
	f.Fuzz(func(t *testing.T, source string) {
		sameText(t, source)
		// The same bytes as a row of pieces, which more often is plain.
		var b strings.Builder
		for i := range len(source) {
			b.WriteString(pieces[int(source[i])%len(pieces)])
		}
		sameText(t, b.String())
	})
}

func BenchmarkText(b *testing.B) {
	source := strings.Repeat("<p>Some <em>text</em> of an article, with <a href=\"https://example.org/there\">a link</a> and &#34;quotes&#34;.</p>\n", 50)
	for name, text := range map[string]func(string) string{"plain": Text, "whole": wholeText} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(source)))
			for b.Loop() {
				if text(source) == "" {
					b.Fatal("no text")
				}
			}
		})
	}
}
