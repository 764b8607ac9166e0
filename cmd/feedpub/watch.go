package main

import (
	"context"

	"feedpub/feed/ingest"
	"feedpub/feed/publish"
)

// A watch is a source's, that has a folder.
type watch struct {
	*ingest.Watch
	src ingest.Source
}

// watches begins to watch the folders of the sources. What cannot be watched is read on schedule.
func (d *daemon) watches(ctx context.Context) (watches []watch) {
	if !d.site.config.Serve.Watch {
		return nil
	}
	for _, configured := range d.site.config.Sources {
		if configured.Folder == "" {
			continue
		}
		src := sourceFrom(configured)
		watches = append(watches, watch{src: src, Watch: ingest.NewWatch(src, func(err error) {
			d.app.log.WarnContext(ctx, "not all of it is watched; what is saved there is published on schedule", "error", err)
		})})
	}
	return watches
}

// follow reads what is saved in a source's folder, and publishes it, until ctx ends.
func (d *daemon) follow(ctx context.Context, w watch) {
	which := publish.OnSchedule(d.site.config.Schedule.String())
	w.Run(ctx, func(keys []string) (gone bool) {
		d.publish(ctx, func(ctx context.Context, which publish.Which) (err error) {
			gone, err = d.app.update(ctx, d.site, w.src, keys, which)
			return err
		}, which)
		_, _ = d.web.Refresh() // at once; what is wrong is found and told by the web's own watch
		select {
		case d.saved <- struct{}{}:
		default: // what was saved now is probed too
		}
		return gone
	})
}

// probeSaved probes the enclosures of what was saved, beside what is saved next: servers may be slow.
func (d *daemon) probeSaved(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.saved:
		}
		d.publish(ctx, func(ctx context.Context, which publish.Which) error {
			_, err := d.app.probeAndPublish(ctx, d.site, which)
			return err
		}, publish.OnSchedule(d.site.config.Schedule.String()))
	}
}

// update is the job for a part of one source; without keys, for all of it, with what vanished. That all is well again, or
// not, on_failure hears from the next run over all sources. gone says that articles are missing from their files.
func (a *app) update(ctx context.Context, s *site, src ingest.Source, keys []string, which publish.Which) (gone bool, err error) {
	report, err := a.readUpdate(ctx, s, src, keys)
	if err != nil {
		return false, err
	}
	if len(keys) == 0 {
		err = a.noteSource(ctx, s, sourceReportOf(src.Name, report, nil))
	} else {
		err = a.noteUpdate(ctx, s, src, keys, sourceReportOf(src.Name, report, nil))
	}
	if err != nil {
		return false, err
	}
	_, err = s.publisher.Publish(ctx, publish.Awake(which, a.now()))
	return len(keys) > 0 && len(report.Missing) > 0, err
}

func (a *app) readUpdate(ctx context.Context, s *site, src ingest.Source, keys []string) (ingest.Report, error) {
	a.reading.Lock() // a schedule may tick at the same time
	defer a.reading.Unlock()
	if len(keys) == 0 {
		return a.loader(s, false).Load(ctx, src)
	}
	return a.loader(s, false).Update(ctx, src, keys...)
}
