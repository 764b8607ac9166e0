package publish

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/encode"
	"feedpub/store"
)

// pages are the pages for people among the published files.
func (d *desk) pages() (names []string) {
	d.Helper()
	for name := range d.files() {
		if path.Base(name) == indexPath {
			names = append(names, strings.TrimPrefix(name, "/"))
		}
	}
	slices.Sort(names)
	return names
}

func TestPages(t *testing.T) {
	news := archived("news", 2)
	d := newDesk(t, news, eachTag())
	for n := range 8 {
		d.put(dated(n+1, n*20, "go"))
	}
	d.publish()
	want := []string{"index.html", "news/archive/2025-01/index.html", "news/archive/2025-02/index.html", "news/archive/2025-03/index.html",
		"news/archive/2025-04/index.html", "news/index.html", "tag/go/index.html"}
	if got := d.pages(); !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for name, words := range map[string][]string{
		"index.html":                      {"Article 8", `href="news/"`, `href="tag/go/"`, `href="https://feeds.example.org/"`},
		"news/index.html":                 {"Body of 8.", "Body of 7.", `rel="next" href="archive/2025-04/"`, `value="https://feeds.example.org/news/rss.xml"`, `href="../page.css"`},
		"news/archive/2025-03/index.html": {"Body of 4.", "March 2025", `rel="next" href="../2025-02/"`, `rel="prev" href="../2025-04/"`, `href="../../rss.xml"`, `href="../../../page.css"`},
		"news/archive/2025-01/index.html": {"Body of 1.", "Body of 2.", `rel="prev" href="../2025-02/"`},
	} {
		doc := d.read(name)
		for _, word := range words {
			if !strings.Contains(doc, word) {
				t.Errorf("%s lacks %s", name, word)
			}
		}
	}
	if doc := d.read("news/archive/2025-01/index.html"); strings.Contains(doc, `rel="next"`) {
		t.Error("something comes before the first part of the archive")
	}
	lists := d.read(".feedpub.json") + d.read("news/archive/2025-03/.feedpub.json")
	for _, name := range []string{"index.html", "news/index.html", "tag/go/index.html", "page.css", "page.js", "favicon.ico", "news/archive/2025-03/index.html"} {
		if !strings.Contains(lists, `"path":"`+name+`"`) {
			t.Errorf("%s is not on the list", name)
		}
	}
}

