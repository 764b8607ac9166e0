package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"feedpub/config"
	"feedpub/feed/audience"
	"feedpub/feed/status"
	"feedpub/feed/web"
	"feedpub/store"
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
stops; HUP reads the configuration again, and keeps the old one when it is wrong.

On a terminal it says which addresses to open, and logs as text; elsewhere it logs JSON.`,
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
	hup := make(chan os.Signal, 1) // before anything else: unheard, it would end the process
	signal.Notify(hup, reloadSignals...)
	defer signal.Stop(hup)
	c, err := a.load(folder...)
	if err != nil {
		return err
	}
	calm := &calmHandler{Handler: a.daemonLog(c.Log.Format), told: map[string]time.Time{}}
	a.log = slog.New(calm)
	if a.service, err = newNotifier(a.environ); err != nil {
		return err
	}
	a.began, a.audience = a.now(), audience.New(a.now)
	a.metrics = newMetrics(a.measure, a.audience)
	d, err := a.newDaemon(ctx, c)
	if err != nil {
		return err
	}
	public, private, err := a.listen(ctx, c)
	if err != nil {
		return errors.Join(err, d.close())
	}
	for _, ln := range public {
		a.log.InfoContext(ctx, "serving", "url", urlOf(ln), "folder", c.Public)
	}
	for _, ln := range private {
		a.log.InfoContext(ctx, "status page", "at", urlOf(ln)+"status")
	}
	if isTerminal(a.stderr) && !a.quiet && c.Log.Format != config.JSONLog {
		greet(a.stderr, c, public, private)
	}
	a.tell(ctx, "READY=1", statusLine("Serving "+c.Public+" at "+urlOf(public[0])))

	a.current.Store(d)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() {
		defer cancel() // a listener that fails stops the daemon
		served <- a.serveAll(ctx, c, public, private)
	}()
	r := &reloader{app: a, calm: calm, hup: hup, config: c, folder: folder, listening: urlOf(public[0])}
	err = a.runDaemons(ctx, r)
	cancel()
	return errors.Join(err, <-served, a.saveLast(ctx, r.config))
}

// readersHandler answers readers by the daemon that is current, and those who run the site where they give the token.
func (a *app) readersHandler(c *config.Config, ours *status.Handler) http.Handler {
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.current.Load().web.ServeHTTP(w, r) })
	h = withStatus(h, ours)
	if c.Log.Requests {
		h = a.logRequests(h)
	}
	return h
}

// serveAll answers what comes through the listeners until ctx ends or one of them fails.
func (a *app) serveAll(ctx context.Context, c *config.Config, public, private []net.Listener) error {
	ours := a.statusHandler(c)
	readers := a.readersHandler(c, ours)
	g, ctx := errgroup.WithContext(ctx)
	for _, ln := range public {
		g.Go(func() error { return web.Serve(ctx, ln, readers, drainTime) })
	}
	for _, ln := range private {
		g.Go(func() error { return web.Serve(ctx, ln, ours, drainTime) })
	}
	return g.Wait()
}

// runDaemons runs the daemon of the configuration, on HUP the one of the new configuration, and a new one where the
// store's file was taken away, until ctx ends.
func (a *app) runDaemons(ctx context.Context, r *reloader) error {
	for {
		d := a.current.Load()
		running, stop := context.WithCancel(ctx)
		stopped := make(chan error, 1)
		go func() { stopped <- d.run(running) }()

		next := r.await(ctx, stopped)
		if next == nil && ctx.Err() != nil {
			a.tell(ctx, "STOPPING=1")
		}
		stop()
		err := <-stopped
		if next != nil {
			a.replaced(next) // before the old one's store is closed, which somebody may ask
		}
		err = errors.Join(err, d.close())
		switch {
		case next != nil:
			if err != nil {
				a.log.ErrorContext(ctx, "old configuration not closed", "error", err)
			}
			a.log.InfoContext(ctx, "configuration read again", "feeds", len(r.config.Feeds))
		case errors.Is(err, store.ErrLost) && ctx.Err() == nil:
			a.log.WarnContext(ctx, "store opened anew", "error", err)
			if next = r.reopen(ctx); next == nil {
				return nil
			}
			a.current.Store(next)
		default:
			return err
		}
	}
}

// A reloader reads the configuration again on HUP, from where it came.
type reloader struct {
	app       *app
	calm      *calmHandler // who sends HUP wants to be told, also what was told before
	hup       <-chan os.Signal
	config    *config.Config // in force
	folder    []string       // that the command line named
	listening string         // the listener's address, which only a restart changes
}

// await waits for a HUP that finds a good configuration, and returns its daemon; nil when ctx ends or the running
// daemon stops by itself.
func (r *reloader) await(ctx context.Context, stopped chan error) *daemon {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-stopped:
			stopped <- err
			return nil
		case <-r.hup:
		}
		r.calm.forget()
		r.app.tellReloading(ctx)
		next, err := r.load()
		var d *daemon
		if err == nil {
			d, err = r.app.newDaemon(ctx, next)
		}
		if err != nil {
			r.app.log.ErrorContext(ctx, "new configuration not taken, the old one stands", "error", err)
			r.app.tell(ctx, "READY=1", statusLine("The new configuration is not taken, the old one stands: "+err.Error()))
			continue
		}
		r.app.tell(ctx, "READY=1", statusLine("The configuration was read again."))
		if next.Serve.Listen != r.config.Serve.Listen {
			r.app.log.WarnContext(ctx, "serve.listen changes with a restart only", "still", r.listening)
		}
		if next.Serve.Status != r.config.Serve.Status || next.Serve.Token != r.config.Serve.Token {
			r.app.log.WarnContext(ctx, "serve.status and serve.token change with a restart only")
		}
		if next.Log != r.config.Log {
			r.app.log.WarnContext(ctx, "log changes with a restart only", "still", r.config.Log.Format)
			next.Log = r.config.Log
		}
		r.config = next
		return d
	}
}

// reopen makes a daemon of the configuration in force, as soon as its store can be opened; nil when ctx ends before.
// Meanwhile what is published is served on.
func (r *reloader) reopen(ctx context.Context) *daemon {
	for {
		d, err := r.app.newDaemon(ctx, r.config)
		if err == nil {
			return d
		}
		r.app.log.ErrorContext(ctx, "store not opened, trying again", "error", err)
		wait := afterFailure
		if s := r.app.service; s != nil && s.every > 0 { // a daemon started anew could not even serve
			r.app.tell(ctx, "WATCHDOG=1")
			wait = min(wait, s.every)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// load reads the file again that the configuration in force came from. That it is gone is an error: the defaults would
// be another site.
func (r *reloader) load() (*config.Config, error) {
	if r.config.File != "" {
		return r.app.loadFile(r.config.File)
	}
	return r.app.load(r.folder...)
}
