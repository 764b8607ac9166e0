package feed

import (
	"fmt"
	"testing"
	"time"
)

var (
	day0 = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC) // when the article was first seen
	day1 = day0.AddDate(0, 0, 1)
	day2 = day0.AddDate(0, 0, 2)
	day9 = day0.AddDate(0, 0, 9)
)

// article is one as it is read from its source: no dates but those that it names.
func article(edits ...func(*Entry)) Entry {
	e := Entry{
		ID:      "tag:example.org,2026-01-01:articles/a.md",
		URL:     "https://example.org/a",
		Title:   "Title",
		Content: "<p>Some <b>text</b>.</p>",
		Authors: []Author{{Name: "Jane"}},
		Status:  Published,
		Raw:     "first",
	}
	for _, edit := range edits {
		edit(&e)
	}
	return e
}

// edited gives the article another raw form, as every edit of a file does.
func edited(edits ...func(*Entry)) Entry {
	return article(append(edits, func(e *Entry) { e.Raw = "second" })...)
}

func TestReviseFirst(t *testing.T) {
	tests := []struct {
		name               string
		read               Entry
		published, updated time.Time
	}{
		{"names no date", article(), day1, day1},
		{"names its date", article(dated(day0)), day0, day0},
		{"names both", article(dated(day0), modified(day1)), day0, day1},
		{"modified before published", article(dated(day1), modified(day0)), day1, day1},
		{"modified in the future", article(dated(day0), modified(day9)), day0, day1},
		{"scheduled", article(dated(day9)), day9, day9},
		{"scheduled, modified", article(dated(day9), modified(day0)), day9, day9},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Revise(nil, test.read, day1)
			if !got.Published.Equal(test.published) || !got.Updated.Equal(test.updated) || !got.FirstSeen.Equal(day1) {
				t.Errorf("got published %v, updated %v, first seen %v, want %v, %v, %v", got.Published, got.Updated, got.FirstSeen, test.published, test.updated, day1)
			}
		})
	}
}

func TestReviseUpdated(t *testing.T) {
	tests := []struct {
		name string
		read Entry
		want time.Time
	}{
		{"nothing", article(), day0},
		{"markup", edited(content("<p>Some <em>text</em>.</p>")), day0},
		{"white space", edited(content("<p>Some\n  text.</p>\n")), day0},
		{"tags", edited(func(e *Entry) { e.Tags = []string{"new"} }), day0},
		{"image", edited(func(e *Entry) { e.Image.URL = "https://example.org/i.png" }), day0},
		{"slug", edited(func(e *Entry) { e.Slug = "b" }), day0},
		{"title", edited(title("Another")), day2},
		{"summary", edited(func(e *Entry) { e.Summary = "Short." }), day2},
		{"text", edited(content("<p>Other text.</p>")), day2},
		{"URL", edited(func(e *Entry) { e.URL = "https://example.org/b" }), day2},
		{"author", edited(func(e *Entry) { e.Authors[0].Name = "Joe" }), day2},
		{"enclosure", edited(func(e *Entry) { e.Enclosures = []Enclosure{{URL: "https://example.org/a.mp3"}} }), day2},
		// An upgrade of the cleaner gives other text for the same article; nobody edited it.
		{"cleaner", article(content("<p>Other text.</p>")), day0},
		{"source says when", edited(title("Another"), modified(day1)), day1},
		{"source says long ago", edited(title("Another"), modified(day0.AddDate(-1, 0, 0))), day0.Add(time.Second)},
		{"source says in the future", edited(title("Another"), modified(day9)), day2},
		{"source says, nothing to see", edited(modified(day1)), day0},
	}
	old := Revise(nil, article(), day0)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Revise(&old, test.read, day2)
			if !got.Updated.Equal(test.want) {
				t.Errorf("updated: got %v, want %v", got.Updated, test.want)
			}
			if !got.Published.Equal(day0) {
				t.Errorf("published: got %v, want %v", got.Published, day0)
			}
		})
	}
}

func TestRevisePublished(t *testing.T) {
	undated, datedOld := Revise(nil, article(), day1), Revise(nil, article(dated(day1)), day1)
	tests := []struct {
		name string
		old  Entry
		read Entry
		want time.Time
	}{
		{"first seen stands", undated, edited(), day1},
		{"the source names one now", undated, edited(dated(day0)), day0},
		{"the source corrects it", datedOld, edited(dated(day0)), day0},
		{"the source names none any more", datedOld, edited(), day1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Revise(&test.old, test.read, day2)
			if !got.Published.Equal(test.want) || got.Updated.Before(got.Published) {
				t.Errorf("got published %v, updated %v, want %v and not before", got.Published, got.Updated, test.want)
			}
		})
	}
}

