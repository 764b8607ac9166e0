package feed

import (
	"bytes"
	"testing"
)

func proofOf(f *Feed, format Format, doc []byte) *Proof {
	var p Proof
	p.Trust(doc, f, format)
	return &p
}

// What the whole check finds in a changed entry, around the entries and between them, is found of a document whose
// other entries are proven, too.
func TestProof(t *testing.T) {
	f := exampleFeed(exampleEntry(1), exampleEntry(2), exampleEntry(3))
	for _, format := range Formats {
		prev := mustWrite(t, f, format)
		edited := *f
		edited.Entries = append([]Entry(nil), f.Entries...)
		edited.Entries[1].Title = "Another title"
		doc := mustWrite(t, &edited, format)
		if err := proofOf(f, format, prev).Check(doc, &edited, format); err != nil {
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
			if proofOf(f, format, prev).Check(spoiled, &edited, format) == nil {
				t.Errorf("%s: %s: got no problem", format, name)
			}
		}
		superseded, err := Superseded(prev, doc, format)
		if err != nil || len(superseded.Entries) != 1 || superseded.Entries[0].ID != f.Entries[1].ID || superseded.Title != f.Title {
			t.Errorf("%s: got %+v, %v superseded, want the entry that was edited", format, superseded, err)
		}
	}
}

// Entries that were checked in one document are proven for the next, but not where what stands around them makes them say
// something else.
func TestProofHoldsForOtherFeeds(t *testing.T) {
	home := exampleFeed(exampleEntry(1), exampleEntry(2))
	for _, format := range Formats {
		var p Proof
		if err := p.Check(mustWrite(t, home, format), home, format); err != nil {
			t.Fatal(err)
		}
		for name, test := range map[string]struct {
			change func(f *Feed)
			want   int // entries that are not proven
		}{
			"another feed":     {func(f *Feed) { f.Title, f.Entries = "A tag", f.Entries[1:] }, 0},
			"another language": {func(f *Feed) { f.Language = "fr" }, 2},
			"a podcast":        {func(f *Feed) { f.Podcast = &Podcast{} }, 2},
			"another entry":    {func(f *Feed) { f.Entries = append([]Entry{exampleEntry(3)}, f.Entries...) }, 1},
		} {
			f := *home
			test.change(&f)
			doc := mustWrite(t, home, format)
			if f.Podcast == nil { // which asks for more than an example has
				doc = mustWrite(t, &f, format)
			}
			parts, _ := takeApart(doc, format)
			if got := len(p.unknown(parts.fingerprints(&f, format))); got != test.want {
				t.Errorf("%s: %s: got %d entries to check, want %d", format, name, got, test.want)
			}
		}
	}
}
