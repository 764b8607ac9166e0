package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestPolicyStates(t *testing.T) {
	rulings := []ruling{
		{"S1 unknown state", "a.html", ld(`{"@type":"Article","creativeWorkStatus":"Secret"}`) + "x", says{{`a.html: status: "Secret" is not known; use published or draft`}}},
		{"S1 unknown draft", "a.html", "<meta name=draft content=flase>x", says{{`a.html: draft: "flase" is neither true nor false`}}},
		{"S1 bare YAML", "a.md", "---\ntitle: T\ndraft: yes\n---\nx", says{{"status=draft"}}},
		{"S1 bare TOML", "a.md", "+++\ntitle = 'T'\ndraft = true\n+++\nx", says{{"status=draft"}}},
		{"S1 bare JSON", "a.md", "{\"title\": \"T\", \"draft\": 1}\nx", says{{"status=draft"}}},
		{"S1 null", "a.md", "---\ntitle: T\ndraft:\n---\nx", says{{"a.md:3: draft: null is neither true nor false"}}},
		{"S1 null published", "a.md", "---\ntitle: T\npublished:\n---\nx", says{{"a.md:3: published: empty; give a date, true or false, or remove the key"}}},
		{"S2 a TOML date", "a.md", "+++\ntitle = 'T'\npublished = 2026-03-01T10:00:00Z\n+++\nx", says{{"status=published", "published=2026-03-01T10:00:00Z"}}},
		{"S2 Unix seconds", "a.md", "---\ntitle: T\npublished: 1772359200\n---\nx", says{{"status=published", "published=2026-03-01T10:00:00Z"}}},
		{"S1 a draft of WordPress", "f.xml", export(post(1, "x", "<wp:status>draft</wp:status>")), says{{"status=draft"}}},
	}
	states := []struct{ key, value, want string }{
		{"draft", "true", "draft"}, {"draft", "false", "published"}, {"draft", "yes", "draft"}, {"draft", "no", "published"},
		{"draft", "on", "draft"}, {"draft", "off", "published"}, {"draft", "1", "draft"}, {"draft", "0", "published"},
		{"draft", "TRUE", "draft"}, {"draft", "Off", "published"}, {"Draft", " true ", "draft"},
		{"publish", "true", "published"}, {"publish", "no", "draft"}, {"publish", "OFF", "draft"},
		{"published", "yes", "published"}, {"published", "0", "draft"}, {"published", "False", "draft"},
		{"status", "draft", "draft"}, {"status", "Published", "published"}, {"status", " DRAFT ", "draft"},
	}
	for _, s := range states {
		rulings = append(rulings, inAll(fmt.Sprintf("S1 %s %q", s.key, s.value), []string{"status=" + s.want}, "title", `"T"`, s.key, fmt.Sprintf("%q", s.value))...)
	}
	for _, s := range []struct{ key, value string }{
		{"draft", `"flase"`}, {"draft", `"y"`}, {"draft", `"t"`}, {"draft", `"2"`}, {"draft", `""`}, {"draft", `["true"]`}, {"draft", `"1.0"`}, {"draft", `"draft"`}, {"draft", `"2026-03-01"`},
		{"publish", `"ture"`}, {"publish", `""`}, {"publish", `"2026-03-01"`}, {"published", `"flase"`}, {"published", `""`}, {"published", `["false"]`},
		{"status", `"secret"`}, {"status", `"true"`}, {"status", `""`}, {"status", `["draft"]`},
	} {
		rulings = append(rulings, inAll(fmt.Sprintf("S1 %s %s", s.key, s.value), []string{"~FILE:3: " + s.key + ": "}, "title", `"T"`, s.key, s.value)...)
	}
	rulings = append(rulings, inAll("S1 one of two says draft", []string{"status=draft"}, "title", `"T"`, "draft", `"false"`, "published", `"no"`)...)
	rulings = append(rulings, inAll("S2 a date", []string{"status=published", "published=2026-03-01T00:00:00Z"}, "title", `"T"`, "published", `"2026-03-01"`)...)
	rulings = append(rulings, inAll("S2 a boolean beside a date", []string{"status=draft", "published=2026-03-01T00:00:00Z"}, "title", `"T"`, "published", `"No"`, "date", `"2026-03-01"`)...)
	rulings = append(rulings, inAll("S2 true beside a date", []string{"status=published", "published=2026-03-01T00:00:00Z"}, "title", `"T"`, "published", `"true"`, "date", `"2026-03-01"`)...)
	testRulings(t, rulings)
}

