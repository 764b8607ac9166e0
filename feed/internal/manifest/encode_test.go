package manifest

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// The list is written by hand for speed: what stands in it is what encoding/json would write.
func TestEncodeIsJSON(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 30, 0, 123456000, time.UTC)
	there := at.In(time.FixedZone("", -3*3600-30*60))
	for _, text := range []string{"", "plain/path.xml", `quotes " and \`, "<b>&amp;</b>", "\x00\t\n\x7f", "größer 中 \u2028 🎉", "not \xff UTF-8"} {
		m := Manifest{
			Files: []File{{}, {Path: text, Type: text, SHA256: text, Size: -1 << 60, Changed: at,
				Coded: []Coded{{}, {Coding: text, SHA256: text, Size: 1 << 60}}}},
			Archives: []Archive{{}, {Feed: text, Files: []string{text, "", text}}},
			Entries: []Entry{{}, {ID: text, Source: text, Key: text, URL: text, Published: there, Updated: at.Truncate(time.Second), Raw: text,
				Withdrawn: &at, Note: text}},
			Facets: []Facet{{}, {Kind: text, Name: text, Value: text}},
		}
		want, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := json.Compact(&got, m.encode()); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%q:\n got %s\nwant %s", text, got.Bytes(), want)
		}
	}
}
