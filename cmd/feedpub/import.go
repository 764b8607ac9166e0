package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feedpub/feed/ingest"
)

func (a *app) importCommand() *cobra.Command {
	var dry, partial bool
	var now string
	cmd := &cobra.Command{
		Use:   "import SOURCE…",
		Short: "Read files, folders and feeds on the web into the store",
		Long: `Read Markdown, text, HTML, JSON and NDJSON files, feeds and exports of WordPress and Ghost,
folders of them, or feeds on the web by their addresses, into the store of the configuration; the next run
publishes them. A file below a configured source takes that source's name and key, another the name of its
folder, a feed that of its host. With --json, one JSON object is printed for each article,
as it went in, or as it would go in with --dry-run.`,
		Example: "  feedpub import articles/hello.md\n  feedpub import --dry-run --json articles\n  feedpub import https://old.example.org/feed",
		Args:    args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if now != "" {
				at, err := time.Parse(time.RFC3339, now)
				if err != nil || !dry {
					return usage("--now %s: give a time as 2026-11-23T00:00:00Z, together with --dry-run", now)
				}
				a.now = func() time.Time { return at }
			}
			return a.inSite(cmd.Context(), a.opener(dry), func(s *site) error {
				return a.importAll(cmd.Context(), s, args, partial)
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "tell what would go in, and store nothing")
	cmd.Flags().BoolVar(&partial, "allow-partial", false, "end with 0 when articles were refused and the rest went in")
	cmd.Flags().StringVar(&now, "now", "", "the `TIME` that a dry run takes for now")
	return cmd
}

func (a *app) importAll(ctx context.Context, s *site, names []string, partial bool) error {
	var reports []sourceReport
	for _, name := range names {
		if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
			r, err := a.importFeed(ctx, s, name)
			if err != nil {
				return err
			}
			reports = append(reports, r)
			continue
		}
		src, key, err := sourceOf(s.config, name)
		if err != nil {
			return err
		}
		loader := a.loader(s, false)
		loader.Reread, loader.Progress = a.json, a.progress(src.Name)
		var failed error
		loader.Each = func(file string, article ingest.Article, err error) {
			if a.json && failed == nil {
				failed = a.printRecord(file, article, err)
			}
		}
		report, err := loader.Import(ctx, src, key)
		if err := errors.Join(err, failed); err != nil {
			return err
		}
		r := sourceReportOf(src.Name, report, nil)
		if !a.json {
			a.tellProblems(ctx, r, nil)
		}
		reports = append(reports, r)
	}
	if !a.json && !a.quiet {
		printSources(a.stdout, reports)
	}
	return sourcesResult(reports, partial)
}

// importFeed reads a feed on the web once, whatever its server said of when to come again.
func (a *app) importFeed(ctx context.Context, s *site, address string) (sourceReport, error) {
	src := feedSourceOf(s.config, address)
	loader := a.loader(s, true)
	loader.Reread = a.json
	var failed error
	loader.Each = func(file string, article ingest.Article, err error) {
		if a.json && failed == nil {
			failed = a.printRecord(file, article, err)
		}
	}
	report := loader.LoadFeeds(ctx, []ingest.Source{src})[0]
	if err := errors.Join(report.Err, failed); err != nil {
		return sourceReport{}, err
	}
	r := sourceReportOf(src.Name, report.Report, nil)
	if !a.json {
		a.tellProblems(ctx, r, nil)
	}
	return r, nil
}

// printRecord prints one article as one line of JSON.
func (a *app) printRecord(file string, article ingest.Article, err error) error {
	r := recordOf(&article.Entry, a.now())
	r.File, r.Warnings = file, article.Warnings
	if r.Warnings == nil {
		r.Warnings = []string{}
	}
	if err != nil {
		r.Error = err.Error()
	}
	return a.printJSON(r)
}

func printSources(w io.Writer, sources []sourceReport) {
	for _, s := range sources {
		fmt.Fprintf(w, "%s: %d read, %d new, %d changed, %d refused\n", s.Name, s.Read, s.New, s.Changed, s.Refused)
	}
}
