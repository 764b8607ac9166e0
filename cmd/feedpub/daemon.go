package main

import (
	"context"
	"errors"
	"net/http"
	"path"
	"runtime/debug"
	"sync"
	"time"

	"feedpub/config"
	"feedpub/feed/audience"
	"feedpub/feed/publish"
	"feedpub/feed/web"
	"feedpub/store"
)

// jobTimeout is how long one run of the job may take.
const jobTimeout = time.Hour

// A daemon publishes and serves one configuration.
type daemon struct {
	app   *app
	site  *site
	web   *web.Server
	saved chan struct{} // articles were, and their enclosures may have to be probed

	saves       chan chan<- struct{} // of those who want who read to be stored, each closed when that was tried
	savedToLook time.Time            // held with app.seen
}

func (a *app) newDaemon(ctx context.Context, c *config.Config) (*daemon, error) {
	s, err := a.open(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, schedule := range schedules(c) {
		well, err := s.store.LastRun(ctx, wellName(schedule))
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		a.metrics.endedWellBefore(schedule.String(), well)
	}
	return &daemon{app: a, site: s, web: web.New(c.Public, a.webOptions(c)), saved: make(chan struct{}, 1), saves: make(chan chan<- struct{})}, nil
}

func (d *daemon) close() error { return d.site.close() }

// run runs the jobs until ctx ends, or the store's file is taken away; the error is store.ErrLost then. What the clock
// alone changes is published within a second of its moment, and what another process published is served as soon.
func (d *daemon) run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop(nil)
	wg.Go(func() { d.web.Watch(ctx, refreshEvery) })
	wg.Go(func() { stop(d.watchClock(ctx)) })
	wg.Go(func() { d.probeSaved(ctx) })
	wg.Go(func() { d.saveAudience(ctx) })
	for _, w := range d.watches(ctx) { // before the sources are read: what is saved meanwhile is not lost
		wg.Go(func() { d.follow(ctx, w) })
	}

	scheduler := publish.Scheduler{Log: d.app.log, Runs: d.site.store, Now: d.app.now, Timeout: jobTimeout}
	wg.Go(func() { d.watchdog(ctx, &scheduler) })
	err := scheduler.Start(ctx, d.jobs(), func() { d.publish(ctx, d.once, d.atStart()) })
	if lost := context.Cause(ctx); errors.Is(lost, store.ErrLost) {
		return lost
	}
	return err
}

// atStart selects the feeds that are published when the daemon begins: those that were reconfigured, and where folders are
// watched those that a watch would publish. What was saved while a daemon gave way to another, nobody saw.
func (d *daemon) atStart() publish.Which {
	if !d.site.config.Serve.Watch {
		return publish.Reconfigured
	}
	return publish.Either(publish.Reconfigured, publish.OnSchedule(d.site.config.Schedule.String()))
}

// jobs are one for each schedule: the sources are read at each, and its feeds published.
func (d *daemon) jobs() []publish.Job {
	var jobs []publish.Job
	for _, schedule := range schedules(d.site.config) {
		jobs = append(jobs, publish.Job{
			Name: jobName(schedule), Schedule: schedule,
			Run: func(ctx context.Context) error {
				began := d.app.now()
				err := d.once(ctx, publish.OnSchedule(schedule.String()))
				if err == nil && d.app.metrics.endedWell(schedule.String(), began) {
					err = d.site.store.SetLastRun(ctx, wellName(schedule), began)
				}
				return err
			},
		})
	}
	return jobs
}

// schedules are those of the configuration, each once.
func schedules(c *config.Config) []config.Schedule {
	all := []config.Schedule{c.Schedule}
	seen := map[string]bool{c.Schedule.String(): true}
	for _, f := range c.Feeds {
		if !seen[f.Schedule.String()] {
			seen[f.Schedule.String()] = true
			all = append(all, f.Schedule)
		}
	}
	return all
}

// wellName is the name under which it is stored when a job last ended well.
func wellName(s config.Schedule) string { return "well " + s.String() }

// jobName is the name under which a job's last run is stored.
func jobName(s config.Schedule) string { return "publish " + s.String() }

// watchClock publishes what an embargo or an expiry changes, without waiting for the schedule, until ctx ends or the
// store is lost.
func (d *daemon) watchClock(ctx context.Context) error {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := d.site.store.Lost(); err != nil {
			return err
		}
		now := d.app.now()
		due, err := d.site.publisher.Due(ctx, now)
		if err != nil && ctx.Err() == nil {
			d.app.log.ErrorContext(ctx, "clock not watched", "error", err)
		}
		wait := refreshEvery
		if err != nil || due && !d.publish(ctx, d.publishOnly, publish.ByClock(now)) {
			wait = afterFailure
		}
		tick.Reset(wait)
	}
}

// afterFailure is how long what the clock changes waits for another try.
const afterFailure = 10 * time.Second

// once reads the sources and publishes.
func (d *daemon) once(ctx context.Context, which publish.Which) error {
	_, err := d.app.once(ctx, d.site, which, false)
	d.tellVerdict(ctx)
	debug.FreeOSMemory() // what reading took is not needed until the next run
	return err
}

// publishOnly publishes what is stored.
func (d *daemon) publishOnly(ctx context.Context, which publish.Which) error {
	_, err := d.site.publisher.Publish(ctx, which)
	return err
}

// publish does work that no job does, and tells when it fails. A panic ends the work, not the daemon.
func (d *daemon) publish(ctx context.Context, work func(context.Context, publish.Which) error, which publish.Which) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			d.app.log.ErrorContext(ctx, "a fault of feedpub, please report it", "panic", p, "stack", string(debug.Stack()))
			ok = false
		}
	}()
	limited, cancel := context.WithTimeout(ctx, jobTimeout)
	defer cancel()
	err := work(limited, which)
	if err != nil && ctx.Err() == nil {
		d.app.log.ErrorContext(ctx, "not published", "error", err)
	}
	return err == nil
}

func (a *app) webOptions(c *config.Config) web.Options {
	o := web.Options{
		MaxAge: func(name string) time.Duration {
			if f := feedOf(c, path.Dir(name)); f != nil {
				return f.Schedule.Interval(a.now())
			}
			return c.Schedule.Interval(a.now())
		},
		Moved:     map[string]string{},
		Redirects: map[string]string{},
		Now:       a.now,
		Log:       a.log,
	}
	if a.audience != nil {
		o.Answered = func(r *http.Request, answer web.Answer) { a.audience.Count(r, audience.Answer(answer)) }
	}
	for _, f := range c.Feeds {
		if f.MovedTo != "" {
			o.Moved[f.Name] = f.MovedTo
		}
		for _, m := range f.Moves() {
			if m.Folder {
				o.Moved[m.From] = m.To
			} else {
				o.Redirects[m.From] = m.To
			}
		}
		if f.Gone {
			o.Gone = append(o.Gone, f.Name)
		}
	}
	return o
}

// feedOf is the configuration of a feed by its name; of a tag's feed it is the one for each tag, and so on.
func feedOf(c *config.Config, name string) *config.Feed {
	for i := range c.Feeds {
		if f := &c.Feeds[i]; f.MayName(name) {
			return f
		}
	}
	return nil
}
