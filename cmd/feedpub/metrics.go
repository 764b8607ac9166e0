package main

import (
	"context"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"feedpub/config"
	"feedpub/feed/audience"
	"feedpub/feed/publish"
	"feedpub/feed/status"
)

// Metrics are told by the names of the configuration, so that there are as many as it has keys, whatever is published and
// whoever asks: the feeds of all tags are one, "tag/:tag". What is of none of them, and of feeds after the first so many, is
// otherFeeds, which no feed can be called.
const (
	otherFeeds     = "(other)"
	mostFeedLabels = 500
)

// metrics are what Prometheus is told. A nil one counts nothing.
type metrics struct {
	registry  *prometheus.Registry
	published *prometheus.CounterVec
	runs      *prometheus.CounterVec
	took      prometheus.Histogram
	rejected  *prometheus.CounterVec

	mu      sync.Mutex
	ran     map[string]time.Time // when a run of a schedule last ended well
	stored  map[string]time.Time // what the store says of that
	success map[string]time.Time // of feeds, by their label, as it was told last
}

// newMetrics makes metrics of what look says of a site, and counter of its answers; both are asked when Prometheus asks.
func newMetrics(look func(context.Context) (*config.Config, status.Site, error), counter *audience.Counter) *metrics {
	m := &metrics{
		registry: prometheus.NewPedanticRegistry(),
		published: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "feedpub_publish_total",
			Help: "Feeds that a run had work with, by what came of them: published, unchanged, partial (an entry failed its check and stands as it was) or failed.",
		}, []string{"feed", "result"}),
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "feedpub_publish_runs_total", Help: "Runs of the publisher that had something to look at, by how they ended: ok or failed.",
		}, []string{"result"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "feedpub_publish_duration_seconds", Help: "How long those runs took.", Buckets: prometheus.ExponentialBuckets(0.004, 4, 8),
		}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "feedpub_import_rejected_total",
			Help: "Reasons why articles were refused, each when it was met first, by what they are about: syntax, encoding, date, status, address, title, content, field, fault or other.",
		}, []string{"source", "reason"}),
		ran: map[string]time.Time{}, stored: map[string]time.Time{}, success: map[string]time.Time{},
	}
	v := version()
	built := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "feedpub_build_info", Help: "1, with what the program says of itself.",
		ConstLabels: prometheus.Labels{"version": v.Version, "commit": v.Commit, "goversion": runtime.Version()},
	})
	built.Set(1)
	m.registry.MustRegister(m.published, m.runs, m.took, m.rejected, built, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &siteCollector{m, look, counter})
	return m
}

// siteCollector tells how the site is when Prometheus asks.
type siteCollector struct {
	metrics *metrics
	look    func(context.Context) (*config.Config, status.Site, error)
	counter *audience.Counter
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("feedpub_"+name, help, labels, nil)
}

var (
	httpRequests   = desc("http_requests_total", "Requests that were answered, by feed, format of the document, and code.", "feed", "format", "code")
	httpSent       = desc("http_sent_bytes_total", "Bytes of answers, without headers.", "feed", "format")
	httpSaved      = desc("http_saved_bytes_total", "Bytes that compression and 304 spared.", "feed", "format")
	storeUp        = desc("store_up", "1 when the store answers, else 0, and nothing is told of feeds, sources and readers.")
	feedSuccess    = desc("feed_last_success_timestamp_seconds", "When a run last left the feed as the store and the configuration want it; of feeds of all tags and the like, all of them.", "feed")
	feedFailing    = desc("feed_failing", "Feeds whose last run left a problem.", "feed")
	feedEntries    = desc("feed_entries", "Entries in the feed's documents.", "feed")
	feedSize       = desc("feed_size_bytes", "Bytes of the feed's documents, without archives.", "feed")
	feedReaders    = desc("feed_readers", "Readers of the feed, today or yesterday.", "feed")
	subscribers    = desc("subscribers", "Subscribers that a service tells of.", "service")
	clients        = desc("clients", "Clients that are no service's, today or yesterday.", "program")
	sourceFailing  = desc("source_failing", "1 when the source could not be read, else 0.", "source")
	sourceRefused  = desc("source_refused_articles", "Articles of the source that are refused now.", "source")
	sourceLastRead = desc("source_last_read_timestamp_seconds", "When the source was read last.", "source")
)

