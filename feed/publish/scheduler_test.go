package publish

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"
)

// runs is Runs in memory.
type runs struct{ sync.Map }

func (r *runs) LastRun(_ context.Context, job string) (time.Time, error) {
	last, _ := r.Load(job)
	t, _ := last.(time.Time)
	return t, nil
}

func (r *runs) SetLastRun(_ context.Context, job string, t time.Time) error {
	r.Store(job, t)
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
		stored := new(runs)
		if last != 0 {
			stored.Store("job", start.Add(last))
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

// A planner is a schedule that cron asks.
type planner func(time.Time) time.Time

func (p planner) Next(t time.Time) time.Time { return p(t) }

// The clock is set while cron waits: for a day too long when it was ahead, and when it is set back.
func TestSchedulerAfterTheClockWasSet(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			var set, ran atomic.Int64
			now := func() time.Time { return time.Now().Add(time.Duration(set.Load())).Round(0) }
			// By the clock of the daemon, a run every five minutes; cron waits on a clock that nobody sets.
			every := planner(func(at time.Time) time.Time {
				if at.Sub(start) < 10*time.Minute {
					return at.Add(jump.Abs()).Truncate(5 * time.Minute).Add(5 * time.Minute)
				}
				return at.Truncate(5 * time.Minute).Add(5 * time.Minute)
			})
			stored := new(runs)
			stored.Store("job", start)
			s := Scheduler{Log: slog.New(slog.DiscardHandler), Runs: stored, Now: now}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour+time.Minute)
			defer cancel()
			time.AfterFunc(10*time.Minute+time.Second, func() { set.Store(int64(jump)) })
			job := Job{Name: "job", Schedule: every, Run: func(context.Context) error { ran.Add(1); return nil }}
			if err := s.Start(ctx, []Job{job}, func() {}); err != nil {
				t.Fatal(err)
			}
			want := int64(10) // at 15, 20 … 60 minutes
			if jump > 0 {
				want++ // and once for what was leapt over
			}
			if got := ran.Load(); got != want {
				t.Errorf("set by %v: ran %d times, want %d", jump, got, want)
			}
		})
	}
}

func TestSchedulerTellsOfARunThatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Scheduler{Log: slog.New(slog.DiscardHandler), Runs: new(runs), Now: time.Now, Timeout: time.Minute}
		if err := s.Answer(t.Context()); err == nil {
			t.Error("before its start: got no error")
		}
		ctx, cancel := context.WithCancel(t.Context())
		deaf, ended := make(chan struct{}), make(chan struct{})
		at, err := cron.ParseStandard("@every 1h")
		if err != nil {
			t.Fatal(err)
		}
		job := Job{Name: "deaf", Schedule: at, Run: func(context.Context) error { <-deaf; return nil }}
		go func() { s.Start(ctx, []Job{job}, func() {}); close(ended) }()
		synctest.Wait()
		time.Sleep(2 * time.Minute)
		if err := s.Answer(t.Context()); err != nil {
			t.Errorf("a run that takes a little longer: got %v", err)
		}
		time.Sleep(overrun)
		if err := s.Answer(t.Context()); err == nil {
			t.Error("a run that does not end: got no error")
		}
		close(deaf)
		synctest.Wait()
		if err := s.Answer(t.Context()); err != nil {
			t.Errorf("after it ended: got %v", err)
		}
		cancel()
		<-ended
	})
}

// While cron hangs, one question waits for it, however often the watchdog asks.
func TestSchedulerThatHangsIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hangs atomic.Bool
		goOn := make(chan struct{})
		every := planner(func(at time.Time) time.Time {
			if hangs.Load() {
				<-goOn
			}
			return at.Add(time.Minute)
		})
		s := Scheduler{Log: slog.New(slog.DiscardHandler), Runs: new(runs), Now: time.Now}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		job := Job{Name: "job", Schedule: every, Run: func(context.Context) error { return nil }}
		go func() { s.Start(ctx, []Job{job}, func() {}); close(ended) }()
		synctest.Wait()
		hangs.Store(true)
		time.Sleep(2 * time.Minute)
		before := runtime.NumGoroutine()
		for range 20 {
			asking, stop := context.WithTimeout(t.Context(), time.Second)
			if err := s.Answer(asking); err == nil {
				t.Error("it hangs: got no error")
			}
			stop()
		}
		synctest.Wait()
		if more := runtime.NumGoroutine() - before; more > 1 {
			t.Errorf("%d questions wait", more)
		}
		hangs.Store(false)
		close(goOn)
		synctest.Wait()
		if err := s.Answer(t.Context()); err != nil {
			t.Errorf("when it goes on: got %v", err)
		}
		cancel()
		<-ended
	})
}
