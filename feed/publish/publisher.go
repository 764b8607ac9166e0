// Package publish is the job: it selects what readers are to see, writes and checks every document, replaces what
// is published, and does so on a schedule.
//
// It keeps four laws. The store is the truth about entries, the published folder the boundary. The same entries
// and configuration make the same bytes. What fails leaves the last good documents standing, but for a withdrawal,
// which is always carried out. And work follows change: a run asks what changed since the last one.
package publish

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/page"
	"feedpub/store"
)

// Config is what a Publisher publishes.
type Config struct {
	Site   Site
	Specs  []Spec // in the order in which pages list them
	Public string // the published folder; made where it is missing
	// Redirects are written to _redirects, for static hosts that read it; none writes no such file.
	Redirects []Redirect
	// Precompress names the codings, gzip, br or zstd, in which each document is published too, in files beside it.
	Precompress []string
	// Theme is the look of the pages for people, and Zone that of the dates on them; nil for UTC.
	Theme Theme
	Zone  *time.Location
	// LockWait is how long to wait for another process that is publishing.
	LockWait time.Duration
	// Told hears of each run that had something to look at: what it did, how long it took, and why it ended early.
	Told func(Report, time.Duration, error)
	// DryRun works everything out and replaces nothing. The store should be a copy: progress is noted in it.
	DryRun bool
}

// A Redirect sends readers from an old address to a new one, for good. Both are below the published folder, or To is an
// absolute URL; From may end in /*, and To in /:splat then.
type Redirect struct{ From, To string }

// A Publisher publishes the feeds of one store into one folder.
type Publisher struct {
	log    *slog.Logger
	store  *store.Store
	config Config
	now    func() time.Time
	theme  *page.Theme
	style  string // tells themes and zones apart

	running    sync.Mutex          // held with the store's lock, for what follows
	configs    map[identity]string // digests of channels, see known
	lookedAt   time.Time           // when all documents were looked for last, see touched
	proof      feed.Proof          // of the entries that this process checked
	looked     map[string]bool     // feeds whose archives were looked at since the start, see isPartMissing
	incomplete map[string]bool     // of them those whose archive lacks a document, until it is written whole
	reached    map[string]string   // by feeds with archives, how far those go that this process made, see archive.reach
	kept       kept
	recalled   time.Time // when all that the store remembers was put on the list last, see remember
	unsettled  few       // entries to look at in the next run, since the last one noted their places after the list

	mu      sync.Mutex
	settled settled

	sizes sizes
}

// New makes a Publisher. The clock decides only what is visible, and when bytes are said to have changed.
func New(log *slog.Logger, s *store.Store, c Config, now func() time.Time) *Publisher {
	p := &Publisher{log: log, store: s, config: c, now: now, theme: c.Theme.own, looked: map[string]bool{}, incomplete: map[string]bool{}, reached: map[string]string{}, configs: map[identity]string{}}
	if p.theme == nil {
		p.theme = ownTheme()
	}
	p.style = digest(pageVersion, p.theme.Digest(), p.zone().String())
	return p
}

// Prepare has the store keep what the feeds are selected by. To call it before the articles come saves work; else Publish does the
// same later.
func (p *Publisher) Prepare(ctx context.Context) error {
	for _, s := range p.config.Specs {
		narrowest, _, _ := store.Narrowest(s.Select)
		for _, kind := range []feed.Kind{narrowest, s.Each} {
			if kind == "" {
				continue
			}
			if err := p.store.Keep(ctx, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// Publish brings the feeds that which names to what the store says: those that a change, the clock or the
// configuration touches are written, checked and replaced. It holds the store's publishing lock; the error is
// store.ErrLocked when another process held it all the time. A feed that fails does not stop the others; the report
// tells. What was begun when ctx ends is finished, and the rest left to the next run.
func (p *Publisher) Publish(ctx context.Context, which Which) (Report, error) {
	if idle, err := p.idle(ctx); err != nil || idle {
		return Report{DryRun: p.config.DryRun}, err
	}
	began := time.Now()
	report, err := p.publish(ctx, which)
	if p.config.Told != nil {
		p.config.Told(report, time.Since(began), err)
	}
	return report, err
}

func (p *Publisher) publish(ctx context.Context, which Which) (Report, error) {
	unlock, err := p.lock(ctx)
	if err != nil {
		return Report{}, err
	}
	defer unlock()
	r, err := p.start(ctx)
	if err != nil {
		return Report{}, err
	}
	defer r.root.Close()
	if err := r.findWork(ctx); err != nil {
		return Report{}, fmt.Errorf("find what changed: %w", err)
	}
	work := r.work(which)
	if err := r.claim(ctx, work); err != nil {
		return Report{}, err
	}
	r.publishAll(ctx, work)
	if err := r.finish(context.WithoutCancel(ctx)); err != nil {
		p.kept = kept{} // the list may be ahead of the store
		return r.report, err
	}
	p.settle(ctx, r)
	return r.report, ctx.Err()
}

// lock keeps all other runs off, of this process and of others.
func (p *Publisher) lock(ctx context.Context) (unlock func(), err error) {
	others, err := p.store.LockPublishing(ctx, p.config.LockWait)
	if err != nil {
		return nil, err
	}
	p.running.Lock()
	return func() { p.running.Unlock(); others() }, nil
}

// Due tells whether a feed's window changes by the clock alone at or before now: an embargo ends, an entry expires.
// It is cheap enough to ask every second.
func (p *Publisher) Due(ctx context.Context, now time.Time) (bool, error) {
	next, err := p.store.NextWindowChange(ctx)
	if err != nil {
		return false, err
	}
	return !next.IsZero() && !next.After(now), nil
}

// openPublic opens the published folder, and makes it where it is missing.
func (p *Publisher) openPublic() (*os.Root, error) {
	if p.config.DryRun {
		return openOrEmpty(p.config.Public)
	}
	if err := os.MkdirAll(p.config.Public, 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(p.config.Public)
}

// openOrEmpty opens the folder, or an empty one in its place, which is gone when it is closed.
func openOrEmpty(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if !errors.Is(err, os.ErrNotExist) {
		return root, err
	}
	empty, err := os.MkdirTemp("", "feedpub-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(empty)
	return os.OpenRoot(empty)
}
