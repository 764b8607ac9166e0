package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A hostileFile is a line of the manifest of hostile articles.
type hostileFile struct {
	File, Expect, Rule string
	Count              *int
	Want               map[string]any   // of the only article
	Items              []map[string]any // of each article
	Errors             []struct{ Item, Line int }
	Error              struct{ Any []string }
	Limits             struct{ MS int64 }
	TextHas            []string `json:"text_has"`
	TextLacks          []string `json:"text_lacks"`
	TextOnce           []string `json:"text_once"`
	HTMLHas            []string `json:"html_has"`
	HTMLLacks          []string `json:"html_lacks"`
}

// TestHostileFiles reads the hostile files, of whatever kind, as `feedpub import --dry-run --json` does: some of them, and all
// with LONG_TESTS, for a process each takes long. The package that reads them is tested with all of them anyhow.
func TestHostileFiles(t *testing.T) {
	folder := shared(t, "articles/hostile")
	manifest, err := os.Open(filepath.Join(folder, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", siteConfig)
	commands := built(t)
	lines := bufio.NewScanner(manifest)
	lines.Buffer(nil, 1<<20)
	for n := 0; lines.Scan(); n++ {
		if n%rounds(4, 1) != 0 {
			continue
		}
		var c hostileFile
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Rule+"/"+c.File, func(t *testing.T) {
			t.Parallel()
			testHostileFile(t, commands, dir, filepath.Join(folder, c.File), c)
		})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func testHostileFile(t *testing.T, commands, dir, file string, c hostileFile) {
	cmd := exec.CommandContext(t.Context(), commands, "import", "--dry-run", "--json", "--now", "2026-11-23T00:00:00Z", file)
	cmd.Dir = dir
	out, err := cmd.Output()
	// Of the processor's time, which a busy machine does not change much.
	if took := (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Milliseconds(); took > 10*c.Limits.MS {
		t.Errorf("took %d ms, want at most %d", took, c.Limits.MS)
	}
	if c.Expect == "bounded" {
		return
	}
	wantCode := exitPartial
	if c.Expect == "accept" {
		wantCode = 0
	}
	if got := cmd.ProcessState.ExitCode(); got != wantCode {
		t.Fatalf("got exit code %d, want %d: %v\n%s", got, wantCode, err, out)
	}
	var good []record
	var refused []string
	for line := range strings.Lines(string(out)) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Error == "" {
			good = append(good, r)
		} else {
			refused = append(refused, r.Error)
		}
	}
	if c.Expect == "reject" {
		if len(good) != 0 || len(refused) != 1 || !containsAny(strings.ToLower(refused[0]), c.Error.Any) {
			t.Errorf("got %d articles, refused %q, want it refused with any of %q", len(good), refused, c.Error.Any)
		}
		return
	}
	testHostileArticles(t, c, good, refused)
}

// testHostileArticles compares what was read of a file with its line of the manifest.
func testHostileArticles(t *testing.T, c hostileFile, good []record, refused []string) {
	if c.Count == nil && c.Items == nil { // a file that is one article
		c.Items = []map[string]any{c.Want}
	}
	want := len(c.Items)
	if c.Count != nil {
		want = *c.Count
	}
	if len(good) != want || len(refused) != len(c.Errors) {
		t.Fatalf("got %d articles, refused %q, want %d and %d refused", len(good), refused, want, len(c.Errors))
	}
	for i, e := range c.Errors {
		if place := fmt.Sprintf(":%d", e.Line); e.Line > 0 && !strings.Contains(refused[i], place) {
			t.Errorf("got %q, want line %d", refused[i], e.Line)
		}
	}
	for i, item := range c.Items {
		for name, want := range item {
			if got := fieldOf(&good[i], name); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("item %d: %s: got %q, want %q", i+1, name, got, want)
			}
		}
	}
	for i := range good {
		testHostileText(t, c, &good[i])
	}
}

// testHostileText looks for what has to stand in an article's content, and for what must not.
func testHostileText(t *testing.T, c hostileFile, r *record) {
	for _, s := range c.TextOnce {
		if n := strings.Count(r.Text, s); n != 1 {
			t.Errorf("got %q %d times, want once", s, n)
		}
	}
	for _, in := range []struct {
		text       string
		has, lacks []string
	}{{r.Text, c.TextHas, c.TextLacks}, {r.Content, c.HTMLHas, c.HTMLLacks}} {
		for _, s := range in.has {
			if !strings.Contains(in.text, s) {
				t.Errorf("got %q, which lacks %q", in.text, s)
			}
		}
		for _, s := range in.lacks {
			if strings.Contains(in.text, s) {
				t.Errorf("got %q, which has %q", in.text, s)
			}
		}
	}
}

func containsAny(s string, words []string) bool {
	for _, word := range words {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// fieldOf is the manifest's form of a record's field.
func fieldOf(r *record, name string) any {
	switch name {
	case "title":
		return r.Title
	case "guid":
		return r.GUID
	case "url":
		return r.URL
	case "slug":
		return r.Slug
	case "summary":
		return r.Summary
	case "image":
		return r.Image
	case "tags":
		return r.Tags
	case "authors":
		names := []string{}
		for _, a := range r.Authors {
			names = append(names, a.Name)
		}
		return names
	case "status":
		return r.Status
	case "published":
		if r.Published.Equal(*r.FirstSeen) {
			return "@now"
		}
		return r.Published.Format(time.RFC3339Nano)
	case "updated":
		return r.Updated.Format(time.RFC3339Nano)
	case "expires":
		return r.Expiry.Format(time.RFC3339Nano)
	}
	return "unknown field " + name
}
