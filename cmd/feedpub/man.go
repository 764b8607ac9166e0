package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man [FOLDER]",
		Short: "Print the manual page, or write those of all commands into a folder",
		Long: `Print the manual page feedpub(1); with a folder, which is made, write it there, and one for
each command: feedpub-serve(1) and so on.`,
		Example: "  feedpub man | man -l -\n  feedpub man /usr/local/share/man/man1",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			for _, c := range append(root.Commands(), root) {
				c.DisableAutoGenTag = true // a page says nothing of when it was made
			}
			if len(args) == 0 {
				return doc.GenMan(root, manHeader("FEEDPUB"), a.stdout)
			}
			return a.writeManual(root, args[0])
		},
	}
}

// manHeader is what stands above and below a page. Its date is that of the commit that was built, if it is known.
func manHeader(title string) *doc.GenManHeader {
	h := &doc.GenManHeader{Title: title, Section: "1", Source: "feedpub " + version().Version, Manual: "feedpub"}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
				h.Date = &at
			}
		}
	}
	return h
}

// writeManual writes a page for the program and each of its commands.
func (a *app) writeManual(root *cobra.Command, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var written []string
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		if !cmd.IsAvailableCommand() || cmd.IsAdditionalHelpTopicCommand() {
			continue
		}
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
		path := filepath.Join(folder, name+".1")
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		err = doc.GenMan(cmd, manHeader(strings.ToUpper(name)), f)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		written = append(written, path)
	}
	return a.print(map[string]any{"written": written}, func(w io.Writer) {
		for _, path := range written {
			fmt.Fprintln(w, path)
		}
	})
}
