package ingest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// checkPlainYAML holds YAML that is recognised as plain against what the parser makes of it: the same nodes on the same lines.
func checkPlainYAML(t *testing.T, text string) (plain bool) {
	t.Helper()
	got, plain := plainYAML(text, 2)
	if !plain {
		return false
	}
	want, err := parseAnyYAML(text, 2)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q: got %s, want %s, %v", text, dump(got), dump(want), err)
	}
	return true
}

func dump(n *node) string {
	if n == nil {
		return "nothing"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %s %q", n.line, n.kind, n.text)
	for _, item := range n.items {
		b.WriteString(" [" + dump(item) + "]")
	}
	for _, m := range n.members {
		fmt.Fprintf(&b, " {%d: %q %s}", m.line, m.key, dump(m.value))
	}
	return b.String()
}

// yamlOf is the front matter of an article where it is YAML.
func yamlOf(raw string) (text string, found bool) {
	text, err := decode([]byte(raw))
	if err != nil {
		return "", false
	}
	first, rest, _ := strings.Cut(text, "\n")
	text, _, found = cutLine(rest, "---")
	return text, found && strings.TrimSpace(first) == "---"
}

// How much is plain is logged: it is what the parser is spared.
func TestPlainYAMLOfArticles(t *testing.T) {
	var all []string
	add := func(raw string) {
		if text, found := yamlOf(raw); found {
			all = append(all, text)
		}
	}
	for _, dir := range []string{sharedFolder(t, "."), "testdata/dialects"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			if add(string(raw)); filepath.Ext(path) == ".txtar" {
				for _, file := range txtar.Parse(raw).Files {
					add(string(file.Data))
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range goodFiles {
		add(file.raw)
	}
	add(blogPost)
	plain := 0
	for _, text := range all {
		if checkPlainYAML(t, text) {
			plain++
		}
	}
	if plain == 0 {
		t.Error("none is plain")
	}
	t.Logf("%d of %d are plain", plain, len(all))
}

// plainLines are YAML that needs no parser.
var plainLines = []string{
	"a: b", "a: b\n", "\n  \na: b\n\n\n", "a:", "a: ", "a:   b   ", "a:\nb:\n\n", "a: 1.10\nb: 007\nc: yes\nd: 2026-03-01 10:00:00 +0100\ne: 1_000\nf: 0x1F",
	"a: null\nb: Null\nc: NULL\nd: nULL\ne: 'null'\nf: [null, x]\ng:\n- null", "true: no\nnull: y\ny: n", "A_b-c.d: x",
	"a: it's\nb: say \"x\"\nc: a#b\nd: a:b\ne: http://e.example/a?b=c#d\nf: C#\ng: x{y}[z], a", "a: /img/x.png\nb: (x)\nc: +1\nd: $1",
	"a: ''\nb: \"\"\nc: 'it''s'\nd: \"say \\\"x\\\" \\\\ y\"\ne: '\\n'\nf: ''''\ng: ' x '\nh: \"# x: y\"\ni: '- x'", `a: "\\"`, `a: "\\\""`,
	"a: []\nb: [ ]\nc: [x]\nd: [ x , 'y, z' , \"[z]\" ]\ne: [a b, c d]\nf: [it's, \"\"]", "a: [1, 2.0, 2026-03-01]",
	"a:\n- x\n- y z\nb:\n  - 'x'\n  - \"y: z\"\n\n  - z\nc: d", "a:\n\n   -   x\n", "a:\n- x", "a:\n- http://e.example/",
	"a: \u00a0x\nb: x\u00a0", "title: Größe 日本 – “x” …", "a: 👩‍👩‍👧\nb: \u0301x\nc: \u200bx\nd: \u202ex", "a: x - y\nb: x | y\nc: x > y\nd: x & y * z ! @ %",
	"a: " + strings.Repeat("long ", 2000), "a: '" + strings.Repeat("long ", 2000) + "'", "a: [" + strings.Repeat("long ", 2000) + "]", "a:\n- " + strings.Repeat("x", 3000),
}

// otherLines are YAML, and what is none, that is left to the parser.
var otherLines = []string{
	"", " ", "\n", "# x", "a: b # x", "# x\na: b", "a: b\n# x", "a: #x", "a: x #", "a: [x #y\n]", "a: [#x]", "a: ~", "a: Go: the good", "a: b:", "a: b: ", "a:b", "a:b: c", "a", "- x", "x\ny: z",
	"a\t: b", "a:\tb", "a: b\t", "\ta: b", "a: b\tc", "a: 'b\tc'", "a: b\r\nc: d", "a: b\rc: d", "a: b\u0085c: d", "a: b\u2028c: d", "a: 'b\u2029c'", "\ufeffa: b", "a: b\ufeff", "a: \x00", "a: \x07", "a: \x7f", "a: \x80",
	"a: \u009b", "a: \ufffd", "a: \ufffe", "a: \U0001ffff", "a: \xff", "a: \xed\xa0\x80",
	"a: x\na: y", "a_b: x\nA-B: y", "draft: true\nDraft: false", "a: x\n'a': y", "<<: x", "<<: [x]", "'a': b", "\"a\": b", "ä: b", "? a", "? a\n: b", ": b", "a b: c", "1: x", "-a: x", "_a: x", "a : b",
	"a: !!str x", "!!str a: x", "a: !x y", "a: &x y", "&a b: c", "a: *x", "a: &x [y]", "a: |\n  x", "a: >-\n  x", "a: > x", "a: |", "a: {}", "a: {b: c}", "a: {b}", "a: @x", "a: `x`", "a: %x", "%YAML 1.2", "a: -", "a: - b", "a: -1", "a: ?", "a: ? b", "a: , b",
	"a: b\n c", "a: b\n  c: d", "a:\n  b", "a:\n  b: c", "a: b\n- c", "a: 'b\n  c'", "a: 'b\n\n'", "a: 'b", "a: \"b", "a: 'b' c", "a: 'b'c", "a: 'b': c", "a: \"b\\", "a: \"b\\\"", "a: \"\\n\"", "a: \"\\ud800\"", "a: \"\\x\"", "a: \"b\" # c", " a: b", "a: b\n c: d",
	"a: [", "a: ]", "a: [x", "a: [x\n, y]", "a: [x]]", "a: [x] y", "a: [x], y", "a: [x]: y", "a: [x,]", "a: [x, ]", "a: [,]", "a: [x,,y]", "a: [[x]]", "a: [x, [y]]", "a: [{x}]", "a: [x: y]", "a: [x:y]", "a: ['x': y]", "a: ['x':y]", "a: ['x'y]", "a: ['x' 'y']", "a: [-]", "a: [- x]", "a: [? x]", "a: [x?]", "a: [&x y]", "a: [!x y]", "a: ['x]", "a: [~]", "a: [x} y]",
	"a:\n-", "a:\n- x\n-", "a:\n-\n- x", "a:\n- - x", "a:\n-x", "a:\n- x: y", "a:\n- x:", "a:\n- [x]", "a:\n- {x: y}", "a:\n- x\n  y", "a:\n  - x\n - y", "a:\n - x\n  - y", "a:\n - x\n- y", "a:\n - x\n b: c", "a:\n  - x\n  b: c", "a:\n- x\n- y\n c", "a:\n - x\n - y\n- z", "a:\n- 'x' y", "a:\n- # x\n  y", "a:\n- | x",
	"---\na: b", "a: b\n---\nc: d", "a: b\n...", "a: b\n--- c", "a:\n---", "a:\n- x\n---", "... x", strings.Repeat("k", 101) + ": x", strings.Repeat("k", 1025) + ": x", "a: [" + strings.Repeat("x, ", 1000) + "x]",
}

func TestPlainYAML(t *testing.T) {
	for _, text := range plainLines {
		if !checkPlainYAML(t, text) {
			t.Errorf("%q is left to the parser", text)
		}
	}
	for _, text := range otherLines {
		if checkPlainYAML(t, text) {
			t.Errorf("%q is taken for plain", text)
		}
	}
}

// The lines among others, and as a value and as items.
func TestPlainYAMLAmongOther(t *testing.T) {
	for _, text := range append(plainLines, otherLines...) {
		checkPlainYAML(t, "a: b\nc:\n- d\n"+text+"\ne: [f]")
		checkPlainYAML(t, "k: "+text+"\nl: 'm'")
		checkPlainYAML(t, "k: ["+text+", n]\nl:\n  - "+text)
	}
}

// What is recognised as plain is what the parser makes of it.
func FuzzPlainYAML(f *testing.F) {
	for _, text := range append(plainLines, otherLines...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkPlainYAML(t, text) })
}
