package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A feed on the web is imported by its address: under the name of its source, else of its host; from a private network
// only where that is allowed.
func TestImportFeed(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, movedFeed) }))
	defer web.Close()
	dir := t.TempDir()
	config := "site: {title: T, url: \"https://example.org/\"}\nsources: [{name: old, feed: \"" + web.URL + "/configured\"}]\n"
	writeFiles(t, dir, "feedpub.yaml", config)
	out, err := program(t.Context(), dir, "import", web.URL+"/other").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "network.allow") {
		t.Errorf("private: got %v, %s, want the setting that allows it", err, out)
	}
	writeFiles(t, dir, "feedpub.yaml", config+"network: {allow: [127.0.0.0/8]}\n")
	for _, c := range [][2]string{{"/configured", "old: 3 read, 3 new"}, {"/other", "127.0.0.1: 3 read"}} {
		out, err := program(t.Context(), dir, "import", web.URL+c[0]).CombinedOutput()
		if !strings.Contains(string(out), c[1]) {
			t.Errorf("%s: got %v, %s, want %s", c[0], err, out, c[1])
		}
	}
}

// Status tells when a feed is asked for next: not before its server wants it.
func TestStatusOfFeedSource(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7200")
		http.Error(w, "later", http.StatusServiceUnavailable)
	}))
	defer web.Close()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: T, url: \"https://example.org/\"}\nnetwork: {allow: [127.0.0.0/8]}\nsources: [{name: old, feed: \""+web.URL+"/feed\"}]\n")
	out, err := program(t.Context(), dir, "generate").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "503") {
		t.Fatalf("generate: got %v, %s", err, out)
	}
	out, err = program(t.Context(), dir, "status", "--json").Output()
	var status struct {
		Sources []struct {
			NextRead time.Time `json:"next_read"`
		}
	}
	if err == nil {
		err = json.Unmarshal(out, &status)
	}
	if err != nil || len(status.Sources) != 1 || time.Until(status.Sources[0].NextRead) < time.Hour {
		t.Errorf("got %v, %s, want the next read in two hours", err, out)
	}
}
