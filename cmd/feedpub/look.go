package main

import (
	"context"
	"sync"
	"time"

	"feedpub/config"
	"feedpub/feed/status"
)

const (
	// lookTime is how long the store may take to say how the site is.
	lookTime = 8 * time.Second
	// lookAgain is how long what it said is told again: whoever asks in between costs nothing.
	lookAgain = time.Second
	// savePause is the least time between two looks that have what was counted stored before, which waits for the disk.
	savePause = 5 * time.Second
	// saveTime is how long a look waits for that; then it tells what was stored before.
	saveTime = time.Second
)

// A memory is what the last look saw. There is one look at a time, and none at a daemon that is closed.
type memory struct {
	mu   sync.Mutex
	at   time.Time
	of   *daemon
	site status.Site
}

// see is how the site of the current daemon is, by look or by what it said a moment ago.
func (m *memory) see(ctx context.Context, a *app, look func(context.Context, *daemon) (status.Site, error)) (*config.Config, status.Site, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	m.mu.Lock()
	defer m.mu.Unlock()
	d := a.current.Load()
	if m.of == d && time.Since(m.at) < lookAgain {
		return d.site.config, m.site, nil
	}
	s, err := look(ctx, d)
	if err == nil {
		m.at, m.of, m.site = time.Now(), d, s
	}
	return d.site.config, s, err
}

// look is how the site of the current daemon is, with its configuration.
func (a *app) look(ctx context.Context) (*config.Config, status.Site, error) {
	return a.seen.see(ctx, a, func(ctx context.Context, d *daemon) (status.Site, error) {
		d.saveToLook(ctx)
		s, err := a.status(ctx, d.site)
		if err != nil {
			return status.Site{}, err
		}
		v := version()
		s.Daemon = &status.Daemon{Version: v.Version, Commit: v.Commit, Go: v.Go, Since: a.began.UTC()}
		return s, nil
	})
}

// measure is what metrics tell of it: who reads as it is stored every minute, and no days.
func (a *app) measure(ctx context.Context) (*config.Config, status.Site, error) {
	return a.measured.see(ctx, a, func(ctx context.Context, d *daemon) (status.Site, error) {
		return a.statusBy(ctx, d.site, status.ReadReaders)
	})
}

// saveToLook has what was counted stored, unless somebody looked a moment ago. That it cannot be stored is told in the log, and
// keeps nobody from seeing the rest.
func (d *daemon) saveToLook(ctx context.Context) {
	if time.Since(d.savedToLook) < savePause {
		return
	}
	d.savedToLook = time.Now()
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	saved := make(chan struct{})
	select {
	case d.saves <- saved:
	case <-ctx.Done():
		return
	}
	select {
	case <-saved:
	case <-ctx.Done():
	}
}

// replaced makes next the current daemon, and waits for those who look at the one before, which may be closed then.
func (a *app) replaced(next *daemon) {
	a.current.Store(next)
	a.seen.forget()
	a.measured.forget()
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of, m.site = nil, status.Site{}
}
