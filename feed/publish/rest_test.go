package publish

import (
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// In the hours in which a feed says that nothing comes nothing does, but a withdrawal; a feed that is new comes at once.
func TestNothingIsPublishedInHoursOfRest(t *testing.T) {
	resting := spec("news")
	resting.Cadence = feed.Cadence{SkipHours: []int{3}, SkipDays: []time.Weekday{time.Sunday}}
	d := newDesk(t, resting, spec("always"))
	tick := func(at time.Time) { d.Helper(); d.now = at; d.publishSome(Awake(All, at)) }
	saturday := time.Date(2026, 3, 7, 2, 0, 0, 0, time.UTC)
	d.now = saturday
	has := func(name, text string) bool { return strings.Contains(d.read(name+"/atom.xml"), text) }
	d.put(write(dated(1, 0), "<p>First.</p>"))
	tick(saturday.Add(time.Hour)) // 3:00, but the feed is new
	if !has("news", "First.") {
		t.Error("a new feed waits")
	}
	d.put(write(dated(2, 0), "<p>Second.</p>"))
	tick(saturday.Add(time.Hour + 30*time.Minute))
	if has("news", "Second.") || !has("always", "Second.") {
		t.Error("published in an hour of rest, or not elsewhere")
	}
	tick(saturday.Add(2 * time.Hour))
	if !has("news", "Second.") {
		t.Error("not published after the hour of rest")
	}
	d.put(write(dated(3, 0), "<p>Third.</p>"))
	tick(saturday.Add(24 * time.Hour))
	if has("news", "Third.") {
		t.Error("published on a day of rest")
	}
	tick(saturday.Add(46 * time.Hour))
	if !has("news", "Third.") {
		t.Error("not published after the day of rest")
	}
}
