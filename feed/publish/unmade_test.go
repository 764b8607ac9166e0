package publish

import (
	"errors"
	"strings"
	"testing"

	"feedpub/feed"
)

// unmade is the article with its content still to be made of a text.
func unmade(n int, text string) feed.Entry {
	e := article(n)
	e.Content, e.Unmade, e.Raw = "", text, digest(text)
	return e
}

// One article whose content cannot be made is left out and told of; it blocks no feed, no other's withdrawal and not its own.
func TestContentThatCannotBeMade(t *testing.T) {
	live := spec("news")
	live.Tombstones = true
	archived := spec("history")
	archived.Archives, archived.Limit = true, 1
	d := newDesk(t, live, archived)
	fault := errors.New("too deep")
	d.store.Make = func(e *feed.Entry) error {
		if e.Content = "<p>" + e.Unmade + "</p>"; strings.HasPrefix(e.Unmade, "Bad") {
			return fault
		}
		return nil
	}
	february := unmade(5, "Bad winter.")
	february.Published = february.Published.AddDate(0, -1, 0)
	d.put(february, unmade(1, "One."), unmade(2, "Two."), unmade(3, "Bad text."), unmade(4, "Four."))
	r := d.publish()
	if r.Blocked+r.Failed > 0 || r.Refused != 4 || len(d.contains("Two.")) == 0 {
		t.Fatalf("got %+v", r)
	}
	if len(r.Feeds) != 2 || !strings.Contains(r.Feeds[0].problem(), "too deep") {
		t.Errorf("the reason is not told: %+v", r.Feeds)
	}
	if in := d.contains("Bad"); len(in) > 0 {
		t.Errorf("what was not sanitised stands in %v", in)
	}

	d.withdraw(article(2).ID, "It was wrong.")
	if r = d.publish(); r.Blocked+r.Failed > 0 {
		t.Errorf("got %+v", r)
	}
	if in := d.contains("Two."); len(in) > 0 {
		t.Errorf("the withdrawn article stands in %v", in)
	}
	d.withdraw(article(3).ID, "")
	if r = d.publish(); r.Blocked+r.Failed > 0 || r.Refused != 2 {
		t.Errorf("got %+v", r)
	}
	if _, err := d.store.Restore(t.Context(), article(3).ID); err != nil {
		t.Fatal(err)
	}
	d.publish()

	// Another version of the program can make it. Nothing else changes.
	fault = nil
	if r = d.publish(); r.Blocked+r.Failed+r.Refused > 0 {
		t.Errorf("got %+v", r)
	}
	in := strings.Join(append(d.contains("Bad text."), d.contains("Bad winter.")...), " ")
	for _, want := range []string{"news/rss.xml", "news/index.html", "history/archive/2026-03/feed.json", "history/archive/2026-02/index.html"} {
		if !strings.Contains(in, want) {
			t.Errorf("once it can be made it stands in %s, want also %s", in, want)
		}
	}
	if r = d.publish(); len(r.Feeds) > 0 {
		t.Errorf("a run after that had work: %+v", r)
	}
}

// What readers have of an article stands while it cannot be made again.
func TestLastMadeStands(t *testing.T) {
	d := newDesk(t, spec("news"))
	var fault error
	d.store.Make = func(e *feed.Entry) error {
		e.Content = "<p>" + e.Unmade + "</p>"
		return fault
	}
	d.put(unmade(1, "One."))
	d.publish()
	fault = errors.New("too deep")
	d.openStore("lost.db") // with what was made
	d.store.Make = func(e *feed.Entry) error { return fault }
	d.put(unmade(1, "One."), article(2))
	if r := d.publish(); r.Blocked+r.Failed > 0 || r.Refused != 1 {
		t.Errorf("got %+v", r)
	}
	if in := d.contains("One."); len(in) != 4 {
		t.Errorf("the last good version stands in %v", in)
	}
}
