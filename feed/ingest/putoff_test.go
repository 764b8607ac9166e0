package ingest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// checkPutOff holds an article whose content is made later against the same article read at once.
func checkPutOff(t *testing.T, key string, raw []byte) (putOff bool) {
	t.Helper()
	r := newReader(t)
	want, wantErr := r.Read("blog", key, raw)
	got, err := r.puttingOff().Read("blog", key, raw)
	putOff = got.Unmade != ""
	if putOff && wantErr != nil {
		t.Fatalf("put off, but read at once it is refused: %v", wantErr)
	}
	if err := r.Make(&got.Entry); err != nil {
		t.Fatalf("put off, but its content cannot be made: %v", err)
	}
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
		t.Fatalf("made later: %+v, %v\nread at once: %+v, %v", got, err, want, wantErr)
	}
	return putOff
}

// What is put off is what it would be at once, for all good and hostile articles at hand.
func TestPutOff(t *testing.T) {
	n := 0
	for _, dir := range []string{"jekyll", "hostile/md"} {
		folder := sharedFolder(t, dir)
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, ".markdown") {
				return err
			}
			raw, err := os.ReadFile(name)
			if err == nil && checkPutOff(t, filepath.Base(name), raw) {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n < 50 {
		t.Errorf("%d articles were put off: too few to say anything", n)
	}
}

// What may be refused or warned of, or changes other fields than the content, is not put off.
func TestNotPutOff(t *testing.T) {
	const head = "---\ntitle: T\ndate: 2026-03-01\n---\n"
	for name, c := range map[string]struct {
		text   string
		putOff bool
	}{
		"plain":                {head + "Some *text*.\n", true},
		"a teaser":             {head + "Lead.\n\n<!--more-->\n\nRest.\n", true},
		"code with braces":     {head + "```go\nif a { b() }\n```\n", true},
		"no title":             {"---\ndate: 2026-03-01\n---\n# Title\n\nText.\n", false},
		"a template":           {head + "{% include x %}\n", false},
		"a shortcode":          {head + "{{< x >}}\n", false},
		"a wiki link":          {head + "[[Page]]\n", false},
		"a definition":         {head + "[a][b]\n\n[b]: https://example.org/\n", false},
		"another page":         {"---\ntitle: T\ncanonical_url: https://elsewhere.example/\n---\n[a](b)\n", false},
		"long":                 {head + strings.Repeat("Text. ", 2000), false},
		"many marks":           {head + strings.Repeat("*", 6000), false},
		"a wide table":         {head + strings.Repeat("|", 300), false},
		"many tags":            {head + strings.Repeat("<b>", 300), false},
		"quotes in quotes":     {head + strings.Repeat("> ", 150) + "x\n", false},
		"plain text":           {"", false},
		"a draft without date": {"---\ntitle: T\ndraft: true\n---\nText.\n", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := checkPutOff(t, "a.md", []byte(c.text)); got != c.putOff {
				t.Errorf("put off: %v, want %v", got, c.putOff)
			}
		})
	}
}

func FuzzPutOff(f *testing.F) {
	for _, seed := range []string{goodBody, "text", "a\n---\n", "[^1] [^1]: x", "| a |\n|--|\n", strings.Repeat("> ", 90), "<div>\n\n*a*\n</div>", "&#0; \x00 \r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		checkPutOff(t, "a.md", []byte("---\ntitle: T\ndate: 2026-03-01\n---\n"+body))
	})
}
