package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedpub/feed"
	"feedpub/feed/validate"
)

const (
	goodRSS = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>T</title><link>https://example.org/</link><description>D</description>
<atom:link rel="self" type="application/rss+xml" href="https://example.org/rss.xml"/>
</channel></rss>`
	noSelf = `<rss version="2.0"><channel>
<title>T</title><link>https://example.org/</link><description>D</description></channel></rss>`
)

func TestCheckCommand(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "good.xml", goodRSS, "warned.xml", noSelf, "bad.xml", strings.Replace(goodRSS, "<title>T</title>", "<ttl>x</ttl>", 1))
	if out := feedpub(t, dir, 0, "check", "good.xml", "warned.xml"); out != "good.xml: good rss, 0 entries\n"+
		"warned.xml:1:20: warning: the feed does not say what its own address is (link-self-missing); add <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"…\"/> with its public URL\n"+
		"warned.xml: good rss, 0 entries\n" {
		t.Errorf("got %s", out)
	}
	out := feedpub(t, dir, exitCheck, "check", "bad.xml")
	if !strings.Contains(out, "bad.xml:2:1: error: <ttl> is \"x\", which is not a whole number from 1 (rss-ttl-value); write digits alone\n") || strings.Contains(out, "good") {
		t.Errorf("got %s", out)
	}
	var results []checked
	if err := json.Unmarshal([]byte(feedpub(t, dir, exitCheck, "check", "--json", "bad.xml")), &results); err != nil {
		t.Fatal(err)
	}
	if f := results[0].Findings; results[0].Errors != 2 || f[1].Code != "rss-ttl-value" || f[1].Line != 2 || f[1].Severity != validate.Error {
		t.Errorf("got %+v", results)
	}
	if out := feedpub(t, dir, 0, "check", "--codes"); !strings.Contains(out, "warning: rss-missing-guid: ") {
		t.Errorf("got %s", out)
	}
	feedpub(t, dir, exitUsage, "check")
	feedpub(t, dir, exitUsage, "check", "--codes", "good.xml")
}

// A file that is too large is told as such, and not read to its end; what is no file is not read at all.
func TestCheckReadsSoMuch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "large.xml", goodRSS)
	const size = 1 << 40 // of which almost nothing lies on the disk
	if err := os.Truncate(filepath.Join(dir, "large.xml"), size); err != nil {
		t.Skip(err)
	}
	if out := feedpub(t, dir, exitCheck, "check", "large.xml"); !strings.Contains(out, "the document is larger than 64 MiB (document-too-large)") {
		t.Errorf("got %s", out)
	}
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	out, err := program(t.Context(), dir, "check", "/dev/zero").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "/dev/zero: not a regular file") {
		t.Errorf("got %v, %s", err, out)
	}
	zero, err := os.Open("/dev/zero")
	if err != nil {
		t.Fatal(err)
	}
	defer zero.Close()
	cmd := program(t.Context(), dir, "check", "-")
	cmd.Stdin = zero
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "(document-too-large)") {
		t.Errorf("standard input without an end: got %v, %s", err, out)
	}
	cmd = program(t.Context(), dir, "check", "-")
	cmd.Stdin = strings.NewReader(goodRSS) // through a pipe
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("standard input: got %v, %s", err, out)
	}
}

// An address is checked with what the server says, and this machine is asked only where that is allowed.
func TestCheckAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, goodRSS)
	}))
	defer server.Close()
	dir := t.TempDir()
	feedpub(t, dir, exitFailed, "check", server.URL)
	writeFiles(t, dir, "feedpub.yaml", "site: {title: T, url: \"https://example.org/\"}\nnetwork: {allow: [127.0.0.1]}\n")
	out := feedpub(t, dir, exitCheck, "check", server.URL)
	for _, want := range []string{"(http-type); send application/rss+xml", "(http-self)", "(http-validators)", "(http-encoding)"} {
		if !strings.Contains(out, want) {
			t.Errorf("got %s, want %s", out, want)
		}
	}
}

// What is published of the shared articles is held against the rules for strangers.
func TestPublishedArticlesAreValid(t *testing.T) {
	allowed := map[string]bool{"date-implausible": true, "atom-same-updated": true, "url-scheme": true, "text-markup": true}
	for _, name := range []string{"hostile/md", "hostile/txt", "hostile/html", "jekyll"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "articles"), os.DirFS(shared(t, "articles/"+name))); err != nil {
				t.Fatal(err)
			}
			writeFiles(t, dir, "feedpub.yaml", siteConfig)
			cmd := program(t.Context(), dir, "generate", "--allow-partial")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, format := range feed.Formats {
				doc, err := os.ReadFile(filepath.Join(dir, "feeds", "news", format.FileName()))
				if err != nil {
					t.Fatal(err)
				}
				r := validate.Document(doc, validate.Options{})
				if r.Entries == 0 {
					t.Errorf("%s: got no entries", format)
				}
				for _, f := range r.Findings {
					if !allowed[f.Code] {
						t.Errorf("%s:%d:%d: %s", format, f.Line, f.Column, f)
					}
				}
			}
		})
	}
}
