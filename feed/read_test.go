package feed

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

// Nesting overflows gofeed's stack, which no recover catches: it must not come that far, however it is hidden.
func TestReadRefusesDepth(t *testing.T) {
	deep := strings.Repeat("<a>", 2_000_000)
	tests := []struct {
		name   string
		format Format
		doc    string
	}{
		{"elements", RSS, "<rss><channel><item>" + deep},
		{"after a comment that a control character ends", Atom, "<feed><!-- --\x01>" + deep + "-->"},
		{"after a CDATA section that a control character ends", Atom, "<feed><![CDATA[ ]]\x01>" + deep},
		{"extension", RSS, `<rss xmlns:x="urn:x"><channel><item><x:y>` + deep},
		{"arrays", JSON, `{"items":` + strings.Repeat("[", 2_000_000)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Read([]byte(test.doc), test.format); !errors.Is(err, ErrTooDeep) {
				t.Errorf("got %v, want %v", err, ErrTooDeep)
			}
			if err := Check([]byte(test.doc), nil, test.format); err == nil {
				t.Error("the check sees nothing")
			}
		})
	}
}

func TestReadRefusesSize(t *testing.T) {
	doc := bytes.Repeat([]byte(" "), MaxSize+1)
	for _, format := range Formats {
		if _, err := Read(doc, format); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: got %v, want %v", format, err, ErrTooLarge)
		}
	}
}

func TestReadEncodings(t *testing.T) {
	const rest = `<rss><channel><title>Größe</title></channel></rss>`
	utf16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="UTF-16"?>` + rest))
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string][]byte{
		"UTF-8":   []byte(rest),
		"BOM":     []byte("\ufeff" + rest),
		"Latin-1": []byte(`<?xml version='1.0' encoding='iso-8859-1'?>` + strings.NewReplacer("ö", "\xf6", "ß", "\xdf").Replace(rest)),
		"UTF-16":  utf16,
	}
	docs["BOM before another encoding"] = []byte("\ufeff<?xml version='1.0' encoding='iso-8859-1'?>" + rest)
	for name, doc := range docs {
		f, err := Read(doc, RSS)
		if err != nil || f.Title != "Größe" {
			t.Errorf("%s: got %+v, %v, want the title Größe", name, f, err)
		}
		if err := Check(doc, nil, RSS); strings.Contains(err.Error(), "encoding") || strings.Contains(err.Error(), "U+FFFD") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read([]byte(`<?xml version="1.0" encoding="x-nosuch"?>`+rest), RSS); err == nil {
		t.Error("an unknown encoding was read")
	}
}

// An ID is taken over as it stands, also where gofeed takes it for a URL to encode: another ID is another entry.
func TestReadKeepsIDs(t *testing.T) {
	for _, id := range []string{"https://example.org/日本", "HTTP://Example.org/%7ea?#", "tag:example.org,2026-01-01:a/größe", "urn:uuid:1225C695-CFB8-4EBB-AAAA-80DA344EFA6A"} {
		e := exampleEntry(1)
		e.ID = id
		for _, format := range Formats {
			f, err := Read(mustWrite(t, exampleFeed(e), format), format)
			if err != nil || f.Entries[0].ID != id {
				t.Errorf("%s: got %+v, %v, want %s", format, f, err, id)
			}
		}
	}
}

func TestDetectFormat(t *testing.T) {
	tests := []struct {
		doc  string
		want Format
	}{
		{`<?xml version="1.0"?><!-- a --><rss version="2.0">`, RSS},
		{`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`, RSS},
		{"\ufeff\n<feed>", Atom},
		{` {"version":`, JSON},
		{"<html>", ""},
		{"[]", ""},
		{"", ""},
	}
	for _, test := range tests {
		got, err := DetectFormat([]byte(test.doc))
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: got %q, %v, want %q", test.doc, got, err, test.want)
		}
	}
}

// FuzzCheck holds that no stranger's bytes make the reader panic, and that what was read, written again, comes back
// the same.
func FuzzCheck(f *testing.F) {
	e := exampleEntry(1)
	for _, format := range Formats {
		f.Add(mustWrite(f, exampleFeed(e), format), string(format))
	}
	f.Add([]byte(`<?xml version="1.0" encoding="utf-16"?><rss><channel><item><guid>1</guid></item></channel></rss>`), "rss")
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="/x"><id> a b </id><link/><content type="xhtml"><div/></content></entry></feed>`), "atom")
	f.Add([]byte(`{"items":[null,{"id":1,"authors":[null],"attachments":[{"duration_in_seconds":1e300}]}]}`), "json")
	f.Fuzz(func(t *testing.T, doc []byte, name string) {
		format, err := ParseFormat(name)
		if err != nil {
			return
		}
		DetectFormat(doc)
		Check(doc, exampleFeed(e), format)
		read, err := Read(doc, format)
		if err != nil || Check(doc, nil, format) != nil {
			return
		}
		var again bytes.Buffer
		if err := read.Write(&again, format); err != nil {
			return // a stranger's feed may lack what ours has
		}
		if err := Check(again.Bytes(), read, format); err != nil && strings.Contains(err.Error(), "reads back") {
			t.Errorf("%v\n%s", err, again.Bytes())
		}
	})
}
