package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func serves(t testing.TB, url, word string) func() bool {
	return func() bool {
		_, body := get(t, url)
		return strings.Contains(body, word)
	}
}

// A daemon runs while the other commands are called a hundred times.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	calls := rounds(20, 100)
	commands := built(t)
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@every 1s\"\nfeeds: [{name: news, limit: 1000}]\n",
		"articles/a0.md", "---\ntitle: Article 0\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	eventually(t, 20*time.Second, "the first article is served", serves(t, s.url+"news/rss.xml", "Article 0"))

	var wg sync.WaitGroup
	errs := make(chan string, 3*calls)
	each := func(work func(n int) []string) {
		wg.Go(func() {
			for n := 1; n <= calls; n++ {
				cmd := exec.CommandContext(t.Context(), commands, work(n)...)
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					errs <- fmt.Sprintf("%v: %v\n%s", cmd.Args[1:], err, out)
				}
			}
		})
	}
	each(func(n int) []string { // stored only, and published by the next run
		writeFiles(t, dir, fmt.Sprintf("more/b%d.md", n), fmt.Sprintf("---\ntitle: More %d\ndate: 2026-03-02\n---\nText.\n", n))
		return []string{"import", fmt.Sprintf("more/b%d.md", n)}
	})
	each(func(n int) []string { return []string{"generate"} })
	each(func(n int) []string {
		if n%2 == 1 {
			return []string{"withdraw", "articles/a0.md", "--note", fmt.Sprintf("Note %d.", n)}
		}
		return []string{"restore", "articles/a0.md"}
	})
	wg.Wait()
	close(errs)
	for e := range errs {
		t.Error(e)
	}

	feedpub(t, dir, 0, "withdraw", "articles/a0.md", "--note", "The last note.")
	// Within a second; more is for a machine that is busy with other tests.
	eventually(t, 10*time.Second, "what withdraw published is served", serves(t, s.url+"news/rss.xml", "The last note."))
	eventually(t, 20*time.Second, "what import stored is published by the next run", serves(t, s.url+"news/rss.xml", fmt.Sprintf("More %d<", calls)))
	if _, body := get(t, s.url+"news/rss.xml"); !strings.Contains(body, "The last note.") {
		t.Error("newer bytes were overwritten by older ones")
	}
	if strings.Contains(s.log.String(), `"level":"ERROR"`) {
		t.Error("the daemon logged an error")
	}
}

// The schedule is far away: the embargo's end alone wakes the daemon.
func TestDaemonWakesAtAnEmbargo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := time.Now().Add(3 * time.Second).UTC().Truncate(time.Second)
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@yearly\"\n",
		"articles/now.md", "---\ntitle: Open\ndate: 2026-03-01\n---\nText.\n",
		"articles/secret.md", "---\ntitle: Secret\ndate: 2026-03-01\nembargo: "+at.Format(time.RFC3339)+"\n---\nText.\n")
	s := serve(t, dir)
	eventually(t, 20*time.Second, "the open article is served", serves(t, s.url+"news/atom.xml", "Open"))
	for _, path := range []string{"news/atom.xml", ""} {
		for time.Now().Before(at) {
			if serves(t, s.url+path, "Secret")() && time.Now().Before(at) {
				t.Fatalf("/%s: served before its embargo ended", path)
			}
			time.Sleep(50 * time.Millisecond)
		}
		eventually(t, 5*time.Second, "served when its embargo ends", serves(t, s.url+path, "Secret"))
	}
}

// What is saved in the moment before a reload is published by the new daemon, and not with the next run.
func TestSavedBeforeReload(t *testing.T) {
	t.Parallel()
	if len(reloadSignals) == 0 {
		t.Skip("this system has no HUP")
	}
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@yearly\"\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml", "Text."))
	for i := range 3 {
		text := fmt.Sprintf("Deploy %d.", i)
		writeFiles(t, dir, "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\n"+text+"\n")
		s.cmd.Process.Signal(syscall.SIGHUP)
		eventually(t, 20*time.Second, text+" is served", serves(t, s.url+"news/rss.xml", text))
	}
}

