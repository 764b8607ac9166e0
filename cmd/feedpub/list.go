package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"feedpub/feed"
	"feedpub/store"
)

func (a *app) listCommand() *cobra.Command {
	var filter store.Filter
	var status string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List what is stored, newest first",
		Example: "  feedpub list --status scheduled\n  feedpub list --tag world --json",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter.Status = feed.Status(status)
			switch filter.Status {
			case "", feed.Draft, feed.Scheduled, feed.Published, feed.Expired, feed.Withdrawn:
			default:
				return usage("--status %s: use draft, scheduled, published, expired or withdrawn", status)
			}
			err := a.inSite(cmd.Context(), a.openToRead, func(s *site) error { return a.list(cmd, s, filter) })
			if errors.Is(err, errNoStore) {
				a.say("nothing is stored yet; run feedpub generate or feedpub serve")
				return nil
			}
			return err
		},
	}
	cmd.Flags().StringVar(&filter.Source, "source", "", "only entries of the source `NAME`")
	cmd.Flags().StringVar(&filter.Tag, "tag", "", "only entries with the `TAG`")
	cmd.Flags().StringVar(&status, "status", "", "only entries that are draft, scheduled, published, expired or withdrawn")
	cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions([]cobra.Completion{"draft", "scheduled", "published", "expired", "withdrawn"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (a *app) list(cmd *cobra.Command, s *site, filter store.Filter) error {
	found := false
	filter.Whole = a.json
	for e, err := range s.store.List(cmd.Context(), filter) {
		if err != nil {
			return err
		}
		found = true
		if a.json {
			err = a.printJSON(recordOf(&e, a.now()))
		} else {
			_, err = fmt.Fprintf(a.stdout, "%s  %-9s  %s  %s\n",
				e.VisibleFrom().UTC().Format(time.DateOnly), e.StatusAt(a.now()), e.ID, e.Title)
		}
		if err != nil {
			return err
		}
	}
	if !found {
		a.say("no such entries")
	}
	return nil
}

// say tells why there is nothing to print, beside the output of nothing.
func (a *app) say(why string) {
	if !a.json && !a.quiet {
		fmt.Fprintln(a.stderr, why)
	}
}
