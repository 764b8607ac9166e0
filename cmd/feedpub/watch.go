package main

import (
	"context"
	"log/slog"

	"feedpub/feed/ingest"
	"feedpub/feed/publish"
)

// watchSources reads what is saved in the folders of the sources, and publishes it, until ctx ends. A folder that cannot
// be watched is read on schedule.
func (d *daemon) watchSources(ctx context.Context) {
	done := make(chan struct{})
	watched := 0
	for _, src := range d.site.config.Sources {
		if src.Folder == "" {
			continue
		}
		watched++
		go func() {
			defer func() { done <- struct{}{} }()
			d.watch(ctx, sourceFrom(src))
		}()
	}
	for range watched {
		<-done
	}
}

func (d *daemon) watch(ctx context.Context, src ingest.Source) {
	w, err := ingest.NewWatch(src)
	if err != nil {
		d.app.log.WarnContext(ctx, "not all of it is watched, it is read on schedule", "error", err)
	}
	if w == nil {
		return
	}
	defer w.Close()
	w.Run(ctx, func(keys []string) {
		which := publish.OnSchedule(d.site.config.Schedule.String())
		d.publish(ctx, func(ctx context.Context, which publish.Which) error {
			return d.app.update(ctx, d.site, src, keys, which)
		}, which)
		_, _ = d.web.Refresh() // at once; what is wrong is found and told by the web's own watch
	})
}

// update is the job for a part of one source. That all is well again, or not, on_failure hears from the next run over all
// sources.
func (a *app) update(ctx context.Context, s *site, src ingest.Source, keys []string, which publish.Which) error {
	report, err := a.readUpdate(ctx, s, src, keys)
	if err != nil {
		return err
	}
	for _, p := range report.Problems {
		a.log.ErrorContext(ctx, "refused: "+p.Error(), "source", src.Name)
	}
	for _, w := range report.Warnings {
		a.log.Log(ctx, slog.LevelWarn, w, "source", src.Name)
	}
	return a.publishAndProbe(ctx, s, which, &generated{})
}

func (a *app) readUpdate(ctx context.Context, s *site, src ingest.Source, keys []string) (ingest.Report, error) {
	a.reading.Lock() // a schedule may tick at the same time
	defer a.reading.Unlock()
	if len(keys) == 0 {
		return a.loader(s, false).Load(ctx, src)
	}
	return a.loader(s, false).Update(ctx, src, keys...)
}
