package audience

import (
	"context"
	"maps"

	"feedpub/store"
)

// detailedDays is how many of the days that are kept are told by feed.
const detailedDays = 35

// Save writes to the store what was counted since it did so last. What cannot be written waits for the next time. What came
// in the minute around midnight may be counted for either day.
func (c *Counter) Save(ctx context.Context, s *store.Store) error {
	c.saving.Lock()
	defer c.saving.Unlock()
	c.seen.anew()
	today, totals := store.DayOf(c.now()), c.Totals()
	var answers []store.Answers
	for k, t := range totals {
		was := c.saved[k]
		if t.Requests == was.Requests {
			delete(totals, k) // the other numbers may be ahead; they are taken with the next request
			continue
		}
		answers = append(answers, store.Answers{
			Day: today, Feed: k.Feed, Format: k.Format, Code: k.Code,
			Requests: t.Requests - was.Requests, Sent: t.Sent - was.Sent, Saved: t.Saved - was.Saved,
		})
	}
	readers := c.take()
	if len(answers)+len(readers) > 0 {
		if err := s.SaveAudience(ctx, answers, rows(readers)); err != nil {
			c.giveBack(readers)
			return err
		}
		maps.Copy(c.saved, totals)
	}
	if c.thinned != today {
		if err := s.ThinAudience(ctx, today.Add(-detailedDays), today.Add(-store.KeptDays)); err != nil {
			return err
		}
		c.thinned = today
	}
	return nil
}

// Pending says that something was counted that is not saved yet.
func (c *Counter) Pending() bool {
	c.saving.Lock()
	defer c.saving.Unlock()
	for k, t := range c.Totals() {
		if t.Requests != c.saved[k].Requests {
			return true
		}
	}
	return false
}

func (c *Counter) take() map[store.Readers]int64 {
	c.readers.Lock()
	defer c.readers.Unlock()
	c.collect()
	taken := c.unsaved
	c.unsaved = map[store.Readers]int64{}
	return taken
}

// giveBack takes what could not be saved for the next time, where nothing newer is there by now.
func (c *Counter) giveBack(readers map[store.Readers]int64) {
	c.readers.Lock()
	defer c.readers.Unlock()
	for row, number := range readers {
		if _, newer := c.unsaved[row]; !newer {
			c.unsaved[row] = number
		}
	}
}

func rows(readers map[store.Readers]int64) []store.Readers {
	rows := make([]store.Readers, 0, len(readers))
	for row, number := range readers {
		row.Number = number
		rows = append(rows, row)
	}
	return rows
}
