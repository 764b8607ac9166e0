package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	for address, want := range map[string]string{"/configured": "old: 3 read, 3 new", "/other": "127.0.0.1: 3 read"} {
		out, err := program(t.Context(), dir, "import", web.URL+address).CombinedOutput()
		if !strings.Contains(string(out), want) {
			t.Errorf("%s: got %v, %s, want %s", address, err, out, want)
		}
	}
}
