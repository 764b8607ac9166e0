package main

import (
	"context"
	"errors"
	"time"

	"feedpub/feed/publish"
)

// watchdog gives systemd signs of life while the scheduler and the store answer, until ctx ends. One that hangs is
// told once, and systemd starts the daemon anew.
func (d *daemon) watchdog(ctx context.Context, s *publish.Scheduler) {
	if d.app.service == nil || d.app.service.every == 0 {
		return
	}
	tick := time.NewTicker(d.app.service.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch err := d.answer(ctx, s); {
		case err == nil:
			d.app.tell(ctx, "WATCHDOG=1")
		case ctx.Err() == nil:
			d.app.log.ErrorContext(ctx, "no sign of life", "error", err)
		}
	}
}

// answerTime is how long the scheduler and the store may take for the least of answers.
const answerTime = 10 * time.Second

func (d *daemon) answer(ctx context.Context, s *publish.Scheduler) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return errors.Join(d.site.store.Ping(ctx), s.Answer(ctx))
}

// tellVerdict shows what feedpub status says in a line where systemctl status is asked.
func (d *daemon) tellVerdict(ctx context.Context) {
	if d.app.service == nil {
		return
	}
	verdict, err := d.app.verdict(ctx, d.site)
	if err != nil {
		return // whatever keeps the store from answering is told where it is needed
	}
	d.app.tell(ctx, statusLine(verdict))
}
