package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"feedpub/config"
	"feedpub/feed/audience"
	"feedpub/feed/ingest"
	"feedpub/feed/publish"
	"feedpub/store"
)

// lockWait is how long a command waits for another one that is publishing.
const lockWait = 30 * time.Second

// An app is one call of the program: its streams, its flags, its clock.
type app struct {
	stdout, stderr io.Writer
	environ        []string
	log            *slog.Logger
	level          slog.Level // from which on it is logged
	now            func() time.Time
	service        *notifier // systemd, where it started the daemon

	began    time.Time              // when the daemon did
	current  atomic.Pointer[daemon] // that serves
	audience *audience.Counter      // of all daemons, one after the other; nil in other commands
	metrics  *metrics               // of the same; nil in other commands
	seen     memory                 // of the status page
	measured memory                 // of the metrics

	configFile           string
	json, quiet, verbose bool
	flags                []config.Flag // over the configuration

	reading sync.Mutex                 // held while folders are read
	asking  sync.Mutex                 // held while feeds on the web are
	noting  sync.Mutex                 // held while told and what was adopted are told
	told    map[string]map[string]bool // what was logged of each source when it was last read
}

// setUp takes what all commands share from the flags.
func (a *app) setUp(cmd *cobra.Command) {
	a.now = time.Now
	switch {
	case a.quiet:
		a.level = slog.LevelWarn
	case a.verbose:
		a.level = slog.LevelDebug
	}
	a.log = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: a.level, ReplaceAttr: hideSecrets}))
	for name, key := range map[string]string{"store": "store", "public": "public", "listen": "serve.listen"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			a.flags = append(a.flags, config.Flag{Name: "--" + name, Key: key, Value: f.Value.String()})
		}
	}
}

// loadFile reads a configuration file. That it cannot be read is a mistake of the configuration.
func (a *app) loadFile(name string) (*config.Config, error) {
	c, err := config.Load(name, a.options())
	if errors.As(err, new(*fs.PathError)) {
		return nil, &exitError{code: exitUsage, err: err}
	}
	return withTheme(c, err)
}

// withTheme gives back a configuration whose theme can be used. A mistake in a theme is one of the configuration.
func withTheme(c *config.Config, err error) (*config.Config, error) {
	if err != nil {
		return c, err
	}
	if _, err := themeOf(c); err != nil {
		return nil, &exitError{code: exitUsage, err: err}
	}
	return c, nil
}

func themeOf(c *config.Config) (publish.Theme, error) {
	if c.Site.Theme == "" {
		return publish.Theme{}, nil
	}
	theme, err := publish.ReadTheme(near(c.Site.Theme))
	if err != nil {
		return publish.Theme{}, fmt.Errorf("site.theme: %w", err)
	}
	return theme, nil
}

func (a *app) options() config.Options {
	environ := slices.DeleteFunc(slices.Clone(a.environ), func(pair string) bool {
		return strings.HasPrefix(pair, "FEEDPUB_ACTIVE_HELP=") // the completion of fish sets it, for cobra
	})
	return config.Options{Environ: environ, Flags: a.flags}
}

// load reads the configuration: the file of -c, else of the folder, else of the current folder.
func (a *app) load(folder ...string) (*config.Config, error) {
	dir := "."
	switch {
	case a.configFile != "" && len(folder) > 0:
		return nil, usage("a folder and --config say the same thing twice; give one of them")
	case a.configFile != "":
		if info, err := os.Stat(a.configFile); err != nil || !info.IsDir() {
			return a.loadFile(a.configFile)
		}
		dir = a.configFile
	case len(folder) > 0:
		dir = folder[0]
	}
	if info, err := os.Stat(dir); err != nil {
		return nil, usage("%s: %w", dir, errors.Unwrap(err))
	} else if !info.IsDir() {
		return nil, usage("%s is a file; give its folder, or a configuration file with --config", dir)
	}
	return withTheme(config.LoadFolder(dir, a.options()))
}

// A site is a configuration with its rooms opened.
type site struct {
	config    *config.Config
	dry       bool // nothing is to be changed
	adopting  bool // an old feed was adopted, and the articles have not been read since
	store     *store.Store
	reader    *ingest.Reader
	publisher *publish.Publisher
	close     func() error
}

// open opens the store of the configuration and what works on it. An empty store first takes over what is published;
// without that nothing may be published, or what was withdrawn could come back.
func (a *app) open(ctx context.Context, c *config.Config) (*site, error) {
	s, err := store.Open(ctx, c.Store)
	if err != nil {
		return nil, err
	}
	opened, err := a.siteOf(c, s, false, s.Close)
	if err != nil {
		return nil, err
	}
	return a.adopted(ctx, opened)
}

// openToRead opens the store of the configuration, but makes none.
func (a *app) openToRead(ctx context.Context, c *config.Config) (*site, error) {
	if isAbsent(c.Store) {
		return nil, fmt.Errorf("%w: %s is not there; run feedpub generate or feedpub serve first", errNoStore, near(c.Store))
	}
	s, err := store.Open(ctx, c.Store)
	if err != nil {
		return nil, err
	}
	return a.siteOf(c, s, true, s.Close)
}

// isAbsent tells whether a store is a file that is not there yet.
func isAbsent(url string) bool {
	_, err := os.Stat(url)
	return errors.Is(err, fs.ErrNotExist) && !strings.Contains(url, "://")
}

// errNoStore says that nothing was stored yet.
var errNoStore = errors.New("no store yet")

