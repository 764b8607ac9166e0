package main

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"feedpub/feed/ingest"
	"feedpub/feed/status"
)

// refusalsOf are the reasons that an error joins.
func refusalsOf(err error) (refusals []status.Refusal) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			refusals = append(refusals, refusalsOf(e)...)
		}
		return refusals
	}
	var p *ingest.Problem
	if errors.As(err, &p) && p.Error() == err.Error() {
		return []status.Refusal{{File: p.File, Item: p.Item, Line: p.Line, Field: p.Field, Reason: p.Reason}}
	}
	return []status.Refusal{{Reason: err.Error()}}
}

// problemsOf are the refusals as lines to read, each with its place.
func problemsOf(refusals []status.Refusal) (lines []string) {
	for _, r := range refusals {
		text := r.Text()
		if place := r.Place(); place != "" {
			text = place + ": " + text
		}
		for line := range strings.Lines(text) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// noteUpdate tells what is wrong with some files that were read, and keeps it for status in place of what was wrong with them.
func (a *app) noteUpdate(ctx context.Context, s *site, src ingest.Source, keys []string, update sourceReport) error {
	a.noting.Lock()
	defer a.noting.Unlock()
	for _, p := range update.Problems {
		a.log.ErrorContext(ctx, "refused: "+p, "source", src.Name)
	}
	for _, w := range update.Warnings {
		a.log.WarnContext(ctx, w, "source", src.Name)
	}
	if a.told == nil {
		a.told = map[string]map[string]bool{}
	}
	if a.told[src.Name] == nil {
		a.told[src.Name] = map[string]bool{}
	}
	a.countRefusals(src.Name, update.Refusals, a.told[src.Name], a.told[src.Name])
	last, err := s.lastReport(ctx, src.Name)
	if err != nil || last.Name == "" {
		return err
	}
	return s.saveReport(ctx, last.updated(src.Dir, keys, update))
}

// countRefusals counts those that were not told yet, and notes all of them in now.
func (a *app) countRefusals(source string, refusals []status.Refusal, told, now map[string]bool) {
	for _, r := range refusals {
		id := "counted: " + r.Place() + ": " + r.Text()
		if !told[id] {
			a.metrics.countRefusal(source, r)
		}
		now[id] = true
	}
}

// updated is the report after some files, or folders, were read again.
func (r sourceReport) updated(dir string, keys []string, update sourceReport) sourceReport {
	isRead := func(file string) bool {
		return slices.ContainsFunc(keys, func(key string) bool {
			name := path.Join(filepath.ToSlash(dir), key)
			return file == name || strings.HasPrefix(file, name+"/")
		})
	}
	articles := map[status.Refusal]bool{} // refused before: an article may be for several reasons
	r.Refusals = slices.DeleteFunc(slices.Clone(r.Refusals), func(f status.Refusal) bool {
		if !isRead(f.File) {
			return false
		}
		articles[status.Refusal{File: f.File, Item: f.Item}] = true
		return true
	})
	r.Refused = max(r.Refused-len(articles), 0) + update.Refused
	r.Refusals = append(r.Refusals, update.Refusals...)
	r.Problems = problemsOf(r.Refusals)
	return r
}
