package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// readAll are the articles of a file, as "title" or "error: …".
func readAll(t *testing.T, key, raw string) (articles []Article, told []string) {
	t.Helper()
	for a, err := range newReader(t).ReadAll("s", key, []byte(raw)) {
		articles = append(articles, a)
		if err != nil {
			told = append(told, "error: "+err.Error())
		} else {
			told = append(told, a.Title)
		}
	}
	return articles, told
}

func manyWords(n int) (words []string) {
	for i := range n {
		words = append(words, fmt.Sprint("w", i))
	}
	return words
}

func TestJSONRefusals(t *testing.T) {
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	tests := []struct{ name, raw, want string }{
		{"J1 duplicate key", `{"title":"A", "title":"A"}`, "a.json:1: title: duplicate key"},
		{"J1 duplicate key among unknown ones", `{"title":"A", "x":{"a_b":1, "ab":2, "ab":3}}`, "a.json:1: ab: duplicate key"},
		{"J1 key in two spellings", `{"title":"A", "Draft":true, "draft":false}`, "a.json:1: draft: duplicate key"},
		{"J1 trailing data", "{\"title\":\"A\"}\n{}", "a.json:2: JSON: invalid character '{' after top-level value, at byte 1 of the line"},
		{"J1 comment", "{\n\"title\": \"A\" // x\n}", "a.json:2: JSON: invalid character '/'"},
		{"J1 NaN", `{"title":"A","x":NaN}`, "a.json:1: JSON: invalid character 'N' looking for beginning of value, at byte 18 of the line"},
		{"J1 Infinity", `{"title":"A","x":-Infinity}`, "a.json:1: JSON: invalid character 'I'"},
		{"J1 plus", `{"title":"A","x":+1}`, "a.json:1: JSON: invalid character '+'"},
		{"J1 hex", `{"title":"A","x":0x1F}`, "a.json:1: JSON: invalid character 'x'"},
		{"J1 leading zero", `{"title":"A","x":01}`, "a.json:1: JSON: invalid character '1'"},
		{"J1 single quotes", `{'title':'A'}`, "a.json:1: JSON: invalid character '\\''"},
		{"J1 key without quotes", `{title:"A"}`, "a.json:1: JSON: invalid character 't'"},
		{"J1 raw line end in a string", "{\"title\":\"A\nB\"}", "a.json:1: JSON: invalid character '\\n' in string"},
		{"J1 unknown escape", `{"title":"\x41"}`, "a.json:1: JSON: invalid character 'x' in string escape"},
		{"J1 byte order mark amid", "{\"title\":\ufeff\"A\"}", "a.json:1: JSON: invalid character"},
		{"J1 objects one after the other", `{"title":"A"}{"title":"B"}`, "a.json:1: JSON: invalid character '{' after top-level value"},
		{"J1 duplicate keys in a nested object of a list", `{"title":"A","x":[{"a":1,"a":1}]}`, "a.json:1: a: duplicate key"},
		{"J1 nesting of 20 000", strings.Repeat(`{"a":`, 20000), "exceeded max depth, at byte 50001"},
		{"J1 no object", "\n42", "a.json:2: JSON: want an object"},
		{"J1 trailing comma", `{"title":"A",}`, "a.json:1: JSON: "},
		{"J1 truncated list", `[{"title":"A"},`, "a.json:1: JSON: unexpected end"},
		{"J1 nesting", `{"title":"A","x":` + deep + `}`, "JSON: nested deeper than 256"},
		{"J1 text", `"x"`, "a.json:1: JSON: want an object"},
		{"J1 true", `true`, "a.json:1: JSON: want an object"},
		{"J1 content of another type", "{\n\"title\":\"A\",\n\"content\":{\"a\":1}}", "a.json:3: content: want text, got a map"},
		{"J1 richer content of another type", `{"title":"A","body_html":[],"content":"x"}`, "a.json:1: body_html: want text, got a list"},
		{"J1 content in blocks", `{"title":"A","content":{"blocks":[{"type":"paragraph"}]}}`, "a.json:1: content: want text, got a map"},
		{"J1 content as list", `{"title":"A","content":["a","b"]}`, "a.json:1: content: want text, got a list"},
		{"J1 content as number", `{"title":"A","content":5}`, "a.json:1: content: want text, got 5"},
		{"J1 list elsewhere", `{"meta":{},"articles":[{"title":"A","content":"x"}]}`, `where the list under "articles" holds articles, save that list alone as the file`},
		{"T1 list as title", `{"title":["A"],"content":"x"}`, "a.json:1: title: want text, got a list"},
		{"T1 object as title, by its own name", `{"headline":{"rendered":"A"},"content":"x"}`, "a.json:1: headline: want text, got a map"},
		{"id that is a list", `{"id":[1],"title":"A"}`, "a.json:1: id: want text, got a list"},
		{"E1 UTF-16", "\xff\xfe{\x00\"\x00", "a.json: not UTF-8: byte 0xFF at offset 0; it is UTF-16, save it as UTF-8"},
		{"E1 bytes", "{\"title\":\"\xff\"}", "a.json: not UTF-8: byte 0xFF at offset 10"},
		{"E2 NUL", "{\"title\":\"\x00\"}", "a.json: binary: NUL"},
		{"E4 empty", "\ufeff \n", "a.json: empty"},
		{"T4 neither title nor content", `{"date":"2026-03-01"}`, "a.json:1: no article: it has neither a title nor content"},
		{"T4 both empty", `{"title":"","content":" "}`, "a.json:1: neither title nor body; empty"},
		{"L1 number", `{"title":"A","categories":true}`, "a.json:1: categories: want a list of words"},
		{"S1 draft", `{"title":"A","draft":"flase"}`, `a.json:1: draft: "flase" is neither true nor false`},
		{"S1 draft null", `{"title":"A","draft":null}`, "a.json:1: draft: null is neither"},
		{"S1 draft 2", `{"title":"A","draft":2}`, `a.json:1: draft: "2" is neither true nor false`},
		{"S1 status null", `{"title":"A","status":null}`, "a.json:1: status: null is not known"},
		{"D3 true", `{"title":"A","date":true}`, `a.json:1: date: "true" is no date`},
		{"D3 exponent", `{"title":"A","date":1.7723592e9}`, "a.json:1: date: "},
		{"D3 11 digits", `{"title":"A","date":17723592001}`, "a.json:1: date: "},
		{"D3 object of Firestore", `{"title":"A","date":{"seconds":1772359200}}`, "a.json:1: date: want a date, got a map"},
		{"D5 expiry before", `{"title":"A","date":"2026-03-01","expires":"2026-02-01"}`, "a.json:1: expires: not after"},
		{"G1 path as slug", `{"title":"A","slug":"../x"}`, "a.json:1: slug: "},
		{"U1 scheme", `{"title":"A","url":"javascript:alert(1)"}`, "a.json:1: url: "},
		{"L1 objects as tags", `{"title":"A","tags":[{"name":"a"}]}`, "a.json:1: tags: want a list of words, got a map"},
		{"B1 title", `{"title":"` + strings.Repeat("x", 2001) + `"}`, "title: 2001 characters long"},
		{"B1 tags", `{"title":"A","tags":["` + strings.Join(manyWords(1001), `","`) + `"]}`, "tags: 1001 tags"},
		{"D3 date of MongoDB", `{"title":"A","date":{"$date":"2026-03-01"}}`, "a.json:1: date: want a date, got a map"},
		{"items of no feed", `{"title":"F","items":[]}`, "no version of JSON Feed"},
		{"B1 article", `{"title":"A","content":"` + strings.Repeat("x", maxArticle) + `"}`, "too large: "},
		{"state of a newsroom", `{"headline":"A","pubstatus":"maybe"}`, `a.json:1: pubstatus: "maybe" is not known`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newReader(t).Read("s", "a.json", []byte(test.raw))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want %s", err, test.want)
			}
		})
	}
}

