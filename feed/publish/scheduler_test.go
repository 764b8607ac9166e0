package publish

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
)

// runs is Runs in memory.
type runs map[string]time.Time

func (r runs) LastRun(_ context.Context, job string) (time.Time, error) { return r[job], nil }

func (r runs) SetLastRun(_ context.Context, job string, t time.Time) error {
	r[job] = t
	return nil
}

// schedule runs one job for a while of virtual time, and gives the times at which it ran since the start.
func schedule(t *testing.T, spec string, last, during time.Duration, work func(n int) error) (ran []time.Duration) {
	t.Helper()
	at, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		stored := runs{}
		if last != 0 {
			stored["job"] = start.Add(last)
		}
		s := Scheduler{Log: slog.New(slog.DiscardHandler), Runs: stored, Now: time.Now}
		ctx, cancel := context.WithTimeout(t.Context(), during)
		defer cancel()
		job := Job{Name: "job", Schedule: at, Run: func(context.Context) error {
			ran = append(ran, time.Since(start))
			return work(len(ran))
		}}
		if err := s.Start(ctx, []Job{job}, func() {}); err != nil {
			t.Fatal(err)
		}
	})
	return ran
}

func nothing(int) error { return nil }

func TestSchedulerCatchesUpOnce(t *testing.T) {
	// The clock of synctest starts at midnight UTC.
	for _, test := range []struct {
		name string
		last time.Duration // of the run before the start; 0 for never
		want int
	}{
		{"never ran", 0, 2},
		{"missed many", -5 * time.Hour, 2},
		{"missed none", -time.Second, 1},
		{"missed a year", -365 * 24 * time.Hour, 2},
		{"ran when the clock was an hour ahead", time.Hour, 1},
		{"ran when the clock was a day ahead", 24 * time.Hour, 1},
	} {
		ran := schedule(t, "30 * * * *", test.last, time.Hour, nothing)
		if len(ran) != test.want {
			t.Errorf("%s: ran at %v, want %d times", test.name, ran, test.want)
		}
	}
}

// A job that panics or fails runs again at its next time, and one that takes long is not run beside itself.
func TestSchedulerGoesOn(t *testing.T) {
	ran := schedule(t, "* * * * *", -time.Second, 5*time.Minute+time.Second, func(n int) error {
		switch n {
		case 1:
			panic("a fault")
		case 2:
			return errors.New("a failure")
		case 3:
			time.Sleep(90 * time.Second)
		}
		return nil
	})
	want := []time.Duration{0, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute}
	if len(ran) != len(want) {
		t.Fatalf("ran at %v, want %v", ran, want)
	}
	for i := range want {
		if ran[i] != want[i] {
			t.Errorf("ran at %v, want %v", ran, want)
		}
	}
}

// A wallClock is a schedule by a clock that is set while it runs.
type wallClock struct {
	cron.Schedule
	set func() time.Duration // ahead of the one that time passes by
}

func (w wallClock) Next(t time.Time) time.Time {
	ahead := w.set()
	return w.Schedule.Next(t.Add(ahead)).Add(-ahead)
}

// A clock that is set forth or back makes no storm: a job runs at most once more, and at its times after that.
func TestSchedulerWhenTheClockIsSet(t *testing.T) {
	for _, test := range []struct {
		name  string
		ahead time.Duration
	}{
		{"an hour forth", time.Hour}, {"an hour back", -time.Hour}, {"a day forth", 24 * time.Hour}, {"a day back", -24 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				set := func() time.Duration { // after half an hour, for two hours
					if passed := time.Since(start); passed > 30*time.Minute && passed < 150*time.Minute {
						return test.ahead
					}
					return 0
				}
				every, err := cron.ParseStandard("*/10 * * * *")
				if err != nil {
					t.Fatal(err)
				}
				var ran []time.Duration
				stored := runs{"job": start}
				s := Scheduler{Log: slog.New(slog.DiscardHandler), Runs: stored, Now: func() time.Time { return time.Now().Add(set()) }}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour+time.Second)
				defer cancel()
				job := Job{Name: "job", Schedule: wallClock{every, set}, Run: func(context.Context) error {
					ran = append(ran, time.Since(start))
					return nil
				}}
				if err := s.Start(ctx, []Job{job}, func() {}); err != nil {
					t.Fatal(err)
				}
				if n := len(ran); n < 29 || n > 31 {
					t.Errorf("ran %d times in 5 hours, want 30: %v", n, ran)
				}
				for i := range ran[1:] {
					if gap := ran[i+1] - ran[i]; gap < 10*time.Minute || gap > 20*time.Minute {
						t.Errorf("ran at %v", ran)
					}
				}
				if late, err := s.missed(t.Context(), job); err != nil || late {
					t.Errorf("got that a time was missed, %v", err)
				}
			})
		})
	}
}
