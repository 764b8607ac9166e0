package page_test

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"feedpub/feed"
	"feedpub/feed/internal/browser"
	"feedpub/feed/internal/xss"
)

// harmful is an article that does harm wherever a page takes something from it without care.
func (s *site) harmful(n int, payload string) {
	s.Helper()
	name := strings.NewReplacer("/", "∕", "\x00", "", "\n", " ", "\t", " ").Replace(payload)
	name = fmt.Sprintf("%03d %s", n, name[:min(len(name), 120)])
	data, err := json.Marshal(map[string]any{
		"title": payload, "summary": payload, "content_html": "<p>" + payload + "</p>" + payload, "date": fmt.Sprintf("2026-%02d-%02d", n/28%3+1, n%28+1),
		"authors":    []map[string]string{{"name": payload}},
		"tags":       []string{payload, "all"},
		"enclosures": []map[string]any{{"url": "https://127.0.0.1/" + fmt.Sprint(n) + ".mp3?" + payload, "type": "audio/mpeg", "length": 1, "title": payload}},
	})
	if err != nil {
		s.Fatal(err)
	}
	s.write(strings.ToValidUTF8(name, "")+".json", string(data))
}

// Nothing that an article says runs on any page, be it in its title, its author, its tags, its summary, its text, or the
// name of its file. The pages are asked twice: by a parser, which knows of no policy, and by Chromium.
func TestNothingRuns(t *testing.T) {
	if len(xss.Payloads) < 60 {
		t.Fatalf("only %d payloads", len(xss.Payloads))
	}
	news, all, tags := spec("news", ""), spec("all", "All, in brief"), spec("tag/:tag", "")
	news.Limit, news.Archives = 20, true
	all.Limit, all.Content = 300, "both"
	tags.Each = feed.ByTag
	s := newSite(t, news, all, tags)
	for n, payload := range xss.Payloads {
		s.harmful(n, payload)
	}
	s.lenient = true
	s.publish()
	pages := s.pages()
	if len(pages) < 60 {
		t.Fatalf("only %d pages: %q", len(pages), pages)
	}
	for _, name := range pages {
		doc, err := html.Parse(strings.NewReader(s.read(name)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if bad := runs(n); bad != "" {
				t.Errorf("%s: %s", name, bad)
			}
		}
	}
	tab := browser.Start(t).Open(t, s.url, browser.Look{})
	for i, name := range pages {
		if strings.HasPrefix(name, "tag/") && i%10 != 0 { // each of a kind, and some of them
			continue
		}
		address := s.url + strings.TrimSuffix(name, "index.html")
		tab.Go(address)
		browser.Eval[int](tab, `(() => { document.querySelectorAll("a, img, p, div").forEach(e => e.dispatchEvent(new Event("mouseover"))); return 1; })()`)
		if at := browser.Eval[string](tab, "location.href"); at != address {
			t.Errorf("%s: led to %s", name, at)
		}
	}
	for _, m := range tab.Messages() {
		if !strings.HasPrefix(m, "network: Failed to load resource") { // a picture that there is not
			t.Error(m)
		}
	}
}

// runs says what of an element would run, or lead to what would.
func runs(n *html.Node) string {
	if n.Type != html.ElementNode {
		return ""
	}
	switch n.Data {
	case "iframe", "object", "embed", "form", "base", "svg", "math", "style", "template", "noscript":
		return "the element " + n.Data
	}
	for _, a := range n.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "formaction":
			return fmt.Sprintf("%s has %s=%q", n.Data, a.Key, a.Val)
		case a.Key == "href" || a.Key == "src":
			scheme, _, found := strings.Cut(value, ":")
			if found && scheme != "http" && scheme != "https" && scheme != "mailto" && scheme != "feed" {
				return fmt.Sprintf("%s has %s=%q", n.Data, a.Key, a.Val)
			}
			if n.Data == "script" && path.Base(a.Val) != "page.js" {
				return "the script " + a.Val
			}
		}
	}
	if n.Data == "script" && n.FirstChild != nil {
		return "a script in the page"
	}
	return ""
}

// The judge must find what there is to find.
func TestRuns(t *testing.T) {
	for _, bad := range []string{"<script>x</script>", "<img onerror=x>", `<a href=" javascript:x">`, "<iframe>", "<p style=x>", "<script src=x.js>"} {
		doc, err := html.Parse(strings.NewReader("<!DOCTYPE html><body>" + bad))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for n := range doc.Descendants() {
			found = found || runs(n) != ""
		}
		if !found {
			t.Errorf("%s: nothing found", bad)
		}
	}
}
