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
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE|FOLDER…",
		Short: "Check feeds, ours or a stranger's",
		Long: `Check RSS, Atom and JSON Feed documents: well-formed in the strict sense, readable by
a feed reader, and with all that the format requires. A folder is checked with all
feeds below it; - reads standard input.`,
		Example: "  feedpub check feeds\n  feedpub check atom.xml --json",
		Args:    args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.check(cmd.Context(), cmd.InOrStdin(), args)
		},
	}
}

type checked struct {
	File     string         `json:"file"`
	Format   feed.Format    `json:"format,omitempty"`
	Entries  int            `json:"entries"`
	Problems []checkProblem `json:"problems"`
}

type checkProblem struct {
	Line   int    `json:"line,omitempty"`
	Entry  string `json:"entry,omitempty"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
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
		r, err := checkFile(file, stdin)
		if err != nil {
			return err
		}
		if len(r.Problems) > 0 {
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

// feedFiles are the named files, and those in named folders that look like feeds.
func feedFiles(names []string) ([]string, error) {
	var files []string
	for _, name := range names {
		if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
			return nil, usage("%s: addresses cannot be checked yet; save the document and check the file", name)
		}
		info, err := os.Stat(name)
		switch {
		case name == "-" || err == nil && !info.IsDir():
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

func checkFile(file string, stdin io.Reader) (checked, error) {
	r := checked{File: file, Problems: []checkProblem{}}
	var doc []byte
	var err error
	if file == "-" {
		doc, err = io.ReadAll(io.LimitReader(stdin, feed.MaxSize+1))
	} else {
		doc, err = os.ReadFile(file)
	}
	if err != nil {
		return r, err
	}
	if r.Format, err = feed.DetectFormat(doc); err == nil {
		err = feed.Check(doc, nil, r.Format)
	}
	var problems feed.Problems
	switch {
	case errors.As(err, &problems):
		for _, p := range problems {
			r.Problems = append(r.Problems, checkProblem{p.Line, p.EntryID, p.Field, p.Reason})
		}
	case err != nil:
		r.Problems = append(r.Problems, checkProblem{Reason: err.Error()})
	}
	if f, err := feed.Read(doc, r.Format); err == nil {
		r.Entries = len(f.Entries)
	}
	return r, nil
}

func printChecked(w io.Writer, results []checked) {
	for _, r := range results {
		if len(r.Problems) == 0 {
			fmt.Fprintf(w, "%s: good %s, %d entries\n", r.File, r.Format, r.Entries)
		}
		for _, p := range r.Problems {
			place := r.File
			if p.Line > 0 {
				place = fmt.Sprintf("%s:%d", r.File, p.Line)
			}
			fmt.Fprintf(w, "%s: %s\n", place, feed.Problem{EntryID: p.Entry, Field: p.Field, Reason: p.Reason}.Error())
		}
	}
}
