package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"feedpub/config"
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
	now            func() time.Time

	configFile           string
	json, quiet, verbose bool
	flags                []config.Flag // over the configuration
}

// setUp takes what all commands share from the flags.
func (a *app) setUp(cmd *cobra.Command) error {
	a.now = time.Now
	level := slog.LevelInfo
	switch {
	case a.quiet:
		level = slog.LevelWarn
	case a.verbose:
		level = slog.LevelDebug
	}
	a.log = slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
	for name, key := range map[string]string{"store": "store", "public": "public", "listen": "serve.listen"} {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			a.flags = append(a.flags, config.Flag{Name: "--" + name, Key: key, Value: f.Value.String()})
		}
	}
	return nil
}

// load reads the configuration: the file of -c, else of the folder, else of the current folder.
func (a *app) load(folder ...string) (*config.Config, error) {
	options := config.Options{Environ: a.environ, Flags: a.flags}
	dir := "."
	switch {
	case a.configFile != "" && len(folder) > 0:
		return nil, usage("a folder and --config say the same thing twice; give one of them")
	case a.configFile != "":
		if info, err := os.Stat(a.configFile); err != nil || !info.IsDir() {
			return config.Load(a.configFile, options)
		}
		dir = a.configFile
	case len(folder) > 0:
		dir = folder[0]
	}
	if info, err := os.Stat(dir); err != nil {
		return nil, usage("%w", err)
	} else if !info.IsDir() {
		return nil, usage("%s is a file; give its folder, or a configuration file with --config", dir)
	}
	return config.LoadFolder(dir, options)
}

// A site is a configuration with its rooms opened.
type site struct {
	config    *config.Config
	store     *store.Store
	reader    *ingest.Reader
	publisher *publish.Publisher
	close     func() error
}

// open opens the store of the configuration and what works on it.
func (a *app) open(ctx context.Context, c *config.Config) (*site, error) {
	s, err := store.Open(ctx, c.Store)
	if err != nil {
		return nil, err
	}
	return a.siteOf(c, s, false, s.Close), nil
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
	return a.siteOf(c, s, true, func() error { return errors.Join(s.Close(), os.RemoveAll(dir)) }), nil
}

// copyOf opens a copy of the store at path, or an empty store where there is none yet.
func copyOf(ctx context.Context, url, path string) (*store.Store, error) {
	if _, err := os.Stat(url); errors.Is(err, fs.ErrNotExist) {
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

func (a *app) siteOf(c *config.Config, s *store.Store, dry bool, close func() error) *site {
	s.Now = a.now
	return &site{
		config: c, store: s, close: close,
		reader: &ingest.Reader{
			Site: c.Site.URL, Permalink: c.Site.Permalink, Zone: c.Site.Timezone,
			IDAuthority: c.Site.IDAuthority, Authors: c.Site.Authors,
		},
		publisher: publish.New(a.log, s, publish.Config{
			Site: siteOf(c), Specs: specsOf(c), Public: c.Public, LockWait: lockWait, DryRun: dry,
		}, a.now),
	}
}

// siteOf is the configuration's site as the publisher takes it.
func siteOf(c *config.Config) publish.Site {
	return publish.Site{
		Title: c.Site.Title, Description: c.Site.Description,
		URL: c.Site.URL.String(), FeedsURL: c.Site.FeedsURL.String(),
		Language: c.Site.Language, IDAuthority: c.Site.IDAuthority, Authors: c.Site.Authors,
	}
}

// specsOf is the configuration's feeds as the publisher takes them. One that is gone or moved is published no more.
func specsOf(c *config.Config) []publish.Spec {
	var specs []publish.Spec
	for _, f := range c.Feeds {
		if f.Gone || f.MovedTo != "" {
			continue
		}
		s := publish.Spec{
			Name: f.Name, Each: f.Each, Title: f.Title, Description: f.Description, Tags: f.Tags,
			Limit: f.Limit, Content: f.Content, WithdrawnFor: f.WithdrawnFor, Schedule: f.Schedule.String(),
		}
		for _, format := range f.Formats {
			s.Documents = append(s.Documents, publish.Document{Format: format, File: f.Paths[format]})
		}
		specs = append(specs, s)
	}
	return specs
}

// inSite runs a command's work on the site of the configuration.
func (a *app) inSite(ctx context.Context, work func(*site) error) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	return a.inSiteOf(ctx, c, a.open, work)
}

func (a *app) inSiteOf(ctx context.Context, c *config.Config, open func(context.Context, *config.Config) (*site, error), work func(*site) error) (err error) {
	s, err := open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return work(s)
}

// print prints a result: as JSON where that was asked for, else by the given function.
func (a *app) print(result any, text func(w io.Writer)) error {
	if a.json {
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		return e.Encode(result)
	}
	if text != nil {
		text(a.stdout)
	}
	return nil
}

// hintFor is what to do about an error, where we know it.
func hintFor(err error) string {
	switch {
	case errors.Is(err, store.ErrLocked):
		return "another feedpub is publishing; try again when it is done"
	case errors.Is(err, fs.ErrPermission):
		return "run feedpub as the user who owns the site's folder"
	}
	return ""
}
