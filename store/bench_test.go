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

func BenchmarkPut(b *testing.B) {
	for _, size := range []int{1, 500} {
		b.Run(fmt.Sprintf("new/%d", size), func(b *testing.B) {
			s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
			for n := 0; b.Loop(); n += size {
				put(b, s, batch(n, size)...)
			}
		})
	}
	b.Run("unchanged/500", func(b *testing.B) {
		s := openFile(b, filepath.Join(b.TempDir(), "store.db"))
		es := batch(0, 500)
		for b.Loop() {
			put(b, s, es...)
		}
	})
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