// Edits of an article that waits for its date must not push updated past the moment at which it appears, and its
// date may still be moved nearer: updated in the future would be on show.
func TestReviseScheduled(t *testing.T) {
	old := Revise(nil, article(dated(day9)), day0)
	for _, published := range []time.Time{day9, day2, day1} {
		got := Revise(&old, edited(dated(published), title("Another")), day1)
		if !got.Published.Equal(published) || !got.Updated.Equal(published) {
			t.Errorf("got published %v, updated %v, want both %v", got.Published, got.Updated, published)
		}
	}
}

func TestReviseKeepsIdentity(t *testing.T) {
	old := Revise(nil, article(), day0)
	got := Revise(&old, edited(title("Another"), func(e *Entry) {
		e.ID, e.URL, e.Slug, e.Key, e.FormerKey = "tag:example.net,2026-01-01:articles/b.md", "https://example.net/b", "b", "b.md", "a.md"
	}), day2)
	if got.ID != old.ID || !got.FirstSeen.Equal(day0) || got.Key != "b.md" || got.FormerKey != "" {
		t.Errorf("got ID %s, first seen %v, key %s, former key %q", got.ID, got.FirstSeen, got.Key, got.FormerKey)
	}
}

// Readers see the note: neither an edit of the article nor a corrected date may move what they see.
func TestReviseWithdrawn(t *testing.T) {
	old := Revise(nil, article(), day0)
	old.Status, old.Withdrawn, old.Note = Withdrawn, day1, "Retracted."
	old.Updated = Touch(old.Updated, time.Time{}, day1)
	got := Revise(&old, edited(title("Another"), dated(day2)), day2)
	if got.Status != Withdrawn || got.Note != old.Note || !got.Withdrawn.Equal(day1) {
		t.Errorf("got %s %q of %v, want the withdrawal to stand", got.Status, got.Note, got.Withdrawn)
	}
	if !got.Published.Equal(day0) || !got.Updated.Equal(day1) {
		t.Errorf("got published %v, updated %v, want %v, %v", got.Published, got.Updated, day0, day1)
	}
}

func dated(t time.Time) func(*Entry)    { return func(e *Entry) { e.Published, e.Dated = t, true } }
func modified(t time.Time) func(*Entry) { return func(e *Entry) { e.Updated = t } }
func title(s string) func(*Entry)       { return func(e *Entry) { e.Title = s } }
func content(s string) func(*Entry)     { return func(e *Entry) { e.Content = s } }

// A draft that waited without a date is new on the day it is published, not on the day it was begun.
func TestReviseUndatedDraftIsPublished(t *testing.T) {
	begun, day := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	draft := Revise(nil, Entry{ID: "urn:a", Status: Draft, Title: "T", Raw: "1"}, begun)
	e := Revise(&draft, Entry{Status: Published, Title: "T", Raw: "2"}, day)
	if !e.Published.Equal(day) || !e.Updated.Equal(day) || !e.FirstSeen.Equal(begun) {
		t.Errorf("got published %v, updated %v, first seen %v, want %v, %v, %v", e.Published, e.Updated, e.FirstSeen, day, day, begun)
	}
	e.Shown = true
	again := Revise(&e, Entry{Status: Draft, Title: "T", Raw: "3"}, day.AddDate(0, 0, 1))
	again = Revise(&again, Entry{Status: Published, Title: "T", Raw: "4"}, day.AddDate(0, 0, 2))
	if !again.Published.Equal(day) {
		t.Errorf("once readers had it: got published %v, want %v", again.Published, day)
	}
}

// Of an entry that was recovered from a document nobody knows whether its article was edited since.
func TestReviseUnknownRawMovesNothing(t *testing.T) {
	day := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	old := Entry{ID: "urn:a", Status: Published, Title: "T", Content: "<p>Summary</p>", Published: day, Updated: day}
	e := Revise(&old, Entry{Status: Published, Title: "T", Content: "<p>All of it</p>", Raw: "1"}, day.AddDate(0, 0, 9))
	if !e.Updated.Equal(day) {
		t.Errorf("got updated %v, want %v", e.Updated, day)
	}
}

// Edits that follow each other within a second put updated a moment ahead of the clock; it must not fall back then.
func TestReviseEditsWithinASecond(t *testing.T) {
	day := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	e := Revise(nil, Entry{ID: "urn:a", Status: Published, Title: "0", Published: day, Dated: true, Raw: "0"}, day)
	for n := 1; n < 9; n++ {
		before := e.Updated
		v := fmt.Sprint(n)
		e = Revise(&e, Entry{Status: Published, Title: v, Published: day, Dated: true, Raw: v}, day.Add(time.Duration(n)*100*time.Millisecond))
		if e.Updated.Sub(before) < time.Second {
			t.Fatalf("edit %d: got updated %v after %v, want a second more", n, e.Updated, before)
		}
	}
}
