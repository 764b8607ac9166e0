package status

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed/internal/browser"
	"feedpub/feed/internal/xss"
)

var now = time.Date(2026, 3, 31, 3, 12, 45, 0, time.UTC)

func at(d time.Duration) *time.Time {
	t := now.Add(d)
	return &t
}

// example is a site as it may be; with troubles, as it is when somebody is called.
func example(troubles bool) Site {
	s := Site{
		Title: "The Harbour Gazette", At: now,
		Daemon: &Daemon{Version: "v1.4.0", Commit: "0123456789abcdef", Go: "go1.26.8", Since: now.Add(-75 * time.Hour)},
		Sources: []Source{
			{Name: "articles", LastRead: at(-42 * time.Second), NextRead: at(18 * time.Second)},
			{Name: "partner", LastRead: at(-20 * time.Minute), NextRead: at(40 * time.Minute), Missing: []string{"2025/old-story.md"}, Warnings: []string{"articles/ferry.txt:3: tags: left out: no list"}},
		},
	}
	for i, name := range []string{"news", "sea", "tag/history", "tag/people", "tag/ships-and-tides", "tag/weather", "world"} {
		s.Feeds = append(s.Feeds, Feed{
			Name: name, URL: "https://feeds.example.org/" + name + "/", Entries: 100 - 13*i, Bytes: int64(310_000 - 41_000*i),
			LastRun: at(-time.Duration(i*i+1) * 7 * time.Minute), LastChange: at(-time.Duration(i*i*i+1) * 7 * time.Minute), NextRun: at(18 * time.Second),
			Waiting: i == 4, Reading: Reading{Readers: int64(700 / (i + 1)), Requests: int64(9000 / (i + 1)), NotModified: 10},
		})
	}
	if troubles {
		s.Feeds[2].Error = `tag/history/atom.xml: entry tag:harbour.example,2026-01-01:articles/rope.md: content holds a link that is no address; the last good document stands`
		s.Sources[0].Refused = 2
		s.Sources[0].Refusals = []Refusal{
			{File: "articles/2026/the-bell-is-flat.md", Line: 3, Field: "date", Reason: `"31/02/2026" is no date`},
			{File: "articles/export.json", Item: 14, Reason: "neither title nor body; empty"},
		}
		s.Sources[1].Error = "ask https://partner.example/rss: 503 Service Unavailable; tried again at 03:52 UTC"
	}
	s.Verdict = Verdict(s.Sources, s.Feeds)
	for i := range 400 {
		d := Day{Day: now.AddDate(0, 0, i-399).Format(time.DateOnly)}
		d.Subscribers, d.Clients = int64(400+i), int64(150+i*i/3000+i%7*9)
		d.Requests = int64(20_000 + i*31 + i%7*2100)
		d.NotModified = d.Requests * 87 / 100
		d.Failed = int64(map[bool]int{true: 900}[i == 391])
		d.Sent, d.Saved = d.Requests*9_100, d.Requests*41_000
		s.Audience.Days = append(s.Audience.Days, d)
	}
	s.Audience.Readers, s.Audience.Subscribers, s.Audience.Clients = 1014, 799, 215
	s.Audience.Services = []Count{{"Feedly", 457}, {"Feedbin", 150}, {"Inoreader", 92}, {"NewsBlur", 54}, {"The Old Reader", 31}, {"BazQux", 12}, {"Dreamwidth", 3}}
	s.Audience.Programs = []Count{{"NetNewsWire", 71}, {"FreshRSS", 48}, {"newsboat", 33}, {"browsers", 31}, {"others", 20}, {"Thunderbird", 12}}
	return s
}

func serve(t *testing.T, h *Handler) string {
	t.Helper()
	if h.Metrics == nil {
		h.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "metrics") })
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func looking(s Site) func(context.Context) (Site, error) {
	return func(context.Context) (Site, error) { return s, nil }
}