// Bytes come from entries and configuration: neither the clock nor a rebuild makes others.
func TestPagesAreTheSameAgain(t *testing.T) {
	d := newDesk(t, archived("news", 3), eachTag())
	for n := range 20 {
		d.put(dated(n+1, n*5, fmt.Sprint("t", n%3)))
	}
	d.publish()
	want := map[string]string{}
	for _, name := range d.pages() {
		want[name] = d.read(name)
	}
	again := newDesk(t, d.config.Specs...)
	again.now = d.now.Add(100 * time.Hour)
	for n := range 20 {
		again.put(dated(n+1, n*5, fmt.Sprint("t", n%3)))
		if n%7 == 0 {
			again.publish()
		}
	}
	again.publish()
	for _, name := range again.pages() {
		if got := again.read(name); got != want[name] {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("not made again: %v", want)
	}
}

func TestOnlyTouchedPagesAreWritten(t *testing.T) {
	d := newDesk(t, archived("news", 2), eachTag())
	for n := range 6 {
		d.put(dated(n+1, n*20, fmt.Sprint("t", n%2)))
	}
	d.publish()
	before := d.files()
	d.now = d.now.Add(time.Minute)
	d.put(write(dated(1, 0, "t0"), "<p>Edited.</p>"))
	d.publish()
	var touched []string
	for name, was := range d.files() {
		if path.Base(name) == indexPath && was != before[name] {
			touched = append(touched, name)
		}
	}
	slices.Sort(touched)
	if want := []string{"/news/archive/2025-01/index.html", "/tag/t0/index.html"}; !slices.Equal(touched, want) {
		t.Errorf("got %q, want %q", touched, want)
	}
}

// What was withdrawn stands on no page: not on the start page, a feed's, one of an archive, one of a feed that is
// configured no more, nor with its note, which feed readers alone need.
func TestWithdrawalReachesPages(t *testing.T) {
	secret := func(n int) feed.Entry {
		e := dated(n, n*20, "go")
		e.Title = fmt.Sprintf("Secret %d", n)
		return write(e, fmt.Sprintf("<p>Whisper %d.</p>", n))
	}
	for name, then := range map[string]func(d *desk){
		"as it is":           func(*desk) {},
		"feeds gone":         func(d *desk) { d.config.Specs = d.config.Specs[2:] },
		"feeds gone and run": func(d *desk) { d.config.Specs = d.config.Specs[2:]; d.publish() },
		"no archives":        func(d *desk) { d.config.Specs[0].Archives = false; d.publish() },
		"one format":         func(d *desk) { d.config.Specs[0].Documents = d.config.Specs[0].Documents[:1]; d.publish() },
		"documents gone": func(d *desk) {
			d.config.Specs = d.config.Specs[2:]
			d.remove("news/rss.xml")
			d.remove("news/atom.xml")
			d.remove("news/feed.json")
		},
		"list lost":                func(d *desk) { d.remove(".feedpub.json"); d.remove("news/archive/2025-02/.feedpub.json") },
		"list lost and feeds gone": func(d *desk) { d.config.Specs = d.config.Specs[2:]; d.remove(".feedpub.json") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, archived("news", 2), eachTag(), spec("other", "none"))
			for n := range 6 {
				d.put(secret(n + 1))
			}
			d.publish()
			then(d)
			for n := range 5 {
				d.withdraw(secret(n+1).ID, "Taken back.")
			}
			d.withdraw(secret(6).ID, "")
			d.publish()
			for _, word := range []string{"Secret", "Whisper", "Taken back", "has been withdrawn"} {
				for _, name := range d.contains(word) {
					if path.Base(name) == indexPath {
						t.Errorf("%s says %s", name, word)
					}
				}
			}
		})
	}
}

// A leftover page keeps what was not withdrawn.
func TestLeftoverPageStays(t *testing.T) {
	d := newDesk(t, spec("other", "none"), archived("news", 2))
	for n := range 6 {
		d.put(dated(n+1, n*20))
	}
	d.publish()
	d.config.Specs = d.config.Specs[:1]
	d.withdraw(dated(6, 100).ID, "")
	d.withdraw(dated(3, 40).ID, "")
	d.publish()
	page := d.read("news/index.html")
	if strings.Contains(page, "Body of 6.") || !strings.Contains(page, "Body of 5.") || !strings.Contains(page, `href="rss.xml"`) {
		t.Errorf("got %s", page)
	}
	if !strings.Contains(page, `rel="next" href="archive/2025-03/"`) {
		t.Error("it leads nowhere")
	}
	part := d.read("news/archive/2025-02/index.html")
	if strings.Contains(part, "Body of 3.") || !strings.Contains(part, `rel="next" href="../2025-01/"`) || !strings.Contains(part, `rel="prev" href="../2025-03/"`) {
		t.Errorf("got %s", part)
	}
	pruned, err := d.publisher().Prune(t.Context())
	if err != nil || !slices.Contains(pruned, "news/index.html") || !slices.Contains(pruned, "news/archive/2025-01/index.html") {
		t.Errorf("pruned %q, %v", pruned, err)
	}
	if got := d.pages(); !slices.Equal(got, []string{"index.html", "other/index.html"}) {
		t.Errorf("left are %q", got)
	}
}

