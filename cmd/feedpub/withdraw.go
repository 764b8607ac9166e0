package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"feedpub/feed"
	"feedpub/feed/publish"
)

func (a *app) withdrawCommand() *cobra.Command {
	var note string
	cmd := &cobra.Command{
		Use:               "withdraw ID",
		ValidArgsFunction: a.completeEntry(feed.Published),
		Short:             "Withdraw an entry from all feeds, at once",
		Long: `Withdraw an entry: by its ID, URL, source/key or slug. Its feeds are published
at once, with the note in place of the content for as long as withdrawn_for says,
so that readers that have the article replace it. Its ID is never used again;
feedpub restore brings the entry back.`,
		Example: "  feedpub withdraw hello --note 'Withdrawn at the request of the author.'",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(cmd.Context(), args[0], func(s *site, e feed.Entry) (feed.Entry, string, error) {
				if e.Status == feed.Withdrawn && (e.Note == note || !cmd.Flags().Changed("note")) {
					return e, "already withdrawn", nil // the note that it was withdrawn with stands
				}
				e, err := s.store.Withdraw(cmd.Context(), e.ID, note)
				return e, "withdrawn", err
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "what readers are told in place of the content (plain `TEXT`)")
	return cmd
}

func (a *app) restoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "restore ID",
		ValidArgsFunction: a.completeEntry(feed.Withdrawn),
		Short:             "Bring a withdrawn entry back, at once",
		Example:           "  feedpub restore hello",
		Args:              args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decide(cmd.Context(), args[0], func(s *site, e feed.Entry) (feed.Entry, string, error) {
				e, err := s.store.Restore(cmd.Context(), e.ID)
				return e, "restored", err
			})
		},
	}
}

// decide does something to one entry, which do says in a word, and publishes the feeds that it belongs to, whatever
// their schedule.
func (a *app) decide(ctx context.Context, ref string, do func(*site, feed.Entry) (e feed.Entry, done string, err error)) error {
	return a.inSite(ctx, a.open, func(s *site) error {
		e, err := s.store.Lookup(ctx, ref)
		if err != nil {
			return err
		}
		e, done, err := do(s, e)
		if err != nil {
			return err
		}
		which, err := feedsOf(ctx, s, e)
		if err != nil {
			return err
		}
		report, err := s.publisher.Publish(ctx, which)
		if err != nil {
			return fmt.Errorf("%s is %s in the store, but not published: %w", e.ID, done, err)
		}
		if err := a.print(struct {
			Entry  record         `json:"entry"`
			Report publish.Report `json:"report"`
		}{recordOf(&e, a.now()), report}, func(w io.Writer) {
			fmt.Fprintf(w, "%s %s; %s\n", done, e.ID, documents(report.Written))
		}); err != nil {
			return err
		}
		return publishResult(report, false)
	})
}

// feedsOf selects the feeds that an entry belongs to or that show it; all of them where its article was not read since
// the store was lost.
func feedsOf(ctx context.Context, s *site, e feed.Entry) (publish.Which, error) {
	if e.Title == "" {
		return publish.All, nil
	}
	held, err := s.store.Holding(ctx, e.ID)
	return publish.Holding(e, held), err
}
