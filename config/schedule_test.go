package config

import (
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

var _ cron.Schedule = Schedule{}

func mustSchedule(t *testing.T, text string) Schedule {
	t.Helper()
	s, err := ParseSchedule(text)
	if err != nil {
		t.Fatalf("ParseSchedule(%q): %v", text, err)
	}
	return s
}

func TestParseScheduleRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "no schedule",
		"  ":                            "no schedule",
		"CRON_TZ=":                      "no known time zone", // robfig/cron panics
		"TZ=Europe/Berlin":              "no schedule",        // robfig/cron panics
		"CRON_TZ= 0 5 * * *":            "no known time zone",
		"TZ=Local 0 5 * * *":            "no known time zone",
		"CRON_TZ=Mars/Olympus @daily":   "no known time zone",
		"0 0 31 2 *":                    "never runs", // robfig/cron takes it
		"0 0 30 feb *":                  "never runs",
		"0 0 31 4,6,9,11 *":             "never runs",
		", * * * *":                     "never runs",
		"@every":                        "no schedule",
		"@every 0s":                     "at least one",
		"@every -5m":                    "at least one",
		"@every 500ms":                  "at least one", // robfig/cron makes it a second
		"@every 1500ms":                 "whole seconds",
		"@every soon":                   "no schedule",
		"@reboot":                       "no schedule",
		"* * * *":                       "no schedule",
		"* * * * * *":                   "no schedule",
		"60 * * * *":                    "no schedule",
		"* 24 * * *":                    "no schedule",
		"*/0 * * * *":                   "no schedule",
		"* * * * 7":                     "no schedule",
		"5-1 * * * *":                   "no schedule",
		"CRON_TZ=../../etc/x * * * * *": "no known time zone",
		"99999999999999999999 * * * *":  "no schedule",
	} {
		_, err := ParseSchedule(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSchedule(%q): got %v, want an error with %q", text, err, want)
		}
	}
}

