package publish

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	clockEvery = 10 * time.Second // how often the clock is looked at
	clockSlack = 5 * time.Second  // by which it may differ from the time that passed
)

// watchClock plans the jobs anew when the clock was set, until ctx ends. cron waits for the moment that it worked out
// before, however the clock is set meanwhile: one that was a day ahead for a minute stops its jobs for a day. What a
// clock that was set forward leapt over is caught up once.
func (s *Scheduler) watchClock(ctx context.Context, c *cron.Cron, planned []plan) {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	wall, running := s.Now().Round(0), time.Now() // without a monotonic reading, and with one
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		set := s.Now().Round(0).Sub(wall) - time.Since(running)
		wall, running = s.Now().Round(0), time.Now()
		if set.Abs() <= clockSlack {
			continue
		}
		s.Log.WarnContext(ctx, "the clock was set; the schedule is worked out anew", "by", set.Round(time.Second))
		for i, p := range planned {
			c.Remove(p.id)
			planned[i].id = c.Schedule(p.Schedule, p.work)
		}
		late, err := s.late(ctx, planned)
		if err != nil && ctx.Err() == nil {
			s.Log.ErrorContext(ctx, "missed runs not caught up", "error", err)
		}
		for _, work := range late {
			work.Run()
		}
	}
}
