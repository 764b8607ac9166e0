package publish

import (
	"slices"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// Which selects the feeds that a run may publish, by their Spec and their state.
type Which func(c channel, st store.FeedState) bool

// All selects every feed.
func All(channel, store.FeedState) bool { return true }

// Either selects the feeds that one of the two does.
func Either(a, b Which) Which {
	return func(c channel, st store.FeedState) bool { return a(c, st) || b(c, st) }
}

// OnSchedule selects the feeds of one schedule.
func OnSchedule(schedule string) Which {
	return func(c channel, _ store.FeedState) bool { return c.Schedule == schedule }
}

// Awake selects of the feeds that which does those that do not rest now, and those that were never published.
func Awake(which Which, now time.Time) Which {
	return func(c channel, st store.FeedState) bool {
		return which(c, st) && (!st.Published || !c.Cadence.Rests(now))
	}
}

// ByClock selects the feeds whose window the clock changes: an embargo ended, an entry expired.
func ByClock(now time.Time) Which {
	return func(_ channel, st store.FeedState) bool { return isPast(st.Next, now) }
}

// Reconfigured selects the feeds that were not published with their present configuration.
func Reconfigured(c channel, st store.FeedState) bool { return st.Config != c.digest() }

// Holding selects the feeds that an entry belongs to, and those that held it when they were published last.
func Holding(e feed.Entry, held []string) Which {
	return func(c channel, _ store.FeedState) bool { return c.Select.Matches(&e) || slices.Contains(held, c.Name) }
}

func isPast(t, now time.Time) bool { return !t.IsZero() && !t.After(now) }
