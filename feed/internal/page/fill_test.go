package page

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"feedpub/feed"
)

func entriesOf(n int, content func(i int) string) (entries []feed.Entry) {
	for i := range n {
		entries = append(entries, feed.Entry{
			ID: fmt.Sprint(i), URL: fmt.Sprintf("https://www.example.org/posts/2026/an-address-of-usual-length-%d/", i),
			Title: fmt.Sprintf("A title of usual length, of entry number %d", i), Content: content(i),
			Authors: []feed.Author{{Name: "Some Author"}}, Published: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -i),
		})
	}
	return entries
}

// Whatever a feed is like, its page is there at once: less than 30 kB with style and script.
func TestPageIsSmall(t *testing.T) {
	theme := Default()
	frame := len(theme.File(StyleName)) + len(theme.File(ScriptName))
	long := func(n int) string { return strings.Repeat("<p>"+strings.Repeat("Some words & more. ", 20)+"</p>", n) }
	markup := strings.Repeat(`"<&>'+`, 50)
	feeds := map[string][]feed.Entry{
		"none":             nil,
		"one short":        entriesOf(1, func(int) string { return "<p>Short.</p>" }),
		"one long":         entriesOf(1, func(int) string { return long(500) }),
		"usual":            entriesOf(100, func(int) string { return long(5) }),
		"long":             entriesOf(100, func(int) string { return long(100) }),
		"one paragraph":    entriesOf(30, func(int) string { return "<p>" + strings.Repeat("word ", 10_000) + "</p>" }),
		"empty":            entriesOf(1000, func(int) string { return "" }),
		"full of pictures": entriesOf(100, func(int) string { return strings.Repeat(`<p><img src="https://e.org/a"/></p>`, 50) }),
		"full of files":    entriesOf(100, func(int) string { return "<p>a</p>" }),
		"long names":       entriesOf(100, func(int) string { return "<p>a</p>" }),
	}
	for i := range feeds["full of files"] {
		for n := range 50 {
			feeds["full of files"][i].Enclosures = append(feeds["full of files"][i].Enclosures, feed.Enclosure{URL: fmt.Sprintf("https://example.org/files/%d/%d.mp3", i, n), Type: "audio/mpeg"})
		}
	}
	for i := range feeds["long names"] {
		e := &feeds["long names"][i]
		e.Title, e.Summary, e.Authors[0].Name, e.URL = markup+markup, markup, markup, e.URL+strings.Repeat("a", 300)
	}
	for name, entries := range feeds {
		f := sampleFeeds()[0].(Feed)
		f.Entries, f.Earlier, f.More, f.Image, f.Site.Policy = nil, nil, 0, "", Policy
		f.URL = "https://feeds.example.org/news/"
		f.Documents = []Document{sampleDocument(), sampleDocument(), sampleDocument()}
		f.Readers = Readers("https://feeds.example.org/news/rss.xml")
		f.Fill(entries, time.UTC)
		doc, err := theme.Feed(f)
		if err != nil {
			t.Fatal(err)
		}
		if size := len(doc) + frame; size >= 30_000 {
			t.Errorf("%s: %d bytes", name, size)
		}
		shown := len(f.Entries) + f.More
		for _, month := range f.Earlier {
			shown += len(month.Entries)
		}
		if shown != len(entries) || len(entries) > 0 && len(f.Entries) == 0 {
			t.Errorf("%s: of %d entries %d are shown or counted, %d in place", name, len(entries), shown, len(f.Entries))
		}
		t.Logf("%s: %d bytes, %d in place, %d more", name, len(doc)+frame, len(f.Entries), f.More)
		if name == "usual" && (f.More > 0 || len(f.Entries) < 2) {
			t.Errorf("a usual feed has %d entries in place, and %d left out", len(f.Entries), f.More)
		}
	}
}

func TestDirection(t *testing.T) {
	for language, want := range map[string]string{"ar": "rtl", "he-IL": "rtl", "fa": "rtl", "ur": "rtl", "az-Arab": "rtl", "az": "auto", "en": "auto", "ja": "auto", "": "auto", "?": "auto"} {
		if got := Direction(language); got != want {
			t.Errorf("%s: got %s, want %s", language, got, want)
		}
	}
}

// Text and ground, control and ground, in both looks: WCAG 2.2, 1.4.3 and 1.4.11.
func TestContrast(t *testing.T) {
	css := string(Default().File(StyleName))
	light, dark, found := strings.Cut(css, "@media (prefers-color-scheme: dark)")
	if !found {
		t.Fatal("there is no dark look")
	}
	for look, part := range map[string]string{"light": light, "dark": dark} {
		colour := map[string]float64{}
		for line := range strings.Lines(part) {
			var name string
			var r, g, b uint8
			if n, _ := fmt.Sscanf(strings.TrimSpace(line), "--%s #%02x%02x%02x;", &name, &r, &g, &b); n == 4 {
				colour[strings.TrimSuffix(name, ":")] = luminance(r, g, b)
			}
		}
		for _, c := range []struct {
			on, text string
			least    float64
		}{
			{"ground", "text", 7}, {"raised", "text", 7}, {"ground", "quiet", 4.5}, {"raised", "quiet", 4.5}, {"ground", "link", 4.5},
			{"raised", "link", 4.5}, {"link", "ground", 4.5}, {"ground", "edge", 3}, {"raised", "edge", 3},
		} {
			a, b := colour[c.on], colour[c.text]
			if got := (max(a, b) + 0.05) / (min(a, b) + 0.05); a == b || got < c.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", look, c.text, c.on, got, c.least)
			}
		}
	}
}

func luminance(r, g, b uint8) float64 {
	linear := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func TestThemeMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"syntax":           {fstest.MapFS{"feed.html": {Data: []byte("<p>\n{{if}}\n")}}, "mine/feed.html:2: missing value for if"},
		"unknown field":    {fstest.MapFS{"start.html": {Data: []byte("<p>\n\n{{.Feed}}")}}, "mine/start.html:3:2: executing \"start.html\" at <.Feed>: can't evaluate field Feed"},
		"unknown in range": {fstest.MapFS{"feed.html": {Data: []byte("{{range .Entries}}\n{{.Body}}{{end}}")}}, "mine/feed.html:2:2: executing"},
		"of archives":      {fstest.MapFS{"feed.html": {Data: []byte("{{if .Archive}}\n{{.X}}{{end}}")}}, "mine/feed.html:2:2: executing"},
		"ambiguous":        {fstest.MapFS{"feed.html": {Data: []byte("<a href='{{if .Archive}}'{{end}}>")}}, "mine/feed.html:1:"},
		"nothing":          {fstest.MapFS{"page.html": {}}, "mine: the folder is not there, or holds none of start.html, feed.html, page.css, page.js, favicon.ico"},
	} {
		_, err := Read(c.files, "mine")
		if err == nil || !strings.HasPrefix(filepath.ToSlash(err.Error()), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	both := fstest.MapFS{"feed.html": {Data: []byte("{{.X}}")}, "start.html": {Data: []byte("{{.Y}}")}}
	if _, err := Read(both, "mine"); err == nil || strings.Count(err.Error(), "mine") != 2 {
		t.Errorf("got %v, want both mistakes", err)
	}
	style := fstest.MapFS{"page.css": {Data: []byte("p {}")}}
	theme, err := Read(style, "mine")
	if err != nil || string(theme.File(StyleName)) != "p {}" || len(theme.File(IconName)) == 0 || theme.Digest() != Default().Digest() {
		t.Errorf("a style alone: %v", err)
	}
}
