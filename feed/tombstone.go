package feed

import (
	ext "github.com/mmcdole/gofeed/extensions"
)

// deletedEntry is at:deleted-entry.
type deletedEntry struct {
	Ref     string `xml:"ref,attr"`
	When    string `xml:"when,attr"`
	Comment string `xml:"at:comment,omitempty"`
}

func (n *namespaces) tombstones(tombstones []Tombstone) []deletedEntry {
	var out []deletedEntry
	for _, t := range tombstones {
		n.Tombstones = tombstonesNamespace
		out = append(out, deletedEntry{t.ID, t.When.Format(atomTime), t.Note})
	}
	return out
}

func carriedTombstones(tombstones []Tombstone, format Format) []Tombstone {
	var out []Tombstone
	for _, t := range tombstones {
		if format == Atom {
			out = append(out, Tombstone{ID: line(t.ID), When: seconds(t.When), Note: line(t.Note)})
		}
	}
	return out
}

func readTombstones(extensions ext.Extensions, dates *dateReader) []Tombstone {
	var out []Tombstone
	for _, x := range extensions["at"]["deleted-entry"] {
		t := Tombstone{ID: x.Attrs["ref"], When: dates.read(x.Attrs["ref"], "at:deleted-entry when", x.Attrs["when"], nil)}
		if c := x.Children["comment"]; len(c) > 0 {
			t.Note = c[0].Value
		}
		out = append(out, t)
	}
	return out
}