// The page as people see it, well and unwell, light and dark, wide and narrow, with and without script.
func TestPageInABrowser(t *testing.T) {
	b := browser.Start(t)
	empty := Site{Title: "New", At: now, Verdict: Verdict(nil, nil), Feeds: []Feed{}, Sources: []Source{}, Audience: Audience{Days: []Day{{Day: "2026-03-31"}}}}
	many := example(true)
	many.Sources[0].Refusals = nil
	for i := range 250 {
		many.Feeds = append(many.Feeds, Feed{Name: fmt.Sprint("tag/", i), URL: "https://feeds.example.org/"})
		many.Sources[0].Refusals = append(many.Sources[0].Refusals, Refusal{File: strings.Repeat("very/", 30) + "long.md", Line: i, Reason: strings.Repeat("because", 40)})
	}
	for name, site := range map[string]Site{"well": example(false), "unwell": example(true), "empty": empty, "many": many} {
		url := serve(t, &Handler{Look: looking(site)})
		for i, look := range []browser.Look{{}, {Width: 360, Dark: true}, {Dark: true, NoScript: true}, {Width: 360, NoScript: true}, {Width: 1600, Dark: true}} {
			if name == "many" && i != 1 {
				break
			}
			t.Run(fmt.Sprintf("%s, width %d, dark %t, no script %t", name, look.Width, look.Dark, look.NoScript), func(t *testing.T) {
				tab := b.Open(t, url+"/status", look)
				tab.Picture(fmt.Sprintf("status-%s-%d", name, i))
				if i < 2 {
					if v := tab.Violations(); len(v) > 0 {
						t.Error(strings.Join(v, "\n"))
					}
				}
				if m, s, o := tab.Messages(), tab.Strangers(url), tab.Overflows(); len(m)+len(s)+len(o) > 0 {
					t.Errorf("messages %q, strangers %q, overflows %q", m, s, o)
				}
			})
		}
	}
	tab := b.Open(t, serve(t, &Handler{Look: looking(example(false))})+"/", browser.Look{})
	if at := tab.Follow("nav a:nth-child(2)"); !strings.HasSuffix(at, "/status?days=90") {
		t.Errorf("the link of 90 days led to %s", at)
	}
	if got := browser.Eval[int](tab, `document.querySelectorAll("figure:first-child g").length`); got != 90 {
		t.Errorf("of 90 days %d are shown", got)
	}
	tab.Picture("status-90-days")
}

// Whatever strangers and authors wrote, nothing of it runs, or is more than text.
func TestNothingRunsOnThePage(t *testing.T) {
	site := example(false)
	site.Feeds, site.Audience.Services = nil, nil
	site.Sources = []Source{{Name: "articles", Refused: len(xss.Payloads)}}
	for i, p := range xss.Payloads {
		site.Title, site.Daemon.Version = p, p
		site.Feeds = append(site.Feeds, Feed{Name: p, URL: "https://feeds.example.org/" + p, Error: p}, Feed{Name: fmt.Sprint(i), URL: "javascript:alert(1)//" + p})
		src := &site.Sources[0]
		src.Refusals = append(src.Refusals, Refusal{File: p, Line: i % 2, Field: p, Reason: p})
		src.Warnings, src.Missing, src.HeldBack = append(src.Warnings, p), append(src.Missing, p), append(src.HeldBack, p)
		site.Sources = append(site.Sources, Source{Name: p, Error: p})
		site.Audience.Services = append(site.Audience.Services, Count{p, 1})
		site.Audience.Programs = append(site.Audience.Programs, Count{p, 1})
	}
	site.Verdict = site.Title
	plain, err := example(true).Page(30)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := site.Page(30)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"<script", "<img", "<iframe", "<base", "javascript:alert(1)//"} {
		if got, want := strings.Count(string(doc), word), strings.Count(string(plain), word); got != want && word != "javascript:alert(1)//" || word == "javascript:alert(1)//" && strings.Contains(string(doc), `href="javascript`) {
			t.Errorf("%s stands %d times on the page, want %d", word, got, want)
		}
	}
	b := browser.Start(t)
	url := serve(t, &Handler{Look: looking(site)})
	tab := b.Open(t, url+"/status", browser.Look{})
	if m, s := tab.Messages(), tab.Strangers(url); len(m)+len(s) > 0 {
		t.Errorf("messages %q, strangers %q", m, s)
	}
	foreign := browser.Eval[[]string](tab, `[...document.querySelectorAll("script, iframe, img, object, embed, form, input, video, audio, [onclick], [onerror], [onload], a[href^='javascript:']")].map(e => e.outerHTML)`)
	if len(foreign) > 0 {
		t.Errorf("strangers' elements: %q", foreign)
	}
	if got := b.Open(t, url+"/status.json", browser.Look{}).Messages(); len(got) > 0 {
		t.Errorf("JSON: %q", got)
	}
}

func TestJSONIsWhatThePageShows(t *testing.T) {
	site := example(true)
	_, body := get(t, serve(t, &Handler{Look: looking(site)})+"/status.json")
	var got Site
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	again, _ := json.Marshal(got)
	want, _ := json.Marshal(site)
	if string(again) != string(want) {
		t.Errorf("got  %s\nwant %s", again, want)
	}
	if !strings.Contains(body, `"refusals":[{"file":"articles/2026/the-bell-is-flat.md","line":3,"field":"date"`) {
		t.Error("the article's file and line are not told")
	}
}

