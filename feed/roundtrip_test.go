package feed

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// exampleFeed is a feed with the entries, each without what it lacks.
func exampleFeed(entries ...Entry) *Feed {
	f := &Feed{
		Name:        "news",
		ID:          "tag:example.org,2026-01-01:feeds/news",
		Title:       "Example News",
		Description: "What is new",
		Language:    "en",
		SiteURL:     "https://example.org/",
		SelfURL:     make(map[Format]string),
		Updated:     day2,
		Entries:     entries,
	}
	for _, format := range Formats {
		f.SelfURL[format] = "https://feeds.example.org/news/" + format.FileName()
	}
	return f
}

// exampleEntry is an entry that has everything.
func exampleEntry(n int) Entry {
	explicit := true
	return Entry{
		ID:       fmt.Sprintf("tag:example.org,2026-01-01:articles/%d.md", n),
		URL:      fmt.Sprintf("https://example.org/posts/%d", n),
		Title:    "A title",
		Summary:  "In short.",
		Content:  "<p>Some <b>text</b>.</p>",
		Language: "de",
		Authors:  []Author{{Name: "Jane", Email: "jane@example.org", URL: "https://example.org/jane"}, {Name: "Joe"}},
		Tags:     []string{"world", "news"},
		Image:    Image{URL: "https://example.org/i.png", Alt: "A picture", Credit: "Ann"},
		Enclosures: []Enclosure{
			{URL: "https://example.org/a.mp3?a=1&b=2", Type: "audio/mpeg", Length: 12, Duration: time.Minute, Title: "Listen",
				Description: "The recording", Credit: "Bob", Thumbnail: "https://example.org/t.png"},
			{URL: "https://example.org/a.pdf", Type: "application/pdf"},
		},
		Published: day0,
		Updated:   day1,
		Details: Details{
			Contributors: []Author{{Name: "Editor", Email: "ed@example.org", URL: "https://example.org/ed"}},
			Categories:   []Category{{Term: "04000000", Scheme: "http://cv.iptc.org/newscodes/mediatopic/", Label: "economy"}},
			Rights:       "© Example",
			License:      "https://creativecommons.org/licenses/by/4.0/",
			Origin: &Origin{ID: "tag:elsewhere.example,2026:feed", Title: "Elsewhere & Co", FeedURL: "https://elsewhere.example/feed?a=1&b=2",
				SiteURL: "https://elsewhere.example/", Updated: day0},
			Discussion: Discussion{URL: "https://example.org/posts/1#comments", FeedURL: "https://example.org/posts/1/comments.xml",
				Count: 3, Counted: true, InReplyTo: "https://elsewhere.example/1", ReplyURL: "https://elsewhere.example/1"},
			Episode: &Episode{Title: "Pilot", Season: 2, SeasonName: "Winter", Number: 7, Type: "full", Explicit: &explicit, Block: true,
				Transcripts: []Transcript{{URL: "https://example.org/a.vtt", Type: "text/vtt", Language: "de", Captions: true}},
				Chapters:    Chapters{URL: "https://example.org/a.json", Type: "application/json+chapters"},
				Persons:     []Person{{Name: "Guest", Role: "guest", Group: "cast", Image: "https://example.org/g.png", URL: "https://example.org/g"}}},
		},
	}
}

