package feed

import (
	"bytes"
	"math/rand/v2"
	"strings"
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

// What the whole check finds in a changed entry, around the entries and between them, is found after another document,
// too.
func TestCheckAfter(t *testing.T) {
	f := exampleFeed(exampleEntry(1), exampleEntry(2), exampleEntry(3))
	for _, format := range Formats {
		prev := mustWrite(t, f, format)
		edited := *f
		edited.Entries = append([]Entry(nil), f.Entries...)
		edited.Entries[1].Title = "Another title"
		doc := mustWrite(t, &edited, format)
		if err := CheckAfter(prev, doc, &edited, format); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		for name, spoiled := range map[string][]byte{
			"another title":       bytes.Replace(doc, []byte("Another title"), []byte("A wrong title"), 1),
			"a control character": bytes.Replace(doc, []byte("Another title"), []byte("Another\x0btitle"), 1),
			"another feed title":  bytes.Replace(doc, []byte("Example News"), []byte("Wrong News"), 1),
			"cut off":             doc[:len(doc)-3],
			"an unchanged entry":  bytes.Replace(doc, []byte("A title"), []byte("A wrong title"), 1),
			"an entry lost":       mustWrite(t, exampleFeed(edited.Entries[:2]...), format),
			"order":               mustWrite(t, exampleFeed(edited.Entries[1], edited.Entries[0], edited.Entries[2]), format),
		} {
			if CheckAfter(prev, spoiled, &edited, format) == nil {
				t.Errorf("%s: %s: got no problem", format, name)
			}
		}
		superseded, err := Superseded(prev, doc, format)
		if err != nil || len(superseded.Entries) != 1 || superseded.Entries[0].ID != f.Entries[1].ID || superseded.Title != f.Title {
			t.Errorf("%s: got %+v, %v superseded, want the entry that was edited", format, superseded, err)
		}
	}
	twice := exampleFeed(exampleEntry(1), exampleEntry(2), exampleEntry(2))
	if err := CheckAfter(mustWrite(t, f, RSS), mustWrite(t, f, RSS), twice, RSS); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("got %v, want an ID that stands twice", err)
	}
}
