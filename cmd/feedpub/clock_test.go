package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"feedpub/feed"
)

// The clock is set forth and back while the daemon serves. It goes on by the clock as it is: what was written at a time
// that is to come waits for it, nothing is shown twice or before its embargo ends, no time is later than any that the
// clock showed, and when the clock is right again, so is the feed.
func TestClockIsSet(t *testing.T) {
	long(t)
	t.Parallel()
	dir := t.TempDir()
	start := time.Now().UTC()
	article := func(title, more string) string { return "---\ntitle: " + title + "\n" + more + "---\nText.\n" }
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@every 1s\"\nserve: {watch: false}\n",
		"articles/first.md", article("First", ""), "articles/edited.md", article("Edited", ""),
		"articles/later.md", article("Later", "embargo: "+start.Add(12*time.Hour).Format(time.RFC3339)+"\n"),
		"articles/secret.md", article("Secret", "embargo: "+start.Add(240*time.Hour).Format(time.RFC3339)+"\n"))
	var set atomic.Int64
	log := new(lockedBuffer)
	a := &app{stderr: log, stdout: log, log: slog.New(slog.NewTextHandler(log, nil)),
		now: func() time.Time { return time.Now().Add(time.Duration(set.Load())) }}
	c, err := a.load(dir)
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.newDaemon(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- d.run(ctx) }()
	defer func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		d.close()
	}()
	served := httptest.NewServer(d.web)
	defer served.Close()
	url := served.URL + "/news/atom.xml"
	eventually(t, 20*time.Second, "the feed is served", serves(t, url, "First"))

	latest := time.Duration(0)
	for n, jump := range []time.Duration{time.Hour, 0, -time.Hour, 0, 24 * time.Hour, 0, -24 * time.Hour, 0} {
		set.Store(int64(jump))
		latest = max(latest, jump)
		writeFiles(t, dir, fmt.Sprintf("articles/n%d.md", n), article(fmt.Sprintf("New %d.", n), ""),
			"articles/edited.md", article(fmt.Sprintf("Edited %d.", n), ""))
		eventually(t, 20*time.Second, fmt.Sprintf("what was written when the clock was set by %v is served", jump), func() bool {
			return serves(t, url, fmt.Sprintf("New %d.", n))() && (jump < 0 || serves(t, url, fmt.Sprintf("Edited %d.", n))())
		})
		_, doc := get(t, url)
		f, err := feed.Read([]byte(doc), feed.Atom)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, e := range f.Entries {
			if seen[e.ID] || seen[e.Title] {
				t.Errorf("%v: %s is there twice", jump, e.Title)
			}
			seen[e.ID], seen[e.Title] = true, true
			for _, at := range []time.Time{e.Published, e.Updated, f.Updated} {
				if at.After(time.Now().Add(latest + time.Second)) {
					t.Errorf("%v: %s: got a time in the future: %v", jump, e.Title, at)
				}
			}
		}
		if jump == 0 && !(seen["First"] && (n < 3 || seen["New 1."] && seen["New 2."] && seen["New 3."])) {
			t.Errorf("the clock is right again: got only %v", seen)
		}
		if seen["Secret"] || seen["Later"] && jump < 12*time.Hour {
			t.Errorf("%v: shown before its embargo ended", jump)
		}
	}
	if n := strings.Count(log.String(), "feed published"); n > 30 {
		t.Errorf("got %d runs that published, want at most a few for each time the clock was set", n)
	}
	if strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Errorf("errors were logged:\n%s", log)
	}
}

// Write makes it the end of a logger.
func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}