func TestScheduleNext(t *testing.T) {
	const layout = "2006-01-02 15:04:05 -0700"
	for _, tt := range []struct{ name, spec, from, want string }{
		{"UTC unless a zone is named", "0 5 * * *", "2026-07-01 04:00:00 +0000", "2026-07-01 05:00:00 +0000"},
		{"its zone", "CRON_TZ=Europe/Berlin 0 5 * * *", "2026-07-01 01:00:00 +0000", "2026-07-01 03:00:00 +0000"},
		{"strictly after", "0 5 * * *", "2026-07-01 05:00:00 +0000", "2026-07-02 05:00:00 +0000"},
		{"every", "@every 90s", "2026-07-01 05:00:00 +0000", "2026-07-01 05:01:30 +0000"},
		{"hourly", "@hourly", "2026-07-01 05:00:01 +0000", "2026-07-01 06:00:00 +0000"},
		{"weekly", "@weekly", "2026-07-01 05:00:00 +0000", "2026-07-05 00:00:00 +0000"},
		{"either day", "0 0 13 * fri", "2026-03-01 00:00:00 +0000", "2026-03-06 00:00:00 +0000"},
		{"both days", "0 0 */1 * fri", "2026-03-01 00:00:00 +0000", "2026-03-06 00:00:00 +0000"},
		{"leap day over eight years", "0 0 29 2 *", "2096-03-01 00:00:00 +0000", "2104-02-29 00:00:00 +0000"}, // robfig/cron: never
		{"leap day by the minute", "*/30 0 29 2 *", "2096-03-01 00:00:00 +0000", "2104-02-29 00:00:00 +0000"},

		{"gap: at its end", "TZ=America/New_York 30 2 * * *", "2026-03-07 12:00:00 -0500", "2026-03-08 03:00:00 -0400"},
		{"gap: once for all of its times", "TZ=America/New_York 15,30,45 2 * * *", "2026-03-08 03:00:00 -0400", "2026-03-09 02:15:00 -0400"},
		{"gap: a time just past it", "TZ=America/New_York 0 2,3 * * *", "2026-03-08 03:00:00 -0400", "2026-03-09 02:00:00 -0400"},
		{"gap of half an hour", "TZ=Australia/Lord_Howe 15 2 * * *", "2026-10-03 12:00:00 +1030", "2026-10-04 02:30:00 +1100"},
		{"gap at midnight, Brazil", "TZ=America/Sao_Paulo 0 0 4 11 *", "2018-11-03 12:00:00 -0300", "2018-11-04 01:00:00 -0200"}, // robfig/cron: 2019
		{"gap at midnight, Egypt", "TZ=Africa/Cairo 0 0 * * *", "2026-04-23 12:00:00 +0200", "2026-04-24 01:00:00 +0300"},
		{"gap at midnight, Lebanon", "TZ=Asia/Beirut 30 0 * * sun", "2026-03-28 12:00:00 +0200", "2026-03-29 01:00:00 +0300"},
		{"a day that never was", "TZ=Pacific/Apia 0 12 30 12 *", "2011-12-29 23:00:00 -1000", "2011-12-31 00:00:00 +1400"},
		{"gap: an interval goes on", "TZ=America/New_York */30 * * * *", "2026-03-08 01:30:00 -0500", "2026-03-08 03:00:00 -0400"},
		{"gap: an hour's interval", "TZ=America/New_York 15 * * * *", "2026-03-08 01:15:00 -0500", "2026-03-08 03:15:00 -0400"},
		{"gap at midnight: an interval", "TZ=America/Sao_Paulo */20 * 4 11 *", "2018-11-03 12:00:00 -0300", "2018-11-04 01:00:00 -0200"},

		{"repeat: the first", "TZ=America/New_York 30 1 * * *", "2026-10-31 12:00:00 -0400", "2026-11-01 01:30:00 -0400"},
		{"repeat: not again", "TZ=America/New_York 30 1 * * *", "2026-11-01 01:30:00 -0400", "2026-11-02 01:30:00 -0500"},
		{"repeat: started in between", "TZ=America/New_York 30 1 * * *", "2026-11-01 01:10:00 -0500", "2026-11-02 01:30:00 -0500"},
		{"repeat: an interval goes on", "TZ=America/New_York */30 * * * *", "2026-11-01 01:30:00 -0400", "2026-11-01 01:00:00 -0500"},
		{"repeat: an interval in the hour", "TZ=America/New_York */30 1 * * *", "2026-11-01 01:30:00 -0400", "2026-11-01 01:00:00 -0500"},
		{"repeat of half an hour", "TZ=Australia/Lord_Howe 45 1 * * *", "2026-04-05 01:45:00 +1100", "2026-04-06 01:45:00 +1030"},
		{"an hour's interval after it", "TZ=Australia/Lord_Howe 0 */2 * * *", "2026-04-05 00:00:00 +1100", "2026-04-05 02:00:00 +1030"}, // robfig/cron: 04:00
		{"repeat over midnight", "TZ=Asia/Beirut 30 23 * * *", "2026-10-24 23:30:00 +0300", "2026-10-25 23:30:00 +0200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from, err := time.Parse(layout, tt.from)
			if err != nil {
				t.Fatal(err)
			}
			want, err := time.Parse(layout, tt.want)
			if err != nil {
				t.Fatal(err)
			}
			if got := mustSchedule(t, tt.spec).Next(from); !got.Equal(want) {
				t.Errorf("%s after %s: got %s, want %s", tt.spec, tt.from, got.In(want.Location()).Format(layout), tt.want)
			}
		})
	}
}

// A job at a time of day runs once on every day that its zone's calendar has, whatever the clocks do.
func TestFixedTimesRunOnceADay(t *testing.T) {
	for _, tt := range []struct {
		zone string
		year int
	}{
		{"UTC", 2026}, {"America/New_York", 2026}, {"Europe/Berlin", 2026}, {"Australia/Lord_Howe", 2026}, {"America/Sao_Paulo", 2018},
		{"Africa/Cairo", 2026}, {"Asia/Beirut", 2026}, {"America/Havana", 2026}, {"America/St_Johns", 2006}, {"Africa/Casablanca", 2026},
	} {
		loc, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, clock := range []string{"0 0", "1 0", "30 0", "59 0", "0 1", "45 1", "0 2", "15 2", "30 2", "0 3", "30 23", "59 23"} {
			s := mustSchedule(t, "CRON_TZ="+tt.zone+" "+clock+" * * *")
			days := map[string]int{}
			end := time.Date(tt.year+1, 1, 1, 0, 0, 0, 0, loc)
			for at := s.Next(time.Date(tt.year, 1, 1, 0, 0, 0, 0, loc).Add(-time.Second)); at.Before(end); {
				days[at.In(loc).Format(time.DateOnly)]++
				next := s.Next(at)
				if !next.After(at) {
					t.Fatalf("%s: Next(%s): got %s, want a later time", s, at, next)
				}
				at = next
			}
			if len(days) != 365 {
				t.Errorf("%s in %d: got runs on %d days, want 365", s, tt.year, len(days))
			}
			for date, n := range days {
				if n != 1 {
					t.Errorf("%s on %s: got %d runs, want 1", s, date, n)
				}
			}
		}
	}
}

