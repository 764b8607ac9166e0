package publish

import (
	"context"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

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
