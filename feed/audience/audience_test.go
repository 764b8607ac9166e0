package audience

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"feedpub/feed/internal/xss"
	"feedpub/store"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func counter(at *time.Time) *Counter { return New(func() time.Time { return *at }) }

// ask is a request of a reader; headers are pairs of name and value.
func ask(address, userAgent string, headers ...string) *http.Request {
	r := &http.Request{Method: "GET", RemoteAddr: address, Header: http.Header{"User-Agent": {userAgent}}}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

var rss = Answer{Feed: "news", Format: "rss", Code: 200, Sent: 1000, Saved: 3000}

// readers gives who read on the day, by feed, kind and name, as it is stored; "news service Feedbin".
func readers(t *testing.T, c *Counter, s *store.Store, day store.Day) map[string]int64 {
	t.Helper()
	if err := c.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	byFeed, err := s.ReadersByFeed(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	byDay, err := s.ReadersByDay(t.Context(), day)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, r := range append(byFeed, byDay...) {
		if r.Day == day && (r.Feed != "" || r.Kind == store.Client) {
			got[strings.Join(strings.Fields(r.Feed+" "+r.Kind+" "+r.Name), " ")] += r.Number
		}
	}
	return got
}

func TestServicesTellForHowManyTheyRead(t *testing.T) {
	now := start
	c, s := counter(&now), openStore(t)
	for i, agent := range []string{
		"Feedbin feed-id:1373711 - 140 subscribers",
		"Feedbin feed-id:1373711 - 142 subscribers", // the latest counts
		"Feedbin feed-id:99 - 8 subscribers",        // the same feed under another address
		"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 457 subscribers; like FeedFetcher-Google)",
		"Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)", // without a number, it changes nothing
		"Mozilla/5.0 (compatible; inoreader.com; 7 subscribers)",
		"Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 5 subscribers; )",
		"NewsBlur Feed Fetcher - 54 subscribers - https://www.newsblur.com/site/4711/harbour-gazette (Mozilla/5.0 (Macintosh) Version/14.0.1 Safari/605.1.15)",
		"NewsBlur Feed Fetcher - 1 subscriber - https://www.newsblur.com/site/12/harbour-gazette (Mozilla/5.0)",
		"Mozilla/5.0 (compatible; theoldreader.com; 11 subscribers; feed-id=0719795c4d27c784217b0bc0)",
		"Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 6 subscribers)",
		"Dreamwidth Studios (https://www.dreamwidth.org/site/about; for https://harbour-feed.dreamwidth.org/; 3 readers)",
		"Dreamwidth Studios (https://www.dreamwidth.org/site/about; for https://other-feed.dreamwidth.org/; 1 reader)",
	} {
		for poll := range 3 { // from many addresses
			c.Count(ask(fmt.Sprintf("192.0.2.%d:%d", 10*i%200+poll, 1000+i), agent), rss)
		}
	}
	c.Count(ask("198.51.100.7:1", "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 20 subscribers; like FeedFetcher-Google)"),
		Answer{Feed: "news", Format: "atom", Code: 304}) // another address of the feed
	c.Count(ask("198.51.100.7:1", "FeedlyBot/1.0 (http://feedly.com)"), Answer{Feed: "sea", Format: "atom", Code: 304})
	want := map[string]int64{
		"news service Feedbin": 150, "news service Feedly": 477, "news service Inoreader": 5, "news service NewsBlur": 55,
		"news service The Old Reader": 11, "news service BazQux": 6, "news service Dreamwidth": 4, "sea service Feedly": 1,
	}
	if got := readers(t, c, s, 20260301); !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	// What was the smaller number for a moment is the latest again; who told nothing does at last.
	c.Count(ask("192.0.2.9:9", "Feedbin feed-id:1373711 - 140 subscribers"), rss)
	c.Count(ask("192.0.2.9:9", "Feedly/1.0 (like FeedFetcher-Google; 2 subscribers)"), Answer{Feed: "sea", Format: "rss", Code: 200})
	want["news service Feedbin"], want["sea service Feedly"] = 148, 2
	if got := readers(t, c, s, 20260301); !maps.Equal(got, want) {
		t.Errorf("later: got  %v\nwant %v", got, want)
	}
}

func TestOthersCountOnePerClient(t *testing.T) {
	now := start
	c, s := counter(&now), openStore(t)
	newsboat, freshRSS := "newsboat/2.32 (Linux x86_64)", "FreshRSS/1.20.0 (Linux; https://freshrss.org)"
	for range 5 {
		c.Count(ask("192.0.2.1:1000", newsboat), rss)
		c.Count(ask("192.0.2.1:2000", newsboat), rss)                // the same, over another connection
		c.Count(ask("192.0.2.1:2001", "newsboat/2.33 (Linux)"), rss) // and after an update
		c.Count(ask("192.0.2.2:1000", newsboat), rss)
		c.Count(ask("192.0.2.2:1000", freshRSS), rss) // another program there
		c.Count(ask("192.0.2.2:1000", freshRSS), Answer{Feed: "sea", Format: "json", Code: 304})
		c.Count(ask("[2001:db8::1]:1000", newsboat), rss)
		c.Count(ask("[2001:db8::2:1]:1000", newsboat), rss) // the same network
		c.Count(ask("127.0.0.1:1000", newsboat, "X-Forwarded-For", "10.9.9.9, 203.0.113.5"), rss)
		c.Count(ask("127.0.0.1:1001", newsboat, "X-Forwarded-For", "10.1.1.1, 203.0.113.6"), rss)
		c.Count(ask("192.0.2.1:1000", newsboat, "X-Forwarded-For", "203.0.113.77"), rss) // everybody can say so
		// None of these is a reader.
		c.Count(ask("192.0.2.50:1", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), rss)
		c.Count(ask("192.0.2.51:1", newsboat), Answer{Feed: "news", Format: "page", Code: 200})
		c.Count(ask("192.0.2.52:1", newsboat), Answer{Code: 404})
		c.Count(ask("192.0.2.53:1", newsboat), Answer{Feed: "old", Code: 301})
		head := ask("192.0.2.54:1", newsboat)
		head.Method = "HEAD"
		c.Count(head, rss)
	}
	want := map[string]int64{"news client": 6, "sea client": 1, "client newsboat": 5, "client FreshRSS": 1}
	if got := readers(t, c, s, 20260301); !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	// After a restart it is known only that there were at least so many; the next day begins anew.
	again := counter(&now)
	again.Count(ask("192.0.2.1:1000", newsboat), rss)
	if got := readers(t, again, s, 20260301); !maps.Equal(got, want) {
		t.Errorf("after a restart: got  %v\nwant %v", got, want)
	}
	now = now.AddDate(0, 0, 1)
	if err := c.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	c.Count(ask("192.0.2.1:1000", newsboat), rss)
	if got, want := readers(t, c, s, 20260302), map[string]int64{"news client": 1, "client newsboat": 1}; !maps.Equal(got, want) {
		t.Errorf("the day after: got  %v\nwant %v", got, want)
	}
}

func TestAnswersAddUp(t *testing.T) {
	now := start
	c, s := counter(&now), openStore(t)
	for range 3 {
		c.Count(ask("192.0.2.1:1", "x"), rss)
		c.Count(ask("192.0.2.1:1", "x"), Answer{Feed: "news", Format: "rss", Code: 304, Saved: 4000})
		if !c.Pending() {
			t.Error("nothing is pending")
		}
		if err := c.Save(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if c.Pending() {
			t.Error("something is pending")
		}
	}
	// A store that is gone: nothing is lost, and nothing counts twice.
	gone := openStore(t)
	gone.Close()
	c.Count(ask("192.0.2.77:1", "newsboat"), rss)
	for range 2 {
		if err := c.Save(t.Context(), gone); err == nil {
			t.Fatal("no error of a store that is closed")
		}
	}
	if got := readers(t, c, s, 20260301); got["news client"] != 2 {
		t.Errorf("clients: got %v, want 2", got)
	}
	got, err := s.AnswersByFeed(t.Context(), 20260301)
	want := []store.Answers{
		{Day: 20260301, Feed: "news", Code: 200, Requests: 4, Sent: 4000, Saved: 12000},
		{Day: 20260301, Feed: "news", Code: 304, Requests: 3, Saved: 12000},
	}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v, %v\nwant %v", got, err, want)
	}
	if got := c.Totals()[Kind{"news", "rss", 200}]; got.Requests != 4 {
		t.Errorf("totals: got %v", got)
	}
}

// An answer that is saved without who read it is not pending any more: the last Save would leave its reader out.
func TestReadersAreNotedFirst(t *testing.T) {
	var c *Counter
	noted := 0
	c = New(func() time.Time { // it is asked for the day to note a reader on
		noted++
		if got := c.Totals(); len(got) > 0 {
			t.Errorf("counted before: %v", got)
		}
		return start
	})
	c.Count(ask("192.0.2.1:1", "x"), rss)
	if noted == 0 || !c.Pending() {
		t.Errorf("noted %d times; pending: %t", noted, c.Pending())
	}
}

// A hundred thousand requests of those who mean no good: they take no memory that grows, put none of their words into the
// store, and the others' numbers stay as they are.
func TestHostileAgents(t *testing.T) {
	now := start
	c, s := counter(&now), openStore(t)
	honest := func() {
		c.Count(ask("192.0.2.1:1", "Feedbin feed-id:1 - 12 subscribers"), rss)
		c.Count(ask("192.0.2.2:1", "newsboat/2.32"), rss)
	}
	honest()
	hostile := []string{
		"Feedly/1.0 (99999999999999999999 subscribers)", "Feedly/1.0 (-5 subscribers)", "Feedly/1.0 (1e9 subscribers)",
		"Feedly 10000001 subscribers", "Feedbin feed-id:%d - 1 subscribers", "Feedbin feed-id:1%d - 0 subscribers", "%d subscribers", "Reader%d/1.0 (12345 readers)",
		"\x00\xff\xfe%d", strings.Repeat("9", 400) + "%d subscribers feedly", strings.Repeat("a", 2_000) + "%d", "", "NewsBlur 7 subscribers newsblur.com/site/%d",
		"Dreamwidth for https://%d\"><script>alert(1)</script>; 0 readers", "feed-id=" + strings.Repeat("x", 500) + "%d theoldreader 1 subscribers", "٣ subscribers feedly %d",
	}
	for _, p := range xss.Payloads {
		hostile = append(hostile, "Feedly%d "+strings.ReplaceAll(p, "%", "%%"))
	}
	memory := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	flood := func(from, to int) {
		for i := from; i < to; i++ {
			agent := hostile[i%len(hostile)]
			if strings.Contains(agent, "%d") {
				agent = fmt.Sprintf(agent, i)
			}
			c.Count(ask("203.0.113.9:1", agent), rss)
		}
	}
	flood(0, 10_000)
	if err := c.Save(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	before := memory()
	flood(10_000, 100_000)
	if after := memory(); after > before+1<<20 {
		t.Errorf("memory grew from %d to %d bytes", before, after)
	}
	honest()
	got := readers(t, c, s, 20260301)
	if got["news service Feedbin"] < 12 || got["news service Feedbin"] > 12+mostIDs {
		t.Errorf("Feedbin: got %d, want 12 and a few", got["news service Feedbin"])
	}
	if n := got["news client"]; n < 2 || n > 6 {
		t.Errorf("clients: got %d, want those of two addresses", n)
	}
	total := int64(0)
	for _, n := range got {
		total += n
	}
	if total > 150 {
		t.Errorf("all together: got %d: %v", total, got)
	}
	rows, err := s.ReadersByFeed(t.Context(), 20260301)
	if err != nil || len(rows) > 70 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		if strings.ContainsAny(r.ID+r.Name, "<>\"'&\x00") || !utf8.ValidString(r.ID) || len(r.ID) > maxID+20 {
			t.Errorf("a stranger's words are stored: %q %q", r.Name, r.ID)
		}
	}
}

// Many addresses, feeds and answers have their bounds too.
func TestBounds(t *testing.T) {
	now := start
	c := counter(&now)
	for i := range mostSketches + 1000 {
		feed := fmt.Sprint("tag/", i)
		c.Count(ask("192.0.2.1:1", "newsboat"), Answer{Feed: feed, Format: "rss", Code: 200})
		c.Count(ask("192.0.2.1:1", fmt.Sprintf("Feedbin feed-id:%d - 1 subscribers", i)), Answer{Feed: feed, Format: "rss", Code: 200})
	}
	for i := range mostCells + 1000 {
		c.cell(Kind{Feed: fmt.Sprint("feed", i)})
	}
	if n := len(c.today.feeds); n != mostSketches {
		t.Errorf("%d sketches", n)
	}
	if n := len(c.today.claims); n != mostClaims {
		t.Errorf("%d claims", n)
	}
	if n := len(c.cells); n > mostCells+1 {
		t.Errorf("%d kinds of answers", n)
	}
	for i := range 50_000 {
		c.Count(ask(fmt.Sprintf("203.0.%d.%d:1", i>>8, i&255), "newsboat"), rss)
	}
	got := float64(c.today.programs["newsboat"].Estimate())
	if got < 50_000*0.94 || got > 50_000*1.06 {
		t.Errorf("of 50 000 clients %g are counted", got)
	}
}

func TestCountingTakesNoMemory(t *testing.T) {
	now := start
	c := counter(&now)
	r := ask("192.0.2.1:1", "newsboat/2.32", "X-Forwarded-For", "203.0.113.5")
	c.Count(r, rss)
	if n := testing.AllocsPerRun(1000, func() { c.Count(r, rss) }); n != 0 {
		t.Errorf("%g allocations for a request", n)
	}
}

func BenchmarkCount(b *testing.B) {
	now := start
	c := counter(&now)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		r := ask("192.0.2.1:1", "Mozilla/5.0 (X11; Linux x86_64) newsboat/2.32 (Linux x86_64)")
		for pb.Next() {
			c.Count(r, rss)
		}
	})
}

// Requests are counted while what was counted is saved and told: nothing is lost, nothing counts twice.
func TestCountingWhileSaving(t *testing.T) {
	now := start
	c, s := counter(&now), openStore(t)
	const clients, requests = 8, 200
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			for i := range requests {
				c.Count(ask(fmt.Sprintf("192.0.2.%d:%d", client, i), "newsboat"), rss)
				c.Count(ask("198.51.100.1:1", fmt.Sprintf("Feedbin feed-id:%d - 5 subscribers", client)), rss)
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			if err := c.Save(t.Context(), s); err != nil {
				t.Error(err)
			}
			c.Totals()
		}
	})
	wg.Wait()
	want := map[string]int64{"news client": clients, "client newsboat": clients, "news service Feedbin": 5 * clients}
	if got := readers(t, c, s, 20260301); !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	answers, err := s.AnswersByDay(t.Context(), 20260301)
	if err != nil || len(answers) != 1 || answers[0].Requests != 2*clients*requests || answers[0].Sent != 1000*answers[0].Requests {
		t.Errorf("got %v, %v", answers, err)
	}
}
