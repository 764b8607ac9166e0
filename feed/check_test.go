package feed

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A good document is broken in one way at a time; Check must see each. Where other names an entry, that one alone
// is to blame.
func TestCheckSeesEveryBreak(t *testing.T) {
	const second = "tag:example.org,2026-01-01:articles/2.md"
	tests := []struct {
		format   Format
		name     string
		old, new string // old is replaced where it stands last, so in the second entry where both have it
		blamed   string
	}{
		{RSS, "control character", "In short.", "In\x0bshort.", second},
		{RSS, "invalid UTF-8", "In short.", "In \xff short.", second},
		{RSS, "U+FFFE", "In short.", "In \ufffe short.", second},
		{RSS, "reference to a control", "In short.", "In&#11;short.", second},
		{RSS, "reference to half a pair", "In short.", "In&#xD800;short.", second},
		{RSS, "U+FFFD", "In short.", "In \ufffd short.", second},
		{RSS, "bare ampersand", "In short.", "In & short.", second},
		{RSS, "HTML entity", "In short.", "In&nbsp;short.", second},
		{RSS, "CDATA end", "In short.", "In ]]> short.", second},
		{RSS, "unescaped markup", "In short.", "In <b> short.", second},
		{RSS, "control in a comment", "<pubDate>", "<!-- \x01 --><pubDate>", second},
		{RSS, "dashes in a comment", "<pubDate>", "<!-- -- --><pubDate>", second},
		{RSS, "undeclared prefix", "<dc:creator>Joe</dc:creator>", "<x:creator>Joe</x:creator>", second},
		{RSS, "undeclared prefix of an attribute", "<guid ", `<guid x:y="z" `, second},
		{RSS, "attribute twice", "<guid ", `<guid isPermaLink="false" `, second},
		{RSS, "attributes not parted", `" type="audio/mpeg"`, `"type="audio/mpeg"`, second},
		{RSS, "attribute without quotes", `isPermaLink="false"`, `isPermaLink=false`, second},
		{RSS, "less-than in an attribute", `"audio/mpeg"`, `"audio<mpeg"`, second},
		{RSS, "wrong end tag", "</guid>", "</Guid>", second},
		{RSS, "another declaration", "<pubDate>", `<?xml version="1.0"?><pubDate>`, second},
		{RSS, "entity declared", "<rss ", `<!DOCTYPE rss [<!ENTITY a "b">]><rss `, ""},
		{RSS, "bad declaration", ` encoding="UTF-8"?>`, ` encoding="UTF-8" mode="x"?>`, ""},
		{RSS, "other encoding", `encoding="UTF-8"`, `encoding="ISO-8859-1"`, ""},
		{RSS, "second root", "</rss>", "</rss><rss></rss>", ""},
		{RSS, "text after the root", "</rss>", "</rss>text", ""},
		{RSS, "byte order mark", "<?xml", "\ufeff<?xml", ""},
		{RSS, "cut off", "</channel>\n</rss>", "", ""},
		{RSS, "other title", "<title>A title<", "<title>Another title<", second},
		{RSS, "no guid", "<guid isPermaLink=\"false\">" + second + "</guid>", "", second},
		{RSS, "other date", "01 Mar", "02 Mar", second},
		{RSS, "no date", "Sun, 01 Mar 2026 10:00:00 GMT", "yesterday", second},
		{RSS, "other updated", "2026-03-02T10", "2026-03-02T11", second},
		{RSS, "author lost", "<dc:creator>Joe</dc:creator>", "", second},
		{RSS, "category lost", "<category>news</category>", "", second},
		{RSS, "content lost", "<b>text</b>", "text", second},
		{RSS, "enclosure shorter", `length="12"`, `length="11"`, second},
		{RSS, "self lost", `rel="self"`, `rel="next"`, ""},
		{Atom, "no self", `rel="self"`, `rel="via"`, ""},
		{Atom, "other ID", "<id>" + second, "<id>" + second + "x", second},
		{Atom, "relative link", `href="https://example.org/posts/2"`, `href="/posts/2"`, second},
		{Atom, "language lost", ` xml:lang="de"`, "", second},
		{Atom, "e-mail lost", "<email>jane@example.org</email>", "", second},
		{Atom, "updated lost", "<updated>2026-03-02T10:00:00Z</updated>", "", second},
		{Atom, "second entry lost", "</feed>", "<entry></entry></feed>", ""},
		{JSON, "key twice", `"title": "A title"`, `"title": "A title", "title": "A title"`, second},
		{JSON, "trailing data", "\n}\n", "\n}\n{}", ""},
		{JSON, "half a pair", "In short.", `In \ud800 short.`, second},
		{JSON, "invalid UTF-8", "In short.", "In \xff short.", ""},
		{JSON, "raw control", "In short.", "In \x0b short.", second},
		{JSON, "comment", `"title": "A title"`, `/* */ "title": "A title"`, second},
		{JSON, "cut off", "]\n}\n", "", ""},
		{JSON, "other version", "version/1.1", "version/2", ""},
		{JSON, "size lost", `"size_in_bytes": 12`, `"size_in_bytes": 13`, second},
		{JSON, "image lost", `"image": "https://example.org/i.png",`, "", second},
		{JSON, "byte order mark", "{\n  \"version\"", "\ufeff{\n  \"version\"", ""},
	}
	f := exampleFeed(exampleEntry(1), exampleEntry(2))
	for _, test := range tests {
		t.Run(string(test.format)+"/"+test.name, func(t *testing.T) {
			doc := mustWrite(t, f, test.format)
			i := bytes.LastIndex(doc, []byte(test.old))
			if i < 0 {
				t.Fatalf("%q does not stand in\n%s", test.old, doc)
			}
			broken := append(append(bytes.Clone(doc[:i]), test.new...), doc[i+len(test.old):]...)
			err := Check(broken, f, test.format)
			if err == nil {
				t.Fatal("got no problem")
			}
			if ids, all := Blamed(err); test.blamed != "" && (!all || len(ids) != 1 || ids[0] != test.blamed) {
				t.Errorf("got %v, %t blamed, want %s: %v", ids, all, test.blamed, err)
			}
		})
	}
}

