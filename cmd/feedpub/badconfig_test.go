package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// The program ends with 2 and each mistake's place, whatever is wrong with its configuration, and leaves nothing behind.
func TestBadConfigurations(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("../../config/testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("got %d archives, %v", len(archives), err)
	}
	place := regexp.MustCompile(`feedpub\.yaml:[1-9]\d*:[1-9]\d*: `)
	every, seen := rounds(5, 1), 0
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".yaml") {
				continue
			}
			if seen++; seen%every != 0 {
				continue
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "feedpub.yaml"), f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := program(t.Context(), dir, "generate")
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			cmd.Run() // its exit code is looked at
			if got := cmd.ProcessState.ExitCode(); got != 2 || !place.Match(stderr.Bytes()) {
				t.Errorf("%s: got exit code %d, want 2 and a place:\n%s", f.Name, got, stderr.String())
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
				t.Errorf("%s: got %v in the folder, %v", f.Name, left, err)
			}
		}
	}
}
