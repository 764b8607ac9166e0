package publish

import (
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// A feed says what its configuration gives it to say, and what a podcast needs.
func TestDressedFeed(t *testing.T) {
	s := spec("show")
	s.Rights, s.Image, s.Icon = "© Example", "https://example.org/cover.png", "https://example.org/icon.png"
	s.Cadence = feed.Cadence{TTL: time.Hour, Period: "daily", Frequency: 24, SkipDays: []time.Weekday{time.Sunday}}
	s.Select.Enclosed = true
	s.Podcast = &feed.Podcast{Author: "Jane", Categories: []feed.PodcastCategory{{Name: "Technology"}}}
	s.OldPaths = []string{"old.xml"}
	s.Copies = map[feed.Format][]string{feed.RSS: {"old.xml", "blog/feed/index.xml"}}
	d := newDesk(t, s)
	d.config.Redirects = []Redirect{{"old.xml", "show/rss.xml"}, {"gone/*", "https://elsewhere.example/:splat"}}
	e := article(1)
	e.Enclosures = []feed.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 5, Duration: time.Minute}}
	d.put(write(e, "<p>Listen.</p>"), article(2))
	d.publish()
	f := d.feed("show/rss.xml", feed.RSS)
	if f.Podcast == nil || f.Podcast.GUID != feed.PodcastGUID("https://feeds.example.org/show/rss.xml") ||
		f.Podcast.NewFeedURL != "https://feeds.example.org/show/rss.xml" || f.Image.URL != s.Image || f.Rights != s.Rights ||
		f.Cadence.Frequency != 24 || f.Stylesheet != "https://feeds.example.org/feed.css" {
		t.Errorf("got %+v, podcast %+v", f, f.Podcast)
	}
	if got := d.titles("show"); got != "1" {
		t.Errorf("got entries %s, want only the one with something to hear", got)
	}
	for _, name := range s.Copies[feed.RSS] {
		if d.read(name) != d.read("show/rss.xml") {
			t.Errorf("%s: got other bytes than in the new place", name)
		}
	}
	if got, want := d.read("_redirects"), "/old.xml /show/rss.xml 301\n/gone/* https://elsewhere.example/:splat 301\n"; got != want {
		t.Errorf("got redirects %q, want %q", got, want)
	}
	if got := d.read("feeds.opml"); !strings.Contains(got, `xmlUrl="https://feeds.example.org/show/rss.xml" htmlUrl="https://example.org/"`) {
		t.Errorf("got %s, want the feed in it", got)
	}
	if !strings.Contains(d.read("feed.css"), "@namespace") {
		t.Error("got no style beside the feeds")
	}
	// A withdrawal reaches the copies as well, also when nobody configures them any more.
	d.withdraw(e.ID, "Wrong.")
	d.config.Specs[0].Copies = nil
	d.publish()
	if got := d.contains("Listen."); got != nil {
		t.Errorf("got the withdrawn text in %v", got)
	}
	d.config.Site.Stylesheet, d.config.Redirects = NoStylesheet, nil
	pruned, err := d.publisher().Prune(t.Context())
	if err != nil || strings.Join(pruned, " ") != "_redirects blog/feed/index.xml feed.css old.xml" {
		t.Errorf("got %v, %v pruned, want what is of no use any more", pruned, err)
	}
}
