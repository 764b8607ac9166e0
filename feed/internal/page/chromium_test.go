package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"feedpub/feed/internal/browser"
)

// looks are how people look at pages.
var looks = map[string]browser.Look{
	"light":    {},
	"dark":     {Dark: true},
	"narrow":   {Width: 360},
	"wide":     {Width: 1920},
	"noscript": {NoScript: true, Width: 360, Dark: true},
}

// All that needs a browser and the same site, which are started once.
func TestPagesInChromium(t *testing.T) {
	b := browser.Start(t)
	s := gazette(t)
	for look, how := range looks {
		t.Run(look, func(t *testing.T) { testLook(t, b, s, look, how) })
	}
	t.Run("walk", func(t *testing.T) { testWalk(t, b, s) })
	t.Run("without script", func(t *testing.T) { testWithoutScript(t, b, s) })
	t.Run("keyboard", func(t *testing.T) { testKeyboard(t, b, s) })
	t.Run("documents", func(t *testing.T) { testDocuments(t, b, s) })
}

// Every page, however it is looked at: nothing sticks out, nothing is asked of others, nobody complains, and people who see
// little or nothing are served as well.
func testLook(t *testing.T, b *browser.Browser, s *site, look string, how browser.Look) {
	if !browser.HasAxe() {
		t.Log("without axe-core: AXE_JS does not name it")
	}
	tab := b.Open(t, s.url, how)
	for _, path := range []string{"", "news/", "news/archive/2025-05/", "show/", "tag/log/"} {
		tab.Go(s.url + path)
		if got := tab.Overflows(); len(got) > 0 {
			t.Errorf("/%s is wider than the window: %q", path, got)
		}
		tab.Picture(strings.Trim("page-"+strings.ReplaceAll(path, "/", "-"), "-") + "-" + look)
		if got := tab.Violations(); len(got) > 0 {
			t.Errorf("/%s: axe-core: %s", path, strings.Join(got, "\n"))
		}
	}
	if got := tab.Strangers(s.url); len(got) > 0 {
		t.Errorf("asked others: %q", got)
	}
	if got := tab.Messages(); len(got) > 0 {
		t.Errorf("messages: %q", got)
	}
}

func testWalk(t *testing.T, b *browser.Browser, s *site) {
	tab := b.Open(t, s.url, browser.Look{})
	if at := tab.Follow(".feeds h3 a"); at != s.url+"news/" {
		t.Fatalf("the first feed's link led to %s", at)
	}
	tab.Click("[data-copy=address-rss]")
	if got := browser.Eval[string](tab, "navigator.clipboard.readText()"); got != s.url+"news/rss.xml" {
		t.Errorf("copied %q", got)
	}
	if got := browser.Eval[string](tab, "document.getElementById('copied').textContent"); !strings.Contains(got, "copied") {
		t.Errorf("those who cannot see are told %q", got)
	}
	tab.Click("summary")
	tab.Click("[data-copy=address-atom]")
	if got := browser.Eval[string](tab, "navigator.clipboard.readText()"); got != s.url+"news/atom.xml" {
		t.Errorf("copied %q", got)
	}
	var archives []string
	for browser.Eval[bool](tab, "document.querySelector('.pages [rel=next]') !== null") {
		archives = append(archives, tab.Follow(".pages [rel=next]"))
	}
	if len(archives) < 5 || !slices.IsSortedFunc(archives, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("walked through the archives %q", archives)
	}
	for range archives {
		tab.Follow(".pages [rel=prev]")
	}
	if at := browser.Eval[string](tab, "location.href"); at != s.url+"news/" {
		t.Errorf("back at %s", at)
	}
	if at := tab.Follow(".where a:nth-child(2)"); at != s.url {
		t.Errorf("all feeds are at %s", at)
	}
	if got := append(tab.Messages(), tab.Strangers(s.url)...); len(got) > 0 {
		t.Errorf("on the way: %q", got)
	}
}

// Without scripts no button stands that does nothing, and the address can be marked.
func testWithoutScript(t *testing.T, b *browser.Browser, s *site) {
	tab := b.Open(t, s.url+"news/", browser.Look{NoScript: true})
	got := browser.Eval[string](tab, `[...document.querySelectorAll("button")].filter(b => b.offsetHeight > 0).length + " " + document.querySelector("#address-rss").value`)
	if want := "0 " + s.url + "news/rss.xml"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// With the keyboard alone: the first stop leads past the header, the next ones are to be seen.
func testKeyboard(t *testing.T, b *browser.Browser, s *site) {
	tab := b.Open(t, s.url+"news/", browser.Look{})
	var stops []string
	for range 6 {
		tab.Press("\t")
		stops = append(stops, browser.Eval[string](tab, `(() => {
			const e = document.activeElement, r = e.getBoundingClientRect();
			return (e.textContent || e.id).trim() + (r.width > 10 && r.left >= 0 && getComputedStyle(e).outlineStyle !== "none" ? "" : " unseen");
		})()`))
	}
	want := []string{"Skip to the entries", "The Harbour Gazette", "All feeds", "address-rss", "Copy the address of RSS", "Other formats"}
	if !slices.Equal(stops, want) {
		t.Errorf("got %q, want %q", stops, want)
	}
}

// A document that somebody opens is shown as text, by the style that it names.
func testDocuments(t *testing.T, b *browser.Browser, s *site) {
	for _, name := range []string{"news/rss.xml", "news/atom.xml"} {
		for _, look := range []string{"light", "dark"} {
			tab := b.Open(t, s.url+name, looks[look])
			tab.Picture(fmt.Sprintf("document-%s-%s", strings.ReplaceAll(name, "/", "-"), look))
			got := browser.Eval[string](tab, `(() => {
				const titles = [...document.querySelectorAll("item > title, entry > title")];
				const size = e => parseFloat(getComputedStyle(e).fontSize);
				const note = getComputedStyle(document.documentElement, "::before").content;
				return [document.styleSheets.length, titles.length, titles.every(e => e.getClientRects().length > 0 && size(e) > 17),
					getComputedStyle(titles[0]).display, note.includes("feed reader")].join(" ");
			})()`)
			if want := "1 30 true block true"; got != want {
				t.Errorf("%s: got %q, want %q (a style, titles, all large, as blocks, a note)", name, got, want)
			}
			if got := tab.Strangers(s.url); len(got) > 0 {
				t.Errorf("%s asked others: %q", name, got)
			}
		}
	}
}
