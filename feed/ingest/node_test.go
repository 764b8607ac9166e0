package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// manyKeys are front matters of about 60 KiB, all of it keys.
func manyKeys() map[string]string {
	join := func(n int, sep, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, sep)
	}
	return map[string]string{
		"YAML":         "---\n" + join(5500, "\n", "key%d: 1") + "\n---\nText",
		"YAML flow":    "---\na: {" + join(6000, ", ", "k%d: 1") + "}\n---\nText",
		"YAML maps":    "---\n" + join(3000, "\n", "key%d: {a: 1}") + "\n---\nText",
		"YAML merges":  "---\na: &a {b: 1}\nc:\n" + join(3000, "\n", "  k%d: {<<: *a}") + "\n---\nText",
		"TOML":         "+++\n" + join(6000, "\n", "k%d = 1") + "\n+++\nText",
		"TOML inline":  "+++\na = {" + join(6000, ", ", "k%d = 1") + "}\n+++\nText",
		"TOML dotted":  "+++\n" + join(5000, "\n", "a.k%d = 1") + "\n+++\nText",
		"TOML tables":  "+++\n" + join(6500, "\n", "[k%d]") + "\n+++\nText",
		"JSON":         "{" + join(5500, ",\n", `"k%d":1`) + "}\nText",
		"authors":      "---\nauthors: [" + join(6500, ", ", "jo%d") + "]\n---\nText",
		"author maps":  "---\nauthors: [" + join(3000, ", ", "{name: jo%d}") + "]\n---\nText",
		"YAML aliases": "---\na: &a {b: 1}\n" + join(3500, "\n", "k%d: *a") + "\n---\nText",
	}
}

// Two thousand keys took 15 s, in the square of their number.
func TestManyKeys(t *testing.T) {
	for name, text := range manyKeys() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			if _, err := newReader(t).Read("s", "a.md", []byte(text)); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took > time.Minute { // a hang; how long it takes the benchmark shows
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestKeysAreFolded(t *testing.T) {
	n := &node{kind: mapping}
	if err := n.set("pub_date", 1, &node{}); err != nil {
		t.Fatal(err)
	}
	if err := n.set("Pub-Date", 2, &node{}); err == nil || !strings.Contains(err.Error(), "line 1 already") {
		t.Errorf("got %v, want an error that names line 1", err)
	}
	if m := n.get("pubdate"); m == nil || m.line != 1 {
		t.Errorf("got %v, want the member of line 1", m)
	}
}

func BenchmarkManyKeys(b *testing.B) {
	for name, text := range manyKeys() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := splitFrontMatter(text, true); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
