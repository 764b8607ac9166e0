package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted messages in testdata")

// placed is a mistake with its place.
var placed = regexp.MustCompile(`^feedpub\.yaml:[1-9]\d*:[1-9]\d*: `)

// Each archive holds configurations, NAME.yaml, and after each what is said about it, NAME.want.
func TestMistakes(t *testing.T) {
	count := 0
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("got %d archives and %v, want some", len(archives), err)
	}
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var files []txtar.File
		wants := map[string]string{}
		for _, f := range a.Files {
			if base, ok := strings.CutSuffix(f.Name, ".want"); ok {
				wants[base] = string(f.Data)
			}
		}
		for _, f := range a.Files {
			base, ok := strings.CutSuffix(f.Name, ".yaml")
			if !ok {
				continue
			}
			count++
			got := mistakes(t, string(f.Data)) + "\n"
			for line := range strings.Lines(got) {
				if !placed.MatchString(line) {
					t.Errorf("%s: %s: got %q, want its line and column", name, f.Name, line)
				}
			}
			files = append(files, f, txtar.File{Name: base + ".want", Data: []byte(got)})
			if want := wants[base]; got != want && !*update {
				t.Errorf("%s: %s: got\n%swant\n%s", name, f.Name, got, want)
			}
		}
		if *update {
			a.Files = files
			if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if count < 60 {
		t.Errorf("got %d bad configurations, want 60 and more", count)
	}
}

// mistakes is what is wrong with the file, which must be something.
func mistakes(t *testing.T, content string) string {
	t.Helper()
	c, err := parse(FileName, t.TempDir(), []byte(content), Options{})
	if err == nil {
		t.Fatalf("got no mistake, want some in\n%s", content)
	}
	if c != nil {
		t.Errorf("got a configuration beside the mistakes, want none")
	}
	var one *Error
	if !errors.As(err, &one) || one.Line < 1 || one.Column < 1 {
		t.Errorf("got %v, want an Error with its place", err)
	}
	return err.Error()
}
