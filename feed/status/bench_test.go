package status

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"feedpub/store"
)

// What it costs to read who reads of a site of ten thousand tags, with all the days of which it is known by feed.
func BenchmarkReadAudience(b *testing.B) {
	const feeds, days = 10_000, 35
	s, err := store.Open(context.Background(), filepath.Join(b.TempDir(), "store.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	today := store.DayOf(now)
	for d := range days {
		var answers []store.Answers
		var readers []store.Readers
		for i := range feeds {
			name := fmt.Sprint("tag/", i)
			for _, format := range []string{"rss", "atom", "json"} {
				for _, code := range []int{200, 304} {
					answers = append(answers, store.Answers{Day: today.Add(-d), Feed: name, Format: format, Code: code, Requests: 3, Sent: 9000})
				}
			}
			readers = append(readers, store.Readers{Day: today.Add(-d), Feed: name, Kind: store.Client, Number: 2},
				store.Readers{Day: today.Add(-d), Feed: name, Kind: store.Service, Name: "Feedbin", ID: fmt.Sprint(i), Number: 9})
		}
		if err := s.SaveAudience(b.Context(), answers, readers); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if _, feeds, err := ReadAudience(b.Context(), s, now); err != nil || len(feeds) != 10_000 {
			b.Fatal(len(feeds), err)
		}
	}
}
