package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"feedpub/config"
	"feedpub/feed/audience"
	"feedpub/feed/publish"
	"feedpub/feed/status"
)

// serveStatus starts "feedpub serve" in dir with a status page at a free place, and gives its address, with a slash at the end.
func serveStatus(t *testing.T, dir string, environ ...string) (s *server, private string) {
	t.Helper()
	cmd := program(context.Background(), dir, "serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(append(cmd.Env, "FEEDPUB_SERVE_STATUS=127.0.0.1:0"), environ...)
	s = serveBy(t, cmd)
	eventually(t, 10*time.Second, "the address of the status page is told", func() bool {
		_, after, found := strings.Cut(s.log.String(), `"status page","at":"`)
		private, _, _ = strings.Cut(after, "status\"")
		return found
	})
	return s, private
}

// fetch asks as a reader does, and takes all of the answer: so the next one to ask comes by the same connection, where nothing
// is read before the last answer was counted, and readers count in their order.
func fetch(t *testing.T, url, agent string, headers ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("User-Agent", agent)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp
}

func statusOf(t *testing.T, body string) (s status.Site) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return s
}

// The daemon tells who reads and what failed; after a reload and a restart, and by the command, it is the same.
func TestStatusTellsWhoReadsAndWhatFailed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news}, {each: tag}]\n",
		"articles/a.md", "---\ntitle: A\ndate: 2026-03-01\ntags: [go]\n---\nText.\n")
	s, private := serveStatus(t, dir)
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"tag/go/rss.xml", "<title>A</title>")) // one client, browser or not
	etag := fetch(t, s.url+"news/rss.xml", "Feedbin feed-id:1 - 12 subscribers").Header.Get("Etag")
	fetch(t, s.url+"news/rss.xml", "Feedbin feed-id:1 - 13 subscribers", "If-None-Match", etag)
	fetch(t, s.url+"news/atom.xml", "newsboat/2.32")
	fetch(t, s.url+"nothing", "newsboat/2.32")

	writeFiles(t, dir, "articles/<script>alert(1)<script>.md", "---\ntitle: B\ndate: 31/02/2026\n---\nText.\n")
	see := func(wrong bool) {
		t.Helper()
		var got status.Site
		// An answer is counted when it was sent, which its client may have seen before, and stored some seconds after a look.
		eventually(t, 20*time.Second, "what is wrong and who reads is told", func() bool {
			_, body := get(t, private+"status.json")
			got = statusOf(t, body)
			return (got.Verdict == "Look after source articles.") == wrong && got.Feeds[0].Readers == 14
		})
		a := got.Audience
		if a.Subscribers != 13 || a.Clients < 1 || !slices.Contains(a.Services, status.Count{Name: "Feedbin", Readers: 13}) || !slices.Contains(a.Programs, status.Count{Name: "newsboat", Readers: 1}) {
			t.Errorf("audience: got %+v", a)
		}
		var today status.Day // and yesterday, where it begins before midnight
		for _, d := range a.Days[max(len(a.Days)-2, 0):] {
			today.Requests, today.NotModified, today.Sent, today.Saved = today.Requests+d.Requests, today.NotModified+d.NotModified, today.Sent+d.Sent, today.Saved+d.Saved
		}
		if today.NotModified != 1 || today.Requests < 5 || today.Sent == 0 || today.Saved == 0 {
			t.Errorf("today: got %+v", today)
		}
		if f := got.Feeds[0]; f.Name != "news" || (f.Requests != 3 || f.NotModified != 1) && len(a.Days) == 1 || f.Bytes == 0 || f.NextRun == nil {
			t.Errorf("news: got %+v", f)
		}
		if wrong {
			refusals := got.Sources[0].Refusals
			if len(refusals) != 1 || refusals[0].File != "articles/<script>alert(1)<script>.md" || refusals[0].Line != 3 || refusals[0].Field != "date" {
				t.Errorf("refusals: got %+v", refusals)
			}
		}
		code, page := get(t, private+"status")
		if code != http.StatusOK || strings.Contains(page, "<script") || strings.Contains(page, "alert(1)&lt;script&gt;.md:3") != wrong {
			t.Errorf("the page: got %d\n%s", code, page)
		}
		refused := fmt.Sprintf(`feedpub_source_refused_articles{source="articles"} %d`, map[bool]int{true: 1}[wrong])
		var metrics string // which tell for a second what they told before
		eventually(t, 20*time.Second, "metrics have "+refused, func() bool {
			_, metrics = get(t, private+"metrics")
			return strings.Contains(metrics, refused)
		})
		for _, line := range []string{
			`feedpub_http_requests_total{code="304",feed="news",format="rss"} 1`, `feedpub_subscribers{service="Feedbin"} 13`,
			`feedpub_import_rejected_total{reason="date",source="articles"} 1`, `feedpub_feed_entries{feed="tag/:tag"} 1`,
			`feedpub_feed_last_success_timestamp_seconds{feed="tag/:tag"} 1`, `feedpub_build_info{`, "\ngo_goroutines ",
		} {
			if !strings.Contains(metrics, line) {
				t.Errorf("metrics lack %s:\n%s", line, metrics)
			}
		}
	}
	see(true)
	if len(reloadSignals) > 0 {
		s.cmd.Process.Signal(syscall.SIGHUP)
		eventually(t, 20*time.Second, "the configuration was read again", func() bool { return strings.Contains(s.log.String(), "configuration read again") })
		see(true)
	}
	for _, path := range []string{"status", "status.json", "metrics"} {
		if code, _ := get(t, s.url+path); code != http.StatusNotFound {
			t.Errorf("readers get /%s: %d", path, code)
		}
	}
	writeFiles(t, dir, "articles/<script>alert(1)<script>.md", "---\ntitle: B\ndate: 2026-02-28\n---\nText.\n") // at once, long before the next read
	see(false)
	writeFiles(t, dir, "articles/<script>alert(1)<script>.md", "---\ntitle: B\ndate: 31/02/2026\n---\nText.\n")
	see(true)
	fetch(t, s.url+"news/rss.xml", "Feedbin feed-id:1 - 11 subscribers") // right before the end
	s.cmd.Process.Signal(syscall.SIGTERM)
	if state, err := s.cmd.Process.Wait(); err != nil || state.ExitCode() != 0 {
		t.Fatalf("TERM: got %v, %v", state, err)
	}
	got := statusOf(t, feedpub(t, dir, 0, "status", "--json"))
	if got.Daemon != nil || got.Audience.Subscribers != 11 || got.Sources[0].Refusals[0].Line != 3 || got.Feeds[0].Readers != 12 {
		t.Errorf("after the end: got %+v", got)
	}
	text := feedpub(t, dir, 0, "status")
	for _, line := range []string{"Feedbin 11", "newsboat 1", "% not modified", "alert(1)<script>.md:3: date: "} {
		if !strings.Contains(text, line) {
			t.Errorf("feedpub status lacks %q:\n%s", line, text)
		}
	}
}

