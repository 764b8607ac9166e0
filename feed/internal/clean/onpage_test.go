package clean

import (
	"strings"
	"testing"

	"feedpub/feed/internal/xss"
)

func TestOnPage(t *testing.T) {
	for content, want := range map[string]string{
		"":                               "",
		"text &lt;h1&gt;":                "text &lt;h1&gt;",
		"<h1>a</h1><h2 id=\"b\">b</h2>":  "<h4>a</h4><h5 id=\"b\">b</h5>",
		"<h2>a</h2><h5>b</h5><h2>c</h2>": "<h4>a</h4><h5>b</h5><h4>c</h4>",
		"<h1>1</h1><h2>2</h2><h3>3</h3><h4>4</h4>": "<h4>1</h4><h5>2</h5><h6>3</h6><h6>4</h6>",
		"<hr/><p>a</p>":                              "<hr/><p>a</p>",
		`<img src="https://example.org/a"/>`:         `<img loading="lazy" alt="" src="https://example.org/a"/>`,
		`<img alt="A" src="https://example.org/a"/>`: `<img loading="lazy" alt="A" src="https://example.org/a"/>`,
		`<img src="https://example.org/a" alt=""/>`:  `<img loading="lazy" src="https://example.org/a" alt=""/>`,
	} {
		if got := OnPage(content); got != want {
			t.Errorf("%s: got %s, want %s", content, got, want)
		}
	}
}

// What is put into tags must not open a door, whatever stands in their attributes.
func TestOnPageIsHarmless(t *testing.T) {
	for _, payload := range append([]string{`<img alt="<h1 <img onclick=alert(1) <h2>" title='<img onerror=alert(1) src=x>' src="/x">`}, xss.Payloads...) {
		for _, place := range []string{"%s", "<h1>%s</h1>", `<p title='%s'>`, `<img src="/a" alt='%s'>`, "<h1 title='%s'>", "<svg>%s", "<table>%s", "<!--%s"} {
			content, err := HTML(strings.Replace(place, "%s", payload, 1), base(t))
			if err != nil {
				t.Fatal(err)
			}
			got := OnPage(content)
			if bad := xss.Harm(strings.ReplaceAll(got, `<img loading="lazy" `, "<img ")); bad != "" {
				t.Errorf("%s: got %s, which has %s", content, got, bad)
			}
		}
	}
}

func TestBeginning(t *testing.T) {
	for _, c := range []struct {
		content, want string
		limit         int
	}{
		{"", "", 10},
		{"<p>one</p><p>two</p>", "<p>one</p><p>two</p>", 20},
		{"<p>one</p><p>two</p>", "<p>one</p>", 19},
		{"<p>one</p><p>two</p>", "<p>one</p>", 10},
		{"<p>one</p><p>two</p>", "", 9},
		{"<p>a<br/>b <img src=\"https://example.org/a\"/></p><p>c</p>", "<p>a<br/>b <img src=\"https://example.org/a\"/></p>", 55},
		{"<ul><li>a</li><li>b</li></ul><p>c</p>", "", 20},
		{"text <em>a</em> and more <p>b</p>", "text <em>a</em>", 20},
	} {
		if got := Beginning(c.content, c.limit); got != c.want {
			t.Errorf("%d bytes of %s: got %q, want %q", c.limit, c.content, got, c.want)
		}
	}
	for _, payload := range xss.Payloads { // whatever it is of, it is balanced
		content, err := HTML("<p>a</p>"+payload+"<p>b</p>", base(t))
		if err != nil {
			t.Fatal(err)
		}
		for limit := range len(content) + 1 {
			got := Beginning(content, limit)
			if again, err := HTML(got, base(t)); err != nil || again != strings.TrimSpace(got) || len(got) > limit {
				t.Errorf("%d bytes of %s: got %q, then %q, %v", limit, content, got, again, err)
			}
		}
	}
}