func (s *siteCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		httpRequests, httpSent, httpSaved, storeUp, feedSuccess, feedFailing, feedEntries, feedSize, feedReaders,
		subscribers, clients, sourceFailing, sourceRefused, sourceLastRead,
	} {
		out <- d
	}
}

func (s *siteCollector) Collect(out chan<- prometheus.Metric) {
	c, site, err := s.look(context.Background())
	labels := newFeedLabels(c)
	s.collectAnswers(out, labels)
	gauge(out, storeUp, map[bool]float64{true: 1}[err == nil])
	if err != nil {
		return // it is told where the store is needed
	}
	s.collectFeeds(out, labels, site)
	for _, src := range site.Sources {
		gauge(out, sourceFailing, map[bool]float64{true: 1}[src.Error != ""], src.Name)
		gauge(out, sourceRefused, float64(src.Refused), src.Name)
		if src.LastRead != nil {
			gauge(out, sourceLastRead, seconds(*src.LastRead), src.Name)
		}
	}
	for _, n := range site.Audience.Services {
		gauge(out, subscribers, float64(n.Readers), n.Name)
	}
	for _, n := range site.Audience.Programs {
		gauge(out, clients, float64(n.Readers), n.Name)
	}
}

func gauge(out chan<- prometheus.Metric, d *prometheus.Desc, value float64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
}

func counter(out chan<- prometheus.Metric, d *prometheus.Desc, value int64, labels ...string) {
	out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value), labels...)
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func (s *siteCollector) collectAnswers(out chan<- prometheus.Metric, labels *feedLabels) {
	type document struct{ feed, format string }
	requests, documents := map[audience.Kind]int64{}, map[document]audience.Totals{}
	for k, t := range s.counter.Totals() {
		k.Feed = labels.of(k.Feed)
		if k.Format == "" {
			k.Format = "none"
		}
		requests[k] += t.Requests
		d := documents[document{k.Feed, k.Format}]
		d.Sent += t.Sent
		d.Saved += t.Saved
		documents[document{k.Feed, k.Format}] = d
	}
	for k, n := range requests {
		counter(out, httpRequests, n, k.Feed, k.Format, strconv.Itoa(k.Code))
	}
	for d, t := range documents {
		counter(out, httpSent, t.Sent, d.feed, d.format)
		counter(out, httpSaved, t.Saved, d.feed, d.format)
	}
}

// A group is the feeds of one label.
type group struct {
	failing, entries, bytes, readers int64
	lastRun, lastChange              time.Time
}

func (s *siteCollector) collectFeeds(out chan<- prometheus.Metric, labels *feedLabels, site status.Site) {
	groups := map[string]*group{}
	for _, f := range site.Feeds {
		if f.NextRun == nil {
			continue // the configuration has it no more, and nobody publishes it
		}
		label := labels.of(f.Name)
		g := groups[label]
		if g == nil {
			g = new(group)
			groups[label] = g
		}
		g.entries, g.bytes, g.readers = g.entries+int64(f.Entries), g.bytes+f.Bytes, g.readers+f.Readers
		if f.Error != "" {
			g.failing++
		}
		g.lastRun, g.lastChange = later(g.lastRun, f.LastRun), later(g.lastChange, f.LastChange)
	}
	for label, g := range groups {
		gauge(out, feedFailing, float64(g.failing), label)
		gauge(out, feedEntries, float64(g.entries), label)
		gauge(out, feedSize, float64(g.bytes), label)
		gauge(out, feedReaders, float64(g.readers), label)
		if at := s.metrics.lastSuccess(label, labels.schedules[label], g); !at.IsZero() {
			gauge(out, feedSuccess, seconds(at), label)
		}
	}
}

func later(a time.Time, b *time.Time) time.Time {
	if b != nil && b.After(a) {
		return *b
	}
	return a
}

// lastSuccess is when the feeds of a label were last as they should be. Of those that were not since the process began, it is
// when their documents changed last.
func (m *metrics) lastSuccess(label, schedule string, g *group) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := m.success[label]
	switch {
	case g.failing == 0 && m.ran[schedule].IsZero():
		at = later(at, &g.lastRun)
	case g.failing == 0:
		ran := m.ran[schedule]
		at = later(at, &ran)
	case at.IsZero():
		at = g.lastChange
	}
	m.success[label] = at
	return at
}