func (a *app) adopted(ctx context.Context, s *site) (*site, error) {
	n, err := s.publisher.Adopt(ctx)
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	if n > 0 {
		a.log.InfoContext(ctx, "store was empty, entries adopted from what is published", "entries", n)
	}
	for _, address := range s.config.Adopt {
		if err := a.adoptFrom(ctx, s, address); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

// adoptFrom takes over what readers know the articles by from another feed. Without it nothing may be published: what
// was shown once under another ID cannot be called back.
func (a *app) adoptFrom(ctx context.Context, s *site, address string) error {
	adoption, done, err := a.loader(s, false).Adopt(ctx, address)
	if err != nil {
		return fmt.Errorf("%w; nothing is published before, for readers would see its entries again", err)
	}
	if !done {
		return nil
	}
	a.log.InfoContext(ctx, "entries adopted", "from", address, "entries", adoption.Entries)
	s.adopting = true
	if n := len(adoption.Unnamed); n > 0 {
		a.log.WarnContext(ctx, "entries whose guid is no IRI are not adopted; readers will see them as new", "from", address, "entries", n,
			"such as", adoption.Unnamed[:min(n, 5)])
	}
	for _, url := range adoption.Late {
		a.log.WarnContext(ctx, "entry was published under another ID before, and keeps it", "from", address, "url", url)
	}
	return nil
}

// rehearse opens a copy of the store, so that everything can be tried and nothing is changed.
func (a *app) rehearse(ctx context.Context, c *config.Config) (*site, error) {
	dir, err := os.MkdirTemp("", "feedpub-*")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "store.db")
	s, err := copyOf(ctx, c.Store, path)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	copied, err := a.siteOf(c, s, true, func() error { return errors.Join(s.Close(), os.RemoveAll(dir)) })
	if err != nil {
		return nil, err
	}
	return a.adopted(ctx, copied)
}

// copyOf opens a copy of the store at path, or an empty store where there is none yet.
func copyOf(ctx context.Context, url, path string) (*store.Store, error) {
	if isAbsent(url) {
		return store.Open(ctx, path)
	}
	s, err := store.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.CopyTo(ctx, path); err != nil {
		return nil, err
	}
	return store.Open(ctx, path)
}

// siteOf is the site of an open store, which it closes when the site cannot be.
func (a *app) siteOf(c *config.Config, s *store.Store, dry bool, close func() error) (*site, error) {
	theme, err := themeOf(c)
	if err != nil {
		return nil, errors.Join(err, close())
	}
	reader := &ingest.Reader{
		Site: c.Site.URL, Permalink: c.Site.Permalink, Zone: c.Site.Timezone,
		IDAuthority: c.Site.IDAuthority, Authors: c.Site.Authors,
	}
	s.Now, s.Make = a.now, reader.Make
	return &site{
		config: c, dry: dry, store: s, close: close,
		reader: reader,
		publisher: publish.New(a.log, s, publish.Config{
			Site: siteOf(c), Specs: specsOf(c), Public: c.Public, Redirects: redirectsOf(c), Precompress: c.Precompress, LockWait: lockWait, DryRun: dry,
			Theme: theme, Zone: c.Site.Timezone,
			Told: func(r publish.Report, took time.Duration, err error) { a.metrics.countRun(c, r, took, err) },
		}, a.now),
	}, nil
}

// An opener opens the site of a configuration: open, openToRead or rehearse.
type opener func(context.Context, *config.Config) (*site, error)

// opener is the one for a command that may be a dry run.
func (a *app) opener(dry bool) opener {
	if dry {
		return a.rehearse
	}
	return a.open
}

// inSite runs a command's work on the site of the configuration, of the folder if one is given.
func (a *app) inSite(ctx context.Context, open opener, work func(*site) error, folder ...string) (err error) {
	c, err := a.load(folder...)
	if err != nil {
		return err
	}
	s, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return work(s)
}

// print prints a result: as JSON where that was asked for, else by the given function.
func (a *app) print(result any, text func(w io.Writer)) error {
	switch {
	case a.json:
		return a.printJSON(result)
	case !a.quiet:
		text(a.stdout)
	}
	return nil
}

// printJSON prints a value as one line of JSON.
func (a *app) printJSON(value any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

// isListening tells whether an error is about the address to serve at.
func isListening(err error) bool {
	var of *net.OpError
	return errors.As(err, &of) && of.Op == "listen"
}

// hintFor is what to do about an error, where we know it.
func hintFor(err error) string {
	switch {
	case isUsage(err) && errors.Is(err, fs.ErrNotExist):
		return "feedpub init makes a new site, with a configuration to begin from"
	case errors.Is(err, store.ErrLocked):
		return "another feedpub is publishing; try again when it is done"
	case isListening(err) && errors.Is(err, fs.ErrPermission):
		return "ports below 1024 want a privilege: choose one above with --listen, behind a web server, or have systemd open it (feedpub.socket)"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return "no network card of this machine has that address; 0.0.0.0 stands for all of them"
	case errors.Is(err, fs.ErrPermission):
		return "run feedpub as the user who owns the site's folder"
	case errors.Is(err, syscall.EADDRINUSE):
		return "another program listens there, maybe another feedpub; choose an address with --listen"
	case errors.Is(err, fs.ErrExist):
		return "feedpub serve runs the site that is there; feedpub init FOLDER makes another"
	case errors.Is(err, store.ErrNotFound):
		return "feedpub list shows what is stored"
	}
	return ""
}