// An entry that fails its check stands on a page as it stands in the documents: in its last good version, or not at all.
func TestFailedEntryIsOnNoPage(t *testing.T) {
	d := newDesk(t, spec("news"), spec("more"))
	d.put(article(1), article(2))
	d.publish()
	bad := write(article(1), "<p>Broken.</p>")
	bad.URL = "javascript:alert(1)"
	never := write(article(3), "<p>Broken too.</p>")
	never.URL = "no url"
	d.put(bad, never)
	d.publishSome(func(c channel, _ store.FeedState) bool { return c.Name == "more" }) // the start page is of news
	d.publish()
	for _, word := range []string{"Broken", "javascript:", "Article 3"} {
		for _, name := range d.pages() {
			if strings.Contains(d.read(name), word) {
				t.Errorf("%s stands on %s", word, name)
			}
		}
	}
	if page := d.read("news/index.html"); !strings.Contains(page, "Body of 1.") || !strings.Contains(page, "Body of 2.") {
		t.Error("the last good versions do not stand")
	}
	if page := d.read("index.html"); !strings.Contains(page, "Article 1") {
		t.Error("the start page lacks what stands")
	}
	d.withdraw(article(1).ID, "")
	d.publish()
	for _, name := range []string{"news/index.html", "index.html"} {
		if strings.Contains(d.read(name), "Article 1") {
			t.Errorf("%s shows what was withdrawn while something else fails", name)
		}
	}
}

func TestDraftsAndEmbargoesAreOnNoPage(t *testing.T) {
	d := newDesk(t, archived("news", 2), eachTag())
	draft, later := article(3, "backstage"), article(4, "backstage")
	draft.Status, later.Embargo = feed.Draft, noon(25)
	d.put(article(1), article(2), draft, later)
	d.publish()
	for _, word := range []string{"Article 3", "Article 4", "Body of 3", "Body of 4", "backstage"} {
		if in := d.contains(word); len(in) > 0 {
			t.Errorf("%s stands in %q", word, in)
		}
	}
	d.now = noon(26)
	d.publish()
	if !strings.Contains(d.read("tag/backstage/index.html"), "Body of 4") || !strings.Contains(d.read("index.html"), "tag/backstage/") {
		t.Error("the embargo has not ended on pages")
	}
}

// A page of somebody else stands, where ours would be, and nothing else suffers.
func TestStrangersPagesAreKept(t *testing.T) {
	d := newDesk(t, archived("news", 2))
	theirs := map[string]string{
		"index.html": "theirs", "news/index.html": `<meta name="generator" content="feedpub">theirs`, "favicon.ico": "theirs",
		"news/archive/2025-01/index.html": "theirs",
	}
	for name, text := range theirs {
		d.write(name, text)
	}
	for n := range 6 {
		d.put(dated(n+1, n*20))
	}
	check := func() {
		t.Helper()
		for name, text := range theirs {
			if got := d.read(name); got != text {
				t.Errorf("%s: got %q", name, got)
			}
		}
	}
	if r := d.publish(); r.Blocked+r.Failed > 0 || r.Written == 0 {
		t.Errorf("got %+v", r)
	}
	check()
	d.put(write(dated(6, 100), "<p>New.</p>"), write(dated(1, 0), "<p>New.</p>"))
	d.publish()
	check()
	d.remove(".feedpub.json")
	d.publish()
	check()
	if _, err := d.publisher().Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	check()
}

// A list that is lost knows pages again, also those of another theme than today's.
func TestLostListKnowsPages(t *testing.T) {
	d := newDesk(t, archived("news", 2))
	for n := range 6 {
		d.put(dated(n+1, n*20))
	}
	d.config.Theme = d.theme("feed.html", "bare {{.Title}}{{range .Entries}}{{.Content}}{{end}}", "start.html", "bare {{.Site.Title}}")
	d.publish()
	d.remove(".feedpub.json")
	d.remove("news/archive/2025-01/.feedpub.json")
	d.config.Theme = Theme{}
	d.publish()
	for _, name := range d.pages() {
		if strings.HasPrefix(d.read(name), "bare") {
			t.Errorf("%s is not known as ours", name)
		}
	}
}

func (d *desk) theme(files ...string) Theme {
	d.Helper()
	dir := d.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o644); err != nil {
			d.Fatal(err)
		}
	}
	theme, err := ReadTheme(dir)
	if err != nil {
		d.Fatal(err)
	}
	return theme
}

