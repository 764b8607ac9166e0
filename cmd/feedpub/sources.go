package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"feedpub/config"
	"feedpub/feed/ingest"
	"feedpub/feed/status"
)

// loader is what reads sources into the site's store.
func (a *app) loader(s *site, force bool) *ingest.Loader {
	return &ingest.Loader{Store: s.store, Reader: s.reader, Force: force, PutOff: !needsAll(s.config), Web: a.web(s.config), Now: a.now}
}

// needsAll says that some feed needs the content of old articles too: it has an archive, or selects by what stands in them.
func needsAll(c *config.Config) bool {
	return slices.ContainsFunc(c.Feeds, func(f config.Feed) bool { return f.Archives || f.Select.ReadsText() })
}

// web is whom feeds on the web are asked of.
func (a *app) web(c *config.Config) ingest.Web {
	return ingest.NewWeb(fmt.Sprintf("feedpub/%s (+%s)", version().Version, c.Site.URL), c.Network.Allow)
}

// A sourceReport says what was read from one source.
type sourceReport struct {
	Name      string           `json:"name"`
	Read      int              `json:"read"`
	New       int              `json:"new"`
	Changed   int              `json:"changed"`
	Unchanged int              `json:"unchanged"`
	Moved     int              `json:"moved"`
	Withdrawn int              `json:"withdrawn"`
	Refused   int              `json:"refused"`
	Refusals  []status.Refusal `json:"refusals,omitempty"`
	Other     int              `json:"other,omitempty"`     // files of kinds that people write in, but that are not read
	Missing   []string         `json:"missing,omitempty"`   // keys of kept entries whose file vanished
	HeldBack  []string         `json:"held_back,omitempty"` // keys of entries that are withdrawn with --force only
	Problems  []string         `json:"problems,omitempty"`  // the refusals, each in a line
	Warnings  []string         `json:"warnings,omitempty"`
	Error     string           `json:"error,omitempty"` // the source could not be read
}

func sourceReportOf(name string, r ingest.Report, err error) sourceReport {
	s := sourceReport{
		Name: name, Read: r.Read, New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, Moved: r.Moved,
		Withdrawn: r.Withdrawn, Refused: r.Refused, Other: r.Other, Missing: r.Missing, HeldBack: r.HeldBack, Warnings: r.Warnings,
	}
	for _, p := range r.Problems {
		s.Refusals = append(s.Refusals, refusalsOf(p)...)
	}
	s.Problems = problemsOf(s.Refusals)
	if err != nil {
		s.Error = err.Error()
	}
	return s
}

// tellProblems logs what was refused, and what was read otherwise than it may be meant. What was told of the source
// the time before is not told again: a daemon reads it every few minutes. That a file vanished was told by the run which
// missed it first, of this process or not.
func (a *app) tellProblems(ctx context.Context, r sourceReport, missed []string) {
	told, now := a.told[r.Name], map[string]bool{}
	tell := func(level slog.Level, msg string) {
		if now[msg] = true; !told[msg] {
			a.log.Log(ctx, level, msg, "source", r.Name)
		}
	}
	for _, p := range r.Problems {
		tell(slog.LevelError, "refused: "+p)
	}
	a.countRefusals(r.Name, r.Refusals, told, now)
	for _, w := range r.Warnings {
		tell(slog.LevelWarn, w)
	}
	for _, key := range r.Missing {
		if slices.Contains(missed, key) {
			continue
		}
		tell(slog.LevelWarn, "file vanished, its entry is kept: "+key)
	}
	if r.Other > 0 {
		tell(slog.LevelInfo, fmt.Sprintf("%d files passed over: they hold no articles, or are of a kind that is not read", r.Other))
	}
	if r.Error != "" {
		tell(slog.LevelError, r.Error)
	}
	if a.told == nil {
		a.told = map[string]map[string]bool{}
	}
	a.told[r.Name] = now
}

// noteSource tells what came of reading a source, and keeps it for status.
func (a *app) noteSource(ctx context.Context, s *site, r sourceReport) error {
	a.noting.Lock() // a source may be read at two schedules, or because of a change
	defer a.noting.Unlock()
	last, err := s.lastReport(ctx, r.Name)
	if err != nil {
		return err
	}
	a.tellProblems(ctx, r, last.Missing)
	return s.saveReport(ctx, r)
}

// saveReport keeps what came of reading a source, for status. What is the same as before is not written.
func (s *site) saveReport(ctx context.Context, r sourceReport) error {
	r.Read, r.New, r.Changed, r.Unchanged, r.Moved, r.Withdrawn = 0, 0, 0, 0, 0, 0
	r.Problems = nil // the refusals say it
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	old, err := s.store.Setting(ctx, "source/"+r.Name)
	if err != nil || old == string(data) {
		return err
	}
	return s.store.SetSetting(ctx, "source/"+r.Name, string(data))
}

// lastReports are the reports of the configured sources that were read; only what was wrong is in them.
func (s *site) lastReports(ctx context.Context) ([]sourceReport, error) {
	reports := []sourceReport{}
	for _, src := range s.config.Sources {
		r, err := s.lastReport(ctx, src.Name)
		if err != nil {
			return nil, err
		}
		if r.Name != "" {
			reports = append(reports, r)
		}
	}
	return reports, nil
}

// lastReport is the report of one source; nothing is in it where it was never read.
func (s *site) lastReport(ctx context.Context, name string) (r sourceReport, err error) {
	data, err := s.store.Setting(ctx, "source/"+name)
	if err != nil || data == "" {
		return r, err
	}
	if err := json.Unmarshal([]byte(data), &r); err != nil {
		return r, fmt.Errorf("last report of source %s: %w", name, err)
	}
	r.Problems = problemsOf(r.Refusals)
	return r, nil
}

// sourcesResult makes an exit code of what was read; what was refused was logged.
func sourcesResult(sources []sourceReport, allowPartial bool) error {
	refused, held := 0, 0
	var failed []string
	for _, s := range sources {
		if s.Error != "" {
			failed = append(failed, s.Name)
		}
		refused += s.Refused
		held += len(s.HeldBack)
	}
	switch {
	case len(failed) == 1:
		return fmt.Errorf("source %s could not be read", failed[0])
	case len(failed) > 1:
		return fmt.Errorf("%d of %d sources could not be read: %s", len(failed), len(sources), strings.Join(failed[:min(len(failed), 5)], ", "))
	case allowPartial || refused+held == 0:
		return nil
	case refused == 0:
		return &exitError{code: exitPartial, err: fmt.Errorf("%d entries whose files vanished were not withdrawn; repeat with --force if that is meant", held)}
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
		return ingest.Source{}, "", fmt.Errorf("%s: no such file or folder", name)
	}
	for _, src := range c.Sources {
		if src.Folder == "" {
			continue
		}
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

// feedSourceOf is the source of a feed on the web: the configured one, or else one named after its host.
func feedSourceOf(c *config.Config, address string) ingest.Source {
	for _, src := range c.Sources {
		if src.Feed == address {
			return sourceFrom(src)
		}
	}
	host := address
	if u, err := url.Parse(address); err == nil {
		host = u.Hostname()
	}
	return ingest.Source{Name: sourceName(host), Feed: address}
}

// sourceFrom is a source of the configuration as the loader takes it.
func sourceFrom(src config.Source) ingest.Source {
	if src.Feed != "" {
		return ingest.Source{Name: src.Name, Feed: src.Feed}
	}
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
