package ingest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
)

// newReader is a reader for https://example.org/ in UTC.
func newReader(t testing.TB) *Reader {
	t.Helper()
	site, err := url.Parse("https://example.org/")
	if err != nil {
		t.Fatal(err)
	}
	return &Reader{Site: site, Permalink: "/posts/:slug/", Zone: time.UTC, IDAuthority: "example.org,2026-01-01"}
}

// sharedFolder is a folder of articles that lies beside the project; the test is skipped where it does not.
func sharedFolder(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	folder := filepath.Join(dir, "..", "shared", "articles", name)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("%s is missing", folder)
	}
	return folder
}

// A hostileCase is a line of the manifest of hostile articles.
type hostileCase struct {
	File, Kind, Expect, Rule string
	Want                     map[string]any
	TextHas                  []string `json:"text_has"`
	TextLacks                []string `json:"text_lacks"`
	TextOnce                 []string `json:"text_once"`
	HTMLHas                  []string `json:"html_has"`
	HTMLLacks                []string `json:"html_lacks"`
	Error                    struct {
		Any  []string
		Line int
	}
	Limits struct{ MS int64 }
}

func TestHostileArticles(t *testing.T) {
	folder := sharedFolder(t, "hostile")
	file, err := os.Open(filepath.Join(folder, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c hostileCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		if c.Kind == "md" || c.Kind == "txt" || c.Kind == "html" || c.Kind == "json" || c.Kind == "ndjson" {
			t.Run(c.Rule+"/"+c.File, func(t *testing.T) { testHostile(t, folder, c) })
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func testHostile(t *testing.T, folder string, c hostileCase) {
	raw, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(c.File)))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	a, err := newReader(t).Read("hostile", filepath.Base(c.File), raw)
	if took := time.Since(start); took.Milliseconds() > 10*c.Limits.MS { // under the race detector, on a busy machine
		t.Errorf("took %s, the limit is %d ms", took, c.Limits.MS)
	}
	if c.Expect == "bounded" {
		return
	}
	if c.Expect == "reject" {
		testRefusal(t, c, err)
		return
	}
	if err != nil {
		t.Fatalf("got error %v, want it accepted", err)
	}
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	first := feed.Revise(nil, a.Entry, now)
	for name, want := range c.Want {
		if got := field(&first, name, now); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	text := clean.Text(a.Content)
	for _, s := range c.TextHas {
		if !strings.Contains(text, s) {
			t.Errorf("text lacks %q: %q", s, text)
		}
	}
	for _, s := range c.TextLacks {
		if strings.Contains(text, s) {
			t.Errorf("text has %q: %q", s, text)
		}
	}
	for _, s := range c.TextOnce {
		if n := strings.Count(text, s); n != 1 {
			t.Errorf("text has %q %d times, want once", s, n)
		}
	}
	for _, s := range c.HTMLHas {
		if !strings.Contains(a.Content, s) {
			t.Errorf("HTML lacks %q: %q", s, a.Content)
		}
	}
	for _, s := range c.HTMLLacks {
		if strings.Contains(a.Content, s) {
			t.Errorf("HTML has %q: %q", s, a.Content)
		}
	}
}

func testRefusal(t *testing.T, c hostileCase, err error) {
	if err == nil {
		t.Fatal("got it accepted, want an error")
	}
	message := strings.ToLower(err.Error())
	found := false
	for _, word := range c.Error.Any {
		found = found || strings.Contains(message, word)
	}
	if !found {
		t.Errorf("got error %v, want one with any of %q", err, c.Error.Any)
	}
	if p := (*Problem)(nil); c.Error.Line > 0 && (!errors.As(err, &p) || p.Line != c.Error.Line) {
		t.Errorf("got error %v, want line %d", err, c.Error.Line)
	}
}

// field is the manifest's form of an entry's field.
func field(e *feed.Entry, name string, now time.Time) any {
	switch name {
	case "id":
		return e.ID
	case "title":
		return e.Title
	case "content":
		return e.Content
	case "summary":
		return e.Summary
	case "slug":
		return e.Slug
	case "url":
		return e.URL
	case "lang":
		return e.Language
	case "guid":
		return e.GUID
	case "image":
		return e.Image.URL
	case "status":
		return string(e.StatusAt(now))
	case "published":
		if !e.Dated {
			return "@now"
		}
		return e.Published.Format(time.RFC3339Nano)
	case "updated":
		return e.Updated.Format(time.RFC3339Nano)
	case "expires":
		return e.Expiry.Format(time.RFC3339Nano)
	case "embargo":
		return e.Embargo.Format(time.RFC3339Nano)
	case "enclosures":
		var all []string
		for _, c := range e.Enclosures {
			all = append(all, fmt.Sprint(c.URL, " ", c.Type, " ", c.Length, " ", c.Duration))
		}
		return strings.Join(all, ", ")
	case "tags":
		tags := []any{}
		for _, tag := range e.Tags {
			tags = append(tags, tag)
		}
		return tags
	case "authors":
		names := []any{}
		for _, a := range e.Authors {
			names = append(names, a.Name)
		}
		return names
	}
	return "unknown field " + name
}
