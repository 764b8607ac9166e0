package config

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// A Schedule says when a job runs. It satisfies cron.Schedule. The zero Schedule never runs.
//
// Next is not robfig/cron's, which skips a local time that does not exist, runs one that occurs twice twice, and
// loses a day that begins with a gap.
type Schedule struct {
	text  string
	every time.Duration // for @every; the rest is unused then
	spec  cron.SpecSchedule
	// fixed says that neither the minute nor the hour has a * or a step: these run at times of the day, once
	// each. The others run at intervals, and follow elapsed time.
	fixed bool
}

// ParseSchedule reads five cron fields (minute, hour, day of the month, month, day of the week), a descriptor
// (@hourly, @daily, @weekly, @monthly, @yearly) or "@every 90s". "CRON_TZ=Europe/Berlin " or "TZ=…" before it names
// the zone, which is UTC otherwise. It is an error when the schedule would never run.
func ParseSchedule(text string) (Schedule, error) {
	fields := strings.Fields(text)
	loc := time.UTC
	if len(fields) > 0 {
		if name, ok := cutZone(fields[0]); ok {
			var err error
			if loc, err = parseTimezone(name); err != nil {
				return Schedule{}, err
			}
			fields = fields[1:]
		}
	}
	if len(fields) == 0 {
		return Schedule{}, errors.New("no schedule; write five cron fields, @hourly or @every 5m")
	}
	s := Schedule{text: strings.Join(strings.Fields(text), " ")}
	parsed, err := cron.ParseStandard(strings.Join(fields, " "))
	if err != nil {
		return Schedule{}, fmt.Errorf("%s is no schedule: %w", quote(text), err)
	}
	if spec, ok := parsed.(*cron.SpecSchedule); ok {
		s.spec = *spec
		s.spec.Location = loc
		s.fixed = timesAreFixed(fields)
	} else if s.every, err = parseEvery(fields); err != nil {
		return Schedule{}, err
	}
	// Every date that a schedule can name comes within eight years of this one.
	if s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("%s never runs: no such date exists", quote(text))
	}
	return s, nil
}

// cutZone returns the zone that the field names, and whether it is meant to name one.
func cutZone(field string) (string, bool) {
	if name, ok := strings.CutPrefix(field, "CRON_TZ="); ok {
		return name, true
	}
	return strings.CutPrefix(field, "TZ=")
}

func timesAreFixed(fields []string) bool {
	if strings.HasPrefix(fields[0], "@") {
		return fields[0] != "@hourly"
	}
	return !strings.ContainsAny(fields[0]+fields[1], "*?/")
}

// parseEvery reads "@every DURATION". robfig/cron rounds to whole seconds, without a word.
func parseEvery(fields []string) (time.Duration, error) {
	d, err := time.ParseDuration(strings.Join(fields[1:], " "))
	if err != nil {
		return 0, err
	}
	if d < time.Second || d%time.Second != 0 {
		return 0, fmt.Errorf("@every %s: it must be whole seconds, at least one", d)
	}
	return d, nil
}

// String is the schedule as it was written.
func (s Schedule) String() string { return s.text }

// Next is the first time after t at which the job runs, in t's location; zero when there is none.
func (s Schedule) Next(t time.Time) time.Time {
	switch {
	case s.every > 0:
		return t.Add(s.every - time.Duration(t.Nanosecond()))
	case s.spec.Location == nil:
		return time.Time{}
	case s.fixed:
		return s.nextFixed(t.In(s.spec.Location)).In(t.Location())
	}
	return s.nextElapsed(t.In(s.spec.Location)).In(t.Location())
}

// Interval is the time between the next two runs after t.
func (s Schedule) Interval(t time.Time) time.Duration {
	next := s.Next(t)
	return s.Next(next).Sub(next)
}

// horizon is how many days ahead a run is looked for: 29 February stays away for eight years around 2100.
const horizon = 9 * 366

// nextFixed looks through the times of the days, each of which happens once: the first time where the clock shows it
// twice, the end of the gap where it shows it never.
func (s Schedule) nextFixed(t time.Time) time.Time {
	y, m, d := t.Date()
	// Yesterday too: a gap may have put off one of its times until today.
	for i := -1; i < horizon; i++ {
		date := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC)
		if !s.onDay(date) {
			continue
		}
		for minute := range 24 * 60 {
			if !s.atTime(minute/60, minute%60) {
				continue
			}
			run := firstAt(date.Add(time.Duration(minute)*time.Minute), s.spec.Location)
			if run.After(t) {
				return run
			}
		}
	}
	return time.Time{}
}

// nextElapsed looks through the minutes as they pass, whatever the clock shows them as.
func (s Schedule) nextElapsed(t time.Time) time.Time {
	end := t.AddDate(0, 0, horizon)
	t = t.Add(time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	for t.Before(end) {
		if !s.onDay(t) {
			y, m, d := t.Date()
			tomorrow := firstAt(time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC), s.spec.Location)
			if tomorrow.After(t) { // else the clock was turned back over midnight, just now
				t = tomorrow
				continue
			}
		} else if s.atTime(t.Hour(), t.Minute()) {
			return t
		}
		t = t.Add(time.Minute)
	}
	return time.Time{}
}

// firstAt is the first moment at which clocks at loc show the date and time that wall shows in UTC or, where they are
// turned forward over it, the moment at which they are.
func firstAt(wall time.Time, loc *time.Location) time.Time {
	t := wall.Add(-48 * time.Hour).In(loc) // before it, wherever on earth
	for {
		start, end := t.ZoneBounds()
		_, offset := t.Zone()
		run := wall.Add(-time.Duration(offset) * time.Second).In(loc)
		if !end.IsZero() && !run.Before(end) {
			t = end
			continue
		}
		if run.Before(start) {
			return start
		}
		return run
	}
}

// star marks a field that was written as * in cron.SpecSchedule.
const star = 1 << 63

// onDay is cron's rule for days: where both the day of the month and the day of the week are restricted, either will do.
func (s Schedule) onDay(t time.Time) bool {
	if s.spec.Month&(1<<uint(t.Month())) == 0 {
		return false
	}
	dom := s.spec.Dom&(1<<uint(t.Day())) != 0
	dow := s.spec.Dow&(1<<uint(t.Weekday())) != 0
	if s.spec.Dom&star != 0 || s.spec.Dow&star != 0 {
		return dom && dow
	}
	return dom || dow
}

func (s Schedule) atTime(hour, minute int) bool {
	return s.spec.Hour&(1<<uint(hour)) != 0 && s.spec.Minute&(1<<uint(minute)) != 0
}