// wellEvery is how often it is stored that runs end well: a restart may take them for so much older than they are.
const wellEvery = 10 * time.Minute

// endedWell notes that a run on a schedule ended without an error, and tells whether that should be stored.
func (m *metrics) endedWell(schedule string, at time.Time) (store bool) {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ran[schedule] = at
	if at.Sub(m.stored[schedule]) < wellEvery {
		return false
	}
	m.stored[schedule] = at
	return true
}

// endedWellBefore notes what was stored of runs that ended well.
func (m *metrics) endedWellBefore(schedule string, at time.Time) {
	if m == nil || at.IsZero() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ran[schedule].IsZero() {
		m.ran[schedule], m.stored[schedule] = at, at
	}
}

// countRun counts what a run of the publisher did.
func (m *metrics) countRun(c *config.Config, r publish.Report, took time.Duration, err error) {
	if m == nil {
		return
	}
	m.took.Observe(took.Seconds())
	m.runs.WithLabelValues(map[bool]string{true: "ok", false: "failed"}[err == nil]).Inc()
	labels := newFeedLabels(c)
	for _, f := range r.Feeds {
		m.published.WithLabelValues(labels.of(f.Name), resultOf(f)).Inc()
	}
}

func resultOf(f publish.FeedReport) string {
	result := "unchanged"
	if f.Error != "" {
		return "failed"
	}
	for _, d := range f.Documents {
		switch {
		case d.Error != "":
			return "failed"
		case len(d.Fallbacks) > 0:
			result = "partial"
		case d.Changed && result == "unchanged":
			result = "published"
		}
	}
	return result
}

// countRefusal counts a reason why an article was refused.
func (m *metrics) countRefusal(source string, r status.Refusal) {
	if m != nil {
		m.rejected.WithLabelValues(source, reasonOf(r)).Inc()
	}
}

// reasonOf is what a refusal is about, in one of a few words.
func reasonOf(r status.Refusal) string {
	syntax, _, _ := strings.Cut(r.Reason, ":")
	field := strings.ToLower(r.Field)
	about := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(field, w) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(r.Reason, "a fault of feedpub"):
		return "fault"
	case syntax == "YAML" || syntax == "TOML" || syntax == "JSON" || syntax == "XML" || field == "front matter":
		return "syntax"
	case strings.HasSuffix(r.Reason, "save it as UTF-8"):
		return "encoding"
	case about("date", "publish", "embargo", "expir", "updat", "modif", "time"):
		return "date"
	case about("draft", "status", "withdraw", "visib", "private"):
		return "status"
	case about("url", "slug", "link", "guid", "path") || field == "id":
		return "address"
	case about("title", "headline") || strings.HasPrefix(r.Reason, "no title"):
		return "title"
	case about("content", "body", "html") || strings.HasPrefix(r.Reason, "neither title nor body"):
		return "content"
	case field != "":
		return "field"
	}
	return "other"
}

// handler answers /metrics.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4})
}

// feedLabels gives feeds their labels.
type feedLabels struct {
	exact     map[string]bool
	each      []*config.Feed
	known     map[string]string
	schedules map[string]string // by label
}

func newFeedLabels(c *config.Config) *feedLabels {
	l := &feedLabels{map[string]bool{}, nil, map[string]string{}, map[string]string{}}
	for i := range c.Feeds[:min(len(c.Feeds), mostFeedLabels)] {
		f := &c.Feeds[i]
		l.schedules[f.Name] = f.Schedule.String()
		if f.Each == "" {
			l.exact[f.Name] = true
		} else {
			l.each = append(l.each, f)
		}
	}
	return l
}

func (l *feedLabels) of(feed string) string {
	if l.exact[feed] {
		return feed
	}
	if label, ok := l.known[feed]; ok {
		return label
	}
	label := otherFeeds
	for _, f := range l.each {
		if feed != "" && f.MayName(feed) {
			label = f.Name
			break
		}
	}
	l.known[feed] = label
	return label
}