func TestReloadAndStop(t *testing.T) {
	t.Parallel()
	if len(reloadSignals) != 1 || reloadSignals[0] != syscall.SIGHUP {
		t.Skip("this system has no HUP")
	}
	dir := t.TempDir()
	config := "site: {title: %s, url: \"https://example.org/\"}\n"
	writeFiles(t, dir, "feedpub.yaml", fmt.Sprintf(config, "Before"), "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	feedURL := s.url + "news/rss.xml"
	eventually(t, 20*time.Second, "the feed is served", serves(t, feedURL, "<title>Before</title>"))
	if code, body := get(t, s.url+"readyz"); code != http.StatusOK {
		t.Errorf("readyz: got %d %s", code, body)
	}

	writeFiles(t, dir, "feedpub.yaml", "site: {title: [not, a, title]}\n")
	s.cmd.Process.Signal(syscall.SIGHUP)
	eventually(t, 10*time.Second, "the mistake is told with its place", func() bool {
		return strings.Contains(s.log.String(), "feedpub.yaml:1:15") || strings.Contains(s.log.String(), "feedpub.yaml:1:15: site.title")
	})
	if !serves(t, feedURL, "<title>Before</title>")() {
		t.Error("a bad configuration replaced the good one")
	}

	// A deploy takes the file away for a moment: the defaults would be another site.
	if err := os.Remove(filepath.Join(dir, "feedpub.yaml")); err != nil {
		t.Fatal(err)
	}
	s.cmd.Process.Signal(syscall.SIGHUP)
	eventually(t, 10*time.Second, "the missing file is told", func() bool { return strings.Contains(s.log.String(), "no such file") })
	if !serves(t, feedURL, "<title>Before</title>")() {
		t.Error("a missing configuration replaced the good one")
	}

	writeFiles(t, dir, "feedpub.yaml", fmt.Sprintf(config, "After"))
	s.cmd.Process.Signal(syscall.SIGHUP)
	eventually(t, 10*time.Second, "the new configuration is published", serves(t, feedURL, "<title>After</title>"))

	// A deploy tool that is not sure sends it again and again.
	writeFiles(t, dir, "feedpub.yaml", fmt.Sprintf(config, "Last"))
	for range 100 {
		s.cmd.Process.Signal(syscall.SIGHUP)
		time.Sleep(3 * time.Millisecond)
	}
	eventually(t, 10*time.Second, "the last configuration is published", serves(t, feedURL, "<title>Last</title>"))

	s.cmd.Process.Signal(syscall.SIGTERM)
	state, err := s.cmd.Process.Wait()
	if err != nil || state.ExitCode() != 0 {
		t.Errorf("TERM: got %v, %v, want exit code 0\n%s", state, err, s.log)
	}
	if _, err := os.Stat(filepath.Join(dir, "feeds", "news", "rss.xml")); err != nil {
		t.Error(err)
	}
}

// Somebody tidies up under the running daemon. It goes on with a new store, and shows readers the same entries.
func TestStoreDeletedWhileServing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\nschedule: \"@every 1s\"\n",
		"articles/a.md", "---\ntitle: Undated\n---\nText.\n")
	s := serve(t, dir)
	feedURL := s.url + "news/atom.xml"
	eventually(t, 20*time.Second, "the feed is served", serves(t, feedURL, "Undated"))
	_, before := get(t, feedURL)
	for _, all := range []bool{true, false} {
		store := filepath.Join(dir, ".feedpub", "store.db")
		if err := os.Remove(store); err != nil {
			t.Fatal(err)
		}
		if all {
			os.RemoveAll(filepath.Dir(store))
		}
		eventually(t, 20*time.Second, "the store is there again", func() bool { _, err := os.Stat(store); return err == nil })
		if _, after := get(t, feedURL); after != before {
			t.Errorf("got other bytes:\n%s\nwant\n%s", after, before)
		}
	}
	writeFiles(t, dir, "articles/b.md", "---\ntitle: Another\ndate: 2026-03-01\n---\nText.\n")
	eventually(t, 20*time.Second, "a new article is served", serves(t, feedURL, "Another"))
	s.cmd.Process.Signal(syscall.SIGTERM)
	if state, err := s.cmd.Process.Wait(); err != nil || state.ExitCode() != 0 {
		t.Errorf("TERM: got %v, %v, want exit code 0\n%s", state, err, s.log)
	}
}