// Another theme writes all pages anew, those of archives too, and no document.
func TestThemeRewritesPages(t *testing.T) {
	d := newDesk(t, archived("news", 2), eachTag())
	for n := range 6 {
		d.put(dated(n+1, n*20, "go"))
	}
	d.publish()
	before := d.files()
	d.now = d.now.Add(time.Minute)
	d.config.Theme = d.theme("feed.html", "<p>{{.Title}} {{.Archive}} bare", "start.html", "<p>{{.Site.Title}} bare", "page.css", "p { color: red }")
	if r := d.publish(); r.Written > 0 {
		t.Errorf("%d documents written", r.Written)
	}
	for name, now := range d.files() {
		isPage := path.Base(name) == indexPath
		if isPage && !strings.Contains(now, "bare") {
			t.Errorf("%s has the old look", name)
		}
		if path.Ext(name) == ".xml" && now != before[name] {
			t.Errorf("%s was touched", name)
		}
	}
	if d.read("page.css") != "p { color: red }" {
		t.Error("the style is the old one")
	}
	before = d.files()
	if d.publish(); fmt.Sprint(d.files()) != fmt.Sprint(before) {
		t.Error("a second run touched files")
	}
}

// What lies beside the pages comes with a theme as well, and no page is written for it.
func TestThemeOfStyleAlone(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1))
	d.publish()
	before := d.files()
	for file, content := range map[string]string{"page.css": "p { color: red }", "page.js": "// none", "favicon.ico": "icon"} {
		d.config.Theme = d.theme(file, content)
		if r := d.publish(); r.Written > 0 {
			t.Errorf("%s: %d documents written", file, r.Written)
		}
		if got := d.read(file); got != content {
			t.Errorf("%s is the old one: %.40q", file, got)
		}
	}
	for name, now := range d.files() {
		if path.Base(name) == indexPath && now != before[name] {
			t.Errorf("%s was written again", name)
		}
	}
}

// A run that dies leaves pages that the next one knows and mends.
func TestPageAfterCrash(t *testing.T) {
	d := newDesk(t, archived("news", 2))
	for n := range 6 {
		d.put(dated(n+1, n*20))
	}
	d.publish()
	list, part := d.read(".feedpub.json"), d.read("news/archive/2025-01/.feedpub.json")
	d.put(write(dated(6, 100), "<p>New.</p>"), write(dated(1, 0), "<p>New.</p>"))
	d.publish()
	want := d.files()
	d.write(".feedpub.json", list) // it came to the pages, and not to the list
	d.write("news/archive/2025-01/.feedpub.json", part)
	d.write("news/index.html", "half of it")
	d.publish()
	for name, text := range want {
		_, text, _ = strings.Cut(text, "\n")
		if got := d.read(strings.TrimPrefix(name, "/")); path.Base(name) == indexPath && got != text {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestPagesAreCompressed(t *testing.T) {
	d := newDesk(t, archived("news", 2))
	d.config.Precompress = []string{"gzip", "br"}
	for n := range 6 {
		d.put(dated(n+1, n*20))
	}
	d.publish()
	for _, name := range append(d.pages(), "page.css", "page.js", "favicon.ico") {
		d.beside(name, encode.Gzip, encode.Brotli)
	}
	d.config.Specs = []Spec{spec("other")}
	if _, err := d.publisher().Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name := range d.files() {
		if strings.HasPrefix(name, "/news/") {
			t.Errorf("%s is left", name)
		}
	}
}

// However many feeds there are, the start page stays small, and lists those that hold most.
func TestStartPageOfManyFeeds(t *testing.T) {
	d := newDesk(t, spec("news"), eachTag())
	var batch []feed.Entry
	for n := range 700 {
		batch = append(batch, article(n%28+1, fmt.Sprintf("tag%d", n)))
		e := &batch[n]
		e.Key = fmt.Sprintf("%d.md", n)
		e.ID, e.URL = "tag:example.org,2026-01-01:articles/"+e.Key, "https://example.org/"+e.Key
		if n > 0 && n%3 == 0 {
			e.Tags = append(e.Tags, "tag650")
		}
		e.Published = noon(1).Add(time.Duration(n) * time.Minute)
	}
	d.put(batch...)
	d.publish()
	page := d.read("index.html")
	if len(page) > 20_000 || !strings.Contains(page, `href="tag/tag650/"`) || strings.Count(page, `href="tag/`) != groupFeeds || !strings.Contains(page, "And 640 more") {
		t.Errorf("got %d bytes, %d tags:\n%s", len(page), strings.Count(page, `href="tag/`), page)
	}
}
