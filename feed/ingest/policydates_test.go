package ingest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// A datedFile is a place of a date, in a kind of file.
type datedFile struct {
	name, file string
	field      string // what messages call it
	line       int    // on which it stands, 0 where that is not told
	write      func(date string) string
}

func datedFiles() []datedFile {
	var files []datedFile
	for _, s := range scripts {
		files = append(files, datedFile{s.name, s.file, "date", 2, func(date string) string { return s.article("date", fmt.Sprintf("%q", date)) }})
	}
	return append(files,
		datedFile{"bare YAML", "a.md", "date", 2, func(date string) string { return "---\ndate: " + date + "\n---\n# Head\n" }},
		datedFile{"a meta element", "a.html", "date", 0, func(date string) string { return "<meta name=date content='" + date + "'><h1>Head</h1>" }},
		datedFile{"JSON-LD", "a.html", "date", 0, func(date string) string {
			return ld(fmt.Sprintf(`{"@type": "Article", "datePublished": %q}`, date)) + "<h1>Head</h1>"
		}},
		datedFile{"RSS", "f.xml", "pubDate", 5, func(date string) string { return feedForms[0].item("T", date, "x") }},
		datedFile{"Atom", "f.xml", "pubDate", 3, func(date string) string { return feedForms[1].item("T", date, "x") }},
		datedFile{"JSON Feed", "f.xml", "date_published", 2, func(date string) string { return feedForms[2].item("T", date, "x") }},
		datedFile{"WordPress", "f.xml", "pubDate", 6, func(date string) string {
			return export(post(1, "x", "<wp:post_date_gmt></wp:post_date_gmt><wp:post_date>"+date+"</wp:post_date>"))
		}},
	)
}

