package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"feedpub/config"
	"feedpub/feed/ingest"
)

// loader is what reads sources into the site's store.
func (a *app) loader(s *site, force bool) *ingest.Loader {
	return &ingest.Loader{Store: s.store, Reader: s.reader, Force: force}
}

// A sourceReport says what was read from one source.
type sourceReport struct {
	Name      string   `json:"name"`
	Read      int      `json:"read"`
	New       int      `json:"new"`
	Changed   int      `json:"changed"`
	Unchanged int      `json:"unchanged"`
	Moved     int      `json:"moved"`
	Withdrawn int      `json:"withdrawn"`
	Refused   int      `json:"refused"`
	Missing   []string `json:"missing,omitempty"`   // keys of kept entries whose file vanished
	HeldBack  []string `json:"held_back,omitempty"` // keys of entries that are withdrawn with --force only
	Problems  []string `json:"problems,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
	Error     string   `json:"error,omitempty"` // the source could not be read
}

func sourceReportOf(name string, r ingest.Report) sourceReport {
	s := sourceReport{
		Name: name, Read: r.Read, New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, Moved: r.Moved,
		Withdrawn: r.Withdrawn, Refused: r.Refused, Missing: r.Missing, HeldBack: r.HeldBack, Warnings: r.Warnings,
	}
	for _, p := range r.Problems {
		s.Problems = append(s.Problems, p.Error())
	}
	return s
}

// tellProblems logs what was refused, and what was read otherwise than it may be meant.
func (a *app) tellProblems(ctx context.Context, source string, r ingest.Report) {
	for _, p := range r.Problems {
		for line := range strings.Lines(p.Error()) {
			a.log.ErrorContext(ctx, "article refused: "+strings.TrimSpace(line), "source", source)
		}
	}
	for _, w := range r.Warnings {
		a.log.WarnContext(ctx, w, "source", source)
	}
	for _, key := range r.Missing {
		a.log.WarnContext(ctx, "file vanished, its entry is kept", "source", source, "key", key)
	}
}

// sourcesResult makes an exit code of what was read; what was refused was logged.
func sourcesResult(sources []sourceReport, allowPartial bool) error {
	refused := 0
	for _, s := range sources {
		if s.Error != "" {
			return &exitError{code: exitFailed, err: fmt.Errorf("source %s: %s", s.Name, s.Error)}
		}
		refused += s.Refused + len(s.HeldBack)
	}
	if refused == 0 || allowPartial {
		return nil
	}
	return &exitError{code: exitPartial, err: fmt.Errorf("%s refused; the rest went in", articles(refused))}
}

func articles(n int) string {
	if n == 1 {
		return "1 article was"
	}
	return fmt.Sprintf("%d articles were", n)
}

// sourceOf is the source of a named file or folder, and its path in there: the configured source that it lies in, or
// else one named after the folder.
func sourceOf(c *config.Config, name string) (ingest.Source, string, error) {
	path, err := realPath(name)
	if err != nil {
		return ingest.Source{}, "", err
	}
	for _, src := range c.Sources {
		dir, err := realPath(src.Folder)
		if err != nil {
			continue // it does not exist, so nothing lies in it
		}
		if key, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(key) {
			return sourceFrom(src), key, nil
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return ingest.Source{}, "", err
	}
	dir, key := path, "."
	if !info.IsDir() {
		dir, key = filepath.Split(path)
	}
	return ingest.Source{Name: sourceName(dir), Dir: near(dir)}, key, nil
}

// sourceFrom is a source of the configuration as the loader takes it.
func sourceFrom(src config.Source) ingest.Source {
	return ingest.Source{Name: src.Name, Dir: near(src.Folder), Exclude: src.Exclude, Missing: src.Missing}
}

// near is a path as a person in the current folder would write it: relative where that is not the longer way.
func near(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

func realPath(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

var notInNames = regexp.MustCompile(`[^a-z0-9._-]+`)

// sourceName is a name for a folder that the configuration does not name.
func sourceName(dir string) string {
	name := notInNames.ReplaceAllString(strings.ToLower(filepath.Base(dir)), "-")
	if name = strings.Trim(name, "-._"); name == "" {
		return "import"
	}
	return name
}
