package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// hookTimeout is how long the command of on_failure may take.
const hookTimeout = time.Minute

// A failure is what the command of on_failure gets on its input, as JSON: a run's error, and its report.
type failure struct {
	Site  string `json:"site"`
	Error string `json:"error"`
	generated
}

// errorOf is what is wrong with a run, nil where nothing is.
func errorOf(result generated, err error) error {
	if err != nil {
		return err
	}
	return errors.Join(publishResult(result.Report, false), sourcesResult(result.Sources, false))
}

// tellFailure runs the command of on_failure when a run failed in a way that the one before did not: a daemon that
// cannot read an article would call for help every few minutes otherwise.
func (a *app) tellFailure(ctx context.Context, s *site, result generated, err error) {
	if s.config.OnFailure == "" || ctx.Err() != nil {
		return
	}
	wrong := ""
	if err := errorOf(result, err); err != nil {
		wrong = essence(result, err)
		told, settingErr := s.store.Setting(ctx, "failure")
		if settingErr == nil && told == wrong {
			return
		}
		if err := a.runHook(ctx, s, failure{s.config.Site.Title, err.Error(), result}); err != nil {
			a.log.ErrorContext(ctx, "on_failure", "error", err)
			return // the next run tries again
		}
	}
	if told, err := s.store.Setting(ctx, "failure"); err == nil && told != wrong {
		if err := s.store.SetSetting(ctx, "failure", wrong); err != nil {
			a.log.ErrorContext(ctx, "on_failure: not noted what was told", "error", err)
		}
	}
}

// essence tells failures apart: what failed, and not how much was done beside it.
func essence(result generated, err error) string {
	lines := []string{err.Error()}
	for _, r := range result.Sources {
		lines = append(lines, r.Name, r.Error)
		lines = append(lines, r.Problems...)
		lines = append(lines, r.HeldBack...)
	}
	for _, f := range result.Feeds {
		lines = append(lines, f.Error)
		for _, d := range f.Documents {
			lines = append(lines, d.Error)
		}
	}
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return line == "" }), "\n")
}

// runHook runs the command of on_failure in the site's folder, with the failure on its input.
func (a *app) runHook(ctx context.Context, s *site, f failure) error {
	input, err := json.Marshal(f)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	shell := []string{"sh", "-c"}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C"}
	}
	cmd := exec.CommandContext(ctx, shell[0], shell[1], s.config.OnFailure)
	environ := slices.DeleteFunc(slices.Clone(a.environ), func(pair string) bool { // is for this process alone
		return strings.HasPrefix(pair, "NOTIFY_SOCKET=") || strings.HasPrefix(pair, "WATCHDOG_") || strings.HasPrefix(pair, "LISTEN_")
	})
	cmd.Dir, cmd.Env, cmd.Stdin = s.config.Folder, environ, bytes.NewReader(append(input, '\n'))
	cmd.WaitDelay = time.Second // what it started may hold its output open
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("its command: %w: %s", err, bytes.TrimSpace(out[:min(len(out), 1000)]))
	}
	return nil
}
