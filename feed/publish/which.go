package publish

import (
	"slices"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// Which names the feeds that a run may publish, by their Spec and their state.
type Which func(c channel, st store.FeedState) bool

// All names every feed.
func All(channel, store.FeedState) bool { return true }

// OnSchedule names the feeds of one schedule.
func OnSchedule(schedule string) Which {
	return func(c channel, _ store.FeedState) bool { return c.Schedule == schedule }
}

// ByClock names the feeds whose window the clock changes: an embargo ended, an entry expired.
func ByClock(now time.Time) Which {
	return func(_ channel, st store.FeedState) bool { return isPast(st.Next, now) }
}

// Reconfigured names the feeds that were not published with their present configuration.
func Reconfigured(c channel, st store.FeedState) bool { return st.Config != c.digest() }

// Holding names the feeds that an entry belongs to.
func Holding(e feed.Entry) Which {
	return func(c channel, _ store.FeedState) bool { return c.matches(e.Tags) }
}

// In names some feeds.
func In(names []string) Which {
	return func(c channel, _ store.FeedState) bool { return slices.Contains(names, c.Name) }
}

func isPast(t, now time.Time) bool { return !t.IsZero() && !t.After(now) }
