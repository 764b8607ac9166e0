package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"feedpub/store"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "Tell each feed's last run, next run, and what failed",
		Example: "  feedpub status --json",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := a.inSite(cmd.Context(), a.openToRead, func(s *site) error { return a.status(cmd.Context(), s) })
			if errors.Is(err, errNoStore) {
				return a.printStatus([]sourceReport{}, []feedStatus{})
			}
			return err
		},
	}
}

func (a *app) status(ctx context.Context, s *site) error {
	states, err := s.store.FeedStates(ctx)
	if err != nil {
		return err
	}
	feeds := make([]feedStatus, len(states))
	for i, st := range states {
		if feeds[i], err = a.statusOf(ctx, s, st); err != nil {
			return err
		}
	}
	sources, err := s.lastReports(ctx)
	if err != nil {
		return err
	}
	return a.printStatus(sources, feeds)
}

func (a *app) printStatus(sources []sourceReport, feeds []feedStatus) error {
	return a.print(map[string]any{"sources": sources, "feeds": feeds}, func(w io.Writer) {
		printFeeds(w, feeds)
		for _, r := range sources {
			for _, line := range append(r.Problems, r.Error) {
				if line != "" {
					fmt.Fprintf(w, "source %s: %s\n", r.Name, line)
				}
			}
		}
	})
}

type feedStatus struct {
	Name       string     `json:"name"`
	Entries    int        `json:"entries"`
	LastRun    *time.Time `json:"last_run"`
	LastChange *time.Time `json:"last_change"`
	NextRun    *time.Time `json:"next_run"`    // null when the configuration has the feed no more
	NextWindow *time.Time `json:"next_window"` // an embargo or an expiry before that
	Waiting    bool       `json:"waiting"`     // changes are to be published
	Error      string     `json:"error,omitempty"`
}

func (a *app) statusOf(ctx context.Context, site *site, st store.FeedState) (feedStatus, error) {
	s := feedStatus{
		Name: st.Name, Entries: st.Entries, Waiting: st.Dirty, Error: st.Result,
		LastRun: moment(st.LastRun), LastChange: moment(st.LastChange), NextWindow: moment(st.Next),
	}
	if f := feedOf(site.config, st.Name); f != nil {
		last, err := site.store.LastRun(ctx, jobName(f.Schedule))
		if err != nil {
			return s, err
		}
		if last.IsZero() {
			last = a.now() // only a daemon keeps times; it would begin now
		}
		s.NextRun = moment(f.Schedule.Next(last))
	}
	return s, nil
}

func printFeeds(w io.Writer, feeds []feedStatus) {
	if len(feeds) == 0 {
		fmt.Fprintln(w, "Nothing was published yet; run feedpub generate or feedpub serve.")
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FEED\tENTRIES\tLAST RUN\tLAST CHANGE\tNEXT RUN\tRESULT")
	for _, f := range feeds {
		result := "ok"
		switch {
		case f.Error != "":
			result = f.Error
		case f.Waiting:
			result = "changes waiting"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\n", f.Name, f.Entries,
			clock(f.LastRun), clock(f.LastChange), clock(f.NextRun), result)
	}
	t.Flush()
}

func clock(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339)
}
