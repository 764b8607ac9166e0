package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// batch is n articles of 3 kB, one a minute, each of one tag of ten.
func batch(from, n int) []feed.Entry {
	es := make([]feed.Entry, n)
	for i := range es {
		k := from + i
		es[i] = dated(fmt.Sprintf("%07d", k), time.Duration(k-1_000_000)*time.Minute, fmt.Sprint("tag", k%10))
		es[i].Content = "<p>" + strings.Repeat("Some words of text. ", 160) + "</p>"
	}
	return es
}

// full is like batch, with three tags and an author.
func full(from, n int) []feed.Entry {
	es := batch(from, n)
	for i := range es {
		k := from + i
		es[i].Tags = []string{fmt.Sprint("tag", k%10), fmt.Sprint("Tag ", k%30), fmt.Sprint("Topic ", k%100)}
		es[i].Authors = []feed.Author{{Name: fmt.Sprint("Author ", k%5), Email: "author@example.org"}}
	}
	return es
}

// BenchmarkPut puts articles in batches as an import makes them: new ones into a store that is empty, and into one of
// 100 000, in which they are edited or unchanged as well. Of ns/article of the edited, BenchmarkSignificant tells twice what
// is not the store's.
func BenchmarkPut(b *testing.B) {
	const size, stored = 200, 100_000
	batches := func(s *Store, from int, next func(from int) []feed.Entry) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				es := next(from)
				from += size
				b.StartTimer()
				if _, err := s.PutAll(b.Context(), es); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*size), "ns/article")
		}
	}
	fresh := func(from int) []feed.Entry { return full(from, size) }
	b.Run("new/empty", func(b *testing.B) {
		batches(openFile(b, filepath.Join(b.TempDir(), "store.db")), 0, fresh)(b)
	})
	s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
	for n := 0; n < stored; n += 1000 {
		put(b, s, full(n, 1000)...)
	}
	b.Run("new", batches(s, stored, fresh))
	b.Run("edited", batches(s, 0, func(from int) []feed.Entry {
		es := full(from%stored, size)
		for i := range es {
			es[i].Raw, es[i].Content = fmt.Sprint("edit ", from), es[i].Content+fmt.Sprintf("<p>Edit %d.</p>", from)
		}
		return es
	}))
	b.Run("unchanged", batches(s, stored, func(int) []feed.Entry { return full(stored, size) }))
}

func BenchmarkSignificant(b *testing.B) {
	e := full(0, 1)[0]
	for b.Loop() {
		e.Significant()
	}
}

func BenchmarkNewest(b *testing.B) {
	const entries = 100_000
	s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
	for n := 0; n < entries; n += 1000 {
		put(b, s, batch(n, 1000)...)
	}
	for name, q := range map[string]Query{
		"all":     {Limit: 100, Now: start},
		"tag":     {Limit: 100, Now: start, Select: feed.Selection{Tags: []string{"tag3"}}},
		"all/mid": {Limit: 100, Now: start.Add(-(1_000_000 - entries/2) * time.Minute)},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if es, err := s.Newest(b.Context(), q); err != nil || len(es) != q.Limit {
					b.Fatalf("got %d entries, %v, want %d", len(es), err, q.Limit)
				}
			}
		})
	}
	b.Run("NextChange", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.NextChange(b.Context(), Query{Now: start}, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Changes", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := s.Changes(b.Context(), entries, 1000); err != nil {
				b.Fatal(err)
			}
		}
	})
}
