package ingest

import (
	"encoding/json"
	"strings"
	"testing"

	"feedpub/feed"
)

// What an article says of itself beside what every article says, as JSON; empty where the field is left out.
func TestDetails(t *testing.T) {
	for _, test := range []struct{ name, header, want string }{
		{"contributors", "contributors: [Ann, {name: Bo, email: bo@example.org}]", `{"contributors":[{"name":"Ann"},{"name":"Bo","email":"bo@example.org"}]}`},
		{"topics", "topics: [{term: '04', scheme: 'https://example.org/t', label: Economy}, Arts]", `{"categories":[{"term":"04","scheme":"https://example.org/t","label":"Economy"},{"term":"Arts"}]}`},
		{"rights", "copyright: © 2026 Jane", `{"rights":"© 2026 Jane"}`},
		{"licence by name", "license: CC BY-SA 4.0", `{"license":"https://creativecommons.org/licenses/by-sa/4.0/"}`},
		{"licence of no rights", "license: CC0 1.0", `{"license":"https://creativecommons.org/publicdomain/zero/1.0/"}`},
		{"licence by address", "licence: /licence", `{"license":"https://example.org/licence"}`},
		{"licence that is none", "license: ask me", `{}`},
		{"origin", "via: {title: Elsewhere, feed: 'https://elsewhere.example/feed'}", `{"origin":{"title":"Elsewhere","feed":"https://elsewhere.example/feed"}}`},
		{"origin that is a name", "source: AP", `{}`},
		{"origin without a feed", "source: {name: AP}", `{}`},
		{"comments are a switch", "comments: true", `{}`},
		{"comments", "comments: /c/1\ncomments_feed: /c/1.xml\ncomment_count: 0", `{"discussion":{"url":"https://example.org/c/1","feed":"https://example.org/c/1.xml","counted":true}}`},
		{"reply", "in_reply_to: https://a.example/1", `{"discussion":{"reply_to":"https://a.example/1","reply_url":"https://a.example/1"}}`},
		{"episode", "season: 2\nepisode: 7\nepisode_type: Bonus\nexplicit: no\nitunes_title: Pilot", `{"episode":{"title":"Pilot","season":2,"number":7,"type":"bonus","explicit":false}}`},
		{"episode that is a word", "episode: first", `{}`},
		{"transcripts", "transcripts: [/t.vtt, {url: /t.html, language: de, captions: true}]\nchapters: /c.json",
			`{"episode":{"transcripts":[{"url":"https://example.org/t.vtt","type":"text/vtt"},{"url":"https://example.org/t.html","type":"text/html","language":"de","captions":true}],"chapters":{"url":"https://example.org/c.json","type":"application/json+chapters"}}}`},
		{"people", "guests: [Ann]\nhosts: {name: Bo, image: /b.png}", `{"episode":{"persons":[{"name":"Bo","role":"host","image":"https://example.org/b.png"},{"name":"Ann","role":"guest"}]}}`},
		{"scripts for addresses", "license: 'javascript:/x'\nchapters: 'data:x'\ncomments: 'javascript:/1'", `{}`},
	} {
		e := readDetails(t, "a.md", "---\ntitle: T\n"+test.header+"\n---\nBody.\n")
		if got := detailsJSON(t, e.Details); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func readDetails(t *testing.T, key, raw string) feed.Entry {
	t.Helper()
	for a, err := range newReader(t).ReadAll("blog", key, []byte(raw)) {
		if err != nil {
			t.Fatal(err)
		}
		return a.Entry
	}
	t.Fatal("got no article")
	return feed.Entry{}
}

func detailsJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(data))
}

// Enclosures by the names that podcasters give them, and what there is to say of a file.
func TestEnclosuresOfPodcasts(t *testing.T) {
	for header, want := range map[string]string{
		"audio: /a.mp3\nduration: '1:02:03'": `[{"url":"https://example.org/a.mp3","file":"a.mp3","type":"audio/mpeg","length":0,"duration":3723000000000}]`,
		"audio: true":                        `null`,
		"podcast: {file: /a.m4a, bytes: 5, title: Listen, thumbnail: /t.png, credit: Ann, description: All of it}": `[{"url":"https://example.org/a.m4a","file":"a.m4a","type":"audio/mp4","length":5,"title":"Listen","description":"All of it","credit":"Ann","thumbnail":"https://example.org/t.png"}]`,
	} {
		e := readDetails(t, "a.md", "---\ntitle: T\n"+header+"\n---\nBody.\n")
		if got := detailsJSON(t, e.Enclosures); got != want {
			t.Errorf("%s: got %s, want %s", header, got, want)
		}
	}
}

// What feedpub writes of an entry in RSS and Atom it reads back from another's feed.
func TestDetailsOfFeeds(t *testing.T) {
	rss := `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>T</title><link>https://e.example/</link><item><title>A</title><guid>https://e.example/a</guid>
<source url="https://o.example/feed">Other</source><comments>https://e.example/a#c</comments><slash:comments>4</slash:comments>
<dc:contributor>Ed</dc:contributor><dc:rights>© E</dc:rights>
<enclosure url="https://e.example/a.mp3" type="audio/mpeg" length="3"/>
<media:content url="https://e.example/a.mp3" type="audio/mpeg" duration="60"><media:title>Listen</media:title><media:credit>Ann</media:credit></media:content>
<itunes:season>3</itunes:season></item></channel></rss>`
	e := readDetails(t, "feed.xml", rss)
	want := `{"contributors":[{"name":"Ed"}],"rights":"© E","origin":{"title":"Other","feed":"https://o.example/feed"},` +
		`"discussion":{"url":"https://e.example/a#c","count":4,"counted":true},"episode":{"season":3}}`
	if got := detailsJSON(t, e.Details); got != want {
		t.Errorf("RSS: got %s, want %s", got, want)
	}
	if c := e.Enclosures[0]; c.Title != "Listen" || c.Credit != "Ann" || c.Duration.Seconds() != 60 || len(e.Enclosures) != 1 {
		t.Errorf("RSS: got enclosures %+v", e.Enclosures)
	}
	atom := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"><title>T</title><id>urn:f</id><updated>2026-01-01T00:00:00Z</updated>
<entry><title>A</title><id>urn:a</id><updated>2026-01-01T00:00:00Z</updated><link href="https://e.example/a"/><link rel="license" href="https://l.example/"/>
<contributor><name>Ed</name></contributor><rights>© E</rights><source><id>urn:o</id><title>Other</title><link rel="self" href="https://o.example/feed"/></source>
<thr:in-reply-to ref="urn:b" href="https://b.example/"/><content>Text</content></entry></feed>`
	e = readDetails(t, "atom.xml", atom)
	want = `{"contributors":[{"name":"Ed"}],"rights":"© E","license":"https://l.example/","origin":{"id":"urn:o","title":"Other","feed":"https://o.example/feed"},` +
		`"discussion":{"reply_to":"urn:b","reply_url":"https://b.example/"}}`
	if got := detailsJSON(t, e.Details); got != want {
		t.Errorf("Atom: got %s, want %s", got, want)
	}
}
