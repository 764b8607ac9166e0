package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"feedpub/feed/ingest"
	"feedpub/feed/publish"
)

func (a *app) generateCommand() *cobra.Command {
	var dry, partial, force bool
	cmd := &cobra.Command{
		Use:   "generate [FOLDER]",
		Short: "Read the sources, publish what changed, and end",
		Long: `Read the sources of the configuration into the store, write and check the feeds
that changed, and replace what is published. Without a feedpub.yaml in FOLDER every
default stands, and FOLDER itself is the source.`,
		Example: "  feedpub generate config/example\n  feedpub generate --dry-run",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			withHeadroom()
			return a.inSite(cmd.Context(), a.opener(dry), func(s *site) error {
				return a.generate(cmd.Context(), s, partial, force)
			}, args...)
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "tell what would change, and change nothing")
	cmd.Flags().BoolVar(&partial, "allow-partial", false, "end with 0 when articles were refused and the rest went in")
	cmd.Flags().BoolVar(&force, "force", false, "withdraw what vanished even when it is much at once")
	return cmd
}

// generated is the result of one run over sources and feeds.
type generated struct {
	Sources []sourceReport `json:"sources"`
	Error   string         `json:"error,omitempty"` // why the sources' changes are not published
	publish.Report
}

func (a *app) generate(ctx context.Context, s *site, partial, force bool) error {
	result, err := a.once(ctx, s, publish.All, force)
	if err != nil && len(result.Sources) == 0 {
		return err
	}
	if err != nil {
		result.Error = err.Error()
	}
	if err := errors.Join(err, a.print(result, func(w io.Writer) { printGenerated(w, result) })); err != nil {
		return err
	}
	if err := publishResult(result.Report, partial); err != nil {
		return err
	}
	return sourcesResult(result.Sources, partial)
}

// once is the job: the sources into the store, and the store to the readers.
func (a *app) once(ctx context.Context, s *site, which publish.Which, force bool) (result generated, err error) {
	if !s.dry {
		defer func() { a.tellFailure(ctx, s, result, err) }()
	}
	if err := s.publisher.Prepare(ctx); err != nil {
		return result, err
	}
	if err := a.readSources(ctx, s, &result, force); err != nil {
		return result, err
	}
	err = a.publishAndProbe(ctx, s, which, &result)
	return result, err
}

// publishAndProbe brings the store to the readers. Enclosures are probed when that is done, so that nothing waits for their
// servers; what was found out is published then.
func (a *app) publishAndProbe(ctx context.Context, s *site, which publish.Which, result *generated) (err error) {
	if result.Report, err = s.publisher.Publish(ctx, publish.Awake(which, a.now())); err != nil {
		return err
	}
	again, err := a.probeAndPublish(ctx, s, which)
	result.Report.Add(again)
	return err
}

// probeAndPublish probes the enclosures, and publishes what was found out.
func (a *app) probeAndPublish(ctx context.Context, s *site, which publish.Which) (publish.Report, error) {
	if s.dry || !s.config.Network.Probe {
		return publish.Report{}, nil
	}
	found, err := a.probe(ctx, s)
	if err != nil || found == 0 {
		return publish.Report{}, err
	}
	return s.publisher.Publish(ctx, publish.Awake(which, a.now()))
}

// probe finds out of the sources' enclosures what the sources do not tell.
func (a *app) probe(ctx context.Context, s *site) (found int, err error) {
	var sources []ingest.Source
	for _, src := range s.config.Sources {
		sources = append(sources, sourceFrom(src))
	}
	return a.loader(s, false).Probe(ctx, sources)
}

// readSources brings the sources into the store. One that fails does not stop the others, nor the publishing of what
// is stored; the report tells.
func (a *app) readSources(ctx context.Context, s *site, result *generated, force bool) error {
	reports := make([]sourceReport, len(s.config.Sources))
	a.readFolders(ctx, s, reports, force)
	a.readFeeds(ctx, s, reports, force)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, r := range reports {
		if err := a.noteSource(ctx, s, r); err != nil {
			return err
		}
		result.Sources = append(result.Sources, r)
	}
	if err := a.tellUnclaimed(ctx, s); err != nil {
		return err
	}
	return s.store.SetSetting(ctx, readSetting, a.now().UTC().Format(time.RFC3339))
}

// readFolders reads the sources that are folders; reports are those of all sources.
func (a *app) readFolders(ctx context.Context, s *site, reports []sourceReport, force bool) {
	a.reading.Lock() // two schedules may tick at once
	defer a.reading.Unlock()
	loader := a.loader(s, force)
	for i, src := range s.config.Sources {
		if src.Folder == "" || ctx.Err() != nil {
			continue
		}
		loader.Progress = a.progress(src.Name)
		report, err := loader.Load(ctx, sourceFrom(src))
		reports[i] = sourceReportOf(src.Name, report, err)
	}
}

// readFeeds reads the sources that are feeds on the web. Nobody waits for their servers who reads a folder.
func (a *app) readFeeds(ctx context.Context, s *site, reports []sourceReport, force bool) {
	a.asking.Lock()
	defer a.asking.Unlock()
	var feeds []ingest.Source
	var places []int // of the feeds among the sources
	for i, src := range s.config.Sources {
		if src.Feed != "" {
			feeds, places = append(feeds, sourceFrom(src)), append(places, i)
		}
	}
	for i, r := range a.loader(s, force).LoadFeeds(ctx, feeds) {
		reports[places[i]] = sourceReportOf(feeds[i].Name, r.Report, r.Err)
	}
}

// readSetting is the name under which the store keeps when the sources were read last.
const readSetting = "sources read"

func printGenerated(w io.Writer, g generated) {
	printSources(w, g.Sources)
	verb := "published"
	if g.DryRun {
		verb = "would publish"
	}
	for _, f := range g.Feeds {
		for _, d := range f.Documents {
			if d.Changed {
				fmt.Fprintf(w, "%s %s, %d entries\n", verb, d.Path, f.Entries)
			}
		}
	}
	if g.Written == 0 && g.Failed == 0 && g.Error == "" {
		fmt.Fprintln(w, "nothing new to publish")
	}
}

// publishResult makes an exit code of a run's report; what failed was logged.
func publishResult(r publish.Report, allowPartial bool) error {
	switch {
	case r.Blocked > 0:
		return fmt.Errorf("%s could not be replaced", documents(r.Blocked))
	case r.Failed > 0:
		return &exitError{code: exitCheck, err: fmt.Errorf("%s not published; the last good ones stand", documents(r.Failed))}
	case r.Refused > 0 && !allowPartial:
		return &exitError{code: exitPartial, err: fmt.Errorf("%d entries failed their check; the rest is published", r.Refused)}
	}
	return nil
}

func documents(n int) string {
	if n == 1 {
		return "1 document"
	}
	return fmt.Sprintf("%d documents", n)
}

// tellUnclaimed says once, when the articles were read for the first time after an old feed was adopted, which of its
// entries are none of them: readers may see those articles as new, if they are here under other addresses.
func (a *app) tellUnclaimed(ctx context.Context, s *site) error {
	a.noting.Lock()
	defer a.noting.Unlock()
	if !s.adopting {
		return nil
	}
	s.adopting = false
	urls, err := s.store.Unclaimed(ctx)
	if n := len(urls); err == nil && n > 0 {
		a.log.WarnContext(ctx, "adopted entries that are no article's: those that are here under another address will show as new; give them that url",
			"entries", n, "such as", urls[:min(n, 5)])
	}
	return err
}
