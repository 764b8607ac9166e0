package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"feedpub/feed/status"
)

func (a *app) sourceStatuses(ctx context.Context, s *site) ([]status.Source, error) {
	reports, err := s.lastReports(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.lastRead(ctx)
	if err != nil {
		return nil, err
	}
	next, err := a.nextRead(ctx, s)
	if err != nil {
		return nil, err
	}
	sources := make([]status.Source, len(reports))
	for i, r := range reports {
		at, err := a.notBefore(ctx, s, r.Name, next)
		if err != nil {
			return nil, err
		}
		sources[i] = status.Source{
			Name: r.Name, LastRead: moment(last), NextRead: moment(at), Refused: r.Refused, Refusals: r.Refusals, Other: r.Other,
			Missing: r.Missing, HeldBack: r.HeldBack, Problems: r.Problems, Warnings: r.Warnings, Error: r.Error,
		}
	}
	return sources, nil
}

// lastRead is when the sources were read last, zero where they never were.
func (s *site) lastRead(ctx context.Context) (time.Time, error) {
	at, err := s.store.Setting(ctx, readSetting)
	if err != nil || at == "" {
		return time.Time{}, err
	}
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return t, fmt.Errorf("when the sources were read last: %w", err)
	}
	return t, nil
}

// nextRead is when a daemon reads the sources next: whatever the schedule, all of them are read.
func (a *app) nextRead(ctx context.Context, s *site) (next time.Time, err error) {
	for _, schedule := range schedules(s.config) {
		r, err := a.runsOf(ctx, s, schedule)
		if err != nil {
			return next, err
		}
		if next.IsZero() || !r.next.IsZero() && r.next.Before(next) {
			next = r.next
		}
	}
	return next, nil
}

// notBefore is when a source is read next, which would be at next: a feed on the web not before its server wants it.
func (a *app) notBefore(ctx context.Context, s *site, name string, next time.Time) (time.Time, error) {
	for _, src := range s.config.Sources {
		if src.Name != name || src.Feed == "" || next.IsZero() {
			continue
		}
		at, err := a.loader(s, false).NextVisit(ctx, sourceFrom(src))
		if err != nil || at.After(next) {
			return at, err
		}
	}
	return next, nil
}

func printSourceStatuses(w io.Writer, sources []status.Source) {
	if len(sources) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SOURCE\tLAST READ\tNEXT READ\tRESULT")
	for _, s := range sources {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", s.Name, clock(s.LastRead), clock(s.NextRead), s.Result())
	}
	t.Flush()
	for _, s := range sources {
		for _, line := range append(s.Problems, s.Error) {
			if line != "" {
				fmt.Fprintf(w, "source %s: %s\n", s.Name, line)
			}
		}
		for _, key := range s.Missing {
			fmt.Fprintf(w, "source %s: file vanished, its entry is kept: %s\n", s.Name, key)
		}
		for _, key := range s.HeldBack {
			fmt.Fprintf(w, "source %s: file vanished, its entry is withdrawn with --force only: %s\n", s.Name, key)
		}
	}
}
