package feed

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func benchmarkFeed() *Feed {
	var entries []Entry
	for n := range 100 {
		e := exampleEntry(n)
		e.Details, e.Enclosures = Details{}, e.Enclosures[:1]
		e.Content = strings.Repeat(`<p>Some <b>text</b> &amp; <a href="https://example.org/">a link</a>.</p>`+"\n", 45)
		entries = append(entries, e)
	}
	return exampleFeed(entries...)
}

func BenchmarkWrite(b *testing.B) {
	f := benchmarkFeed()
	for _, format := range Formats {
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				if err := f.Write(io.Discard, format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	f := benchmarkFeed()
	for _, format := range Formats {
		doc := mustWrite(b, f, format)
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				if err := Check(doc, f, format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// One entry of a hundred was edited.
func BenchmarkProof(b *testing.B) {
	f := benchmarkFeed()
	for _, format := range Formats {
		prev := mustWrite(b, f, format)
		edited := *f
		edited.Entries = slices.Clone(f.Entries)
		edited.Entries[50].Title = "Another title"
		doc := mustWrite(b, &edited, format)
		b.Run(string(format), func(b *testing.B) {
			for b.Loop() {
				if err := proofOf(f, format, prev).Check(doc, &edited, format); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
