//go:build unix

package publish

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Opening a pipe waits for a writer that never comes.
func TestPipesInThePublishedFolder(t *testing.T) {
	for _, path := range []string{manifestName, "news/rss.xml", "index.html", "stranger.xml", "news/.rss.xml.feedpub-tmp"} {
		t.Run(path, func(t *testing.T) {
			d := newDesk(t, spec("news"))
			d.put(article(1))
			d.publish()
			d.remove(path)
			if err := syscall.Mkfifo(filepath.Join(d.config.Public, path), 0o600); err != nil {
				t.Fatal(err)
			}
			d.withdraw(article(1).ID, "")
			done := make(chan error, 1)
			go func() {
				_, err := d.publisher().Publish(d.Context(), All)
				if err == nil {
					_, err = d.publisher().Adopt(d.Context())
				}
				done <- err
			}()
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("it hangs")
			}
			for _, name := range []string{"news/rss.xml", "news/atom.xml", "news/feed.json"} {
				if got := d.read(name); len(got) == 0 {
					t.Errorf("%s is empty", name)
				}
			}
		})
	}
}
