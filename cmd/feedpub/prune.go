package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func (a *app) pruneCommand() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use:     "prune",
		Short:   "Remove the documents of feeds that the configuration no longer has",
		Example: "  feedpub prune --dry-run",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.load()
			if err != nil {
				return err
			}
			open := a.open
			if dry {
				open = a.rehearse
			}
			return a.inSiteOf(cmd.Context(), c, open, func(s *site) error {
				paths, err := s.publisher.Prune(cmd.Context())
				if err != nil {
					return err
				}
				return a.print(map[string]any{"removed": paths, "dry_run": dry}, func(w io.Writer) {
					for _, p := range paths {
						fmt.Fprintln(w, p)
					}
				})
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only tell what would be removed")
	return cmd
}