// With a token /status is at the public address too, for those who give it; it is told to nobody.
func TestStatusBehindAToken(t *testing.T) {
	t.Parallel()
	const token = "a-secret-of-this-test"
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\nserve: {status: none}\nlog: {requests: true}\n",
		"articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n", "token", token+"\n")
	cmd := program(context.Background(), dir, "serve", "--listen", "127.0.0.1:0", "-v")
	cmd.Env = append(cmd.Env, "FEEDPUB_SERVE_TOKEN_FILE=token")
	s := serveBy(t, cmd)
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml", "<title>A</title>"))
	for _, path := range []string{"status", "status.json", "metrics"} {
		if got := fetch(t, s.url+path, "x").StatusCode; got != http.StatusUnauthorized {
			t.Errorf("/%s without the token: got %d", path, got)
		}
		if got := fetch(t, s.url+path, "x", "Authorization", "Bearer "+token).StatusCode; got != http.StatusOK {
			t.Errorf("/%s with the token: got %d", path, got)
		}
	}
	_, page := get(t, strings.Replace(s.url, "http://", "http://me:"+token+"@", 1)+"status")
	if !strings.Contains(page, "All is well.") || strings.Contains(page, token) {
		t.Errorf("the page: %s", page)
	}
	cmd = program(t.Context(), dir, "config")
	cmd.Env = append(cmd.Env, "FEEDPUB_SERVE_TOKEN_FILE=token")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(out), token) || !strings.Contains(string(out), "serve.token") {
		t.Errorf("feedpub config: %v\n%s", err, out)
	}
	if log := s.log.String(); strings.Contains(log, token) || !strings.Contains(log, `"path":"/status"`) {
		t.Errorf("the log:\n%s", log)
	}
}

