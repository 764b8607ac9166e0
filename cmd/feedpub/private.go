package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"feedpub/config"
	"feedpub/feed/status"
	"feedpub/store"
)

// saveEvery is how often it is stored who read: a crash loses as much.
const saveEvery = time.Minute

// statusHandler answers how the daemon is that is current.
func (a *app) statusHandler(c *config.Config) *status.Handler {
	return &status.Handler{
		Look: func(ctx context.Context) (status.Site, error) {
			_, s, err := a.look(ctx)
			return s, err
		},
		Metrics: a.metrics.handler(),
		Token:   c.Serve.Token,
	}
}

// withStatus has h answer for what readers ask for, and private for the rest, where there is a token: without one nobody could
// be told from a reader.
func withStatus(h http.Handler, private *status.Handler) http.Handler {
	if private.Token == "" {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status.IsFor(r.URL.Path) {
			private.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// saveAudience stores who read, every minute, when somebody looks, and when ctx ends.
func (d *daemon) saveAudience(ctx context.Context) {
	if d.app.audience == nil {
		return // nobody is served
	}
	save := func(ctx context.Context) {
		if d.site.store.Lost() != nil {
			return // it would be lost with the store; the next one gets it
		}
		if err := d.app.audience.Save(ctx, d.site.store); err != nil && !errors.Is(err, context.Canceled) {
			d.app.log.ErrorContext(ctx, "not stored who reads, trying again", "error", err)
		}
	}
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	var asked chan<- struct{}
	for ctx.Err() == nil {
		save(ctx)
		if asked != nil {
			close(asked)
			asked = nil
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case asked = <-d.saves:
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	save(last)
}

// saveLast stores what was counted after the last daemon's end: those who were answered meanwhile.
func (a *app) saveLast(ctx context.Context, c *config.Config) error {
	if !a.audience.Pending() || isAbsent(c.Store) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	s, err := store.Open(ctx, c.Store)
	if err != nil {
		return err
	}
	return errors.Join(a.audience.Save(ctx, s), s.Close())
}

// listenPrivately gives the listeners for those who run the site: those that systemd opened under the name "status", else one
// at serve.status, else none. That the default's place is taken keeps nobody from serving.
func (a *app) listenPrivately(ctx context.Context, c *config.Config, given []net.Listener) ([]net.Listener, error) {
	if len(given) == 0 && c.Serve.Status != config.NoStatus {
		ln, err := listenAt(c.Serve.Status)
		if err != nil && !c.Serve.StatusGiven {
			a.log.WarnContext(ctx, "no status page; name another place for it by serve.status, or none", "error", err)
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		given = []net.Listener{ln}
	}
	for _, ln := range given {
		if c.Serve.Token == "" && !isPrivate(ln) {
			a.log.WarnContext(ctx, "the status page is open to everybody who reaches it; serve.token closes it", "at", urlOf(ln)+"status")
		}
	}
	return given, nil
}

// isPrivate says that only programs of this machine reach the listener.
func isPrivate(ln net.Listener) bool {
	at, ok := ln.Addr().(*net.TCPAddr)
	return !ok || at.IP.IsLoopback()
}
