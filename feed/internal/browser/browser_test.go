package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// What the browser is to tell of pages, it tells: else nothing that tests ask it says anything.
func TestBrowserTells(t *testing.T) {
	pages := map[string]string{
		"/":         `<!DOCTYPE html><html lang="en"><title>Start</title><main><h1>Start</h1><a href="/other">other</a></main>`,
		"/other":    `<!DOCTYPE html><html lang="en"><title>Other</title><main><h1>Other</h1></main>`,
		"/says":     `<script>console.log("hello"); throw "up"</script>`,
		"/dialog":   `<script>alert(1)</script>`,
		"/policy":   `<meta http-equiv="Content-Security-Policy" content="default-src 'none'"><script>1</script>`,
		"/stranger": `<img src="http://stranger.example/a.png">`,
		"/lacks":    `<img src="/nothing.png">`,
		"/wide":     `<!DOCTYPE html><div style="width: 2000px">wide</div>`,
		"/bad":      `<!DOCTYPE html><title>Bad</title><p style="color: #ccc; background: #fff">pale</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`,
		"/colours":  `<!DOCTYPE html><title>Colours</title><body><noscript>no script</noscript>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		doc, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, doc)
	}))
	defer server.Close()
	b := Start(t)

	tab := b.Open(t, server.URL, Look{})
	if at := tab.Follow("a"); at != server.URL+"/other" {
		t.Errorf("the link led to %s", at)
	}
	if m, s, o := tab.Messages(), tab.Strangers(server.URL), tab.Overflows(); len(m)+len(s)+len(o) > 0 {
		t.Errorf("two good pages: messages %q, strangers %q, overflows %q", m, s, o)
	}
	for path, want := range map[string]string{"/says": "console: log \"hello\"", "/dialog": "dialog: 1", "/policy": "security:", "/lacks": "network:"} {
		tab := b.Open(t, server.URL+path, Look{})
		if !slices.ContainsFunc(tab.Messages(), func(m string) bool { return strings.HasPrefix(m, want) }) {
			t.Errorf("%s: messages %q, want %s", path, tab.Messages(), want)
		}
	}
	if got := b.Open(t, server.URL+"/stranger", Look{}).Strangers(server.URL); len(got) != 1 {
		t.Errorf("strangers %q, want one", got)
	}
	if got := b.Open(t, server.URL+"/wide", Look{Width: 360}).Overflows(); len(got) == 0 {
		t.Error("a wide page does not overflow")
	}
	if got := b.Open(t, server.URL+"/says", Look{NoScript: true}).Messages(); len(got) > 0 {
		t.Errorf("with scripts switched off: %q", got)
	}
	dark := b.Open(t, server.URL+"/colours", Look{Dark: true, NoScript: true, Width: 400})
	if got := Eval[string](dark, `matchMedia("(prefers-color-scheme: dark)").matches + " " + innerWidth + " " + document.querySelector("noscript").getClientRects().length`); got != "true 400 1" {
		t.Errorf("dark, width, boxes that only readers without script see: %s, want true 400 1", got)
	}
	if HasAxe() {
		if got := b.Open(t, server.URL, Look{}).Violations(); len(got) > 0 {
			t.Errorf("a good page: %q", got)
		}
		if got := b.Open(t, server.URL+"/bad", Look{}).Violations(); len(got) < 3 { // no language, no contrast, no alternative text
			t.Errorf("a bad page: %q", got)
		}
	}
}
