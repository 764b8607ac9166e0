package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"feedpub/feed"
	"feedpub/store"
)

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		ValidArgsFunction: a.completeEntry(""),
		Short:             "Show one entry: by its ID, URL, source/key or slug",
		Example:           "  feedpub show tag:example.org,2026-01-01:articles/hello.md\n  feedpub show hello --json",
		Args:              args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.inSite(cmd.Context(), a.openToRead, func(s *site) error {
				e, err := s.store.Lookup(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				left, err := s.store.Departures(cmd.Context(), e.ID)
				if err != nil {
					return err
				}
				r := recordOf(&e, a.now())
				return a.print(r, func(w io.Writer) { showEntry(w, &e, r, left) })
			})
		},
	}
}

func showEntry(w io.Writer, e *feed.Entry, r record, left []store.Departure) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t, "%s\t%s\n", name, value)
		}
	}
	when := func(name string, at *time.Time) {
		if at != nil {
			line(name, at.Format(time.RFC3339))
		}
	}
	line("title", r.Title)
	line("id", r.ID)
	line("guid", r.GUID)
	line("source", r.Source+"/"+r.Key)
	line("url", r.URL)
	line("status", string(r.Status))
	when("published", r.Published)
	when("updated", r.Updated)
	when("embargo", r.Embargo)
	when("expiry", r.Expiry)
	when("withdrawn", r.Withdrawn)
	line("note", r.Note)
	line("authors", authorNames(e.Authors))
	line("tags", strings.Join(r.Tags, ", "))
	line("language", r.Language)
	line("image", r.Image)
	for _, c := range r.Enclosures {
		line("enclosure", fmt.Sprintf("%s %s %d", c.URL, c.Type, c.Length))
	}
	line("summary", r.Summary)
	line("no content", e.Fault)
	for _, d := range left {
		line("left", fmt.Sprintf("%s on %s: %s", d.Feed, d.At.Format(time.RFC3339), d.Reason))
	}
	t.Flush()
	fmt.Fprintf(w, "\n%s\n", r.Text)
}

func authorNames(authors []feed.Author) string {
	names := make([]string, len(authors))
	for i, author := range authors {
		names[i] = author.Name
	}
	return strings.Join(names, ", ")
}
