package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // zones of articles and schedules, where the machine has none

	"github.com/spf13/cobra"

	"feedpub/config"
)

// Exit codes.
const (
	exitFailed  = 1
	exitUsage   = 2 // usage or configuration
	exitPartial = 3 // some articles were refused, the rest went in
	exitCheck   = 4 // a document failed its check, the last good one stands
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program, and returns its exit code.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr, environ: environ}
	cmd := a.command()
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	for line := range strings.Lines(withoutSecrets(err.Error())) {
		fmt.Fprintf(stderr, "feedpub: %s\n", strings.TrimRight(line, "\n"))
	}
	if hint := hintFor(err); hint != "" {
		fmt.Fprintf(stderr, "feedpub: hint: %s\n", hint)
	}
	return exitCode(err)
}

// exitError is an error with an exit code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func exitCode(err error) int {
	var exit *exitError
	var mistakes config.Errors
	switch {
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &mistakes):
		return exitUsage
	}
	return exitFailed
}

// isUsage tells whether an error is about the command line itself, or the files that it names.
func isUsage(err error) bool {
	var exit *exitError
	return errors.As(err, &exit) && exit.code == exitUsage
}

// usage makes an error about the command line.
func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

// args gives the errors of cobra's validators the exit code of usage.
func args(validate cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := validate(cmd, args); err != nil {
			return usage("%w: %s; see feedpub %s --help", err, cmd.UseLine(), cmd.Name())
		}
		return nil
	}
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "feedpub",
		Short: "Publish articles as RSS, Atom and JSON feeds",
		Long: `feedpub publishes feeds. Articles come in from folders and feeds into a store; a job on
a schedule writes RSS, Atom and JSON Feed, checks every document by reading it
back, and only then replaces what readers see.

A site is a folder with a feedpub.yaml, the current one if none is named. Flags
override the environment (FEEDPUB_SITE_URL and so on), which overrides the file.

Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 some articles were
refused and the rest went in, 4 a document failed its check and the last good
one stands.`,
		Example:                    "  feedpub init mysite\n  feedpub serve mysite",
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		Args: func(cmd *cobra.Command, given []string) error {
			if len(given) > 0 {
				if near := cmd.SuggestionsFor(given[0]); len(near) > 0 {
					return usage("unknown command %q; did you mean %s?", given[0], strings.Join(near, " or "))
				}
				return usage("unknown command %q; see feedpub --help", given[0])
			}
			return nil
		},
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRun:  func(cmd *cobra.Command, _ []string) { a.setUp(cmd) },
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%w; see %s --help", err, cmd.CommandPath())
	})
	flags := root.PersistentFlags()
	flags.StringVarP(&a.configFile, "config", "c", "", "the configuration `FILE`, or the folder of a feedpub.yaml")
	flags.String("store", "", "where entries are kept: a SQLite `FILE`")
	flags.String("public", "", "the published `FOLDER`")
	flags.BoolVar(&a.json, "json", false, "print the result as JSON")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "tell only what fails")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "tell more")
	root.AddCommand(
		a.initCommand(), a.importCommand(), a.generateCommand(), a.serveCommand(),
		a.listCommand(), a.showCommand(), a.withdrawCommand(), a.restoreCommand(), a.pruneCommand(),
		a.checkCommand(), a.statusCommand(), a.doctorCommand(), a.healthcheckCommand(), a.configCommand(), a.completionCommand(), a.manCommand(), a.versionCommand(),
	)
	return root
}
