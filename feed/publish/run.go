package publish

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// A run is one call of Publish: what it found, and what it has done so far.
type run struct {
	*Publisher
	root     *os.Root
	at       time.Time
	listed   map[string]manifest.File // the list of own files, by path
	memory   []manifest.Entry
	channels []channel
	states   map[string]store.FeedState
	done     []progress
	report   Report
}

// progress is what is noted in the store about a feed, after its documents and the list are safe.
type progress struct {
	state   store.FeedState
	entries []feed.Entry      // the window, as stored
	left    map[string]string // why entries of the window before are not in it, by ID
}

func (p *Publisher) start(ctx context.Context) (*run, error) {
	root, err := p.openPublic()
	if err != nil {
		return nil, fmt.Errorf("open the published folder: %w", err)
	}
	r := &run{Publisher: p, root: root, at: p.now(), listed: map[string]manifest.File{}, states: map[string]store.FeedState{}}
	r.report.DryRun = p.config.DryRun
	m, err := readManifest(root)
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("read the list of published files in %s: %w", p.config.Public, err)
	}
	r.memory = m.Entries
	for _, f := range m.Files {
		r.listed[f.Path] = f
	}
	states, err := p.store.FeedStates(ctx)
	if err == nil {
		r.channels, err = p.expand(ctx)
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	for _, st := range states {
		r.states[st.Name] = st
	}
	return r, nil
}

// expand makes the channels of the configuration: one a feed, and one a tag where it says so.
func (p *Publisher) expand(ctx context.Context) ([]channel, error) {
	var channels []channel
	for _, s := range p.config.Specs {
		if s.Each == "" {
			channels = append(channels, s.channel(p.config.Site))
			continue
		}
		tags, err := p.store.Tags(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range tags {
			name := t.Name
			if name == "" {
				if name, err = p.store.TagName(ctx, t.Label); err != nil {
					return nil, err
				}
			}
			channels = append(channels, s.forTag(p.config.Site, name, t.Label))
		}
	}
	return channels, nil
}

// findWork marks the feeds that something since the last run touches: a change of an entry that is or was in them,
// the configuration, the clock, a file that somebody removed.
func (r *run) findWork(ctx context.Context) error {
	mark, err := r.store.Mark(ctx)
	if err != nil {
		return err
	}
	changes, upTo, err := r.store.Changes(ctx, mark)
	if err != nil {
		return err
	}
	var touched []string
	for _, c := range r.channels {
		if r.isTouched(c, changes) {
			touched = append(touched, c.Name)
		}
	}
	r.looked = true
	if err := r.store.MarkDirty(ctx, touched, upTo); err != nil {
		return err
	}
	for _, name := range touched {
		st := r.states[name]
		st.Name, st.Dirty = name, true
		r.states[name] = st
	}
	return nil
}

func (r *run) isTouched(c channel, changes []store.Change) bool {
	st, known := r.states[c.Name]
	if !known || st.Config != c.digest() {
		return true
	}
	if !r.looked && st.Published && r.isMissing(c) {
		return true
	}
	return slices.ContainsFunc(changes, func(ch store.Change) bool {
		return c.matches(ch.Tags) || slices.Contains(ch.Feeds, c.Name)
	})
}

func (r *run) isMissing(c channel) bool {
	return slices.ContainsFunc(c.Documents, func(d Document) bool {
		_, err := r.root.Lstat(c.path(d))
		return err != nil
	})
}

// work is the channels that are to be published in this run.
func (r *run) work(which Which) []channel {
	return slices.DeleteFunc(slices.Clone(r.channels), func(c channel) bool {
		st := r.states[c.Name]
		return !which(c, st) || !st.Dirty && !isPast(st.Next, r.at)
	})
}

// claim puts the paths of new documents on the list before the first of them is written. Whatever a crash leaves
// is then known as ours; and a file that is there already, but not on the list, is somebody else's.
func (r *run) claim(ctx context.Context, work []channel) error {
	claimed := r.claimPath(indexPath, "text/html")
	for _, c := range work {
		shown, err := r.isShown(ctx, c)
		if err != nil {
			return err
		}
		if !shown {
			continue
		}
		for _, d := range c.Documents {
			if r.claimPath(c.path(d), d.Format.MediaType()) {
				claimed = true
			}
		}
	}
	if !claimed || r.config.DryRun {
		return nil
	}
	return r.writeManifest()
}

func (r *run) claimPath(path, mediaType string) bool {
	if _, ok := r.listed[path]; ok {
		return false
	}
	if _, err := r.root.Lstat(path); err == nil {
		return false
	}
	r.listed[path] = manifest.File{Path: path, Type: mediaType}
	return true
}

// isShown tells whether the channel has documents. One of a tag has none before its first visible entry: the name
// alone would tell of an article under embargo.
func (r *run) isShown(ctx context.Context, c channel) (bool, error) {
	if !c.ofTag || r.states[c.Name].Published {
		return true, nil
	}
	q := c.query(r.at)
	q.Limit = 1
	first, err := r.store.Newest(ctx, q)
	return len(first) > 0, err
}

// replace makes doc the content of a document, when it is not that already.
func (r *run) replace(path, mediaType string, old, doc []byte) (changed bool, err error) {
	file, ours := r.listed[path]
	if !ours {
		return false, fmt.Errorf("%s is there already and was not written by feedpub; move it away, or give the document another path",
			path)
	}
	changed = old == nil || string(old) != string(doc)
	if r.config.DryRun {
		return changed, nil
	}
	if changed {
		if err := durable.WriteFile(r.root, path, doc); err != nil {
			return false, fmt.Errorf("replace %s: %w", path, err)
		}
	}
	// The list can lag behind the file when a run died between the two.
	if sum := manifest.Digest(doc); file.SHA256 != sum {
		file.Type, file.SHA256, file.Changed = mediaType, sum, r.changedAt(file.Changed)
		r.listed[path] = file
	}
	return changed, nil
}

// changedAt is the time from which the new bytes are told apart: at least a second after the time before, even
// when the clock was set back.
func (r *run) changedAt(before time.Time) time.Time {
	at := r.at.UTC().Truncate(time.Second)
	if least := before.Add(time.Second); !before.IsZero() && at.Before(least) {
		return least
	}
	return at
}

// finish writes the page and the list, and then notes the progress: a crash before that repeats work, and repeated
// work makes the same bytes.
func (r *run) finish(ctx context.Context) error {
	// What was replaced must get on the list even when ctx has ended.
	ctx = context.WithoutCancel(ctx)
	if err := r.index(ctx); err != nil {
		return err
	}
	if len(r.done) > 0 {
		if err := r.remember(ctx); err != nil {
			return err
		}
		if !r.config.DryRun {
			if err := r.writeManifest(); err != nil {
				return err
			}
		}
	}
	for _, p := range r.done {
		if err := r.store.SaveFeed(ctx, p.state, ids(p.entries), p.left); err != nil {
			return fmt.Errorf("note that %s is published: %w", p.state.Name, err)
		}
	}
	return nil
}

func (r *run) writeManifest() error {
	m := manifest.Manifest{Entries: r.memory}
	for path, f := range r.listed {
		if f.SHA256 == "" {
			if _, err := r.root.Lstat(path); err != nil && len(r.done) > 0 {
				continue // claimed, and its document failed
			}
		}
		m.Files = append(m.Files, f)
	}
	if _, err := m.Write(r.root); err != nil {
		return fmt.Errorf("write the list of published files: %w", err)
	}
	return nil
}

func (r *run) read(path string) ([]byte, error) {
	doc, err := r.root.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}