// fullFeed is a feed that has everything that is not an entry's.
func fullFeed(entries ...Entry) *Feed {
	f := exampleFeed(entries...)
	f.Authors = []Author{{Name: "Newsroom", Email: "news@example.org", URL: "https://example.org/news"}}
	f.Rights, f.Icon, f.Stylesheet = "© Example", "https://example.org/icon.png", "https://feeds.example.org/feed.css?a&b"
	f.Image = Image{URL: "https://example.org/logo.png"}
	f.Tombstones = []Tombstone{{ID: "tag:example.org,2026-01-01:articles/gone.md", When: day1, Note: "Wrong & withdrawn"}}
	f.Cadence = Cadence{TTL: time.Hour, Period: "daily", Frequency: 24, SkipHours: []int{0, 23}, SkipDays: []time.Weekday{time.Sunday}}
	f.History = History{Complete: true, Archive: true, Prev: map[Format]string{}, Next: map[Format]string{}, Current: map[Format]string{}}
	for _, format := range Formats {
		f.History.Prev[format] = "https://feeds.example.org/news/archive/2026-01/" + format.FileName()
		f.History.Next[format] = "https://feeds.example.org/news/archive/2026-03/" + format.FileName()
		f.History.Current[format] = "https://feeds.example.org/news/" + format.FileName()
	}
	f.Podcast = &Podcast{
		Author: "Jane & Joe", Owner: Author{Name: "Jane", Email: "jane@example.org"},
		Categories: []PodcastCategory{{"News", "Daily News"}, {"Society & Culture", ""}},
		Explicit:   true, Type: "serial", Block: true, Ended: true, NewFeedURL: "https://new.example.org/rss.xml",
		GUID: PodcastGUID("https://feeds.example.org/news/rss.xml"), Locked: true, Medium: "podcast",
		Funding: []Link{{"https://example.org/give", "Give & take"}},
		Persons: []Person{{Name: "Jane"}},
		Podroll: []RemoteFeed{{GUID: PodcastGUID("https://other.example/feed"), URL: "https://other.example/feed"}},
	}
	return f
}

