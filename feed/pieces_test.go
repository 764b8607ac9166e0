package feed

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A document taken apart and put together is the same, whatever its entries say, and each part is a document.
func TestPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 30 {
		var entries []Entry
		for n := range 1 + r.IntN(6) {
			e := hostileEntry(r, n)
			e.Content += "<pre>\n    <item>\n    </item>\n  <entry>\n  </entry>\n    {\n    }\n</pre>]]>\n    <item>"
			entries = append(entries, e)
		}
		f := fullFeed(entries...)
		for _, format := range Formats {
			doc := mustWrite(t, f, format)
			p, ok := takeApart(doc, format)
			if !ok || len(p.entries) != len(entries) || !bytes.Equal(p.with(p.entries), doc) {
				t.Fatalf("%s: got %d entries, %t, want %d\n%s", format, len(p.entries), ok, len(entries), doc)
			}
			for i := range entries {
				part := *f
				part.Entries = entries[i : i+1]
				if err := Check(p.with(p.entries[i:i+1]), &part, format); err != nil {
					t.Fatalf("%s: entry %d: %v", format, i, err)
				}
			}
			part := *f
			part.Entries = nil
			if err := Check(p.with(nil), &part, format); err != nil {
				t.Fatalf("%s: without entries: %v", format, err)
			}
		}
	}
}
