package main

import (
	"fmt"
	"io"
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
			return a.inSite(cmd.Context(), func(s *site) error {
				states, err := s.store.FeedStates(cmd.Context())
				if err != nil {
					return err
				}
				feeds := make([]feedStatus, len(states))
				for i, st := range states {
					feeds[i] = statusOf(s.config, st, a.now())
				}
				return a.print(map[string]any{"feeds": feeds}, func(w io.Writer) { printStatus(w, feeds) })
			})
		},
	}
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

func statusOf(c *config.Config, st store.FeedState, now time.Time) feedStatus {
	s := feedStatus{
		Name: st.Name, Entries: st.Entries, Waiting: st.Dirty, Error: st.Result,
		LastRun: moment(st.LastRun), LastChange: moment(st.LastChange), NextWindow: moment(st.Next),
	}
	if f := feedOf(c, st.Name); f != nil {
		s.NextRun = moment(f.Schedule.Next(now))
	}
	return s
}

func printStatus(w io.Writer, feeds []feedStatus) {
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
