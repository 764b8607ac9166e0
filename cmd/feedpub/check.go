package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"feedpub/feed"
	"feedpub/feed/validate"
)

func (a *app) checkCommand() *cobra.Command {
	var codes bool
	cmd := &cobra.Command{
		Use:   "check FILE|FOLDER|URL…",
		Short: "Check feeds, ours or a stranger's",
		Long: `Hold RSS, Atom and JSON Feed documents against their specifications, and those of what
they are extended by: iTunes, Podcasting 2.0, Media RSS, Dublin Core, archives, threads.
Each finding has its place, a code that stays the same, and what to do. An error is what
a specification forbids; what it advises against, or readers stumble over, is a warning.

A folder is checked with all feeds below it; - reads standard input. Of an address it is
also said how the document is served: its type, whether it is sent again though nothing
changed, compression, redirects. Addresses that are not public are asked only where the
configuration's network.allow names them.

It ends with 4 where there are errors, and with 0 where there are warnings alone.`,
		Example: "  feedpub check feeds\n  feedpub check atom.xml --json\n  feedpub check https://example.org/feed.xml\n  feedpub check --codes",
		Args: func(cmd *cobra.Command, given []string) error {
			if codes {
				return args(cobra.NoArgs)(cmd, given)
			}
			return args(cobra.MinimumNArgs(1))(cmd, given)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if codes {
				return a.print(validate.Codes(), printCodes)
			}
			return a.check(cmd.Context(), cmd.InOrStdin(), args)
		},
	}
	cmd.Flags().BoolVar(&codes, "codes", false, "list the codes of findings, and the specification that each is of")
	return cmd
}

func printCodes(w io.Writer) {
	for _, c := range validate.Codes() {
		fmt.Fprintf(w, "%s: %s: %s (%s)\n", c.Severity, c.Code, c.Explanation, c.Source)
	}
}

// checked is what was found out about a document.
type checked struct {
	File     string             `json:"file"` // or its address
	Format   feed.Format        `json:"format,omitempty"`
	Entries  int                `json:"entries"`
	Errors   int                `json:"errors"`
	Findings []validate.Finding `json:"findings"`
}

func (a *app) check(ctx context.Context, stdin io.Reader, names []string) error {
	files, err := feedFiles(names)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("no feed documents in %s", strings.Join(names, ", "))
	}
	results, bad := []checked{}, 0
	for _, file := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		report, err := a.checkOne(ctx, file, stdin)
		if err != nil {
			return err
		}
		r := checked{file, report.Format, report.Entries, report.Errors(), report.Findings}
		if r.Findings == nil {
			r.Findings = []validate.Finding{}
		}
		if r.Errors > 0 {
			bad++
		}
		results = append(results, r)
	}
	if err := a.print(results, func(w io.Writer) { printChecked(w, results) }); err != nil {
		return err
	}
	if bad > 0 {
		return &exitError{code: exitCheck, err: fmt.Errorf("%d of %s failed the check", bad, documents(len(results)))}
	}
	return nil
}

func (a *app) checkOne(ctx context.Context, file string, stdin io.Reader) (validate.Report, error) {
	options := validate.Options{Now: a.now()}
	if isAddress(file) {
		asker, err := a.asker()
		if err != nil {
			return validate.Report{}, err
		}
		return asker.URL(ctx, file, options)
	}
	var doc []byte
	var err error
	if file == "-" {
		doc, err = io.ReadAll(io.LimitReader(stdin, feed.MaxSize+1))
	} else {
		doc, err = readDocument(file)
	}
	if err != nil {
		return validate.Report{}, err
	}
	return validate.Document(doc, options), nil
}

// readDocument reads a regular file, as far as a document may be long. Others may block when they are opened, or never end.
func readDocument(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: not a regular file; what comes from elsewhere is checked at standard input: feedpub check -", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, feed.MaxSize+1))
}

func isAddress(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

// asker asks servers for feeds; the configuration may allow networks that are not public.
func (a *app) asker() (*validate.Asker, error) {
	c, err := a.load()
	if err != nil {
		return nil, err
	}
	return validate.NewAsker("feedpub/"+version().Version, c.Network.Allow), nil
}

// feedFiles are the named files and addresses, and those in named folders that look like feeds.
func feedFiles(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		info, err := os.Stat(name)
		switch {
		case name == "-" || isAddress(name) || err == nil && !info.IsDir():
			files = append(files, name)
			continue
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: no such file or folder", name)
		}
		err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasPrefix(d.Name(), ".") && path != name && d.IsDir():
				return fs.SkipDir
			case !d.IsDir() && isFeedName(d.Name()):
				files = append(files, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

func isFeedName(name string) bool {
	if strings.HasPrefix(name, ".") {
		return false
	}
	switch filepath.Ext(name) {
	case ".xml", ".atom", ".rss", ".json":
		return true
	}
	return false
}

func printChecked(w io.Writer, results []checked) {
	for _, r := range results {
		for _, f := range r.Findings {
			place := r.File
			if f.Line > 0 {
				place += fmt.Sprintf(":%d", f.Line)
			}
			if f.Column > 0 {
				place += fmt.Sprintf(":%d", f.Column)
			}
			fmt.Fprintf(w, "%s: %s\n", place, f)
		}
		if r.Errors == 0 {
			fmt.Fprintf(w, "%s: good %s, %d entries\n", r.File, r.Format, r.Entries)
		}
	}
}
