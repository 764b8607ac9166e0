package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A hostileFeed is a line of the manifest of hostile articles, of a file that holds many.
type hostileFeed struct {
	File, Kind, Expect, Rule string
	Count                    *int
	Items                    []map[string]string
	Errors                   []struct{ Item, Line int }
	Error                    struct{ Any []string }
	Limits                   struct{ MS int64 }
}

// TestHostileFeeds reads each hostile file that may hold many articles as `feedpub import --dry-run --json` does.
func TestHostileFeeds(t *testing.T) {
	folder := shared(t, "articles/hostile")
	manifest, err := os.Open(filepath.Join(folder, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer manifest.Close()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", siteConfig)
	lines := bufio.NewScanner(manifest)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c hostileFeed
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			if strings.Contains(lines.Text(), `"kind": "feed"`) {
				t.Error(err)
			}
			continue
		}
		if c.Kind == "feed" || c.Kind == "json" || c.Kind == "ndjson" {
			t.Run(c.Rule+"/"+c.File, func(t *testing.T) { testHostileFeed(t, dir, filepath.Join(folder, c.File), c) })
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func testHostileFeed(t *testing.T, dir, file string, c hostileFeed) {
	start := time.Now()
	cmd := program(t.Context(), dir, "import", "--dry-run", "--json", "--now", "2026-11-23T00:00:00Z", file)
	out, err := cmd.Output()
	if took := time.Since(start).Milliseconds(); took > c.Limits.MS {
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
	if c.Count != nil && len(good) != *c.Count || len(refused) != len(c.Errors) {
		t.Errorf("got %d articles, refused %q, want %v and %d refused", len(good), refused, c.Count, len(c.Errors))
	}
	for i, want := range c.Items {
		for name, want := range want {
			if got := feedField(&good[i], name); got != want {
				t.Errorf("item %d: %s: got %q, want %q", i+1, name, got, want)
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

// feedField is the manifest's form of a record's field.
func feedField(r *record, name string) string {
	switch name {
	case "title":
		return r.Title
	case "guid":
		return r.GUID
	case "url":
		return r.URL
	case "status":
		return string(r.Status)
	case "published":
		if r.Published.Equal(*r.FirstSeen) {
			return "@now"
		}
		return r.Published.Format(time.RFC3339Nano)
	}
	return "unknown field " + name
}
