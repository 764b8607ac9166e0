package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v4"

	"feedpub/config"
)

//go:embed init/feedpub.yaml
var initConfig string

//go:embed init/welcome.md
var initArticle string

func (a *app) initCommand() *cobra.Command {
	var url string
	cmd := &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "Make a commented feedpub.yaml and a first article; never overwrites",
		Example: "  feedpub init mysite --url https://example.org/\n" +
			"  feedpub serve mysite",
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			folder := "."
			if len(args) > 0 {
				folder = args[0]
			}
			return a.init(folder, url)
		},
	}
	cmd.Flags().StringVar(&url, "url", "", "the site's `URL`; without it the feeds are for this machine alone")
	return cmd
}

func (a *app) init(folder, url string) error {
	text := initConfig
	if url != "" { // what is wrong with it is told before anything is made
		if _, err := config.Default(".", config.Options{Flags: []config.Flag{{Name: "--url", Key: "site.url", Value: url}}}); err != nil {
			return err
		}
		text = strings.Replace(text, "  # url: https://example.org/", "  url: "+url, 1)
	}
	text, err := withTitle(text, folder)
	if err != nil {
		return err
	}
	files := []struct{ name, content string }{
		{config.FileName, text},
		{filepath.Join("articles", "welcome.md"), initArticle},
	}
	for _, f := range files {
		if _, err := os.Lstat(filepath.Join(folder, f.name)); err == nil {
			return &isThere{filepath.Join(folder, f.name)}
		}
	}
	var made []string
	for _, f := range files {
		path := filepath.Join(folder, f.name)
		if err := createFile(path, f.content); err != nil {
			return err
		}
		made = append(made, path)
	}
	if _, err := config.LoadFolder(folder, config.Options{}); err != nil {
		return errors.Join(err, removeAll(made))
	}
	return a.print(map[string]any{"created": made}, func(w io.Writer) {
		for _, path := range made {
			fmt.Fprintln(w, "created", path)
		}
		fmt.Fprintln(w, "Next:", strings.TrimSuffix("feedpub serve "+quoted(folder), " ."))
		if url == "" {
			fmt.Fprintln(w, "Its feeds are for this machine alone; set site.url in feedpub.yaml before others read them.")
		}
	})
}

// withTitle writes down the title that the folder gives: a clone in a folder of another name is the same site.
func withTitle(text, folder string) (string, error) {
	abs, err := filepath.Abs(folder)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", folder, err)
	}
	name := filepath.Base(abs)
	if name == string(filepath.Separator) { // the root of a file system has none
		return text, nil
	}
	title, err := yaml.Marshal(name)
	if err != nil {
		return "", fmt.Errorf("write the title %q: %w", name, err)
	}
	return strings.Replace(text, "  # title: Example News\n", "  title: "+string(title), 1), nil
}

// quoted is a path as a shell takes it.
func quoted(path string) string {
	if strings.ContainsAny(path, " \t\"'\\$&;()<>|*?[]#~`!") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// isThere says that a file would be overwritten; it is fs.ErrExist.
type isThere struct{ path string }

func (e *isThere) Error() string { return e.path + " is there already; init never overwrites" }
func (e *isThere) Unwrap() error { return fs.ErrExist }

func createFile(path, content string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return &isThere{path}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString(content)
	return err
}

func removeAll(paths []string) error {
	var errs []error
	for _, p := range paths {
		errs = append(errs, os.Remove(p))
	}
	return errors.Join(errs...)
}
