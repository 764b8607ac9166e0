package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func (a *app) configCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "config [FOLDER]",
		Short:   "Print the effective configuration, and where each value came from",
		Example: "  feedpub config config/example",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := a.load(args...)
			if err != nil {
				return err
			}
			settings := c.Settings()
			return a.print(settings, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
				for _, s := range settings {
					fmt.Fprintf(t, "%s\t%s\t%s\n", s.Key, s.Value, s.Origin)
				}
				t.Flush()
			})
		},
	}
}
