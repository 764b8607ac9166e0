package ingest

import (
	"strings"
	"testing"
)

func TestTemplates(t *testing.T) {
	tests := []struct {
		name, in, want string
		warnings       int
	}{
		{"none", "a {b} [c](d)", "a {b} [c](d)", 0},
		{"highlight", "x\n\n{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}\n", "x\n\n```ruby\nputs 1\n```\n\n", 0},
		{"highlighted fence", "{% highlight md %}\n```\n{% endhighlight %}", "````md\n```\n````\n", 0},
		{"raw", "{% raw %}{{ x }}{% endraw %}", "{{ x }}", 0},
		{"base URL", "[a]({{ site.baseurl }}/docs/) {{site.url}}", "[a](/docs/) ", 0},
		{"filter", `[a]({{ "/docs/" | relative_url }})`, "[a](/docs/)", 0},
		{"post", "[a]({% post_url 2026-03-01-my-post %}#b)", "[a](https://example.org/posts/my-post/#b)", 0},
		{"link", "[a]({% link _docs/history.md %})", "[a](/docs/history/)", 0},
		{"comment", "a\n{% comment %}\nsecret\n{% endcomment %}\nb", "a\nb", 0},
		{"control", "{% if x %}\na\n{% endif %}\n", "a\n", 2},
		{"unknown in text", "Use {{ name }} here", "Use {{ name }} here", 1},
		{"unknown in a link", "See [the [new] page]({{ site.repository }}/x) now", "See the [new] page now", 1},
		{"unknown in a definition", "[a]: {{ site.repository }}/x\nb", "b", 1},
		{"fenced code", "```\n{% raw %}{{ x }}\n```\n{{ site.url }}", "```\n{% raw %}{{ x }}\n```\n", 0},
		{"indented code", "a\n\n    {{ site.url }}\n\nb", "a\n\n    {{ site.url }}\n\nb", 0},
		{"code span", "`` {{ site.url }} ` `` {{ site.url }}", "`` {{ site.url }} ` `` ", 0},
		{"attributes", "# a\n{: .note}\nb", "# a\nb", 0},
		{"Hugo figure", `{{< figure src="/a.png" caption="A \"b\"" >}}`, "\n\n<figure><img src=\"/a.png\" alt=\"A &#34;b&#34;\"><figcaption>A &#34;b&#34;</figcaption></figure>\n\n", 0},
		{"Hugo highlight", "{{< highlight go >}}\nx\n{{< /highlight >}}", "```go\nx\n```\n", 0},
		{"Hugo reference", `[a]({{< ref "other.md" >}})`, "[a](https://example.org/posts/other/)", 0},
		{"Hugo block", "{{% note %}}\nMind *this*.\n{{% /note %}}\n", "Mind *this*.\n", 2},
		{"shown shortcode", "{{</* ref x */>}}", "{{< ref x >}}", 0},
		{"Zola", "{{ youtube(id=\"x\") }}\n{% quote(by=\"y\") %}\nz\n{% end %}\n", "z\n", 3},
		{"Go blog image", `{{image "a/b.png" 100}}`, "![](a/b.png)", 0},
		{"Go blog HTML", "{{raw `<b>x</b>`}}", "<b>x</b>", 0},
		{"Obsidian", "[[Page]], [[Page#Part]], [[Page|words]]", "Page, Page > Part, words", 0},
		{"Obsidian embed", "a\n![[pic.png]]\nb", "a\nb", 1},
		{"Obsidian comment", "a %%secret%% b", "a  b", 0},
		{"Obsidian comment with templates", "a\n%% {{ x }} `y` [[z]] %%\nb", "a\nb", 0},
		{"Obsidian block comment", "a\n\n%%\nsecret\n\nmore\n%%\nb", "a\n\nb", 0},
		{"Obsidian comment across paragraphs", "a %%secret\n\nmore%% b", "a  b", 1},
		{"Obsidian comment without an end", "a\n%%\nsecret\n\nmore", "a\n", 1},
		{"percent signs", "5 % of 100%% of it", "5 % of 100%% of it", 0},
		{"percent signs in code", "`%%x%%`\n\n```\n%%x%%\n```\n\n    %%x%%\n", "`%%x%%`\n\n```\n%%x%%\n```\n\n    %%x%%\n", 0},
		{"escaped percent signs", `\%\%x%`, `\%\%x%`, 0},
		{"no wiki link", "[[1]](/x) [[ -f y ]] [[z]][q] {", "[[1]](/x) [[ -f y ]] [[z]][q] {", 0},
		{"without end", "{{ x {% y [[ z ` {{< a", "{{ x {% y [[ z ` {{< a", 0},
		{"without inside", "{%} {{} {%%} {{}}", "{%} {{} {%%} {{}}", 2},
		{"escaped", `\{{ site.url }}`, `\{{ site.url }}`, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tpl := templates{reader: newReader(t)}
			if got := tpl.expand(test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if len(tpl.warnings) != test.warnings {
				t.Errorf("got warnings %q, want %d", tpl.warnings, test.warnings)
			}
		})
	}
}

// Liquid comes before Markdown in Jekyll: its articles about templates have raw blocks in their code.
func TestTemplatesInJekyllCode(t *testing.T) {
	tpl := templates{reader: newReader(t), jekyll: true}
	got := tpl.expand("`{% raw %}{{ x }}{% endraw %}`\n\n```\n{% raw %}\n{% y %}\n{% endraw %}\n```\n")
	if want := "`{{ x }}`\n\n```\n\n{% y %}\n\n```\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("---\ntitle: a\n---\n# b\n\n{% highlight x %}[a]({{ y }})\n<script>x</script> [^1]\n\n[^1]: n\n")
	f.Add("+++\ntitle = 'a'\n+++\n{{< figure src=x >}}![[y]]|a|b|\n|-|-|\n|c|d|\n")
	f.Add("{\"title\": \"a\"}\n<div onclick=x>\n\n`{{`")
	f.Fuzz(func(t *testing.T, source string) {
		a, err := newReader(t).Read("s", "a.md", []byte(source))
		if err != nil {
			if strings.Contains(err.Error(), "fault of feedpub") {
				t.Error(err)
			}
			return
		}
		lower := strings.ToLower(a.Content)
		for _, bad := range []string{"<script", "<style", "<iframe", "<svg", "<form", "<!--", `href="javascript`} {
			if strings.Contains(lower, bad) {
				t.Errorf("Read(%q): got content %q, which holds %s", source, a.Content, bad)
			}
		}
		if a.Title == "" || a.ID == "" || a.URL == "" {
			t.Errorf("Read(%q): got title %q, ID %q, URL %q", source, a.Title, a.ID, a.URL)
		}
	})
}