// Everything that a document has a place for comes back as it went in. What the nouns gain is in this test, or it
// fails.
func TestRoundTripOfEverything(t *testing.T) {
	f := fullFeed(exampleEntry(1), exampleEntry(2))
	empty := emptyFields("", reflect.ValueOf(*f), reflect.ValueOf(f.Entries[0]))
	if want := "SiteTitle GUID Source Key Slug Unmade Fault Dated FirstSeen Embargo Expiry Status Withdrawn Note Shown Raw FormerKey"; strings.Join(empty, " ") != want {
		t.Errorf("got %v without a value, want %s, which no document says", empty, want)
	}
	for _, format := range Formats {
		if err := Check(mustWrite(t, f, format), f, format); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func emptyFields(path string, values ...reflect.Value) (names []string) {
	for _, v := range values {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.Anonymous {
				names = append(names, emptyFields(path, v.Field(i))...)
			} else if v.Field(i).IsZero() {
				names = append(names, path+f.Name)
			} else if v.Field(i).Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct {
				names = append(names, emptyFields(f.Name+".", v.Field(i).Elem())...)
			}
		}
	}
	return names
}

// A name for a podcast is the one that the namespace's own documentation makes of this address.
func TestPodcastGUID(t *testing.T) {
	for _, address := range []string{"https://mp3s.nashownotes.com/pc20rss.xml", "http://mp3s.nashownotes.com/pc20rss.xml//", "mp3s.nashownotes.com/pc20rss.xml"} {
		if got, want := PodcastGUID(address), "917393e3-1b1e-5cef-ace4-edaa54e1f810"; got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// hostile are pieces of strings that have broken feeds: of XML, of HTML, of gofeed and of gorilla/feeds.
var hostile = []string{
	"]]>", "]]", ">", "<![CDATA[", "]]]]><![CDATA[>", "<!--", "-->", "<?xml?>", "</item>", "</entry>", "<b>", "</div>",
	"&", "&amp;", "&lt;", "&copy=2;", "&#11;", "&#xFFFE;", "&nosuch;", "&;", "\"", "'", "`", "\\", "\\u0000", "%",
	"\x00", "\x0b", "\x1b", "\x7f", "\u0085", "\u0093", "\u2028", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\xff", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80",
	" ", "\t", "\r\n", "\r", "\n\n", "\u00a0", "a", "word", "größe", "日本", "\U0001F469\u200d\U0001F469", "\u202e", "\U0010FFFF",
}

func hostileString(r *rand.Rand, pieces int) string {
	var b strings.Builder
	for range r.IntN(pieces + 1) {
		b.WriteString(hostile[r.IntN(len(hostile))])
	}
	return b.String()
}

func hostileEntry(r *rand.Rand, n int) Entry {
	e := exampleEntry(n)
	e.Title, e.Summary, e.Content = hostileString(r, 8), hostileString(r, 20), hostileString(r, 200)
	e.Tags, e.Authors, e.Contributors, e.Categories = nil, nil, nil, nil
	any := func() string { return hostileString(r, 4) }
	e.Language, e.Rights, e.License = any(), any(), any()
	e.Image = Image{URL: e.Image.URL, Alt: any(), Credit: any()}
	for i := range e.Enclosures {
		c := &e.Enclosures[i]
		c.Title, c.Description, c.Credit, c.Thumbnail = any(), any(), any(), any()
	}
	e.Origin = &Origin{ID: any(), Title: any(), FeedURL: e.Origin.FeedURL + any(), SiteURL: any()}
	e.Discussion = Discussion{URL: any(), FeedURL: any(), InReplyTo: any(), ReplyURL: any(), Count: r.IntN(3) - 1, Counted: true}
	e.Episode = &Episode{Title: any(), Season: r.IntN(3) - 1, SeasonName: any(), Number: r.IntN(3) - 1, Persons: []Person{{Name: any(), Role: any(), URL: any()}},
		Transcripts: []Transcript{{URL: any(), Type: any()}}, Chapters: Chapters{URL: any(), Type: any()}}
	for range r.IntN(4) {
		e.Tags = append(e.Tags, hostileString(r, 4))
		e.Authors = append(e.Authors, Author{Name: hostileString(r, 4), Email: hostileString(r, 3), URL: hostileString(r, 3)})
		e.Contributors = append(e.Contributors, Author{Name: any()})
		e.Categories = append(e.Categories, Category{Term: any(), Scheme: any(), Label: any()})
	}
	return e
}

// Whatever strings the entries hold, all that a format carries comes back equal.
func TestRoundTripHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rounds := 60
	if os.Getenv("MANY_ROUNDS") != "" {
		rounds = 4000 // 20 000 entries
	}
	for range rounds {
		var entries []Entry
		for n := range 5 {
			entries = append(entries, hostileEntry(r, n))
		}
		f := fullFeed(entries...)
		f.Description, f.Rights, f.Stylesheet, f.Icon = hostileString(r, 10), hostileString(r, 4), hostileString(r, 4), hostileString(r, 4)
		f.Tombstones[0].Note, f.Podcast.Author, f.Podcast.Medium = hostileString(r, 4), hostileString(r, 4), hostileString(r, 4)
		f.Authors = []Author{{Name: hostileString(r, 4), Email: "a@example.org"}}
		for _, format := range Formats {
			if err := Check(mustWrite(t, f, format), f, format); err != nil {
				t.Fatalf("%s: %v\n%#v", format, err, f.Entries)
			}
		}
	}
}

func TestRoundTripHuge(t *testing.T) {
	e := exampleEntry(1)
	e.Title = strings.Repeat("title & ", 250)
	e.Content = strings.Repeat("<p>"+strings.Repeat("& ]]> ", 100)+"</p>\n", 1000)
	f := exampleFeed(e)
	for _, format := range Formats {
		if err := Check(mustWrite(t, f, format), f, format); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// URLs that an importer should have refused must not break the document, and the check names their entry.
func TestHostileURLs(t *testing.T) {
	for _, u := range []string{"https://exämple.org/", "https://example.org/a b", "javascript:alert(1)", "/relative", "https://example.org/\"><script>", "http://", "https://example.org/%zz", "https://example.org/a[1]"} {
		e := exampleEntry(2)
		e.URL = u
		f := exampleFeed(exampleEntry(1), e)
		for _, format := range Formats {
			doc := mustWrite(t, f, format)
			if problems := checkStrictly(doc, f, format); len(problems) > 0 {
				t.Errorf("%s: %q: ill-formed: %v", format, u, problems)
			}
			ids, all := Blamed(Check(doc, f, format))
			if len(ids) != 1 || ids[0] != e.ID || !all {
				t.Errorf("%s: %q: got %v, %t blamed, want %s alone", format, u, ids, all, e.ID)
			}
		}
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	f := exampleFeed(exampleEntry(1), exampleEntry(2))
	for _, format := range Formats {
		first := mustWrite(t, f, format)
		for range 5 {
			if again := mustWrite(t, f, format); !bytes.Equal(first, again) {
				t.Fatalf("%s: got\n%s\nthen\n%s", format, first, again)
			}
		}
		// Read gives back nothing that another writing would change.
		read, err := Read(first, format)
		if err != nil {
			t.Fatal(err)
		}
		read.ID = f.ID
		if again := mustWrite(t, read, format); !bytes.Equal(first, again) {
			t.Errorf("%s: got\n%s\nafter reading\n%s", format, first, again)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Feed)
		blamed string // the entry, empty for the feed
		field  string
	}{
		{"no title", func(f *Feed) { f.Title = " \x00" }, "", "title"},
		{"no ID", func(f *Feed) { f.ID = "" }, "", "id"},
		{"no site", func(f *Feed) { f.SiteURL = "" }, "", "site URL"},
		{"no self", func(f *Feed) { f.SelfURL = nil }, "", "self URL"},
		{"no date", func(f *Feed) { f.Updated = time.Time{} }, "", "updated"},
		{"entry without ID", func(f *Feed) { f.Entries[1].ID = "" }, "", "entries[1].id"},
		{"ID twice", func(f *Feed) { f.Entries[1].ID = f.Entries[0].ID + "\x00" }, exampleEntry(0).ID, "id"},
		{"entry without date", func(f *Feed) { f.Entries[1].Published = time.Time{} }, exampleEntry(1).ID, "published"},
		{"podcast without image", func(f *Feed) { *f = *fullFeed(f.Entries...); f.Image = Image{} }, "", "image"},
		{"podcast without category", func(f *Feed) { *f = *fullFeed(f.Entries...); f.Podcast.Categories = nil }, "", "podcast.categories"},
		{"category that is not Apple's", func(f *Feed) { *f = *fullFeed(f.Entries...); f.Podcast.Categories[0].Sub = "Football" }, "", "podcast.categories[0]"},
		{"episode without a file", func(f *Feed) { *f = *fullFeed(f.Entries...); f.Entries[1].Enclosures = nil }, exampleEntry(1).ID, "enclosures"},
		{"year 10000", func(f *Feed) { f.Entries[1].Updated = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, exampleEntry(1).ID, "updated"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := exampleFeed(exampleEntry(0), exampleEntry(1))
			test.change(f)
			var doc bytes.Buffer
			format := Atom
			if f.Podcast != nil {
				format = RSS
			}
			err := f.Write(&doc, format)
			problems, _ := err.(Problems)
			if len(problems) != 1 || problems[0].EntryID != test.blamed || problems[0].Field != test.field {
				t.Errorf("got %v, want %s of %q", err, test.field, test.blamed)
			}
			if doc.Len() > 0 {
				t.Errorf("got %d bytes beside the error", doc.Len())
			}
		})
	}
	if err := exampleFeed().Write(io.Discard, "rdf"); err == nil {
		t.Error("wrote an unknown format")
	}
}

// Other people's parsers agree that the documents are well-formed.
func TestWellFormedElsewhere(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var entries []Entry
	for n := range 100 {
		entries = append(entries, hostileEntry(r, n))
	}
	f := exampleFeed(entries...)
	dir := t.TempDir()
	for _, format := range Formats {
		if err := os.WriteFile(filepath.Join(dir, format.FileName()), mustWrite(t, f, format), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	commands := [][]string{
		{"xmllint", "--noout", RSS.FileName(), Atom.FileName()},
		{"python3", "-c", "import sys, json, xml.parsers.expat as e\nfor n in sys.argv[1:3]: e.ParserCreate().Parse(open(n, 'rb').read(), True)\njson.load(open(sys.argv[3], encoding='utf-8'))", RSS.FileName(), Atom.FileName(), JSON.FileName()},
	}
	for _, command := range commands {
		t.Run(command[0], func(t *testing.T) {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skipf("%s is not installed", command[0])
			}
			cmd := exec.Command(command[0], command[1:]...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
