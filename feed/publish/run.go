package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/encode"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// A run is one call of Publish: what it found, and what it has done so far.
type run struct {
	*Publisher
	root       *os.Root
	at         time.Time
	list       *list
	channels   []channel
	named      map[string]channel // the channels by name
	states     map[string]store.FeedState
	shown      map[string]feed.Entry // every published entry, by ID; read when it is asked for
	done       []progress
	changed    few    // entries that changed since the run before
	own        bool   // the list is as this process wrote it last
	noted      *noted // what the store noted when the list was written as it is, unless the list is own
	continued  bool   // what the process before knew is known, see goOn
	mark       int64  // the last change that this run knows of
	remembered bool   // remember has done its work
	alone      bool   // one channel is published after the other
	report     Report
}

// progress is what is noted in the store about a feed, after its documents and the list are safe.
type progress struct {
	state   store.FeedState
	whole   bool              // every document is as it should be; else the window before stands
	entries []feed.Entry      // the window, as stored
	left    map[string]string // why entries of the window before are not in it, by ID
	archive *archive          // nil where the feed has none
}

func (p *Publisher) start(ctx context.Context) (*run, error) {
	root, err := p.openPublic()
	if err != nil {
		return nil, fmt.Errorf("open the published folder %s: %w", p.config.Public, err)
	}
	r := &run{Publisher: p, root: root, at: p.now(), states: map[string]store.FeedState{}}
	r.report.DryRun = p.config.DryRun
	if err := r.look(ctx); err != nil {
		root.Close()
		return nil, err
	}
	return r, nil
}

// look reads what there is: the list, the channels of the configuration, and how far each has come.
func (r *run) look(ctx context.Context) error {
	r.own = r.isKept(r.root)
	if !r.own {
		var err error
		if r.noted, err = r.notedWith(ctx, r.root); err != nil {
			return err
		}
	}
	m, err := r.readManifest(ctx, r.root)
	if err != nil {
		return err
	}
	if !r.own && r.noted == nil {
		if err := r.keepWithdrawn(ctx, m); err != nil {
			return err
		}
	}
	r.list = newList(r.root, m, r.at, r.config.DryRun)
	r.list.ours = r.ours
	for _, name := range r.config.Precompress {
		if c, ok := encode.Named(name); ok && c != encode.Identity {
			r.list.codings = append(r.list.codings, c)
		}
	}
	slices.Sort(r.list.codings)
	if r.channels, err = r.expand(ctx); err != nil {
		return err
	}
	states, err := r.store.FeedStates(ctx)
	if err != nil {
		return err
	}
	r.named = map[string]channel{}
	for _, c := range r.channels {
		r.named[c.Name] = c
	}
	for _, st := range states {
		if _, configured := r.named[st.Name]; !configured && !st.Next.IsZero() {
			// Nobody publishes it any more, so no moment of its own is to wake anybody.
			st.Next = time.Time{}
			if err := r.store.SaveFeedResult(ctx, st); err != nil {
				return err
			}
		}
		r.states[st.Name] = st
	}
	return nil
}

// expand makes the channels of the configuration: one a feed, and one a value where it says so.
func (p *Publisher) expand(ctx context.Context) ([]channel, error) {
	var channels []channel
	for _, s := range p.config.Specs {
		if s.Each == "" {
			channels = append(channels, p.known(s.channel(p.config.Site)))
			continue
		}
		facets, err := p.store.Facets(ctx, s.Each)
		if err != nil {
			return nil, err
		}
		for _, f := range facets {
			if f.Value == "" { // no language, which is the site's
				if site := feed.Fold(p.config.Site.Language); slices.ContainsFunc(facets, func(f store.NamedFacet) bool { return f.Value == site }) {
					continue
				}
				f.Value, f.Label = feed.Fold(p.config.Site.Language), p.config.Site.Language
			}
			if f.Name == "" {
				if f.Name, err = p.store.FacetName(ctx, s.Each, f.Label); err != nil {
					return nil, err
				}
			}
			channels = append(channels, p.known(s.forFacet(p.config.Site, f)))
		}
	}
	return channels, nil
}

// An identity is all of a channel that may change between two runs of a process.
type identity struct {
	name, title, description string
	facet                    feed.Facet
}