func TestPolicySlugs(t *testing.T) {
	rulings := []ruling{
		{"G1 the file name of Markdown", "b/2026-03-01-My_First Post.draft.md", "# T\n", says{{"slug=my_first-post.draft"}}},
		{"G1 the file name of text", "My Story.TXT", "Head\n\nText.", says{{"slug=my-story"}}},
		{"G1 the file name of HTML", "2026-03-01_A.html", "<h1>T</h1>", says{{"slug=a"}}},
		{"G1 a date and nothing else", "2026-03-01.md", "# T\n", says{{"slug=2026-03-01"}}},
		{"G1 a file name of other letters", "Größe 日本.md", "# T\n", says{{"slug=größe-日本"}}},
		{"G1 a name of WordPress", "f.xml", export(post(1, "x", "<wp:post_name>A%20b</wp:post_name>")), says{{"slug=a-b"}}},
		{"G1 a null slug", "a.md", "---\ntitle: T\nslug:\n---\nx", says{{"slug=a"}}},
	}
	for _, s := range []struct{ value, want string }{
		{"My  First POST", "my-first-post"}, {" a ", "a"}, {"größe", "größe"}, {"0123", "0123"}, {"日本", "日本"}, {"a_b.c", "a_b.c"}, {"C++", "c++"},
	} {
		rulings = append(rulings, inAll("G1 "+s.value, []string{"slug=" + s.want}, "title", `"T"`, "slug", fmt.Sprintf("%q", s.value))...)
	}
	for _, value := range []string{"a/b", "/", "///", `a\b`, "..", "a..b", "../../etc/passwd", ".", "...", "", "  ", "---", "?!", "a\u0001b", "a\tb", "a\nb", "a\u007fb", "a\u0000b", strings.Repeat("a", 300)} {
		refused := inAll(fmt.Sprintf("G1 %.20q", value), []string{"~FILE:3: slug: "}, "title", `"T"`, "slug", strings.ReplaceAll(fmt.Sprintf("%q", value), `\x`, `\u00`))
		rulings = append(rulings, slices.DeleteFunc(refused, func(r ruling) bool {
			return r.file == "a.json" && strings.TrimSpace(value) == "" // a database's way to say that there is none
		})...)
	}
	testRulings(t, rulings)
}

