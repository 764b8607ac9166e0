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
			return a.inSite(cmd.Context(), a.opener(dry), func(s *site) error {
				paths, err := s.publisher.Prune(cmd.Context())
				if err != nil {
					return err
				}
				return a.print(map[string]any{"removed": paths, "dry_run": dry}, func(w io.Writer) {
					for _, p := range paths {
						fmt.Fprintln(w, p)
					}
					if len(paths) == 0 {
						fmt.Fprintln(w, "nothing to prune")
					}
				})
			})
		},
	}
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only tell what would be removed")
	return cmd
}