func TestCheckNamesTheLine(t *testing.T) {
	f := exampleFeed(exampleEntry(1))
	doc := bytes.Replace(mustWrite(t, f, RSS), []byte("In short."), []byte("In & short."), 1)
	want := 1 + bytes.Count(doc[:bytes.Index(doc, []byte("In &"))], []byte("\n"))
	var problems Problems
	if err := Check(doc, f, RSS); !errors.As(err, &problems) || problems[0].Line != want {
		t.Errorf("got %v, want line %d", problems, want)
	}
}

// Every problem of the rules and the round trip is reported at once.
func TestCheckReportsAll(t *testing.T) {
	a, b, c := exampleEntry(1), exampleEntry(2), exampleEntry(3)
	a.URL, b.Updated, c.Enclosures[0].Type = "ftp://example.org/", day0.Add(-time.Hour), "audio"
	f := exampleFeed(a, b, c)
	for _, format := range Formats {
		ids, all := Blamed(Check(mustWrite(t, f, format), f, format))
		if want := []string{a.ID, b.ID, c.ID}; !reflect.DeepEqual(ids, want) || !all {
			t.Errorf("%s: got %v, %t, want %v", format, ids, all, want)
		}
	}
}

func TestCheckStranger(t *testing.T) {
	item := func(s string) string {
		return `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://example.org/</link><description>D</description><a:link rel="self" href="https://example.org/rss"/>` + s + `</channel></rss>`
	}
	entry := func(s string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x:1</id><updated>2026-01-01T00:00:00Z</updated><link href="https://example.org/"/><link rel="self" href="https://example.org/atom"/>` + s + `</feed>`
	}
	object := func(s string) string {
		return `{"version":"https://jsonfeed.org/version/1","title":"T","home_page_url":"https://example.org/","feed_url":"https://example.org/json","items":[` + s + `]}`
	}
	tests := []struct {
		name   string
		format Format
		doc    string
		want   string // part of the one problem, empty for none
	}{
		{"RSS", RSS, item(`<item><title>A</title><guid isPermaLink="false">1</guid><pubDate>Sun, 01 Mar 2026 10:00 EST</pubDate></item>`), ""},
		{"RSS in Latin-1", RSS, `<?xml version="1.0" encoding="ISO-8859-1"?>` + item("<item><title>Gr\xf6\xdfe</title><guid>https://example.org/1</guid></item>"), ""},
		{"RSS with a byte order mark", RSS, "\ufeff" + item(""), ""},
		{"RSS without guid", RSS, item(`<item><title>A</title></item>`), "is missing"},
		{"RSS guid no URL", RSS, item(`<item><title>A</title><guid>1</guid></item>`), "isPermaLink"},
		{"RSS guid twice", RSS, item(`<item><title>A</title><guid>http://e.org/1</guid></item><item><title>B</title><guid>http://e.org/1</guid></item>`), "stands twice"},
		{"RSS date", RSS, item(`<item><title>A</title><guid>http://e.org/1</guid><pubDate>2026-03-01</pubDate></item>`), "RFC 822"},
		{"RSS enclosure", RSS, item(`<item><title>A</title><guid>http://e.org/1</guid><enclosure url="http://e.org/a" length="" type="audio/mpeg"/></item>`), "is no number"},
		{"RSS empty item", RSS, item(`<item><guid>http://e.org/1</guid></item>`), "description as well"},
		{"Atom", Atom, entry(`<entry><id>urn:x:2</id><title>A</title><updated>2026-01-01T00:00:00Z</updated><author><name>J</name></author><content>x</content></entry>`), ""},
		{"Atom without author", Atom, entry(`<entry><id>urn:x:2</id><title>A</title><updated>2026-01-01T00:00:00Z</updated><content>x</content></entry>`), "author"},
		{"Atom ID", Atom, entry(`<entry><id>2</id><title>A</title><updated>2026-01-01T00:00:00Z</updated><author><name>J</name></author><content>x</content></entry>`), "absolute IRI"},
		{"Atom date", Atom, entry(`<entry><id>urn:x:2</id><title>A</title><updated>Sun, 01 Mar 2026 10:00:00 GMT</updated><author><name>J</name></author><content>x</content></entry>`), "RFC 3339"},
		{"JSON", JSON, object(`{"id":"1","content_text":"x"}`), ""},
		{"JSON without content", JSON, object(`{"id":"1"}`), "content_text"},
		{"JSON without ID", JSON, object(`{"content_text":"x"}`), "entries[0].id"},
		{"JSON relative URL", JSON, object(`{"id":"1","content_text":"x","url":"/1"}`), "absolute"},
		{"JSON null item", JSON, object(`null`), "is null"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := Check([]byte(test.doc), nil, test.format)
			var problems Problems
			errors.As(err, &problems)
			if test.want == "" && err != nil || test.want != "" && (len(problems) != 1 || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestCheckSuccessor(t *testing.T) {
	type change func(next *Feed, left map[string]string)
	id := func(n int) string { return exampleEntry(n).ID }
	tests := []struct {
		name   string
		change change
		want   []string // the entries to blame
	}{
		{"nothing", func(*Feed, map[string]string) {}, nil},
		{"edit", func(f *Feed, _ map[string]string) { f.Entries[0].Updated = day2 }, nil},
		{"updated back", func(f *Feed, _ map[string]string) { f.Entries[0].Updated = day1.Add(-time.Second) }, []string{id(1)}},
		{"fractions of a second", func(f *Feed, _ map[string]string) { f.Entries[0].Published = day0.Add(time.Millisecond) }, nil},
		{"published moves", func(f *Feed, _ map[string]string) { f.Entries[1].Published = day1 }, []string{id(2)}},
		{"published corrected", func(f *Feed, _ map[string]string) { f.Entries[1].Published, f.Entries[1].Dated = day1, true }, nil},
		{"vanishes", func(f *Feed, _ map[string]string) { f.Entries = f.Entries[:1] }, []string{id(2)}},
		{"leaves", func(f *Feed, left map[string]string) {
			f.Entries = f.Entries[:1]
			left[id(2)] = "newer entries"
		}, nil},
		{"new entry", func(f *Feed, _ map[string]string) { f.Entries = append(f.Entries, exampleEntry(3)) }, nil},
	}
	for _, test := range tests {
		for _, format := range Formats {
			t.Run(test.name+"/"+string(format), func(t *testing.T) {
				prev, err := Read(mustWrite(t, exampleFeed(exampleEntry(1), exampleEntry(2)), format), format)
				if err != nil {
					t.Fatal(err)
				}
				next, left := exampleFeed(exampleEntry(1), exampleEntry(2)), make(map[string]string)
				test.change(next, left)
				err = CheckSuccessor(prev, next, left)
				if ids, _ := Blamed(err); !reflect.DeepEqual(ids, test.want) {
					t.Errorf("got %v, want %v to blame", err, test.want)
				}
			})
		}
	}
	next := exampleFeed()
	next.Updated = day0
	if _, all := Blamed(CheckSuccessor(exampleFeed(), next, nil)); all {
		t.Error("the feed's updated goes back unseen")
	}
}
