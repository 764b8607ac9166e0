package ingest

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// Front matter is read in any of its languages or refused with a line of the file; the body is what follows it.
func FuzzFrontMatter(f *testing.F) {
	for _, s := range scripts {
		f.Add(s.article("title", `"A"`, "tags", `["a", "b"]`, "date", `"2026-03-01"`))
	}
	f.Add("---\na: &a {b: [*c, !!binary x, \"\\ud800\"]}\n<<: *a\n? [x]\n: |\n  y\n...\n---\nz")
	f.Add("+++\n[a.b]\nc.d = [1, {e = 07:32:00}]\n[[f]]\ng = '''\nh'''\ni = \"\\U0000D83D\\uDE00\"\n+++\nz")
	f.Add("{\"a\": {\"b\": [1e9, null, \"\\ud800\"]}}\nz")
	f.Add("\u200b\n--- # x\ndraft: true\n---\n")
	f.Fuzz(func(t *testing.T, source string) {
		text, err := decode([]byte(source))
		if err != nil {
			return
		}
		for _, markdown := range []bool{true, false} {
			head, body, err := splitFrontMatter(text, markdown)
			var p *Problem
			switch {
			case err != nil && (!errors.As(err, &p) || p.Line < 1 || p.Line > 1+strings.Count(text, "\n")):
				t.Errorf("%q: got %v, want a line", source, err)
			case err == nil && !strings.HasSuffix(text, body):
				t.Errorf("%q: got body %q", source, body)
			case err == nil:
				checkNode(t, head, 0)
			}
		}
	})
}

func checkNode(t *testing.T, n *node, depth int) {
	if n == nil {
		return
	}
	if depth > maxNesting+1 || !utf8.ValidString(n.text) {
		t.Errorf("got %q at depth %d", n.text, depth)
	}
	for _, item := range n.items {
		checkNode(t, item, depth+1)
	}
	for _, m := range n.members {
		checkNode(t, m.value, depth+1)
	}
}