func get(t *testing.T, url string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// Who may not know is told nothing.
func TestTokenAndNames(t *testing.T) {
	const token = "a-secret-of-this-test"
	open := serve(t, &Handler{Look: looking(example(false))})
	closed := serve(t, &Handler{Look: looking(example(false)), Token: token})
	basic := func(user, password string) []string {
		r := httptest.NewRequest("GET", "/", nil)
		r.SetBasicAuth(user, password)
		return []string{"Authorization", r.Header.Get("Authorization")}
	}
	for _, c := range []struct {
		url     string
		headers []string
		want    int
	}{
		{open, nil, 200},
		{open, []string{"Host", "localhost:8081"}, 200},
		{open, []string{"Host", "[::1]:8081"}, 200},
		{open, []string{"Host", "feeds.localhost"}, 200},
		{open, []string{"Host", "rebound.example:8081"}, 403},
		{closed, []string{"Host", "rebound.example:8081"}, 401},
		{closed, nil, 401},
		{closed, []string{"Authorization", "Bearer " + token}, 200},
		{closed, []string{"Authorization", "Bearer " + token + "x"}, 401},
		{closed, []string{"Authorization", "Bearer "}, 401},
		{closed, []string{"Authorization", token}, 401},
		{closed, basic("", token), 200},
		{closed, basic("anybody", token), 200},
		{closed, basic(token, ""), 401},
		{closed, basic("anybody", "guess"), 401},
	} {
		for _, path := range []string{"/status", "/status.json", "/metrics"} {
			resp, body := get(t, c.url+path, c.headers...)
			if resp.StatusCode != c.want {
				t.Errorf("%s %q: got %d, want %d", path, c.headers, resp.StatusCode, c.want)
			}
			if resp.StatusCode != 200 && (strings.Contains(body, "Gazette") || strings.Contains(body, token)) {
				t.Errorf("%s %q: told %q", path, c.headers, body)
			}
			if resp.Header.Get("Cache-Control") != "no-store" || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("%s: headers %v", path, resp.Header)
			}
		}
	}
	if resp, _ := get(t, closed+"/status"); !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Basic ") {
		t.Error("a browser does not know how to ask for the token")
	}
	if resp, _ := get(t, open+"/"); resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != "/status" {
		t.Errorf("/: got %d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	if resp, err := http.Post(open+"/status", "text/plain", nil); err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %v, %v", resp.StatusCode, err)
	}
	if resp, _ := get(t, open+"/other"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("another path: got %d", resp.StatusCode)
	}
}

// Whatever the numbers are, a plot stays within its box, and the days that are as always are to be seen.
func TestPlots(t *testing.T) {
	days := func(totals ...int64) (days []Day) {
		for i, n := range totals {
			days = append(days, Day{Day: fmt.Sprint("day ", i), Clients: n})
		}
		return days
	}
	for _, c := range []struct {
		totals []int64
		top    string
		beyond int
	}{
		{nil, "", 0},
		{[]int64{0, 0}, "1", 0},
		{[]int64{0, 57}, "60", 0},
		{[]int64{10, 12, 14, 190}, "200", 0},
		{[]int64{10, 12, 14, 1_000_000}, "15", 1},
		{[]int64{10, 12, 1<<63 - 1, 14, 9}, "15", 1},
		{[]int64{-5, 3}, "3", 0},
		{[]int64{1<<63 - 1}, number(1<<63 - 1), 0},
	} {
		p := readersMeasure.plot(days(c.totals...))
		if p.Top != c.top || len(p.Clipped) != c.beyond || len(p.Bars) != len(c.totals) {
			t.Errorf("%v: got up to %s, beyond it %q, %d bars", c.totals, p.Top, p.Clipped, len(p.Bars))
		}
		for _, b := range p.Bars {
			ok := b.X >= 0 && b.X+b.Width <= plotWidth && b.Width > 0
			for _, s := range b.Segments {
				ok = ok && s.Y >= 0 && s.Y+s.Height <= plotHeight+0.1 && s.Height >= 0
			}
			if !ok {
				t.Errorf("%v: out of the box: %v", c.totals, b)
			}
		}
	}
	if p := readersMeasure.plot(example(false).Audience.Days); len(p.Bars) != 400 || p.Bars[399].Width <= 0 {
		t.Errorf("400 days: %d bars", len(p.Bars))
	}
}

func TestWords(t *testing.T) {
	got := []string{number(0), number(999), number(1000), number(-1234567), Bytes(999), Bytes(1000), Bytes(999_600), Bytes(9_990_000), Bytes(12_345_678), Bytes(1<<63 - 1), Percent(1, 0), Percent(87, 100),
		span(59 * time.Second), span(61 * time.Minute), span(72 * time.Hour)}
	want := []string{"0", "999", "1\u202f000", "-1\u202f234\u202f567", "999 B", "1.0 kB", "1.0 MB", "10 MB", "12 MB", "9.2 EB", "—", "87 %", "59 s", "1 h", "3 days"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
