//go:build unix

package page

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A pipe that nobody writes to held the program up for ever.
func TestPipeInThemeIsRefused(t *testing.T) {
	for _, name := range names {
		dir := t.TempDir()
		pipe := filepath.Join(dir, name)
		if err := syscall.Mkfifo(pipe, 0o644); err != nil {
			t.Skip(err)
		}
		done := make(chan error, 1)
		go func() {
			_, err := Read(os.DirFS(dir), dir)
			done <- err
		}()
		select {
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: still waits for the pipe", name)
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), pipe+": not a regular file; put one there, or take it away") {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}
