package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"feedpub/config"
	"feedpub/store"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "Tell each feed's last run, next run, and what failed",
		Example: "  feedpub status --json",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := a.inSite(cmd.Context(), a.openToRead, func(s *site) error {
				status, err := a.status(cmd.Context(), s)
				if err != nil {
					return err
				}
				return a.printStatus(status)
			})
			if errors.Is(err, errNoStore) {
				return a.printStatus(newSiteStatus([]sourceStatus{}, []feedStatus{}))
			}
			return err
		},
	}
}

// A siteStatus is how the feeds and sources of a site are.
type siteStatus struct {
	Verdict string         `json:"verdict"`
	Feeds   []feedStatus   `json:"feeds"`
	Sources []sourceStatus `json:"sources"`
}

func newSiteStatus(sources []sourceStatus, feeds []feedStatus) siteStatus {
	return siteStatus{verdict(sources, feeds), feeds, sources}
}

func (a *app) status(ctx context.Context, s *site) (status siteStatus, err error) {
	states, err := s.store.FeedStates(ctx)
	if err != nil {
		return status, err
	}
	feeds := make([]feedStatus, len(states))
	for i, st := range states {
		if feeds[i], err = a.statusOf(ctx, s, st); err != nil {
			return status, err
		}
	}
	sources, err := a.sourceStatuses(ctx, s)
	if err != nil {
		return status, err
	}
	return newSiteStatus(sources, feeds), nil
}

func (a *app) printStatus(s siteStatus) error {
	return a.print(s, func(w io.Writer) {
		printFeeds(w, s.Feeds)
		printSourceStatuses(w, s.Sources)
		fmt.Fprintln(w, s.Verdict)
	})
}

// verdict is all of it in a line.
func verdict(sources []sourceStatus, feeds []feedStatus) string {
	var wrong []string
	for _, s := range sources {
		if s.isWrong() {
			wrong = append(wrong, "source "+s.Name)
		}
	}
	for _, f := range feeds {
		if f.Error != "" {
			wrong = append(wrong, "feed "+f.Name)
		}
	}
	const most = 5
	switch n := len(wrong); {
	case n > most:
		return fmt.Sprintf("Look after %s and %d more.", strings.Join(wrong[:most], ", "), n-most)
	case n > 0:
		return fmt.Sprintf("Look after %s.", strings.Join(wrong, ", "))
	case len(feeds) == 0:
		return "Nothing was published yet; run feedpub generate or feedpub serve."
	}
	return "All is well."
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
		next, err := a.nextRun(ctx, site, f.Schedule)
		if err != nil {
			return s, err
		}
		s.NextRun = moment(next)
	}
	return s, nil
}

// nextRun is when a daemon runs the job of a schedule next.
func (a *app) nextRun(ctx context.Context, s *site, schedule config.Schedule) (time.Time, error) {
	last, err := s.store.LastRun(ctx, jobName(schedule))
	if err != nil {
		return last, err
	}
	if last.IsZero() {
		last = a.now() // only a daemon keeps times; it would begin now
	}
	return schedule.Next(last), nil
}

func printFeeds(w io.Writer, feeds []feedStatus) {
	if len(feeds) == 0 {
		return // the verdict says so
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
