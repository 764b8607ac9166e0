package status

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feedpub/feed/audience"
	"feedpub/feed/internal/browser"
	"feedpub/feed/internal/xss"
	"feedpub/store"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Who asked yesterday and not yet today is a reader still; what a service said last counts; days without a request are there.
func TestReadAudience(t *testing.T) {
	s, today := openStore(t), store.DayOf(now)
	day := func(d int) store.Day { return today.Add(d) }
	err := s.SaveAudience(t.Context(), []store.Answers{
		{Day: day(-3), Feed: "news", Format: "rss", Code: 200, Requests: 5, Sent: 500, Saved: 50},
		{Day: day(0), Feed: "news", Format: "rss", Code: 304, Requests: 3, Saved: 300},
		{Day: day(0), Feed: "news", Format: "atom", Code: 200, Requests: 1, Sent: 70},
		{Day: day(0), Code: 503, Requests: 2}, {Day: day(9), Code: 200, Requests: 1}, // a clock was wrong
	}, []store.Readers{
		{Day: day(-3), Feed: "news", Kind: store.Service, Name: "Feedbin", ID: "1", Number: 90},
		{Day: day(-1), Feed: "news", Kind: store.Service, Name: "Feedbin", ID: "1", Number: 20},
		{Day: day(0), Feed: "news", Kind: store.Service, Name: "Feedbin", ID: "1", Number: 12},
		{Day: day(-1), Feed: "sea", Kind: store.Service, Name: "Feedly", ID: "rss", Number: 7},
		{Day: day(-1), Feed: "news", Kind: store.Client, Number: 9}, {Day: day(0), Feed: "news", Kind: store.Client, Number: 4},
		{Day: day(-1), Kind: store.Client, Name: "newsboat", Number: 9}, {Day: day(0), Kind: store.Client, Name: "newsboat", Number: 4},
		{Day: day(0), Kind: store.Client, Name: "Liferea", Number: 1}, {Day: day(9), Kind: store.Client, Name: "Liferea", Number: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	a, feeds, err := ReadAudience(t.Context(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	want := Audience{
		Readers: 29, Subscribers: 19, Clients: 10,
		Services: []Count{{"Feedbin", 12}, {"Feedly", 7}}, Programs: []Count{{"newsboat", 9}, {"Liferea", 1}},
		Days: []Day{
			{Day: "2026-03-28", Subscribers: 90, Requests: 5, Sent: 500, Saved: 50}, {Day: "2026-03-29"},
			{Day: "2026-03-30", Subscribers: 27, Clients: 9},
			{Day: "2026-03-31", Subscribers: 12, Clients: 5, Requests: 6, NotModified: 3, Failed: 2, Sent: 70, Saved: 300},
		},
	}
	if fmt.Sprint(a) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", a, want)
	}
	if got, want := fmt.Sprint(feeds), fmt.Sprint(map[string]Reading{"news": {21, 4, 3}, "sea": {7, 0, 0}}); got != want {
		t.Errorf("feeds: got %s, want %s", got, want)
	}
}

// However many requests come with hostile User-Agents, the page shows the readers that there are, and runs nothing.
func TestPageAfterHostileAgents(t *testing.T) {
	s := openStore(t)
	at := now.AddDate(0, 0, -4)
	counter := audience.New(func() time.Time { return at })
	ask := func(address, agent string) {
		r := httptest.NewRequest("GET", "/news/rss.xml", nil)
		r.RemoteAddr = address + ":1000"
		r.Header.Set("User-Agent", agent)
		counter.Count(r, audience.Answer{Feed: "news", Format: "rss", Code: 200, Sent: 100})
	}
	for d := range 5 {
		at = now.AddDate(0, 0, d-4)
		for i := range 40 {
			ask(fmt.Sprint("192.0.2.", i), "newsboat/2.32")
		}
		ask("198.51.100.1", "Feedbin feed-id:1 - 60 subscribers")
		if d == 2 {
			for i := range 100_000 / len(xss.Payloads) {
				for _, p := range xss.Payloads {
					ask("203.0.113.9", fmt.Sprintf("Feedly/1.0 (%d00000000 subscribers; feed-id:%d) %s", i+1, i, p))
				}
			}
		}
		if err := counter.Save(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	a, _, err := ReadAudience(t.Context(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	p := readersMeasure.plot(a.Days)
	for i, b := range p.Bars {
		high := 0.0
		for _, segment := range b.Segments {
			high += segment.Height
		}
		if high < plotHeight/3 {
			t.Errorf("the bar of day %d is %g high: %+v, up to %s", i, high, a.Days[i], p.Top)
		}
	}
	if a.Readers < 100 || a.Readers > 110 {
		t.Errorf("got %d readers, want 100", a.Readers)
	}
	site := example(false)
	site.Audience = a
	doc, err := site.Page(30)
	if err != nil || strings.Contains(string(doc), "alert(1)") {
		t.Errorf("a User-Agent stands on the page: %v", err)
	}
	b := browser.Start(t)
	url := serve(t, &Handler{Look: looking(site)})
	tab := b.Open(t, url+"/status", browser.Look{})
	if m, s := tab.Messages(), tab.Strangers(url); len(m)+len(s) > 0 {
		t.Errorf("messages %q, strangers %q", m, s)
	}
	// One who is believed, because the number could be true, makes a bar that leaves the plot, and no other one small.
	a.Days[2].Subscribers = 9_000_000
	site.Audience = a
	tab = b.Open(t, serve(t, &Handler{Look: looking(site)})+"/status", browser.Look{})
	tab.Picture("status-liar")
	if got := browser.Eval[string](tab, `document.querySelector("figure").textContent`); !strings.Contains(got, "Beyond the edge: 2026-03-29 (9\u202f000\u202f0") {
		t.Errorf("the plot: %q", got)
	}
}