// A page from elsewhere that has this machine's address under a name of its own is not told.
func TestStatusIsNotRebound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\n")
	_, private := serveStatus(t, dir)
	for host, want := range map[string]int{"": http.StatusOK, "localhost:8081": http.StatusOK, "rebound.example:8081": http.StatusForbidden} {
		r, err := http.NewRequest("GET", private+"status", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("Host %q: got %d, want %d", host, resp.StatusCode, want)
		}
	}
}

// Two daemons on one machine: the second does without a status page, unless it was told to have it there.
func TestStatusAddressIsTaken(t *testing.T) {
	taken, _ := socket(t)
	log := new(lockedBuffer)
	a := &app{log: slog.New(slog.NewTextHandler(writerFunc(func(b []byte) { log.write(string(b)) }), nil))}
	c := &config.Config{Serve: config.Serve{Status: taken.Addr().String()}}
	if got, err := a.listenPrivately(t.Context(), c, nil); err != nil || len(got) > 0 {
		t.Errorf("got %v, %v, want no listener", got, err)
	}
	if told := log.String(); !strings.Contains(told, "serve.status") || !strings.Contains(told, "level=WARN") {
		t.Errorf("it is not told:\n%s", told)
	}
	c.Serve.StatusGiven = true
	if got, err := a.listenPrivately(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), c.Serve.Status) {
		t.Errorf("where it was named: got %v, %v", got, err)
	}
}

// Whoever reaches the status page without a token sees it: that is told where others may, at a socket of systemd too.
func TestOpenStatusIsTold(t *testing.T) {
	private, _ := socket(t)
	open, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	for _, test := range []struct {
		what  string
		serve config.Serve
		given []net.Listener
		want  bool
	}{
		{"at an address", config.Serve{Status: "0.0.0.0:0"}, nil, true},
		{"at a socket", config.Serve{Status: config.NoStatus}, []net.Listener{private, open}, true},
		{"with a token", config.Serve{Token: "secret"}, []net.Listener{open}, false},
		{"on this machine", config.Serve{}, []net.Listener{private}, false},
	} {
		log := new(lockedBuffer)
		a := &app{log: slog.New(slog.NewTextHandler(writerFunc(func(b []byte) { log.write(string(b)) }), nil))}
		got, err := a.listenPrivately(t.Context(), &config.Config{Serve: test.serve}, test.given)
		if err != nil || len(got) == 0 || strings.Contains(log.String(), "open to everybody") != test.want {
			t.Errorf("%s: got %v, %v, and told %q", test.what, got, err, log.String())
		}
		if test.given == nil {
			closeAll(got)
		}
	}
}