func TestJSONFields(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name, raw string
		want      map[string]any
	}{
		{"ninjs", `{"uri":"urn:newsml:1", "headline":"H", "firstcreated":"2026-03-01T10:00:00Z", "versioncreated":"2026-03-02T10:00:00Z",
			"pubstatus":"usable", "embargoed":null, "byline":"By Jane Doe", "subject":[{"code":"1","name":"Sport"}], "language":"en",
			"description_text":"D", "body_xhtml":"<p>B</p>", "body_text":"B"}`,
			map[string]any{"id": "urn:newsml:1", "title": "H", "published": "2026-03-01T10:00:00Z", "updated": "2026-03-02T10:00:00Z",
				"status": "published", "authors": []any{"Jane Doe"}, "tags": []any{"Sport"}, "lang": "en", "summary": "D", "content": "<p>B</p>"}},
		{"ninjs withheld", `{"headline":"H","body_text":"B","pubstatus":"withheld"}`, map[string]any{"status": "draft"}},
		{"ninjs killed", `{"headline":"H","body_text":"B","pubstatus":"canceled"}`, map[string]any{"status": "draft"}},
		{"schema.org", `{"@id":"https://e.example/1","headline":"H","datePublished":"2026-03-01","keywords":"a, b","inLanguage":"de","articleBody":"One.\n\nTwo < 3"}`,
			map[string]any{"id": "https://e.example/1", "published": "2026-03-01T00:00:00Z", "tags": []any{"a", "b"}, "lang": "de",
				"content": "<p>One.</p>\n<p>Two &lt; 3</p>"}},
		{"MongoDB", `{"_id":{"$oid":"65f"},"title":"A","content":"x"}`, map[string]any{"guid": "65f", "content": "<p>x</p>"}},
		{"id beside _id", `{"_id":"65f","id":1,"title":"A"}`, map[string]any{"guid": "1"}},
		{"id 0", `{"id":0,"title":"A"}`, map[string]any{"guid": "0"}},
		{"E1 byte order mark", "\ufeff{\"title\":\"A\"}", map[string]any{"title": "A"}},
		{"E3 line ends", `{"title":"A","content_text":"a\r\nb\rc"}`, map[string]any{"content": "<p>a<br/>\nb<br/>\nc</p>"}},
		{"E3 noncharacters", `{"title":"a\ufffe\uffffb"}`, map[string]any{"title": "ab"}},
		{"E3 half a pair in the content", `{"title":"A","content":"a\udc00b \ud83d\ude00"}`, map[string]any{"content": "<p>a\ufffdb 😀</p>"}},
		{"J1 unknown keys, whatever they hold", `{"title":"A","x":1e999,"y":-0.0E+5,"":"","__proto__":{"a_b":1,"ab":[2]}}`, map[string]any{"title": "A"}},
		{"J1 keys of any case", `{"TITLE":"A","Date":"2026-03-01","Content":"x"}`, map[string]any{"title": "A", "published": "2026-03-01T00:00:00Z"}},
		{"null fields", `{"id":null,"title":"A","slug":null,"url":null,"date":null,"updated":null,"tags":null,"author":null,"image":null,"summary":null,"content":null}`,
			map[string]any{"title": "A", "slug": "a", "published": "@now", "status": "published", "content": ""}},
		{"T2 true as title", `{"title":true,"content":"x"}`, map[string]any{"title": "true"}},
		{"T3 first line", `{"title":null,"content":"<p>First line.</p><p>Second"}`, map[string]any{"title": "First line."}},
		{"D1 seconds", `{"title":"A","date":1772359200}`, map[string]any{"published": "2026-03-01T10:00:00Z"}},
		{"D1 milliseconds", `{"title":"A","date":1772359200000}`, map[string]any{"published": "2026-03-01T10:00:00Z"}},
		{"D6 updated before", `{"title":"A","date":"2026-03-01","updated":"2026-02-01"}`, map[string]any{"updated": "2026-03-01T00:00:00Z"}},
		{"S1 texts", `{"title":"A","draft":"No","published":"TRUE"}`, map[string]any{"status": "published"}},
		{"S1 0", `{"title":"A","published":0}`, map[string]any{"status": "draft"}},
		{"L1 mixed", `{"title":"A","tags":[" a ","A",null,"",1.10]}`, map[string]any{"tags": []any{"a", "1.10"}}},
		{"U2 picture within", `{"title":"A","image":"data:image/png;base64,xx"}`, map[string]any{"image": ""}},
		{"U2 picture by number", `{"title":"A","image":5}`, map[string]any{"image": ""}},
		{"A1 numbers in a list", `{"title":"A","authors":[1,{"name":"Jo"}]}`, map[string]any{"authors": []any{"Jo"}}},
		{"H2 harmful content", `{"title":"A","content":"<script>x</script><p onclick=x>b</p><iframe srcdoc=x></iframe>"}`, map[string]any{"content": "<p>b</p>"}},
		{"T2 numbers keep their spelling", `{"id":1.10,"title":2026.0}`, map[string]any{"guid": "1.10", "title": "2026.0"}},
		{"E3 escaped signs", `{"title":"a\u0000b\ud800c\u000bd"}`, map[string]any{"title": "ab\ufffdcd"}},
		{"T1 entities", `{"title":"a &amp; <b>"}`, map[string]any{"title": "a &amp; <b>"}},
		{"empty title, headline", `{"title":" ","headline":"H"}`, map[string]any{"title": "H"}},
		{"T3 long text", `{"content_text":"` + strings.Repeat("word ", 600) + `"}`, map[string]any{"title": strings.TrimSpace(strings.Repeat("word ", 20))}},
		{"content of HTML", `{"title":"A","content":"<p>a &amp; b</p>"}`, map[string]any{"content": "<p>a &amp; b</p>"}},
		{"content of text", `{"title":"A","content":"use the <main> element & more"}`, map[string]any{"content": "<p>use the &lt;main&gt; element &amp; more</p>"}},
		{"format beside it", `{"title":"A","body":"*a*","format":"markdown"}`, map[string]any{"content": "<p><em>a</em></p>"}},
		{"format that is another thing", `{"title":"A","body":"*a*","format":"gallery"}`, map[string]any{"content": "<p>*a*</p>"}},
		{"plain by its format", `{"title":"A","content":"<b>a</b>","content_type":"text/plain"}`, map[string]any{"content": "<p>&lt;b&gt;a&lt;/b&gt;</p>"}},
		{"Markdown by its name", `{"title":"A","content_markdown":"*a*"}`, map[string]any{"content": "<p><em>a</em></p>"}},
		{"richest content", `{"title":"A","content_text":"a","content_html":"<p>b"}`, map[string]any{"content": "<p>b</p>"}},
		{"empty content, another", `{"title":"A","content_html":"","content_text":"a"}`, map[string]any{"content": "<p>a</p>"}},
		{"no expiry", `{"title":"A","content":"x","expires_at":null,"embargo":null}`, map[string]any{"status": "published"}},
		{"not published yet", `{"title":"A","content":"x","published_at":null}`, map[string]any{"status": "draft"}},
		{"null beside a status", `{"title":"A","content":"x","published_at":null,"status":"published"}`, map[string]any{"status": "published"}},
		{"deleted", `{"title":"A","content":"x","deleted_at":"2026-03-01T00:00:00Z"}`, map[string]any{"status": "draft"}},
		{"deleted flag", `{"title":"A","content":"x","deleted":true}`, map[string]any{"status": "draft"}},
		{"table of WordPress", `{"post_title":"A","post_content":"<p>x</p>","post_name":"n","post_status":"private"}`,
			map[string]any{"title": "A", "content": "<p>x</p>", "slug": "n", "status": "draft"}},
		{"A1 number", `{"title":"A","author":7}`, map[string]any{"authors": []any{}}},
		{"attachments", `{"title":"A","attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":5}]}`,
			map[string]any{"enclosures": "https://example.org/a.mp3 audio/mpeg 5 0s"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", "a.json", []byte(test.raw))
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range test.want {
				got := field(&a.Entry, name, now)
				if s, ok := got.(string); ok {
					got = strings.TrimSpace(s)
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

// A kill is never published, and says what is to be done.
func TestJSONKill(t *testing.T) {
	a, err := newReader(t).Read("s", "a.json", []byte(`{"uri":"urn:a","headline":"H","pubstatus":"canceled"}`))
	if err != nil || a.Status != feed.Draft || !strings.Contains(strings.Join(a.Warnings, "\n"), "a kill") {
		t.Errorf("got status %s, warnings %q, %v", a.Status, a.Warnings, err)
	}
}

func TestJSONLists(t *testing.T) {
	tests := []struct {
		name, key, raw string
		keys, want     []string
	}{
		{"names", "a.json", `[{"id":7,"title":"A"},{"url":"https://e.example/b","title":"B"},{"slug":"c","title":"C"},{"title":"D d"}]`,
			[]string{"a.json#7", "a.json#https://e.example/b", "a.json#c", "a.json#d-d"}, []string{"A", "B", "C", "D d"}},
		{"empty list", "a.json", `[]`, nil, nil},
		{"one is no object", "a.json", "[{\"title\":\"A\"},\n5]", []string{"a.json#a", "a.json"},
			[]string{"A", "error: a.json:2: JSON: want an object, which is an article, got \"5\""}},
		{"one with a fault, on one line", "a.json", `[{"title":"A"},{"title":["B"],"id":"b"}]`, []string{"a.json#a", "a.json#b"},
			[]string{"A", "error: a.json, article 2: title: want text, got a list"}},
		{"J2 good and bad lines", "a.ndjson", "{\"title\":\"A\"}\r\n\r\n{\"title\":\"B\"\n  {\"title\":\"C\"}  \n{\"title\":\"D\",\"x\":NaN}\n\"x\"\n{\"title\":\"E\xff\"}\n{\"title\":\"F\",\"date\":\"x\"}",
			[]string{"a.ndjson#a", "a.ndjson", "a.ndjson#c", "a.ndjson", "a.ndjson", "a.ndjson", "a.ndjson#f"},
			[]string{"A", "error: a.ndjson:3: JSON: unexpected end", "C", "error: a.ndjson:5: JSON: invalid character 'N'", "error: a.ndjson:6: JSON: want an object",
				"error: a.ndjson:7: not UTF-8", "error: a.ndjson:8: date: "}},
		{"J2 half a last line", "a.ndjson", "{\"title\":\"A\",\"id\":1}\n{\"title\":\"B", []string{"a.ndjson#1", "a.ndjson"}, []string{"A", "error: a.ndjson:2: JSON: unexpected end"}},
		{"J2 list on a line", "a.ndjson", "{\"title\":\"A\",\"id\":1}\n[{\"title\":\"B\"}]\nnull\n", []string{"a.ndjson#1", "a.ndjson", "a.ndjson"},
			[]string{"A", "error: a.ndjson:2: JSON: want an object", "error: a.ndjson:3: JSON: want an object"}},
		{"J2 duplicate keys", "a.ndjson", "{\"title\":\"A\",\"title\":\"B\"}\n{\"slug\":\"c\",\"title\":\"C\"}", []string{"a.ndjson", "a.ndjson#c"},
			[]string{"error: a.ndjson:1: title: duplicate key", "C"}},
		{"J2 line of 6 MiB", "a.ndjson", "{\"title\":\"" + strings.Repeat("x", 6<<20) + "\"}\n{\"id\":1,\"title\":\"B\"}", []string{"a.ndjson", "a.ndjson#1"},
			[]string{"error: a.ndjson:1: too large: ", "B"}},
		{"J2 object over several lines", "a.ndjson", "{\n\"title\":\"A\"\n}\n{\n\"title\":\"B\"\n}\n", []string{"a.ndjson"}, []string{"error: a.ndjson:1: JSON: want one article on each line"}},
		{"J2 a list", "a.ndjson", "[{\"title\":\"A\"},\n{\"title\":\"B\"}]", []string{"a.ndjson"}, []string{"error: a.ndjson:1: JSON: want one article on each line"}},
		{"J2 commas at line ends", "a.ndjson", "{\"title\":\"A\"},\n", []string{"a.ndjson"}, []string{"error: a.ndjson:1: JSON: invalid character ','"}},
		{"E1 byte order marks of files put together", "a.ndjson", "\ufeff{\"id\":1,\"title\":\"A\"}\r\n\ufeff{\"id\":2,\"title\":\"B\"}\r\n", []string{"a.ndjson#1", "a.ndjson#2"}, []string{"A", "B"}},
		{"E1 UTF-16, told once", "a.ndjson", "\xff\xfe{\x00\n\x00}\x00", []string{"a.ndjson"}, []string{"error: a.ndjson: not UTF-8: byte 0xFF at offset 0; it is UTF-16, save it as UTF-8"}},
		{"E2 binary, told once", "a.ndjson", "\x1f\x8b\n\n\x00", []string{"a.ndjson"}, []string{"error: a.ndjson: binary"}},
		{"E2 NUL", "a.ndjson", "{\"id\":1,\"title\":\"A\"}\n{\"title\":\"\x00\"}", []string{"a.ndjson#1", "a.ndjson"}, []string{"A", "error: a.ndjson:2: binary: NUL"}},
		{"E4 empty list with null", "a.json", "[null]", []string{"a.json"}, []string{"error: a.json, article 1: JSON: want an object"}},
		{"E1 byte order mark", "a.jsonl", "\ufeff{\"title\":\"A\"}", []string{"a.jsonl#a"}, []string{"A"}},
		{"E3 lines that end in CR", "a.ndjson", "{\"id\":1,\"title\":\"A\"}\r{\"id\":2,\"title\":\"B\"}\r", []string{"a.ndjson#1", "a.ndjson#2"}, []string{"A", "B"}},
		{"E4 empty", "a.ndjson", "\n\r\n", []string{"a.ndjson"}, []string{"error: a.ndjson: empty"}},
		{"a JSON Feed", "a.json", `{"items":[{"id":"1","content_text":"A"}],"version":"https:\/\/jsonfeed.org\/version\/1"}`, []string{"a.json#1"}, []string{"A"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			articles, told := readAll(t, test.key, test.raw)
			var keys []string
			for _, a := range articles {
				keys = append(keys, a.Key)
			}
			if !slices.Equal(keys, test.keys) {
				t.Errorf("got keys %q, want %q", keys, test.keys)
			}
			if !slices.EqualFunc(told, test.want, strings.HasPrefix) {
				t.Errorf("got  %q\nwant %q", told, test.want)
			}
		})
	}
}

// What becomes of the articles of a file when it changes.
func TestLoadRecords(t *testing.T) {
	line := func(id, title string) string {
		return fmt.Sprintf(`{"id":%q,"title":%q,"date":"2026-03-01","content":"Text."}`, id, title)
	}
	list := func(lines ...string) string { return "[" + strings.Join(lines, ",\n") + "]" }
	lines := func(lines ...string) string { return strings.Join(lines, "\n") }
	for name, join := range map[string]func(...string) string{"x.json": list, "x.ndjson": lines} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			a, second, c := line("a", "A"), line("b", "B"), line("c", "C")
			b.write(name, join(a, second, c))
			b.wantCounts(b.load(), "3 3 0 0 0 0 0")
			b.write(name, join(c, a, second))
			b.wantCounts(b.load(), "3 0 0 3 0 0 0")
			b.write(name, join(c, line("a", "New"), second))
			b.wantCounts(b.load(), "3 0 1 2 0 0 0")
			b.write(name, join(c, second)[:len(join(c, second))-3])
			if report := b.load(); report.Refused != 1 || report.Withdrawn != 0 || len(report.Missing) != 0 {
				t.Errorf("truncated: got %d refused, %d withdrawn, missing %q", report.Refused, report.Withdrawn, report.Missing)
			}
			b.source.Missing = "keep"
			b.write(name, join(c, second))
			if report := b.load(); !slices.Equal(report.Missing, []string{name + "#a"}) {
				t.Errorf("one removed: got missing %q", report.Missing)
			}
			b.source.Missing = "withdraw"
			b.wantCounts(b.load(), "2 0 0 2 0 0 1")

			id := b.known()[name+"#b"].ID
			b.remove(name)
			b.write("y"+name, join(c, second))
			b.wantCounts(b.load(), "2 0 2 0 0 2 0")
			if got := b.known()["y"+name+"#b"].ID; got != id {
				t.Errorf("renamed: got ID %q, want %q", got, id)
			}
		})
	}
}

// Without ids the raw bytes tell which article of a renamed file is which.
func TestRenamedWithoutIDs(t *testing.T) {
	b := newBench(t)
	const text = `[{"slug":"a","title":"A","content":"x"},{"slug":"b","title":"B","content":"y"}]`
	b.write("export.json", text)
	b.load()
	id := b.known()["export.json#b"].ID
	b.remove("export.json")
	b.write("all.json", text)
	b.wantCounts(b.load(), "2 0 2 0 0 2 0")
	if got := b.known()["all.json#b"].ID; got != id {
		t.Errorf("got ID %q, want %q", got, id)
	}
}

// A site's folder holds JSON that is no article. Asked for by its name it is told why.
func TestJSONInAFolder(t *testing.T) {
	b := newBench(t)
	for key, text := range map[string]string{
		"package.json": `{"name":"x","version":"1","description":"d"}`, "x/tsconfig.build.json": "{ // comment\n}",
		"manifest.json": `{"name":"x","icons":[]}`, "_data/nav.json": `[{"title":"Home","content":"x"}]`, "node_modules/a/b.json": "broken",
		"menu.json": `[{"title":"Home","url":"/"},{"title":"About","url":"/about/"}]`, "points.json": "[[1,2],[3,4]]", "settings.json": `{"a":{"b":1}}`,
		"search.json": `[{"title":"A","url":"/a/","content":"x","date":"2026-03-01"}]`, "js/lunr-index.json": `[{"id":1,"title":"A","body":"x"}]`,
		"index.json": `[{"title":"A","permalink":"/a/","content":"x"}]`, "en/searchIndex.en.json": `[{"title":"A","content":"x"}]`, "i18n/de.json": `{"title":"Titel","content":"Inhalt"}`,
		"jsconfig.json": "{ // comment\n}", "theme.json": `{"version":2,"settings":{},"title":"T"}`, "schema.json": `{"title":"S","type":"object","description":"d"}`,
		"large.json": `{"docs":["` + strings.Repeat("x", maxArticle) + `"]}`, "twice.json": `{"a":1,"a":2}`,
		"lunr/posts.json": `{"version":"2.3.9","fields":["title"],"invertedIndex":[]}`,
		"log.jsonl":       "{\"level\":\"info\"}\n{\"level\":\"warn\"}\n",
		"feed.json":       `{"version":"https://jsonfeed.org/version/1.1","home_page_url":"https:\/\/example.org\/","items":[{"id":"1","content_text":"x"}]}`,
	} {
		b.write(key, text)
	}
	report := b.load()
	b.wantCounts(report, "0 0 0 0 0 0 0")
	if report.Other != 9 || len(report.Warnings) != 1 {
		t.Errorf("got %d passed over, want 9: menu, points, settings, theme, schema, large, twice, posts and log; warnings %q", report.Other, report.Warnings)
	}
	b.write("article.json", `{"title":"A","content":"x","date":"31/02/2026"}`)
	b.write("broken.json", `{"title":"A","content`)
	b.write("research.json", `{"title":"Of research","slug":"r","content":"x"}`)
	b.write("list.json", `[{"title":"Only a title"},{"title":"B","content":"x"},{"a":1}]`)
	b.wantCounts(b.load(), "6 3 0 0 3 0 0")

	report, err := b.loader.Import(t.Context(), b.source, "settings.json", "points.json", "menu.json", "package.json")
	if err != nil {
		t.Fatal(err)
	}
	b.wantCounts(report, "6 2 0 0 4 0 0")
}

func TestJSONFeedOfAnotherSite(t *testing.T) {
	b := newBench(t)
	b.write("feed.json", `{"version":"https://jsonfeed.org/version/1.1","home_page_url":"https://elsewhere.example/","items":[{"id":"1","content_text":"x"},{"id":"2","content_text":"y"}]}`)
	b.wantCounts(b.load(), "2 2 0 0 0 0 0")
	b.write("feed.json", `{"version":"https://jsonfeed.org/version/1.1","home_page_url":"https://elsewhere.example/","items":[{"id":"2","content_text":"y"}]}`)
	b.wantCounts(b.load(), "1 0 0 1 0 0 0")
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"title":"A","date":"2026-03-01","content":"<p>x","tags":["a",1,null],"authors":[{"name":"b"}],"id":{"$oid":"1"}}`)
	f.Add(`[{"id":1,"title":"a"},{"slug":"\ud800","body":"b"},null]`)
	f.Add(ghostExport)
	f.Add(`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"content_text":"x"}]}`)
	f.Fuzz(func(t *testing.T, source string) { checkAll(t, "f.json", source) })
}

func FuzzNDJSON(f *testing.F) {
	f.Add("{\"title\":\"A\"}\r\n\n{\"headline\":\"B\",\"url\":\"/b\"}\n{")
	f.Fuzz(func(t *testing.T, source string) { checkAll(t, "f.ndjson", source) })
}

// checkAll says what of a file's articles could not stand in a feed.
func checkAll(t *testing.T, key, source string) {
	t.Helper()
	for a, err := range newReader(t).ReadAll("s", key, []byte(source)) {
		if err == nil && a.Status != feed.Draft {
			checkInvariants(t, a)
		} else if err != nil && strings.Contains(err.Error(), "fault of feedpub") {
			t.Error(err)
		}
	}
}