// clocks turn in these zones in every way that they do: by an hour and by half of one, by night, at midnight, not at all.
var clocks = []string{"America/New_York", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Australia/Lord_Howe", "America/St_Johns", "America/Sao_Paulo"}

// All of 2026, held against every minute of it: a time of day runs once a day, when the clock shows it first or at the
// end of the gap that it falls in; an interval runs whenever the clock shows one of its times.
func TestScheduleOverAYear(t *testing.T) {
	t.Parallel()
	for _, zone := range clocks {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		start, end := time.Date(2026, 1, 1, 0, 0, 0, 0, loc), time.Date(2027, 1, 1, 0, 0, 0, 0, loc)
		type shown struct{ day, minute int }
		var year []shown // what the clock shows, minute by minute
		for at := start; at.Before(end); at = at.Add(time.Minute) {
			hour, minute, _ := at.Clock()
			year = append(year, shown{at.YearDay(), hour*60 + minute})
		}
		for _, tt := range []struct {
			spec  string
			fixed int // the time of day in minutes; 0 beside an interval
			every int // minutes of an interval; 0 for a time of day
		}{
			{"0 0 * * *", 0, 0}, {"30 0 * * *", 30, 0}, {"30 2 * * *", 150, 0}, {"@daily", 0, 0},
			{"*/5 * * * *", 0, 5}, {"0 */2 * * *", 0, 120}, {"@hourly", 0, 60},
		} {
			t.Run(zone+" "+tt.spec, func(t *testing.T) {
				var want []time.Time
				ran := 0
				for n, clock := range year {
					switch at := start.Add(time.Duration(n) * time.Minute); {
					case tt.every > 0 && clock.minute%tt.every == 0:
						want = append(want, at)
					case tt.every == 0 && clock.day > ran && clock.minute >= tt.fixed:
						want, ran = append(want, at), clock.day
					}
				}
				s, n := mustSchedule(t, "CRON_TZ="+zone+" "+tt.spec), 0
				for at := s.Next(start.Add(-time.Second)); at.Before(end); at = s.Next(at) {
					if n >= len(want) || !at.Equal(want[n]) {
						t.Fatalf("run %d: got %s, want %s", n, at.In(loc), want[min(n, len(want)-1)])
					}
					n++
				}
				if n != len(want) || tt.every == 0 && n != 365 {
					t.Errorf("got %d runs, want %d", n, len(want))
				}
			})
		}
	}
}

// Where no clock is turned by less than an hour, and none at midnight, schedules by interval are robfig/cron's.
func TestIntervalsAgreeWithCron(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"UTC", "America/New_York", "Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu"} {
		for _, fields := range []string{"*/20 * * * *", "7 * * * *", "*/17 */3 * * *", "30 */2 * * *", "*/10 2 * * *", "? 1 * * *", "@hourly", "0 */6 1,15 * mon"} {
			spec := "CRON_TZ=" + zone + " " + fields
			ours := mustSchedule(t, spec)
			theirs, err := cron.ParseStandard(spec)
			if err != nil {
				t.Fatal(err)
			}
			end := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
			for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); {
				got, want := ours.Next(at), theirs.Next(at)
				if !got.Equal(want) {
					t.Fatalf("%s after %s: got %s, want %s", spec, at, got, want)
				}
				at = got
			}
		}
	}
}

func TestScheduleInterval(t *testing.T) {
	at := time.Date(2026, 7, 1, 12, 34, 56, 789, time.UTC)
	for spec, want := range map[string]time.Duration{
		"*/5 * * * *": 5 * time.Minute, "@every 10s": 10 * time.Second, "@daily": 24 * time.Hour,
	} {
		if got := mustSchedule(t, spec).Interval(at); got != want {
			t.Errorf("Interval of %s: got %s, want %s", spec, got, want)
		}
	}
	if got := (Schedule{}).Next(at); !got.IsZero() {
		t.Errorf("Next of the zero Schedule: got %s, want the zero time", got)
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"*/5 * * * *", "CRON_TZ=Europe/Berlin 0 0 29 2 *", "TZ=", "@every 1h", "@", "0-59/7 1,2 ? JAN-feb 0-6"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSchedule(text)
		if err != nil {
			return
		}
		at := time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC)
		if next := s.Next(at); !next.After(at) {
			t.Errorf("%q after %s: got %s, want a later time", text, at, next)
		}
	})
}