// testMetrics are metrics of a configuration and a site.
func testMetrics(t *testing.T, yaml string, site *status.Site, lookErr *error, counter *audience.Counter) (*metrics, *config.Config) {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", yaml)
	c, err := config.LoadFolder(dir, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return newMetrics(func(context.Context) (*config.Config, status.Site, error) { return c, *site, *lookErr }, counter), c
}

// Whatever is published and whoever asks, there are as many metrics as the configuration has names; their names are good ones.
func TestMetricsAreFewAndWellNamed(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	counter, site, err := audience.New(func() time.Time { return now }), status.Site{}, error(nil)
	m, c := testMetrics(t, "site: {url: \"https://example.org/\"}\nfeeds: [{name: news}, {each: tag}]\n", &site, &err, counter)
	for i := range 10_000 {
		name := fmt.Sprint("tag/", i)
		site.Feeds = append(site.Feeds, status.Feed{Name: name, Entries: 1, LastRun: &now, NextRun: &now})
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("User-Agent", fmt.Sprintf("Feedly %d subscribers", i))
		counter.Count(r, audience.Answer{Feed: name, Format: "rss", Code: 200, Sent: 10})
		counter.Count(r, audience.Answer{Feed: fmt.Sprint("gone/", i), Format: "rss", Code: 304, Saved: 10})
		m.countRun(c, publish.Report{Feeds: []publish.FeedReport{{Name: name, Documents: []publish.DocumentReport{{Changed: true}}}}}, time.Millisecond, nil)
		m.countRefusal("articles", status.Refusal{Field: fmt.Sprint("field", i), Reason: fmt.Sprint("reason ", i)})
	}
	site.Feeds = append(site.Feeds, status.Feed{Name: "news", NextRun: &now, LastRun: &now}, status.Feed{Name: "removed", Error: "old"})
	site.Sources = []status.Source{{Name: "articles", LastRead: &now, Refused: 3}}
	site.Audience = status.Audience{Services: []status.Count{{Name: "Feedly", Readers: 3}}, Programs: []status.Count{{Name: "newsboat", Readers: 1}}}

	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", err, problems)
	}
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	series := 0
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "feedpub_") {
			series += len(f.GetMetric())
		}
	}
	if series < 15 || series > 40 {
		t.Errorf("10 000 tags make %d series", series)
	}
	want := `
		# HELP feedpub_http_requests_total Requests that were answered, by feed, format of the document, and code.
		# TYPE feedpub_http_requests_total counter
		feedpub_http_requests_total{code="200",feed="tag/:tag",format="rss"} 10000
		feedpub_http_requests_total{code="304",feed="(other)",format="rss"} 10000
		# HELP feedpub_import_rejected_total Reasons why articles were refused, each when it was met first, by what they are about: syntax, encoding, date, status, address, title, content, field, fault or other.
		# TYPE feedpub_import_rejected_total counter
		feedpub_import_rejected_total{reason="field",source="articles"} 10000
		# HELP feedpub_feed_entries Entries in the feed's documents.
		# TYPE feedpub_feed_entries gauge
		feedpub_feed_entries{feed="news"} 0
		feedpub_feed_entries{feed="tag/:tag"} 10000
		# HELP feedpub_publish_total Feeds that a run had work with, by what came of them: published, unchanged, partial (an entry failed its check and stands as it was) or failed.
		# TYPE feedpub_publish_total counter
		feedpub_publish_total{feed="tag/:tag",result="published"} 10000
	`
	if err := testutil.GatherAndCompare(m.registry, strings.NewReader(want), "feedpub_http_requests_total", "feedpub_import_rejected_total", "feedpub_feed_entries", "feedpub_publish_total"); err != nil {
		t.Error(err)
	}
}

