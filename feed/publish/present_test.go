package publish

import (
	"strings"
	"testing"

	"feedpub/feed"
)

func contentSpec(name, content string) Spec {
	s := spec(name)
	s.Content, s.ReadOn = content, "Read on"
	return s
}

func TestPresent(t *testing.T) {
	const text = `<h2 id="a">Head</h2><p>Fish &amp; chips.</p>`
	prefixed := strings.Replace(text, `id="a"`, `id="`+idPrefix("x:1")+`a"`, 1)
	const link = `<p><a href="https://example.org/a?b=1&amp;c=2">Weiterlesen: Fish &lt;&amp;&gt; Chips</a></p>`
	tests := []struct{ name, content, summary, text, wantSummary, wantText string }{
		{"full", FullContent, "", text, "", prefixed},
		{"full, with a summary", FullContent, "Mine.", text, "Mine.", prefixed},
		{"both", FullAndSummary, "", text, "Fish & chips.", prefixed},
		{"both, with a summary", FullAndSummary, "Mine.", text, "Mine.", prefixed},
		{"summary", SummaryOnly, "", text, "Fish & chips.", "<p>Fish &amp; chips.</p>" + link},
		{"summary, with a summary", SummaryOnly, "Mine & <b>.", text, "Mine & <b>.", "<p>Mine &amp; &lt;b&gt;.</p>" + link},
		{"nothing to make a summary of", SummaryOnly, "", `<p><img src="https://example.org/a.png"/></p>`, "", link},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := channel{Spec: Spec{Content: test.content, ReadOn: "Weiterlesen"}}
			stored := feed.Entry{ID: "x:1", URL: "https://example.org/a?b=1&c=2", Title: "Fish <&> Chips", Summary: test.summary, Content: test.text}
			got := c.present(stored)
			if got.Summary != test.wantSummary || got.Content != test.wantText {
				t.Errorf("got %q, %s\nwant %q, %s", got.Summary, got.Content, test.wantSummary, test.wantText)
			}
			back := unpresent(got)
			if again := c.present(back); again.Summary != got.Summary || again.Content != got.Content {
				t.Errorf("recovered from what is published: got %q, %s", again.Summary, again.Content)
			}
			if test.content == SummaryOnly && back.Content != "" {
				t.Errorf("the teaser is taken for the article: %s", back.Content)
			}
			if test.content == FullAndSummary && back.Summary != test.summary {
				t.Errorf("the summary is taken for the author's: %s", back.Summary)
			}
		})
	}
}

// A feed of summaries has the note where it had the teaser, and no link to what was taken back.
func TestPresentWithdrawn(t *testing.T) {
	for _, content := range []string{FullContent, SummaryOnly, FullAndSummary} {
		c := channel{Spec: contentSpec("news", content)}
		e := article(1)
		e.Status, e.Note = feed.Withdrawn, "Taken <back>."
		got := c.present(e)
		if got.Summary != "Taken <back>." || got.Content != "<p>Taken &lt;back&gt;.</p>" {
			t.Errorf("%s: got %q, %s", content, got.Summary, got.Content)
		}
		if back := unpresent(got); back.Content != got.Content {
			t.Errorf("%s: read back %s", content, back.Content)
		}
	}
}

// Readers show many entries on one page.
func TestIDsOfTwoEntriesDiffer(t *testing.T) {
	d := newDesk(t, contentSpec("news", FullContent))
	for n := range 2 {
		e := article(n + 1)
		d.put(write(e, `<p>x<sup id="r1"><a href="`+e.URL+`#f1">1</a></sup></p><ol><li id="f1">y</li></ol>`))
	}
	d.publish()
	for _, file := range []struct {
		path   string
		format feed.Format
	}{{"news/rss.xml", feed.RSS}, {"news/atom.xml", feed.Atom}, {"news/feed.json", feed.JSON}} {
		seen := map[string]bool{}
		for _, e := range d.feed(file.path, file.format).Entries {
			p := idPrefix(e.ID)
			want := `<p>x<sup id="` + p + `r1"><a href="` + e.URL + "#" + p + `f1">1</a></sup></p><ol><li id="` + p + `f1">y</li></ol>`
			if e.Content != want || seen[p] {
				t.Errorf("%s: got %s\nwant %s", file.path, e.Content, want)
			}
			seen[p] = true
		}
	}
}

// What is recovered must come from the feed that says most, and without what other feeds made for it.
func TestRecoverWhatWasWritten(t *testing.T) {
	d := newDesk(t, contentSpec("brief", SummaryOnly), contentSpec("both", FullAndSummary), contentSpec("news", FullContent))
	d.put(article(1), write(article(2), `<h2 id="a">Head</h2><p>Two.</p>`))
	d.publish()
	before := map[string]string{}
	for _, name := range []string{"brief", "both", "news"} {
		for _, file := range []string{"rss.xml", "atom.xml", "feed.json"} {
			before[name+"/"+file] = d.read(name + "/" + file)
		}
	}
	d.openStore("another.db")
	d.adopt()
	d.publish()
	for path, want := range before {
		if got := d.read(path); got != want {
			t.Errorf("%s: got %s\nwant %s", path, got, want)
		}
	}
}

// A store that is lost must not take the teaser for what was published: the article itself would look edited.
func TestLostStoreAfterSummaries(t *testing.T) {
	for _, content := range []string{SummaryOnly, FullAndSummary} {
		d := newDesk(t, contentSpec("news", content))
		written := article(1)
		written.Authors = []feed.Author{{Name: "Jo Doe"}}
		d.put(written)
		d.publish()
		before := d.feed("news/atom.xml", feed.Atom).Entries[0].Updated
		d.openStore("another.db")
		d.adopt()
		d.put(write(written, "<p>Body <b>of</b> 1.</p>"))
		d.publish()
		if got := d.feed("news/atom.xml", feed.Atom).Entries[0].Updated; !got.Equal(before) {
			t.Errorf("%s: updated moved from %v to %v", content, before, got)
		}
	}
}
