package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The schedule is far away: what is saved is served because the folder is watched.
func TestSavedIsServed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", `site: {title: Site, url: "https://example.org/"}
schedule: "@yearly"
sources: [{name: articles, folder: ., missing: withdraw}]
feeds: [{name: news, limit: 1000}, {name: yearly, schedule: "0 0 2 1 *"}]
`, "one.md", "---\ntitle: One\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	news := s.url + "news/rss.xml"
	eventually(t, 20*time.Second, "the first article is served", serves(t, news, "One"))
	runs := func() int { return strings.Count(s.log.String(), "feed published") }
	article := func(title string) string { return "---\ntitle: " + title + "\ndate: 2026-03-01\n---\nText.\n" }
	soon := func(what string, ok func() bool) { t.Helper(); eventually(t, 10*time.Second, what, ok) }

	writeFiles(t, dir, "one.md", article("Written again"))
	soon("a file that is written again", serves(t, news, "Written again"))

	writeFiles(t, dir, ".one.md.swp", article("Replaced"))
	if err := os.Rename(filepath.Join(dir, ".one.md.swp"), filepath.Join(dir, "one.md")); err != nil {
		t.Fatal(err)
	}
	soon("a file that an editor replaces", serves(t, news, "Replaced"))

	if err := os.Rename(filepath.Join(dir, "one.md"), filepath.Join(dir, "one.md~")); err != nil {
		t.Fatal(err)
	}
	writeFiles(t, dir, "one.md", article("Moved aside first"))
	soon("a file that an editor moves aside first", serves(t, news, "Moved aside first"))

	writeFiles(t, dir, "2026/march/deep.md", article("In a new folder"))
	soon("a file in a folder that is new", serves(t, news, "In a new folder"))
	writeFiles(t, dir, "2026/march/deep.md", article("Edited there"))
	soon("an edit there", serves(t, news, "Edited there"))

	writeFiles(t, dir, "bad.md", "---\ntitle: [\n---\nText.\n")
	soon("what is refused is told with its place", func() bool { return strings.Contains(s.log.String(), "bad.md:") })

	if err := os.RemoveAll(filepath.Join(dir, "2026")); err != nil {
		t.Fatal(err)
	}
	soon("what is removed is withdrawn", serves(t, news, "has been withdrawn"))

	before := runs()
	for n := range 400 {
		writeFiles(t, dir, fmt.Sprintf("many/%d.md", n), article(fmt.Sprintf("Many %d", n)))
	}
	soon("many at once", func() bool {
		_, body := get(t, news)
		return strings.Count(body, "<title>Many ") == 400
	})
	if n := runs() - before; n > 12 {
		t.Errorf("published %d times for files that were written at once", n)
	}
	after := runs()
	time.Sleep(300 * time.Millisecond)
	if runs() != after {
		t.Error("what is published is taken for a change")
	}
	if serves(t, s.url+"yearly/rss.xml", "Many")() {
		t.Error("a feed with a schedule of its own did not wait for it")
	}
}

// Nothing is watched where the configuration says so.
func TestNotWatched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@yearly\"\nserve: {watch: false}\n",
		"articles/one.md", "---\ntitle: One\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	eventually(t, 20*time.Second, "the first article is served", serves(t, s.url+"news/rss.xml", "One"))
	writeFiles(t, dir, "articles/two.md", "---\ntitle: Two\ndate: 2026-03-01\n---\nText.\n")
	time.Sleep(1500 * time.Millisecond)
	if serves(t, s.url+"news/rss.xml", "Two")() {
		t.Error("served although nothing is watched")
	}
}

// serveInside runs the daemon of a site in this process, where profiles see it, and gives its URL.
func serveInside(b *testing.B, dir string) string {
	a := &app{stderr: io.Discard, stdout: io.Discard, log: slog.New(slog.DiscardHandler), now: time.Now}
	c, err := a.load(dir)
	if err != nil {
		b.Fatal(err)
	}
	d, err := a.newDaemon(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- d.run(ctx) }()
	served := httptest.NewServer(d.web)
	b.Cleanup(func() {
		served.Close()
		stop()
		if err := errors.Join(<-stopped, d.close()); err != nil {
			b.Error(err)
		}
	})
	return served.URL + "/"
}

// BenchmarkSaveToServed is from the moment that an article is saved, one that is stored or a new one, to the one that its feed is
// served with it.
func BenchmarkSaveToServed(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			writeFiles(b, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@yearly\"\nfeeds: [{name: news}, {each: tag}]\n")
			article := func(i int, title string) string {
				return fmt.Sprintf("---\ntitle: %s\ndate: %s\ntags: [t%d]\n---\n%s\n", title,
					time.Date(2020, 1, 1, 0, i, 0, 0, time.UTC).Format(time.RFC3339), i%20, strings.Repeat("Some words of text. ", 100))
			}
			for i := range n {
				writeFiles(b, dir, fmt.Sprintf("articles/%d/%d.md", i/1000, i), article(i, fmt.Sprintf("Article %d", i)))
			}
			url := serveInside(b, dir) + "news/rss.xml"
			eventually(b, 10*time.Minute, "served at all", serves(b, url, fmt.Sprintf("Article %d<", n-1)))
			time.Sleep(2 * time.Second)
			saved := 0
			for _, of := range []string{"stored", "new"} {
				b.Run(of, func(b *testing.B) {
					var took []time.Duration
					save := func() {
						saved++
						i, title := n-1, fmt.Sprintf("Saved %d", saved)
						if of == "new" {
							i += saved
						}
						start := time.Now()
						writeFiles(b, dir, fmt.Sprintf("articles/%d/%d.md", (n-1)/1000, i), article(i, title))
						for !serves(b, url, title+"<")() {
							time.Sleep(time.Millisecond)
						}
						took = append(took, time.Since(start))
					}
					for range 4 { // the first may find the daemon busy
						save()
					}
					for b.Loop() {
						save()
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
				})
			}
		})
	}
}
