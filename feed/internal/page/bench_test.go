package page

import (
	"strings"
	"testing"
	"time"
)

// What a usual page costs a tick, beside the writing of it.
func BenchmarkFeedPage(b *testing.B) {
	theme := Default()
	entries := entriesOf(100, func(int) string { return strings.Repeat("<p>"+strings.Repeat("Some words & more. ", 20)+"</p>", 5) })
	b.ReportAllocs()
	for b.Loop() {
		f := Feed{URL: "https://feeds.example.org/news/", Documents: []Document{sampleDocument()}, Readers: Readers("https://feeds.example.org/news/rss.xml")}
		f.Fill(entries, time.UTC)
		if _, err := theme.Feed(f); err != nil {
			b.Fatal(err)
		}
	}
}