// known gives a channel what tells its configurations apart, which is not worked out twice: there may be ten thousand tags.
func (p *Publisher) known(c channel) channel {
	c.style = p.style
	key := identity{name: c.Name, title: c.Title, description: c.Description}
	if c.facet != nil {
		key.facet = *c.facet
	}
	if c.config = p.configs[key]; c.config == "" {
		c.config = digest(writerVersion, c)
		p.configs[key] = c.config
	}
	return c
}

// isShown tells whether the channel has documents. One of a value has none before its first visible entry: the name
// alone would tell of an article under embargo.
func (r *run) isShown(ctx context.Context, c channel) (bool, error) {
	if c.facet == nil || r.states[c.Name].Published {
		return true, nil
	}
	return r.store.Any(ctx, c.query(r.at))
}

// notedAtOnce is of how many feeds the progress is noted in one transaction: most of what it takes is waiting for the disk.
const notedAtOnce = 100

// finish writes the page and the list, and then notes the progress: a crash before that repeats work, and repeated
// work makes the same bytes.
func (r *run) finish(ctx context.Context) error {
	page, err := r.index(ctx)
	if err != nil {
		return err
	}
	if len(r.done) > 0 {
		if err := r.remember(ctx); err != nil {
			return err
		}
	}
	for _, p := range r.done {
		if p.archive != nil && p.whole {
			if err := r.dropParts(p.archive); err != nil {
				return err
			}
		}
	}
	if err := r.encodeRest(ctx); err != nil {
		return err
	}
	r.list.dropUnwritten()
	if err := r.writeList(); err != nil {
		return err
	}
	for some := range slices.Chunk(r.done, notedAtOnce) {
		err := r.store.Together(ctx, func(ctx context.Context) error {
			for _, p := range some {
				if err := r.note(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return r.store.Together(ctx, func(ctx context.Context) error {
		if err := r.store.SetSetting(ctx, pageSetting, page); err != nil || r.config.DryRun {
			return err
		}
		return r.noteList(ctx)
	})
}

// writeList writes the list, and keeps it for the next run.
func (r *run) writeList() error {
	if err := r.list.write(); err != nil || r.config.DryRun {
		return err
	}
	info, err := r.root.Stat(manifest.Name)
	if err == nil {
		r.kept = kept{info, r.list.whole}
		if r.remembered {
			if r.unsettled = r.leaving(); r.unsettled.many {
				r.unsettled, r.recalled = few{}, time.Time{} // the next run looks at everything
			}
		}
	}
	return err
}

func (r *run) note(ctx context.Context, p progress) error {
	if p.archive != nil {
		if err := p.archive.save(ctx, r.store, r.mark, p.whole); err != nil {
			return err
		}
		r.reached[p.state.Name] = ""
		if p.whole {
			r.reached[p.state.Name] = p.archive.reach()
		}
	}
	if !p.whole {
		return r.store.SaveFeedResult(ctx, p.state)
	}
	return r.store.SaveFeed(ctx, p.state, ids(p.entries), p.left)
}

// readManifest reads the folder's list. A folder that has none is new to us, or the list was lost on the way, as
// hidden files are when a folder is copied: then what says that it is ours is put on a new one. So it is when the list
// is damaged, which must not keep a withdrawal from being carried out.
func (p *Publisher) readManifest(ctx context.Context, root *os.Root) (*manifest.Manifest, error) {
	if p.isKept(root) {
		return p.kept.list, nil
	}
	m, err := manifest.Read(root)
	if errors.Is(err, manifest.ErrDamaged) {
		if !p.config.DryRun {
			aside, asideErr := manifest.SetAside(root)
			if asideErr != nil {
				return nil, fmt.Errorf("%s: %w; move it away: %w", p.config.Public, err, asideErr)
			}
			p.log.WarnContext(ctx, "list of published files made anew", "folder", p.config.Public, "old one", aside, "error", err)
		}
		err = os.ErrNotExist
	}
	if errors.Is(err, os.ErrNotExist) {
		m, err = p.recognise(root)
	}
	if err != nil {
		return nil, fmt.Errorf("read the list of published files in %s: %w", p.config.Public, err)
	}
	return m, nil
}