func TestPolicyAddresses(t *testing.T) {
	rulings := []ruling{
		{"U1 canonical", "a.html", "<link rel=canonical href=javascript:x>x", says{{`a.html: url: URL "javascript:x" is not http or https`}}},
		{"U1 another scheme", "f.xml", rssFeed(`<item><title>A</title><guid>a</guid><link>file:///etc/passwd</link></item>`),
			says{{`f.xml:5: url: URL "file:///etc/passwd" is not http or https`}}},
		{"U1 a path in HTML", "a.html", "<link rel=canonical href=/x/><h1>T</h1>", says{{"url=https://example.org/x/"}}},
		{"U1 user info in HTML", "a.html", "<link rel=canonical href=https://u:p@e.example/><h1>T</h1>", says{{`a.html: url: URL "https://u:p@e.example/" holds user info`}}},
		{"U1 a path in RSS", "f.xml", rssFeed("<item><title>T</title><guid>a</guid><link>/x</link></item>"), says{{"url=https://e.example/x"}}},
		{"U1 user info in Atom", "f.xml", atomFeed(`<entry><title>T</title><id>urn:a</id><link href="https://u:p@e.example/"/></entry>`), says{{`~URL "https://u:p@e.example/" holds user info`}}},
		{"U1 no host in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "url": "https:///x"}`), says{{`~"" is no host`}}},
		{"U2 in HTML", "a.html", "<meta property=og:image content=javascript:x><h1>T</h1>", says{{"-image", `warnings=a.html: image: URL "javascript:x" is not http or https; left out`}}},
		{"U2 in RSS", "f.xml", rssFeed("<item><title>T</title><guid>a</guid><enclosure url='data:x' type='a/b' length='1'/><media:thumbnail url='ftp://e.example/x'/></item>"),
			says{{"-image", "-files", `~image: URL "ftp://e.example/x" is not http or https; left out`, `~enclosures: URL "data:x" is not http or https; left out`}}},
		{"U2 in Atom", "f.xml", atomFeed(`<entry><title>T</title><id>urn:a</id><link rel="enclosure" href="javascript:x"/></entry>`), says{{"-files", `~enclosures: URL "javascript:x" is not http or https; left out`}}},
		{"U2 in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "image": "data:x", "attachments": [{"url": "ftp://e.example/x", "mime_type": "a/b"}]}`),
			says{{"-image", "-files", `~image: URL "data:x" is not http or https; left out`, `~left out`}}},
	}
	for _, s := range []struct{ value, want string }{
		{"https://e.example/a?b=c&d=e#f", "https://e.example/a?b=c&d=e#f"}, {"http://e.example", "http://e.example/"}, {"/posts/x/", "https://example.org/posts/x/"},
		{"posts/x", "https://example.org/posts/x"}, {"/a/../../x", "https://example.org/x"}, {"//e.example/x", "https://e.example/x"},
		{"https://größe.example/ä b", "https://xn--gre-6ka8i.example/%C3%A4%20b"}, {"https://[::1]:8080/", "https://[::1]:8080/"},
	} {
		for _, key := range []string{"canonical_url", "url"} {
			rulings = append(rulings, inAll("U1 "+key+" "+s.value, []string{"url=" + s.want}, "title", `"T"`, key, fmt.Sprintf("%q", s.value))...)
		}
	}
	for _, value := range []string{"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://e.example/", "mailto:a@e.example", "https://user:pw@e.example/x", "https://u@e.example/",
		"https:///x", "https:x", "https://:80/", "http://[::1", "https://e.example/\u0001x", "https://e.example/\nx", "https://e.example/\u0000", "https://exa mple.org/", "https://e.example:99999/"} {
		rulings = append(rulings, inAll(fmt.Sprintf("U1 %.30q", value), []string{"~FILE:3: canonical_url: "}, "title", `"T"`, "canonical_url", strings.ReplaceAll(fmt.Sprintf("%q", value), `\x`, `\u00`))...)
	}
	for _, value := range []string{"javascript:alert(1)", "data:image/png;base64,AAAA", `C:\x.png`, "file:///x.png", "ftp://e.example/x.png", "https://u:p@e.example/x.png"} {
		rulings = append(rulings, inAll("U2 image "+value, []string{"-image", "~FILE:3: image: ", "~; left out"}, "title", `"T"`, "image", fmt.Sprintf("%q", value))...)
		rulings = append(rulings, inAll("U2 enclosure "+value, []string{"-files", "~FILE:3: enclosure: ", "~; left out"}, "title", `"T"`, "enclosure", fmt.Sprintf("%q", value))...)
	}
	rulings = append(rulings, inAll("U2 the next image stands", []string{"image=https://example.org/b.png"}, "title", `"T"`, "images", `["javascript:x", "/b.png"]`)...)
	testRulings(t, rulings)
}

func TestPolicyTags(t *testing.T) {
	rulings := []ruling{
		{"L1 null", "a.md", "---\ntitle: T\ntags:\n---\nx", says{{"-tags"}}},
		{"L1 a null in a list", "a.md", "---\ntitle: T\ntags: [a, ~, null, b]\n---\nx", says{{"tags=a, b"}}},
		{"L1 a map in YAML", "a.md", "---\ntitle: T\ntags: {a: 1}\n---\nx", says{{"a.md:3: tags: want a list, got a map"}}},
		{"L1 a map in TOML", "a.md", "+++\ntitle = 'T'\n[tags]\na = 1\n+++\nx", says{{"a.md:3: tags: want a list, got a map"}}},
		{"L1 a map in JSON", "a.md", "{\"title\": \"T\", \"tags\": {\"a\": 1}}\nx", says{{"a.md:1: tags: want a list, got a map"}}},
		{"L1 a map in a list", "a.md", "---\ntitle: T\ntags: [{a: 1}]\n---\nx", says{{"a.md:3: tags: want a list of words, got a map in it"}}},
		{"L1 a comma string in HTML", "a.html", "<meta name=keywords content='Go, go,, News '><h1>T</h1>", says{{"tags=Go, News"}}},
		{"L1 categories of RSS", "f.xml", rssFeed("<item><title>T</title><guid>a</guid><category>Go</category><category> GO </category><category/><category>News</category></item>"), says{{"tags=Go, News"}}},
		{"L1 categories of Atom", "f.xml", atomFeed(`<entry><title>T</title><id>urn:a</id><category term="Go"/><category term="go"/><category term=""/><category term="n" label="News"/></entry>`), says{{"tags=Go, News"}}},
		{"L1 a list in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "tags": ["Go", "go", null, "", " News "]}`), says{{"tags=Go, News"}}},
		{"L1 a comma string in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "tags": "Go, News"}`), says{{"tags=Go, News"}}},
		{"L1 a map in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "tags": {"a": 1}}`), says{{"f.xml:2: tags: want a list, got a map"}}},
	}
	rulings = append(rulings, inAll("L1 a list", []string{"tags=Go, News"}, "title", `"T"`, "tags", `["Go", "go", "", " News ", "GO"]`)...)
	rulings = append(rulings, inAll("L1 a comma string", []string{"tags=Go, two words, c#"}, "title", `"T"`, "tags", `" Go,two words,, c# ,go"`)...)
	rulings = append(rulings, inAll("L1 a list in a list", []string{"~FILE:3: tags: "}, "title", `"T"`, "tags", `[["a"]]`)...)
	testRulings(t, rulings)
}

func TestPolicyAuthors(t *testing.T) {
	rulings := []ruling{
		{"A1 a map in YAML", "a.md", "---\ntitle: T\nauthor: {name: Jo, email: jo@e.example, url: /jo}\n---\nx", says{{"authors=Jo jo@e.examplehttps://example.org/jo"}}},
		{"A1 a list of maps in YAML", "a.md", "---\ntitle: T\nauthors:\n  - name: Jo\n  - Al <al@e.example>\n---\nx", says{{"authors=Jo, Al al@e.example"}}},
		{"A1 a map in TOML", "a.md", "+++\ntitle = 'T'\n[author]\nname = 'Jo'\nemail = 'jo@e.example'\n+++\nx", says{{"authors=Jo jo@e.example"}}},
		{"A1 a list of maps in TOML", "a.md", "+++\ntitle = 'T'\n[[authors]]\nname = 'Jo'\n[[authors]]\nname = 'Al <al@e.example>'\n+++\nx", says{{"authors=Jo, Al al@e.example"}}},
		{"A1 a list of maps in JSON", "a.md", `{"title": "T", "authors": [{"name": "Jo"}, "Al"]}` + "\nx", says{{"authors=Jo, Al"}}},
		{"A1 a by-line", "a.txt", "Head\nBy Jo Doe <jo@e.example>\n\nText.", says{{"authors=Jo Doe jo@e.example"}}},
		{"A1 a meta element", "a.html", "<meta name=author content='Jo &lt;jo@e.example&gt;'><h1>T</h1>", says{{"authors=Jo jo@e.example"}}},
		{"A1 RSS", "f.xml", rssFeed("<item><title>T</title><guid>a</guid><dc:creator>Jo &lt;jo@e.example&gt;</dc:creator><dc:creator>Al</dc:creator></item>"), says{{"authors=Jo jo@e.example, Al"}}},
		{"A1 Atom", "f.xml", atomFeed("<entry><title>T</title><id>urn:a</id><author><name>Jo &lt;jo@e.example&gt;</name></author><author><name>Al</name><uri>https://e.example/al</uri></author></entry>"),
			says{{"authors=Jo jo@e.example, Al https://e.example/al"}}},
		{"A1 JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "authors": [{"name": "Jo <jo@e.example>"}, {"name": "Al", "url": "https://e.example/al"}]}`),
			says{{"authors=Jo jo@e.example, Al https://e.example/al"}}},
		{"A1 an address that is none", "a.md", "---\ntitle: T\nauthor: {name: Jo, email: nope}\n---\nx", says{{"authors=Jo", `warnings=a.md:3: author: "nope" is no e-mail address; left out`}}},
	}
	for _, key := range []string{"author", "authors"} {
		rulings = append(rulings, inAll("A1 a string as "+key, []string{"authors=Jo Doe"}, "title", `"T"`, key, `"Jo Doe"`)...)
		rulings = append(rulings, inAll("A1 a list as "+key, []string{"authors=Jo, Al al@e.example"}, "title", `"T"`, key, `["Jo", "Al <al@e.example>"]`)...)
		rulings = append(rulings, inAll("A1 Name <email> as "+key, []string{"authors=Jo Doe jo@e.example"}, "title", `"T"`, key, `"Jo Doe <jo@e.example>"`)...)
	}
	testRulings(t, rulings)
}

// A fault of front matter is told with its file and line in each kind of file that has some.
func TestPolicyFrontMatter(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	blocks := ""
	for i := range 300 {
		blocks += strings.Repeat(" ", i) + "a:\n"
	}
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s*%c]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), c-1)
	}
	tests := []struct{ name, raw, want string }{
		{"Y1 says quote it", "---\ndate: 2026-03-01\ntitle: Go: the good\n---\nx", ":3: front matter: YAML: mapping values are not allowed in this context; if the value is text, quote it"},
		{"Y1 a percent sign", "---\ntitle: %50 off\n---\nx", ":2: front matter: YAML: found character that cannot start any token; if the value is text, quote it"},
		{"Y1 an asterisk", "---\ntitle: *bold* claim\n---\nx", ":2: front matter: YAML: "},
		{"Y1 a quote not closed", "---\ntitle: \"abc\n---\nx", ":2: front matter: YAML: "},
		{"Y1 a tab", "---\ntitle: T\n\tdate: 2026-03-01\n---\nx", ":3: front matter: YAML: "},
		{"Y1 a duplicate key of YAML", "---\ntitle: T\ndraft: true\ndraft: false\n---\nx", ":4: draft: duplicate key, given on line 3 already"},
		{"Y1 a duplicate key of YAML in a map", "---\ntitle: T\nparams:\n  a: 1\n  a: 2\n---\nx", ":5: a: duplicate key, given on line 4 already"},
		{"Y1 a duplicate key of TOML", "+++\ntitle = 'T'\ntitle = 'U'\n+++\nx", ":3: title: TOML: "},
		{"Y1 a duplicate key of JSON", "{\"title\": \"T\",\n\"title\": \"U\"}\nx", ":2: title: duplicate key, given on line 1 already"},
		{"Y1 an alias bomb", "---\n" + bomb + "---\nx", ": front matter: YAML: too many values, or aliases that multiply"},
		{"Y1 an alias of itself", "---\na: &a [*a]\n---\nx", ":2: front matter: YAML: nested deeper than 256"},
		{"Y1 an unknown alias", "---\na: *b\n---\nx", ":2: front matter: YAML: unknown anchor 'b' referenced"},
		{"Y1 nesting of YAML lists", "---\ntitle: T\na: " + deep(257) + "\n---\nx", ":3: front matter: YAML: nested deeper than 256"},
		{"Y1 much nesting of YAML lists", "---\na: " + strings.Repeat("[", 20_000) + "\n---\nx", ":2: front matter: YAML: "},
		{"Y1 nesting of YAML maps", "---\n" + blocks + "---\nx", ":259: front matter: YAML: nested deeper than 256"},
		{"Y1 nesting of TOML lists", "+++\na = " + deep(257) + "\n+++\nx", ":2: front matter: TOML: nested deeper than 256"},
		{"Y1 much nesting of TOML lists", "+++\na = " + deep(20_000) + "\n+++\nx", ":2: "},
		{"Y1 nesting of TOML keys", "+++\n" + strings.Repeat("a.", 257) + "a = 1\n+++\nx", ":2: front matter: TOML: nested deeper than 256"},
		{"Y1 nesting of TOML tables", "+++\ntitle = 'T'\n[" + strings.Repeat("a.", 257) + "a]\n+++\nx", ":3: front matter: TOML: nested deeper than 256"},
		{"Y1 nesting of TOML tables and lists", "+++\n[" + strings.Repeat("a.", 199) + "a]\nb = " + deep(100) + "\n+++\nx", ":3: front matter: TOML: nested deeper than 256"},
		{"Y1 nesting of JSON", "{\"a\":\n" + deep(257) + "}\nx", ":2: front matter: JSON: nested deeper than 256"},
		{"Y1 a second document", "---\ntitle: T\n---\n---\ndraft: true\n---\nx", ":4: front matter: fields that stand apart from the front matter"},
		{"Y1 a second document of TOML", "+++\ntitle = 'T'\n+++\n+++\ndraft = true\n+++\nx", ":4: front matter: fields that stand apart from the front matter"},
		{"Y1 a second document after dots", "---\ntitle: T\n...\n---\ndraft: true\n---\nx", ":4: front matter: fields that stand apart from the front matter"},
		{"Y1 a marked second document", "---\ntitle: T\n--- # two\ndraft: true\n---\nx", ":3: front matter: YAML: expected single document, found multiple"},
		{"Y1 no closing line of YAML", "---\ntitle: T\n\nText.", `:1: front matter: no closing line "---"`},
		{"Y1 no closing line of TOML", "\n+++\ntitle = 'T'\n", `:2: front matter: no closing line "+++"`},
		{"Y1 no closing brace", "{\"title\":\n\"T\",", ":2: front matter: JSON: the object has no end"},
		{"Y1 a scalar", "---\nhello\n---\nx", ":2: front matter: YAML: want a map of fields, got a scalar"},
		{"Y1 a list", "---\n- a\n---\nx", ":2: front matter: YAML: want a map of fields, got a list"},
		{"Y1 TOML without quotes", "+++\ndraft = false\ntitle = T\n+++\nx", ":3: title: TOML: "},
		{"Y1 JSON without quotes", "{\"draft\": false,\n\"title\": T}\nx", ":2: front matter: JSON: "},
		{"Y1 lines after a byte order mark and CRLF", "\ufeff---\r\ntitle: T\r\ndraft: flase\r\n---\r\nx", `:3: draft: "flase" is neither true nor false`},
	}
	for _, file := range []string{"a.md", "a.txt", "a.html"} {
		for _, test := range tests {
			t.Run(test.name+" in "+file, func(t *testing.T) {
				got := told(t, file, test.raw)
				place, reason, _ := strings.Cut(test.want, ": ")
				if len(got) != 1 || !strings.HasPrefix(got[0], file+place) || !strings.Contains(got[0], reason) {
					t.Errorf("got  %q\nwant %s…", got, file+test.want)
				}
			})
		}
	}
	testRulings(t, []ruling{
		{"Y1 the YAML value counts, not the comment", "a.md", "---\ntitle: Item #1\ntags: a # b\n---\nx", says{{"title=Item", "tags=a"}}},
		{"Y1 an alias", "a.md", "---\ntags: &a [x]\ncategories: *a\ntitle: T\n---\nx", says{{"tags=x"}}},
		{"Y1 nesting of 256", "a.md", "---\ntitle: T\na: " + deep(255) + "\n---\nx", says{{"title=T"}}},
		{"Y1 a fault in the front matter of HTML", "a.html", "---\ndraft: flase\n---\n<p>x", says{{`a.html:2: draft: "flase" is neither true nor false`}}},
	})
}
