//go:build unix

package ingest

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A pipe that nobody writes to held the whole run up for ever.
func TestNamedPipeIsRefused(t *testing.T) {
	b := newBench(t)
	pipe := filepath.Join(b.source.Dir, "pipe.md")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Skip(err)
	}
	b.write("a.md", "# A\n\nText.")
	done := make(chan []Report)
	go func() {
		loaded, err := b.loader.Load(t.Context(), b.source)
		if err != nil {
			t.Error(err)
		}
		named, err := b.loader.Import(t.Context(), b.source, "pipe.md")
		if err != nil {
			t.Error(err)
		}
		done <- []Report{loaded, named}
	}()
	select {
	case <-time.After(30 * time.Second):
		t.Fatal("still waits for the pipe")
	case reports := <-done:
		for _, report := range reports {
			if len(report.Problems) != 1 || !strings.HasSuffix(report.Problems[0].Error(), "pipe.md: not a regular file but a named pipe; write the article into a file") {
				t.Errorf("got problems %v, want one that names the pipe", report.Problems)
			}
		}
		b.wantCounts(reports[0], "2 1 0 0 1 0 0")
	}
}
