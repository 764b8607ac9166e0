package status

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"feedpub/store"
)

// An Audience is who reads, and what was asked for. A reader at a service counts once a feed; others count once a client and
// day.
type Audience struct {
	Readers     int64   `json:"readers"`     // today or yesterday, whichever is known to be more
	Subscribers int64   `json:"subscribers"` // of them, those at services
	Clients     int64   `json:"clients"`     // and the others
	Services    []Count `json:"services"`    // with their subscribers
	Programs    []Count `json:"programs"`    // with their clients
	Days        []Day   `json:"days"`        // in UTC, without a gap, the last one today; none before the first that is known
}

// A Count is how many readers something has.
type Count struct {
	Name    string `json:"name"`
	Readers int64  `json:"readers"`
}

// A Day is what was read in a day.
type Day struct {
	Day         string `json:"day"`         // 2026-03-01
	Subscribers int64  `json:"subscribers"` // at services
	Clients     int64  `json:"clients"`     // others
	Requests    int64  `json:"requests"`
	NotModified int64  `json:"not_modified"` // of them
	Failed      int64  `json:"failed"`       // of them, for which the daemon had no answer
	Sent        int64  `json:"sent"`         // bytes of answers
	Saved       int64  `json:"saved"`        // bytes that a coding or "not modified" spared
}

// ReadAudience reads from the store who reads, and of each feed what it is read.
func ReadAudience(ctx context.Context, s *store.Store, now time.Time) (a Audience, feeds map[string]Reading, err error) {
	if a, feeds, err = ReadReaders(ctx, s, now); err != nil {
		return a, feeds, err
	}
	today := store.DayOf(now)
	if a.Days, err = readDays(ctx, s, today); err != nil {
		return a, feeds, err
	}
	answers, err := s.AnswersByFeed(ctx, today)
	for _, n := range answers {
		r := feeds[n.Feed]
		r.Requests += n.Requests
		if n.Code == http.StatusNotModified {
			r.NotModified += n.Requests
		}
		feeds[n.Feed] = r
	}
	return a, feeds, err
}

// ReadReaders reads from the store who reads, of all feeds and of each, and not what was asked for. Who asked yesterday and
// not yet today is one still.
func ReadReaders(ctx context.Context, s *store.Store, now time.Time) (a Audience, feeds map[string]Reading, err error) {
	today := store.DayOf(now)
	byDay, err := s.ReadersByDay(ctx, today.Add(-1))
	if err != nil {
		return a, nil, err
	}
	programs := map[string]int64{}
	for _, r := range byDay {
		if r.Kind == store.Client && r.Day <= today {
			programs[r.Name] = max(programs[r.Name], r.Number)
		}
	}
	feeds, services, err := readFeeds(ctx, s, today)
	a.Programs, a.Services = counts(programs), counts(services)
	for _, c := range a.Services {
		a.Subscribers += c.Readers
	}
	for _, c := range a.Programs {
		a.Clients += c.Readers
	}
	a.Readers = a.Subscribers + a.Clients
	return a, feeds, err
}

// readFeeds reads the readers of each feed, and how many subscribers each service has.
func readFeeds(ctx context.Context, s *store.Store, today store.Day) (feeds map[string]Reading, services map[string]int64, err error) {
	feeds, services = map[string]Reading{}, map[string]int64{}
	readers, err := s.ReadersByFeed(ctx, today.Add(-1))
	if err != nil {
		return feeds, services, err
	}
	last := map[store.Readers]int64{} // by what they are of
	for _, r := range readers {
		number := r.Number
		r.Day, r.Number = 0, 0
		if r.Kind == store.Client {
			number = max(number, last[r])
		}
		last[r] = number
	}
	for r, number := range last {
		reading := feeds[r.Feed]
		reading.Readers += number
		feeds[r.Feed] = reading
		if r.Kind == store.Service {
			services[r.Name] += number
		}
	}
	return feeds, services, nil
}

// readDays reads what was read in each day that is told.
func readDays(ctx context.Context, s *store.Store, today store.Day) ([]Day, error) {
	days := newDays(today)
	answers, err := s.AnswersByDay(ctx, today.Add(1-store.KeptDays))
	if err != nil {
		return nil, err
	}
	for _, n := range answers {
		if n.Day <= today { // a clock may have been wrong
			days.at(n.Day).answered(n)
		}
	}
	readers, err := s.ReadersByDay(ctx, today.Add(1-store.KeptDays))
	if err != nil {
		return nil, err
	}
	for _, r := range readers {
		switch {
		case r.Day > today:
		case r.Kind == store.Service:
			days.at(r.Day).Subscribers += r.Number
		default:
			days.at(r.Day).Clients += r.Number
		}
	}
	return days.all(), nil
}

// answered adds what was answered.
func (d *Day) answered(n store.Answers) {
	d.Requests += n.Requests
	d.Sent += n.Sent
	d.Saved += n.Saved
	switch {
	case n.Code == http.StatusNotModified:
		d.NotModified += n.Requests
	case n.Code >= http.StatusInternalServerError:
		d.Failed += n.Requests
	}
}

// days are made as they are asked for.
type days struct {
	first, today store.Day
	byDay        map[store.Day]*Day
}

func newDays(today store.Day) *days { return &days{today, today, map[store.Day]*Day{}} }

func (ds *days) at(d store.Day) *Day {
	ds.first = min(ds.first, d)
	if ds.byDay[d] == nil {
		ds.byDay[d] = &Day{Day: d.Time().Format(time.DateOnly)}
	}
	return ds.byDay[d]
}

// all are the days from the first to today, those of which nothing is known too.
func (ds *days) all() (all []Day) {
	for d := ds.first; d <= ds.today; d = d.Add(1) {
		all = append(all, *ds.at(d))
	}
	return all
}

// counts are the numbers, the largest first.
func counts(numbers map[string]int64) []Count {
	all := []Count{}
	for name, n := range numbers {
		if n > 0 {
			all = append(all, Count{name, n})
		}
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Readers, a.Readers), cmp.Compare(a.Name, b.Name))
	})
	return all
}
