package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"feedpub/config"
	"feedpub/feed/web"
)

const (
	// refreshEvery is how often the published folder is looked at for what another process published.
	refreshEvery = 200 * time.Millisecond
	// drainTime is how long requests under way may take after the daemon was told to stop.
	drainTime = 10 * time.Second
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve [FOLDER]",
		Short: "Publish on schedule, and serve the feeds over HTTP",
		Long: `Run as a daemon: read the sources and publish what changed on the schedule of the
configuration, and serve the published folder. TERM lets requests under way end and
stops; HUP reads the configuration again, and keeps the old one when it is wrong.`,
		Example: "  feedpub serve config/example\n  feedpub serve --listen 127.0.0.1:9000",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.serve(cmd.Context(), args...)
		},
	}
	cmd.Flags().String("listen", "", "the `ADDRESS` to serve at, host:port")
	return cmd
}

func (a *app) serve(ctx context.Context, folder ...string) error {
	c, err := a.load(folder...)
	if err != nil {
		return err
	}
	d, err := a.newDaemon(ctx, c)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", c.Serve.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen at %s: %w", c.Serve.Listen, err), d.close())
	}
	a.log.InfoContext(ctx, "serving", "url", "http://"+ln.Addr().String()+"/", "folder", c.Public)

	var current atomic.Pointer[daemon]
	current.Store(d)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().web.ServeHTTP(w, r) })
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() {
		defer cancel() // a listener that fails stops the daemon
		served <- web.Serve(ctx, ln, handler, drainTime)
	}()
	err = a.runDaemons(ctx, &current, c, folder...)
	cancel()
	return errors.Join(err, <-served)
}

// runDaemons runs the daemon of the configuration, and on HUP the one of the new configuration, until ctx ends.
func (a *app) runDaemons(ctx context.Context, current *atomic.Pointer[daemon], c *config.Config, folder ...string) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, reloadSignals...)
	defer signal.Stop(hup)
	for {
		d := current.Load()
		running, stop := context.WithCancel(ctx)
		stopped := make(chan error, 1)
		go func() { stopped <- d.run(running) }()

		next := a.awaitReload(ctx, hup, stopped, c, folder...)
		stop()
		err := <-stopped
		if next == nil || err != nil {
			return errors.Join(err, d.close())
		}
		current.Store(next)
		c = next.site.config
		if err := d.close(); err != nil {
			a.log.ErrorContext(ctx, "old configuration not closed", "error", err)
		}
		a.log.InfoContext(ctx, "configuration read again", "feeds", len(c.Feeds))
	}
}

// awaitReload waits for a HUP that finds a good configuration, and returns its daemon; nil when ctx ends or the
// running one stops by itself.
func (a *app) awaitReload(ctx context.Context, hup <-chan os.Signal, stopped chan error, c *config.Config, folder ...string) *daemon {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-stopped:
			stopped <- err
			return nil
		case <-hup:
		}
		next, err := a.load(folder...)
		if err == nil && next.Serve.Listen != c.Serve.Listen {
			a.log.WarnContext(ctx, "serve.listen changes with a restart only", "still", c.Serve.Listen)
		}
		var d *daemon
		if err == nil {
			d, err = a.newDaemon(ctx, next)
		}
		if err == nil {
			return d
		}
		a.log.ErrorContext(ctx, "new configuration not taken, the old one stands", "error", err)
	}
}
