package main

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"golang.org/x/term"

	"feedpub/config"
)

// isTerminal tells whether somebody looks at what is written to w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// daemonLog is the handler of the daemon's log: text for people, JSON for what collects logs.
func (a *app) daemonLog(format string) slog.Handler {
	options := &slog.HandlerOptions{Level: a.level, ReplaceAttr: hideSecrets}
	if format == config.TextLog || format == config.AutoLog && isTerminal(a.stderr) {
		return slog.NewTextHandler(a.stderr, options)
	}
	return slog.NewJSONHandler(a.stderr, options)
}

// An answer notes what a handler answers.
type answer struct {
	http.ResponseWriter
	code  int
	bytes int64
}

func (a *answer) WriteHeader(code int) {
	if a.code == 0 {
		a.code = code
	}
	a.ResponseWriter.WriteHeader(code)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.code == 0 {
		a.code = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// logRequests tells of each request that h answers. Neither the address nor the query is told: the one is a person's,
// and in the other some put what nobody else is to know.
func (a *app) logRequests(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun, noted := time.Now(), &answer{ResponseWriter: w}
		h.ServeHTTP(noted, r)
		a.log.InfoContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "status", noted.code,
			"bytes", noted.bytes, "took", time.Since(begun).Round(time.Microsecond), "agent", r.UserAgent())
	})
}