// The recipe names each metric that there is, and no other.
func TestMetricsAreDocumented(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "config", "recipes", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := regexp.MustCompile("`(feedpub_[a-z_]+)`").FindAllStringSubmatch(string(data), -1)
	site, lookErr := status.Site{}, error(nil)
	m, _ := testMetrics(t, "site: {url: \"https://example.org/\"}\n", &site, &lookErr, audience.New(time.Now))
	descs := make(chan *prometheus.Desc, 100)
	m.registry.Describe(descs)
	close(descs)
	var want, got []string
	for d := range descs {
		if name := regexp.MustCompile(`fqName: "(feedpub_[a-z_]+)"`).FindStringSubmatch(d.String()); name != nil {
			want = append(want, name[1])
		}
	}
	for _, name := range documented {
		got = append(got, name[1])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(want) < 15 {
		t.Errorf("documented %q\nwant %q", got, want)
	}
	for _, used := range regexp.MustCompile(`feedpub_[a-z_]+`).FindAllString(string(data), -1) {
		if !slices.Contains(want, used) {
			t.Errorf("%s is used, and there is none", used)
		}
	}
}

// The moment of the last success stands still while a feed fails, and moves on when it does not, also when there is nothing new.
func TestLastSuccess(t *testing.T) {
	now := time.Unix(1_800_000_000, 0).UTC()
	ago := func(d time.Duration) *time.Time { at := now.Add(-d); return &at }
	site, err := status.Site{Feeds: []status.Feed{{Name: "news", NextRun: &now, LastRun: ago(time.Hour), LastChange: ago(3 * time.Hour)}}}, error(nil)
	m, _ := testMetrics(t, "site: {url: \"https://example.org/\"}\n", &site, &err, audience.New(time.Now))
	check := func(what, want string) {
		t.Helper()
		help := "# HELP feedpub_feed_last_success_timestamp_seconds When a run last left the feed as the store and the configuration want it; of feeds of all tags and the like, all of them.\n# TYPE feedpub_feed_last_success_timestamp_seconds gauge\n"
		if want != "" {
			want = help + `feedpub_feed_last_success_timestamp_seconds{feed="news"} ` + want + "\n"
		}
		if err := testutil.GatherAndCompare(m.registry, strings.NewReader(want), "feedpub_feed_last_success_timestamp_seconds"); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	check("before the first run", "1.7999964e+09")
	if m.endedWellBefore("*/5 * * * *", *ago(30 * time.Minute)); !m.endedWell("*/5 * * * *", *ago(10 * time.Minute)) || m.endedWell("*/5 * * * *", *ago(5 * time.Minute)) {
		t.Error("that it ended well is not to be stored, or each time")
	}
	check("nothing was new", "1.7999997e+09")
	site.Feeds[0].Error = "broken"
	m.endedWell("*/5 * * * *", now)
	check("it fails", "1.7999997e+09")
	site.Feeds[0].Error = ""
	check("it is mended", "1.8e+09")
	err = errors.New("no store")
	check("the store is gone", "")
	up := "# HELP feedpub_store_up 1 when the store answers, else 0, and nothing is told of feeds, sources and readers.\n# TYPE feedpub_store_up gauge\nfeedpub_store_up 0\n"
	if err := testutil.GatherAndCompare(m.registry, strings.NewReader(up), "feedpub_store_up"); err != nil {
		t.Error(err)
	}
}

func TestUpdatedReport(t *testing.T) {
	line := func(file, reason string) (status.Refusal, string) {
		f := status.Refusal{File: file, Line: 3, Field: "date", Reason: reason}
		return f, f.Place() + ": " + f.Text()
	}
	report := func(files ...string) (r sourceReport) {
		for _, file := range files {
			f, text := line(file, "no date")
			r.Refusals, r.Problems, r.Refused = append(r.Refusals, f), append(r.Problems, text), r.Refused+1
		}
		return r
	}
	for _, c := range []struct {
		keys   []string
		update sourceReport
		want   sourceReport
	}{
		{[]string{"a.md"}, sourceReport{}, report("posts/ab.md", "posts/deep/c.md")},
		{[]string{"a.md", "ab.md"}, report("posts/a.md"), report("posts/deep/c.md", "posts/a.md")},
		{[]string{"deep"}, sourceReport{}, report("posts/a.md", "posts/ab.md")},
		{[]string{"other.md"}, report("posts/other.md"), report("posts/a.md", "posts/ab.md", "posts/deep/c.md", "posts/other.md")},
	} {
		got := report("posts/a.md", "posts/ab.md", "posts/deep/c.md").updated("posts", c.keys, c.update)
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v: got  %+v\nwant %+v", c.keys, got, c.want)
		}
	}
}

// A socket of systemd called status is for those who run the site, and readers are not let in there.
func TestStatusAtASocketOfSystemd(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	ln, f := socket(t)
	cmd := program(context.Background(), dir, "serve", "--listen", "127.0.0.1:0")
	handOver(t, cmd, statusSockets, f)
	s := serveBy(t, cmd)
	eventually(t, 20*time.Second, "the feed is served to readers", serves(t, s.url+"news/rss.xml", "<title>A</title>"))
	if code, body := get(t, urlOf(ln)+"status"); code != http.StatusOK || !strings.Contains(body, "All is well.") {
		t.Errorf("the status page: got %d %s", code, body)
	}
	if code, _ := get(t, urlOf(ln)+"news/rss.xml"); code != http.StatusNotFound {
		t.Errorf("the feed at the socket: got %d", code)
	}
}