// readDated reads the only article of a file, in Berlin.
func readDated(t *testing.T, d datedFile, date string) (Article, error) {
	t.Helper()
	r := newReader(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	r.Zone = berlin
	return r.Read("s", d.file, []byte(d.write(date)))
}

func TestPolicyDates(t *testing.T) {
	for _, d := range datedFiles() {
		for _, test := range []struct{ name, date, want string }{
			{"D1 RFC 3339", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"},
			{"D1 RFC 3339 with an offset", "2026-03-01T12:00:00.25+02:00", "2026-03-01T10:00:00.25Z"},
			{"D1 ISO with space", "2026-03-01 10:00:00Z", "2026-03-01T10:00:00Z"},
			{"D1 ISO with +hhmm", "2026-03-01T12:00:00+0200", "2026-03-01T10:00:00Z"},
			{"D1 ISO with +hh", "2026-03-01 12:00:00+02", "2026-03-01T10:00:00Z"},
			{"D1 ISO with space and +hhmm", "2026-03-01 05:00:00 -0500", "2026-03-01T10:00:00Z"},
			{"D1 date only", "2026-03-01", "2026-02-28T23:00:00Z"},
			{"D1 to the minute", "2026-03-01 11:00", "2026-03-01T10:00:00Z"},
			{"D1 to the minute with an offset", "2026-03-01T11:00+01:00", "2026-03-01T10:00:00Z"},
			{"D1 RFC 822", "01 Mar 26 10:00 GMT", "2026-03-01T10:00:00Z"},
			{"D1 RFC 822 with a weekday", "Sun, 01 Mar 26 05:00:00 EST", "2026-03-01T10:00:00Z"},
			{"D1 RFC 1123", "Sun, 01 Mar 2026 10:00:00 UT", "2026-03-01T10:00:00Z"},
			{"D1 RFC 1123 with an offset", "Sun, 1 Mar 2026 12:00:00 +0200", "2026-03-01T10:00:00Z"},
			{"D1 EDT", "Sun, 01 Mar 2026 06:00:00 EDT", "2026-03-01T10:00:00Z"},
			{"D1 CST", "Sun, 01 Mar 2026 04:00:00 CST", "2026-03-01T10:00:00Z"},
			{"D1 MDT", "Sun, 01 Mar 2026 04:00:00 MDT", "2026-03-01T10:00:00Z"},
			{"D1 PST", "Sun, 01 Mar 2026 02:00:00 PST", "2026-03-01T10:00:00Z"},
			{"D1 Month D, YYYY", "March 1, 2026", "2026-02-28T23:00:00Z"},
			{"D1 a short month", "Mar 1, 2026", "2026-02-28T23:00:00Z"},
			{"D1 D Month YYYY", "1 March 2026", "2026-02-28T23:00:00Z"},
			{"D1 Unix seconds", "1772359200", "2026-03-01T10:00:00Z"},
			{"D1 Unix milliseconds", "1772359200123", "2026-03-01T10:00:00.123Z"},
			{"D1 a leap day", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
			{"D2 no zone in winter", "2026-01-01 11:00:00", "2026-01-01T10:00:00Z"},
			{"D2 no zone in summer", "2026-07-01T12:00:00", "2026-07-01T10:00:00Z"},
			{"D2 no zone and a month", "July 1, 2026 12:00", "2026-07-01T10:00:00Z"},
			{"D2 no zone in RFC 1123", "Wed, 01 Jul 2026 12:00:00", "2026-07-01T10:00:00Z"},
		} {
			t.Run(test.name+" in "+d.name, func(t *testing.T) {
				a, err := readDated(t, d, test.date)
				if got := a.Published.Format(time.RFC3339Nano); err != nil || got != test.want || !a.Dated {
					t.Errorf("%q: got %s, %v, want %s", test.date, got, err, test.want)
				}
			})
		}
	}
}

func TestPolicyRefusedDates(t *testing.T) {
	for _, d := range datedFiles() {
		for _, test := range []struct{ name, date string }{
			{"D3 an ambiguous date", "01/02/2026"},
			{"D3 a date with the day first", "13/02/2026"},
			{"D3 an ambiguous date with dots", "01.02.2026"},
			{"D3 an ambiguous date with hyphens", "01-02-2026"},
			{"D3 an ambiguous year", "01 Mar 26"},
			{"D3 February 30", "2026-02-30"},
			{"D3 February 29", "2026-02-29T10:00:00Z"},
			{"D3 month 13", "2026-13-01"},
			{"D3 day 0", "2026-01-00"},
			{"D3 hour 25", "2026-03-01T25:00:00Z"},
			{"D3 minute 60", "2026-03-01 10:60"},
			{"D3 April 31", "April 31, 2026"},
			{"D3 yesterday", "yesterday"},
			{"D3 now", "now"},
			{"D3 hours ago", "2 hours ago"},
			{"D3 next week", "next Tuesday"},
			{"D3 year 999", "0999-12-31"},
			{"D3 year 0", "0000-01-01"},
			{"D3 year 10000", "10000-01-01"},
			{"D3 an unknown zone", "Sun, 01 Mar 2026 10:00:00 XYZ"},
			{"D3 a zone of several meanings", "2026-03-01 10:00:00 IST"},
			{"D3 an impossible zone", "2026-03-01T10:00:00+25:00"},
			{"D3 eleven digits", "17723592000"},
			{"D3 eight digits", "20260301"},
			{"D3 a year", "2026"},
			{"D3 a template", "{{ date }}"},
		} {
			if d.name == "WordPress" && strings.HasPrefix(test.date, "0000") {
				continue // which means no date there
			}
			if d.name == "bare YAML" && strings.HasPrefix(test.date, "{") {
				continue // which YAML takes for a map
			}
			t.Run(test.name+" in "+d.name, func(t *testing.T) {
				a, err := readDated(t, d, test.date)
				told := fmt.Sprint(err)
				if d.file == "f.xml" && d.name != "WordPress" { // rule F3
					told = strings.Join(a.Warnings, "\n")
					if err != nil || a.Dated {
						t.Errorf("got published %s, %v, want none", a.Published, err)
					}
				} else if err == nil {
					t.Errorf("got published %s, want an error", a.Published)
				}
				want := d.file
				if d.line > 0 {
					want = fmt.Sprint(d.file, ":", d.line)
				}
				want += fmt.Sprintf(": %s: %q ", d.field, test.date)
				if !strings.HasPrefix(told, want) {
					t.Errorf("got %s\nwant %s…", told, want)
				}
			})
		}
	}
}

func TestPolicyPlacedDates(t *testing.T) {
	const march = "published=2026-03-01T00:00:00Z"
	rulings := []ruling{
		{"D3 HTML: relative date", "a.html", "<time datetime=yesterday>x</time>x", says{{`a.html: date: "yesterday" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z`}}},
		{"D3 HTML: impossible date", "a.html", ld(`{"@type":"Article","datePublished":"2026-02-30"}`) + "x", says{{`a.html: date: "2026-02-30" is no date of the calendar`}}},
		{"D5 expiry before publication", "a.html", "<meta name=date content=2026-03-01><meta name=robots content='unavailable_after: 2026-02-01'>x", says{{"a.html: expires: not after the date of publication"}}},
		{"D3 an ambiguous date line in text", "a.txt", "Head\n01/02/2026\n\nText.", says{{`a.txt: date: "01/02/2026" is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z`}}},
		{"D3 an impossible date line in text", "a.txt", "Head\nPublished: 2026-02-30\n\nText.", says{{`a.txt: date: "2026-02-30" is no date of the calendar`}}},
		{"D3 a doubtful date line below a date", "a.txt", "---\ndate: 2026-03-01\n---\nHead\n01/02/2026\n\nText.", says{{march}}},
		{"D4 the file name of Markdown", "2026-03-01-x.md", "# T\n", says{{march, "slug=x"}}},
		{"D4 the file name of text", "2026-03-01-x.txt", "Head\n\nText.", says{{march}}},
		{"D4 the file name of HTML", "2026-03-01-x.html", "<h1>T</h1>", says{{march}}},
		{"D4 the folder of a page", "2026-03-01-x/index.md", "# T\n", says{{march, "slug=x"}}},
		{"D4 an impossible date is only a name", "2026-02-30-x.md", "# T\n", says{{"-published", "slug=2026-02-30-x"}}},
		{"D4 the path of Markdown", "a/2026/03/01/x.md", "# T\n", says{{march}}},
		{"D4 the path of text", "2026/03/01/x.txt", "Head\n\nText.", says{{march}}},
		{"D4 the path of HTML", "2026/03/01/x.html", "<h1>T</h1>", says{{march}}},
		{"D4 an impossible path", "2026/02/30/x.md", "# T\n", says{{"-published"}}},
		{"D4 the permalink", "x.md", "---\npermalink: /2026/03/01/x/\n---\n# T\n", says{{march}}},
		{"D4 the canonical URL", "x.md", "---\ncanonical_url: https://e.example/2026/03/01/x\n---\n# T\n", says{{march}}},
		{"D4 the permalink of a page", "x.html", "<link rel=canonical href=/2026/03/01/x/><h1>T</h1>", says{{march}}},
		{"D4 the link of RSS", "f.xml", rssFeed("<item><title>T</title><link>https://e.example/2026/03/01/x</link></item>"), says{{march}}},
		{"D4 the link of Atom", "f.xml", atomFeed(`<entry><title>T</title><id>urn:a</id><link href="https://e.example/2026/03/01/x"/></entry>`), says{{march}}},
		{"D4 the link of JSON Feed", "f.xml", jsonFeedOf(`{"title": "T", "url": "https://e.example/2026/03/01/x"}`), says{{march}}},
		{"D4 a date comes before the name", "2026-03-01-x.md", "---\ndate: 2026-03-02\n---\n# T\n", says{{"published=2026-03-02T00:00:00Z"}}},
		{"D4 a null date", "2026-03-01-x.md", "---\ndate:\n---\n# T\n", says{{march}}},
		{"D5 expiry not after the date in the name", "2026-03-01-a.md", "---\nexpires: 2026-03-01\n---\n# T\n", says{{"2026-03-01-a.md:2: expires: not after the date of publication"}}},
		{"D5 expiry not after the date in text", "a.txt", "---\nexpires: 2026-03-01\n---\nHead\nMarch 1, 2026\n\nText.", says{{"a.txt:2: expires: not after the date of publication"}}},
		{"D6 updated before the date in text", "a.txt", "---\nupdated: 2026-02-01\n---\nHead\nMarch 1, 2026\n\nText.",
			says{{march, "updated=2026-03-01T00:00:00Z", "warnings=a.txt:2: updated: before the published date, which stands for it"}}},
		{"D6 updated before published in HTML", "a.html", "<meta property=article:published_time content=2026-03-01><meta property=article:modified_time content=2026-02-01><h1>T</h1>",
			says{{"updated=2026-03-01T00:00:00Z", "warnings=a.html: updated: before the published date, which stands for it"}}},
		{"D6 updated before published in RSS", "f.xml", rssFeed("<item><title>T</title><guid>a</guid><pubDate>2026-03-01</pubDate><atom:updated>2026-02-01</atom:updated></item>"),
			says{{"updated=2026-03-01T00:00:00Z", "warnings=f.xml:5: updated: before the published date, which stands for it"}}},
		{"D6 updated before published in Atom", "f.xml", atomFeed("<entry><title>T</title><id>urn:a</id><published>2026-03-01T00:00:00Z</published><updated>2026-02-01T00:00:00Z</updated></entry>"),
			says{{"updated=2026-03-01T00:00:00Z", "warnings=f.xml:3: updated: before the published date, which stands for it"}}},
		{"D6 updated before published in JSON Feed", "f.xml", jsonFeedOf(`{"id": "a", "title": "T", "date_published": "2026-03-01", "date_modified": "2026-02-01"}`),
			says{{"updated=2026-03-01T00:00:00Z", "warnings=f.xml:2: date_modified: before the published date, which stands for it"}}},
	}
	rulings = append(rulings, inAll("D3 a bad updated date", []string{`~FILE:3: updated: "yesterday" is no date`}, "date", `"2026-03-01"`, "updated", `"yesterday"`)...)
	rulings = append(rulings, inAll("D3 a bad embargo", []string{`~FILE:3: embargo: "01/02/2026" is no date`}, "date", `"2026-03-01"`, "embargo", `"01/02/2026"`)...)
	rulings = append(rulings, inAll("D3 a list", []string{"FILE:2: date: want a date, got a list"}, "date", `["2026-03-01"]`)...)
	rulings = append(rulings, inAll("D5 expiry not after published", []string{"FILE:3: expires: not after the date of publication"}, "date", `"2026-03-01"`, "expires", `"2026-03-01"`)...)
	rulings = append(rulings, inAll("D5 expiry not after the embargo", []string{"FILE:4: expires: not after the date of publication"},
		"date", `"2026-03-01"`, "embargo", `"2026-05-01"`, "expires", `"2026-04-01"`)...)
	rulings = append(rulings, inAll("D6 updated before published", []string{march, "updated=2026-03-01T00:00:00Z", "warnings=FILE:3: updated: before the published date, which stands for it"},
		"date", `"2026-03-01"`, "updated", `"2026-02-01"`)...)
	testRulings(t, rulings)
}

// What an article is at a time.
func TestPolicyMoments(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name  string
		pairs []string
		want  feed.Status
	}{
		{"D4 no date: first seen", nil, feed.Published},
		{"D5 published in the future", []string{"date", `"2027-01-01"`}, feed.Scheduled},
		{"D5 under embargo", []string{"date", `"2026-01-01"`, "embargo", `"2027-01-01"`}, feed.Scheduled},
		{"D5 past its expiry", []string{"date", `"2026-01-01"`, "expires", `"2026-02-01"`}, feed.Expired},
		{"D5 before its expiry", []string{"date", `"2026-01-01"`, "expires", `"2027-02-01"`}, feed.Published},
		{"D6 updated before first seen", []string{"updated", `"2020-01-01"`}, feed.Published},
	}
	for _, s := range scripts {
		for _, test := range tests {
			t.Run(test.name+" in "+s.name, func(t *testing.T) {
				a, err := newReader(t).Read("s", s.file, []byte(s.article(slices.Concat([]string{"title", `"T"`}, test.pairs)...)))
				if err != nil {
					t.Fatal(err)
				}
				first := feed.Revise(nil, a.Entry, now)
				if got := first.StatusAt(now); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
				if len(test.pairs) == 0 && !first.Published.Equal(now) || first.Updated.Before(first.Published) && first.Published.Before(now) {
					t.Errorf("got published %s, updated %s", first.Published, first.Updated)
				}
			})
		}
	}
	for _, f := range feedForms {
		t.Run("D5 published in the future in "+f.name, func(t *testing.T) {
			a, err := newReader(t).Read("s", "f.xml", []byte(f.item("T", "2027-01-01T00:00:00Z", "x")))
			if got := a.StatusAt(now); err != nil || got != feed.Scheduled {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}
