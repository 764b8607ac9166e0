package main

import (
	"context"
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feedpub/config"
	"feedpub/feed/status"
)

// While nothing can be written to the store, the status is told all the same: that is when somebody looks.
func TestStatusWhileNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	s, private := serveStatus(t, dir)
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml", "<title>A</title>"))
	db, err := sql.Open("sqlite", filepath.Join(dir, ".feedpub", "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	eventually(t, 10*time.Second, "the store is locked", func() bool { _, err := db.ExecContext(t.Context(), "BEGIN IMMEDIATE"); return err == nil })
	fetch(t, s.url+"news/rss.xml", "newsboat/2.32") // which is to be stored
	began := time.Now()
	if code, body := get(t, private+"status.json"); code != http.StatusOK || !strings.Contains(body, `"name":"news"`) {
		t.Errorf("the status: got %d %s", code, body)
	}
	if _, body := get(t, private+"metrics"); !strings.Contains(body, "\nfeedpub_store_up 1\n") {
		t.Errorf("metrics: got %s", body)
	}
	if took := time.Since(began); took > lookTime {
		t.Errorf("it took %v", took)
	}
	if os.Getenv("LONG_TESTS") != "" {
		eventually(t, 20*time.Second, "it is told", func() bool { return strings.Contains(s.log.String(), "not stored who reads") })
	}
	if _, err := db.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the reader is stored", func() bool {
		_, body := get(t, private+"status.json")
		return strings.Contains(body, `"newsboat"`)
	})
}

// A daemon that is replaced is not closed while somebody looks at it; who looks then sees the new one, and in a row it is asked once.
func TestLooksAtAReplacedDaemon(t *testing.T) {
	a := &app{}
	daemonOf := func(title string) *daemon {
		return &daemon{app: a, site: &site{config: &config.Config{Site: config.Site{Title: title}}}}
	}
	old, next := daemonOf("old"), daemonOf("next")
	a.current.Store(old)
	begun, goOn, looks := make(chan struct{}), make(chan struct{}), 0
	var closed atomic.Bool
	look := func(_ context.Context, d *daemon) (status.Site, error) {
		if looks++; d == old {
			close(begun)
			<-goOn
			if closed.Load() {
				t.Error("it is closed while it is looked at")
			}
		}
		return status.Site{Title: d.site.config.Site.Title}, nil
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, s, err := a.seen.see(t.Context(), a, look); s.Title != "old" || err != nil {
			t.Errorf("got %v, %v", s, err)
		}
	})
	<-begun
	wg.Go(func() {
		a.replaced(next)
		closed.Store(true)
	})
	for a.current.Load() != next {
		runtime.Gosched()
	}
	if closed.Load() {
		t.Error("the old one is closed while somebody looks at it")
	}
	close(goOn)
	wg.Wait()
	for range 3 {
		if c, s, err := a.seen.see(t.Context(), a, look); s.Title != "next" || c.Site.Title != "next" || err != nil {
			t.Errorf("got %v, %v", s, err)
		}
	}
	if looks != 2 {
		t.Errorf("%d looks", looks)
	}
}
