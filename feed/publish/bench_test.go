package publish

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// A site with many articles: three tags and an author each, a feed for each of them, and one of all with its archive.
func benchmarkSite(b *testing.B, articles int) (*store.Store, *Publisher, func(n int) feed.Entry) {
	b.Helper()
	dir := b.TempDir()
	s, err := store.Open(b.Context(), filepath.Join(dir, "store.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	start := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	step := 10 * 365 * 24 * time.Hour / time.Duration(articles)
	body := "<p>" + strings.Repeat("Some text of an article that is neither long nor short. ", 4) + "</p>"
	entry := func(n int) feed.Entry {
		key := fmt.Sprintf("%07d.md", n)
		e := feed.Entry{
			ID: "tag:example.org,2026-01-01:articles/" + key, Source: "articles", Key: key, URL: "https://example.org/" + key,
			Title: fmt.Sprintf("Article %d", n), Tags: []string{fmt.Sprintf("tag%d", n%20), fmt.Sprintf("more%d", n%7), "all"},
			Authors: []feed.Author{{Name: fmt.Sprintf("Author %d", n%50)}}, Published: start.Add(time.Duration(n) * step), Dated: true,
			Status: feed.Published,
		}
		return write(e, body)
	}
	now := start.Add(10*365*24*time.Hour + time.Hour)
	s.Now = func() time.Time { return now }
	for n := 0; n < articles; n += 1000 {
		var batch []feed.Entry
		for i := n; i < min(n+1000, articles); i++ {
			batch = append(batch, entry(i))
		}
		if _, err := s.PutAll(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	specs := []Spec{spec("news"), each(feed.ByTag), each(feed.ByAuthor)}
	specs[0].Archives = true
	p := New(slog.New(slog.NewTextHandler(io.Discard, nil)), s, Config{
		Site: Site{Title: "Example", URL: "https://example.org/", FeedsURL: "https://feeds.example.org/", Language: "en",
			IDAuthority: "example.org,2026-01-01"},
		Specs: specs, Public: filepath.Join(dir, "feeds"),
	}, func() time.Time { return now })
	if _, err := p.Publish(b.Context(), All); err != nil {
		b.Fatal(err)
	}
	return s, p, entry
}

// What a tick costs: with nothing new, and with one article that was edited, new or old. A million articles take some
// minutes to be written first: go test -bench Tick/1000000 -timeout 1h
func BenchmarkTick(b *testing.B) {
	for _, articles := range []int{1000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(articles), func(b *testing.B) { benchmarkTick(b, articles) })
	}
}

func benchmarkTick(b *testing.B, articles int) {
	s, p, entry := benchmarkSite(b, articles)
	b.Run("nothing", func(b *testing.B) {
		for b.Loop() {
			if r, err := p.Publish(b.Context(), All); err != nil || r.Written > 0 {
				b.Fatal(r, err)
			}
		}
	})
	for name, n := range map[string]int{"new": articles - 1, "old": articles / 2} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				edit(b, s, p, entry(n), i)
			}
			reportMemory(b)
		})
	}
}

func edit(b *testing.B, s *store.Store, p *Publisher, e feed.Entry, i int) {
	b.Helper()
	if _, err := s.PutAll(b.Context(), []feed.Entry{write(e, fmt.Sprintf("<p>Edit %d of %s.</p>", i, b.Name()))}); err != nil {
		b.Fatal(err)
	}
	if r, err := p.Publish(b.Context(), All); err != nil || r.Written == 0 {
		b.Fatal(r, err)
	}
}

// What an edit costs with a hundred times as many articles: the ratio of medians, the two sites in turn, since a machine's speed
// changes while a large one is filled. -benchtime says how many edits of each: 50x.
func BenchmarkFlat(b *testing.B) {
	const few, many = 10_000, 1_000_000
	fewStore, fewSite, fewEntry := benchmarkSite(b, few)
	manyStore, manySite, manyEntry := benchmarkSite(b, many)
	for name, part := range map[string]int{"new": 1, "old": 2} {
		b.Run(name, func(b *testing.B) {
			var took [2][]time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				edit(b, fewStore, fewSite, fewEntry(few/part-1), i)
				between := time.Now()
				edit(b, manyStore, manySite, manyEntry(many/part-1), i)
				took[0], took[1] = append(took[0], between.Sub(began)), append(took[1], time.Since(between))
			}
			slices.Sort(took[0])
			slices.Sort(took[1])
			half := len(took[0]) / 2
			b.ReportMetric(took[1][half].Seconds()*1e3, "ms/edit")
			b.ReportMetric(float64(took[1][half])/float64(took[0][half]), "ratio")
		})
	}
}

// reportMemory tells how much a daemon would hold on to.
func reportMemory(b *testing.B) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB-heap")
}

// A site with very many tags, each with a feed in three formats: what publishing all of them takes at first, and what an
// article of one of them takes then.
func BenchmarkManyTags(b *testing.B) {
	for _, tags := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(tags), func(b *testing.B) { benchmarkManyTags(b, tags) })
	}
}

func benchmarkManyTags(b *testing.B, tags int) {
	dir := b.TempDir()
	s, err := store.Open(b.Context(), filepath.Join(dir, "store.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now := start.AddDate(1, 0, 0)
	s.Now = func() time.Time { return now }
	entry := func(n int, body string) feed.Entry {
		key := fmt.Sprintf("%07d.md", n)
		return write(feed.Entry{
			ID: "tag:example.org,2026-01-01:articles/" + key, Source: "articles", Key: key, URL: "https://example.org/" + key,
			Title: fmt.Sprintf("Article %d", n), Tags: []string{fmt.Sprintf("tag%d", n%tags)}, Published: start.Add(time.Duration(n) * time.Second), Dated: true,
			Status: feed.Published,
		}, body)
	}
	for n := 0; n < 3*tags; n += 1000 {
		var batch []feed.Entry
		for i := n; i < min(n+1000, 3*tags); i++ {
			batch = append(batch, entry(i, "<p>Some text.</p>"))
		}
		if _, err := s.PutAll(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	p := New(slog.New(slog.DiscardHandler), s, Config{
		Site: Site{Title: "Example", URL: "https://example.org/", FeedsURL: "https://feeds.example.org/", Language: "en",
			IDAuthority: "example.org,2026-01-01"},
		Specs: []Spec{each(feed.ByTag)}, Public: filepath.Join(dir, "feeds"),
	}, func() time.Time { return now })
	began := time.Now()
	if r, err := p.Publish(b.Context(), All); err != nil || r.Written != 3*tags {
		b.Fatal(r.Written, err)
	}
	first := float64(time.Since(began).Microseconds()) / 1000 / float64(tags)
	for i := 0; b.Loop(); i++ {
		if _, err := s.PutAll(b.Context(), []feed.Entry{entry(i%tags, fmt.Sprintf("<p>Edit %d.</p>", i))}); err != nil {
			b.Fatal(err)
		}
		if r, err := p.Publish(b.Context(), All); err != nil || r.Written != 3 {
			b.Fatal(r.Written, err)
		}
	}
	b.ReportMetric(first, "ms-first/feed")
	reportMemory(b)
}
