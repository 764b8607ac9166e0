package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// logEvery is how often progress is logged where there is no terminal to show a bar on.
const logEvery = 10 * time.Second

// progress shows on standard error how far reading a source has come: as a bar on a terminal, as log lines elsewhere.
// Work that is done within a moment is not worth either.
func (a *app) progress(source string) func(done, total int) {
	if a.quiet {
		return nil
	}
	if isTerminal(a.stderr) {
		return bar(a.stderr, source)
	}
	last := a.now()
	return func(done, total int) {
		if now := a.now(); now.Sub(last) >= logEvery {
			last = now
			a.log.Info("reading", "source", source, "done", done, "total", total)
		}
	}
}

func bar(w io.Writer, source string) func(done, total int) {
	var b *progressbar.ProgressBar
	return func(done, total int) {
		if b == nil {
			// Without colours: NO_COLOR needs no case of its own.
			b = progressbar.NewOptions(total,
				progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(source), progressbar.OptionShowCount(),
				progressbar.OptionShowIts(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
		}
		b.Set(done)
		if done == total {
			b.Finish()
		}
	}
}
