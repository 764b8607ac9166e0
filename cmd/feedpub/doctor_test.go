package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feedpub/feed/validate"
)

// examined is what feedpub doctor --json prints.
type examined struct {
	Errors, Warnings int
	Remarks          []remark
}

// codes are the codes of what is to mend, and of what was skipped with one, each once.
func (e examined) codes() (codes []string) {
	for _, r := range e.Remarks {
		if r.Code != "" && !slices.Contains(codes, r.Code) {
			codes = append(codes, r.Code)
		}
	}
	slices.Sort(codes)
	return codes
}

// says tells whether there is a remark of an area and a level.
func (e examined) says(area string, l level) bool {
	return slices.ContainsFunc(e.Remarks, func(r remark) bool { return r.Area == area && r.Level == l })
}

// diagnose does what feedpub doctor does, in this process, and does not wait as long for a daemon to catch up.
func diagnose(t *testing.T, dir string, exit int, args ...string) (e examined) {
	t.Helper()
	var out bytes.Buffer
	a := &app{stdout: &out, stderr: io.Discard, environ: os.Environ()}
	a.setUp(a.command())
	a.json, a.configFile = true, dir
	d := newDoctor(a)
	d.catchUp = 2 * refreshEvery
	err, got := d.look(t.Context(), args...), 0
	if err != nil {
		got = exitFailed
	}
	if of := (*exitError)(nil); errors.As(err, &of) {
		got = of.code
	}
	if got != exit {
		t.Fatalf("%v; exit code %d, want %d\n%s", err, got, exit, out.Bytes())
	}
	return examinedOf(t, out.String())
}

func examinedOf(t *testing.T, out string) (e examined) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, r := range e.Remarks {
		if (r.Level == isError || r.Level == isWarning) && (r.Code == "" || r.Fix == "") {
			t.Errorf("a remark without a code or a fix: %+v", r)
		}
	}
	return e
}

// A ward is a daemon with a proxy in front, which a test may break.
type ward struct {
	dir    string
	proxy  *httptest.Server
	mu     sync.Mutex
	broken func(w http.ResponseWriter, r *http.Request, daemon http.Handler)
}

// breakBy puts something in front of what asks the daemon; nil takes it away.
func (w *ward) breakBy(broken func(w http.ResponseWriter, r *http.Request, daemon http.Handler)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = broken
}

func (w *ward) brokenBy() func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.broken
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{dir: t.TempDir()}
	var daemon http.Handler
	w.proxy = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if broken := w.brokenBy(); broken != nil {
			broken(rw, r, daemon)
			return
		}
		daemon.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.proxy.Close)
	writeFiles(t, w.dir, "feedpub.yaml", fmt.Sprintf("site: {title: Site, url: \"https://www.example.org/\", feeds_url: \"%s/\"}\n", w.proxy.URL),
		"articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\n"+strings.Repeat("A text of some length. ", 100))
	s := serve(t, w.dir)
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	daemon = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml", "<title>A</title>"))
	t.Setenv("FEEDPUB_SERVE_LISTEN", target.Host) // where the doctor asks for the daemon
	return w
}

func TestDoctorOfAHealthySite(t *testing.T) {
	w := newWard(t)
	e := diagnose(t, w.dir, 0)
	if e.Errors+e.Warnings > 0 || len(e.codes()) > 0 {
		t.Errorf("got %+v", e.Remarks)
	}
	for _, area := range []string{ofConfiguration, ofStore, ofSchedule, ofFolder, ofDisk, ofClock, ofDaemon, ofAddress, ofSelf, ofHub} {
		if !e.says(area, isGood) {
			t.Errorf("%s: nothing good is said of it: %+v", area, e.Remarks)
		}
	}
	for _, address := range []string{w.proxy.URL + "/", w.proxy.URL + "/news/rss.xml", w.proxy.URL + "/news/feed.json"} {
		if e := diagnose(t, t.TempDir(), 0, address); len(e.codes()) > 0 || !e.says(ofAddress, isGood) {
			t.Errorf("%s from outside: got %+v", address, e.Remarks)
		}
	}
	if out := feedpub(t, w.dir, 0, "doctor"); !strings.Contains(out, "ok       daemon: ") || !strings.Contains(out, "well.\n") {
		t.Errorf("got %s", out)
	}
}

// changed passes an answer of the daemon on after a change.
func changed(change func(r *httptest.ResponseRecorder)) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
		answer := httptest.NewRecorder()
		daemon.ServeHTTP(answer, r)
		change(answer)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(answer.Code)
		w.Write(answer.Body.Bytes())
	}
}

// Each thing that a proxy breaks has its own finding, and its own fix.
func TestDoctorOfProxies(t *testing.T) {
	w := newWard(t)
	_, stale := get(t, w.proxy.URL+"/news/rss.xml")
	stale = strings.Replace(stale, "<title>A</title>", "<title>The first of April</title>", 1)
	staleSince := time.Now().Add(-time.Hour)
	fixes := map[string]string{}
	for _, test := range []struct {
		name   string
		broken func(http.ResponseWriter, *http.Request, http.Handler)
		want   []string
		exit   int
	}{
		{"ETag stripped", changed(func(r *httptest.ResponseRecorder) { r.Header().Del("ETag") }), []string{"etag-missing"}, 0},
		{"all validators stripped", changed(func(r *httptest.ResponseRecorder) {
			r.Header().Del("ETag")
			r.Header().Del("Last-Modified")
		}), []string{"etag-missing", "http-validators"}, 0},
		{"conditions taken off", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			r.Header.Del("If-None-Match")
			r.Header.Del("If-Modified-Since")
			daemon.ServeHTTP(w, r)
		}, []string{"http-not-modified"}, 0},
		{"wrong type", changed(func(r *httptest.ResponseRecorder) { r.Header().Set("Content-Type", "text/plain") }), []string{"http-type", "page-type"}, exitFailed},
		{"general type", changed(func(r *httptest.ResponseRecorder) {
			if strings.HasSuffix(strings.Split(r.Header().Get("Content-Type"), ";")[0], "+xml") {
				r.Header().Set("Content-Type", "text/xml")
			}
		}), []string{"http-type-generic"}, 0},
		{"one ETag for both codings", changed(func(r *httptest.ResponseRecorder) {
			r.Header().Set("ETag", strings.TrimSuffix(r.Header().Get("ETag"), `-gzip"`)+`"`)
			r.Header().Set("ETag", strings.ReplaceAll(r.Header().Get("ETag"), `""`, `"`))
		}), []string{"http-etag-coding"}, 0},
		{"no Vary", changed(func(r *httptest.ResponseRecorder) { r.Header().Del("Vary") }), []string{"http-vary"}, 0},
		{"not to be kept", changed(func(r *httptest.ResponseRecorder) { r.Header().Set("Cache-Control", "no-store") }), []string{"http-cache"}, 0},
		{"no compression", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			r.Header.Set("Accept-Encoding", "identity")
			daemon.ServeHTTP(w, r)
		}, []string{"http-encoding"}, 0},
		{"stale", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			if r.URL.Path != "/news/rss.xml" {
				daemon.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
			w.Header().Set("ETag", `"old"`)
			http.ServeContent(w, r, "", staleSince, strings.NewReader(stale))
		}, []string{"http-encoding", "stale"}, exitFailed},
		{"stale as it may be", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			if r.URL.Path != "/news/rss.xml" {
				daemon.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
			w.Header().Set("Cache-Control", "public, max-age=900")
			w.Header().Set("Age", "3")
			w.Header().Set("Date", time.Now().Add(-3*time.Second).UTC().Format(http.TimeFormat))
			w.Header().Set("ETag", `"old"`)
			http.ServeContent(w, r, "", staleSince, strings.NewReader(stale))
		}, []string{"http-encoding", "stale-for-now"}, 0},
		{"an old .gz beside the new document", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			if r.Header.Get("Accept-Encoding") != "gzip" || r.URL.Path != "/news/rss.xml" {
				daemon.ServeHTTP(w, r)
				return
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			io.WriteString(z, stale)
			z.Close()
			for name, value := range map[string]string{"Content-Type": "application/rss+xml; charset=utf-8", "Content-Encoding": "gzip", "ETag": `"gz"`, "Vary": "Accept-Encoding"} {
				w.Header().Set(name, value)
			}
			http.ServeContent(w, r, "", staleSince, bytes.NewReader(b.Bytes()))
		}, []string{"coding-differs"}, exitFailed},
		{"minified", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			r.Header.Set("Accept-Encoding", "identity")
			changed(func(r *httptest.ResponseRecorder) {
				body := bytes.ReplaceAll(r.Body.Bytes(), []byte("\n"), nil)
				r.Body.Reset()
				r.Body.Write(body)
			})(w, r, daemon)
		}, []string{"altered", "http-encoding"}, exitFailed},
		{"nothing", nil, nil, 0},
		{"not found", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { http.NotFound(w, r) }, []string{"status-404"}, exitFailed},
		{"no start page", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			if r.URL.Path == "/" {
				http.NotFound(w, r)
				return
			}
			daemon.ServeHTTP(w, r)
		}, []string{"status-404"}, 0},
		{"forbidden", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { w.WriteHeader(http.StatusForbidden) }, []string{"status-403"}, exitFailed},
		{"bad gateway", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { w.WriteHeader(http.StatusBadGateway) }, []string{"status-502"}, exitFailed},
		{"page of an error", func(w http.ResponseWriter, r *http.Request, daemon http.Handler) {
			if r.URL.Path == "/" {
				daemon.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<!DOCTYPE html><title>Oops</title>")
		}, []string{"html"}, exitFailed},
		{"cut off", func(w http.ResponseWriter, r *http.Request, _ http.Handler) { panic(http.ErrAbortHandler) }, []string{"unreachable"}, exitFailed},
		{"in a circle", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}, []string{"unreachable"}, exitFailed},
		{"clock behind", changed(func(r *httptest.ResponseRecorder) {
			r.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		}), []string{"clock-skew"}, exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.breakBy(test.broken)
			e := diagnose(t, w.dir, test.exit)
			if got := e.codes(); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v: %+v", got, test.want, e.Remarks)
			}
			for _, r := range e.Remarks {
				if was := fixes[r.Fix]; r.Code != "" && was != "" && was != r.Code && !strings.HasPrefix(r.Code, "http-type") {
					t.Errorf("%s and %s have the same fix: %s", r.Code, was, r.Fix)
				}
				fixes[r.Fix] = r.Code
			}
		})
	}
}

// The certificate of the server is nobody's that is known; what leads to it is another finding.
func TestDoctorOfHTTPS(t *testing.T) {
	w := newWard(t)
	secure := httptest.NewUnstartedServer(w.proxy.Config.Handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	if got := examinedOf(t, feedpub(t, w.dir, exitFailed, "doctor", "--json", secure.URL+"/news/rss.xml")).codes(); !slices.Equal(got, []string{"certificate"}) {
		t.Errorf("a certificate of nobody: got %v", got)
	}
	if got := examinedOf(t, feedpub(t, w.dir, exitFailed, "doctor", "--json", strings.Replace(w.proxy.URL, "http:", "https:", 1))).codes(); !slices.Equal(got, []string{"no-tls"}) {
		t.Errorf("HTTP where HTTPS should be: got %v", got)
	}
	w.breakBy(func(rw http.ResponseWriter, r *http.Request, _ http.Handler) {
		http.Redirect(rw, r, secure.URL+r.URL.Path, http.StatusMovedPermanently)
	})
	config, err := os.ReadFile(filepath.Join(w.dir, "feedpub.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, w.dir, "feedpub.yaml", string(config)+"network: {allow: [127.0.0.1]}\n") // HTTPS is at another port
	if got := examinedOf(t, feedpub(t, w.dir, exitFailed, "doctor", "--json")).codes(); !slices.Equal(got, []string{"certificate"}) {
		t.Errorf("on to a certificate of nobody: got %v", got)
	}
	if runtime.GOOS != "linux" {
		return // where other authorities cannot be named
	}
	authority := filepath.Join(t.TempDir(), "authority.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	if err := os.WriteFile(authority, block, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", authority)
	redirect := w.brokenBy()
	w.breakBy(func(rw http.ResponseWriter, r *http.Request, daemon http.Handler) {
		if r.TLS == nil {
			redirect(rw, r, daemon)
			return
		}
		daemon.ServeHTTP(rw, r)
	})
	e := examinedOf(t, feedpub(t, w.dir, 0, "doctor", "--json"))
	if got := e.codes(); !slices.Equal(got, []string{"redirect-https"}) {
		t.Errorf("http leads to https: got %+v", e.Remarks)
	}
	if i := slices.IndexFunc(e.Remarks, func(r remark) bool { return r.Code == "redirect-https" }); i < 0 || !strings.Contains(e.Remarks[i].Fix, "site.feeds_url to "+secure.URL+"/,") {
		t.Errorf("http leads to https: got %+v", e.Remarks)
	}
	if e := examinedOf(t, feedpub(t, t.TempDir(), 0, "doctor", "--json", secure.URL+"/news/rss.xml")); !e.says(ofHTTPS, isGood) {
		t.Errorf("good HTTPS: got %+v", e.Remarks)
	}
}

// What there is to say of HTTPS where a site is public.
func TestDoctorOfPublicHTTPS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	now := time.Now()
	for name, test := range map[string]struct {
		visit visit
		want  []string
	}{
		"none":       {visit{url: server.URL, look: &validate.Look{Exchange: validate.Exchange{Final: server.URL}}}, []string{"http"}},
		"ends soon":  {visit{url: "https://x.example/", look: &validate.Look{Until: now.Add(13 * 24 * time.Hour)}}, []string{"certificate-ends"}},
		"ends later": {visit{url: "https://x.example/", look: &validate.Look{Until: now.Add(15 * 24 * time.Hour)}}, nil},
	} {
		d := &doctor{app: &app{stderr: io.Discard}, patience: time.Minute, asker: validate.NewAsker("feedpub", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})}
		d.app.setUp(d.app.command())
		d.https(t.Context(), &test.visit)
		if got := (examined{Remarks: d.remarks}).codes(); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

func TestDoctorOfNobody(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := ln.Addr().String()
	ln.Close()
	if got := diagnose(t, dir, exitFailed, "http://"+free+"/rss.xml").codes(); !slices.Equal(got, []string{"refused"}) {
		t.Errorf("nothing listens: got %v", got)
	}
	if got := diagnose(t, dir, exitFailed, "http://nowhere.invalid/rss.xml").codes(); !slices.Equal(got, []string{"name"}) && !slices.Equal(got, []string{"name-server"}) {
		t.Errorf("no such name: got %v", got)
	}
	feedpub(t, dir, exitUsage, "doctor", "rss.xml")
}

// An answer that does not come, and one that is late, without waiting for them.
func TestDoctorOfSlowServers(t *testing.T) {
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	e := examine(t, &doctor{slow: time.Hour, patience: 100 * time.Millisecond}, silent.URL+"/rss.xml")
	if got := e.codes(); !slices.Equal(got, []string{"timeout"}) {
		t.Errorf("silence: got %v", got)
	}
	w := newWard(t)
	e = examine(t, &doctor{slow: time.Nanosecond, patience: time.Minute}, w.proxy.URL+"/news/rss.xml")
	if got := e.codes(); !slices.Equal(got, []string{"slow"}) {
		t.Errorf("late: got %v", got)
	}
}

// examine has a doctor of the test look at an address.
func examine(t *testing.T, d *doctor, address string) examined {
	t.Helper()
	d.app = &app{stderr: io.Discard}
	d.app.setUp(d.app.command())
	d.app.configFile = t.TempDir()
	if err := d.stranger(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	return examined{Remarks: d.remarks}
}

func TestDoctorOfStrangers(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	serve := func(path, mediaType, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mediaType)
			w.Header().Set("ETag", `"1"`)
			http.ServeContent(w, r, "", time.Unix(1e9, 0), strings.NewReader(body))
		})
	}
	feed := func(self, hub string) string {
		return `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title><link>https://www.example.org/</link><description>D</description>` +
			`<atom:link rel="self" href="` + server.URL + self + `"/><atom:link rel="hub" href="` + server.URL + hub + `"/></channel></rss>`
	}
	const rss = "application/rss+xml"
	serve("/hub", "text/plain", "")
	serve("/good", rss, feed("/good", "/hub"))
	serve("/other-self", rss, feed("/good", "/hub"))
	serve("/lost-hub", rss, feed("/lost-hub", "/nowhere"))
	serve("/broken", rss, strings.Replace(feed("/broken", "/hub"), "</title>", "", 1))
	serve("/page", "text/html", `<html><head><LINK REL="alternate" TYPE="application/rss+xml" HREF="good"><link rel=alternate type="application/rss+xml" href="other-self"></head></html>`)
	serve("/bare", "text/html", `<html><head><link rel=stylesheet href=a.css></head></html>`)
	for path, want := range map[string][]string{
		"/good": nil, "/other-self": {"self"}, "/lost-hub": {"hub"}, "/broken": {"invalid"}, "/page": {"self"}, "/bare": {"no-feed"}, "/nowhere": {"status-404"},
	} {
		exit := 0
		if len(want) > 0 && want[0] != "self" {
			exit = exitFailed
		}
		if e := diagnose(t, t.TempDir(), exit, server.URL+path); !slices.Equal(e.codes(), want) {
			t.Errorf("%s: got %v, want %v: %+v", path, e.codes(), want, e.Remarks)
		}
	}
}

// What a stranger's page or feed names leads nowhere in this network but to the port that was named to the doctor.
func TestDoctorIsNotSentInside(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer inside.Close()
	rss := strings.Replace(goodRSS, "</channel>", `<atom:link rel="hub" href="`+inside.URL+`/hub"/></channel>`, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<html><link rel="alternate" type="application/rss+xml" href="%s/feed">`, inside.URL)
		case "/away":
			http.Redirect(w, r, inside.URL, http.StatusFound)
		default:
			w.Header().Set("Content-Type", "application/rss+xml")
			io.WriteString(w, rss)
		}
	}))
	defer server.Close()
	for path, code := range map[string]string{"/page": "unreachable", "/away": "unreachable", "/rss.xml": "hub"} {
		e := diagnose(t, t.TempDir(), exitFailed, server.URL+path)
		i := slices.IndexFunc(e.Remarks, func(r remark) bool { return r.Code == code })
		if i < 0 || !strings.Contains(e.Remarks[i].Message, "network.allow") || asked.Load() > 0 {
			t.Errorf("%s: %d requests, %+v", path, asked.Swap(0), e.Remarks)
		}
	}
}

// Of the hubs that a feed names some are asked, however many they are.
func TestDoctorOfManyHubs(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var rss string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hub/") {
			asked.Add(1)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, rss)
	}))
	defer server.Close()
	var links strings.Builder
	for n := range 200 {
		fmt.Fprintf(&links, "<atom:link rel=\"hub\" href=\"%s/hub/%d\"/>\n", server.URL, n)
	}
	rss = strings.Replace(goodRSS, "</channel>", links.String()+"</channel>", 1)
	e := diagnose(t, t.TempDir(), 0, server.URL+"/rss.xml")
	told := slices.ContainsFunc(e.Remarks, func(r remark) bool {
		return r.Area == ofHub && r.Level == isSkipped && strings.Contains(r.Message, "197 hubs more, beside 3 that were")
	})
	if asked.Load() != 3 || !told {
		t.Errorf("%d hubs were asked: %+v", asked.Load(), e.Remarks)
	}
}

// Which ports of a site the doctor may go to, by what its name leads to.
func TestPortsOf(t *testing.T) {
	for _, test := range []struct{ address, leadsTo, want string }{
		{"http://intranet/", "10.0.0.1", "[10.0.0.1:80 10.0.0.1:443]"},
		{"https://intranet/", "10.0.0.1 fd00::1", "[10.0.0.1:443 [fd00::1]:443]"},
		{"http://intranet:8080/", "10.0.0.1", "[10.0.0.1:8080]"},
		{"https://intranet:80/", "10.0.0.1", "[10.0.0.1:80 10.0.0.1:443]"},
		{"https://stranger.example:81/", "127.0.0.1 1.1.1.1 10.0.0.1 100.64.0.1 0.0.0.0 ::1", "[1.1.1.1:81]"},
	} {
		base, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		var addresses []netip.Addr
		for _, a := range strings.Fields(test.leadsTo) {
			addresses = append(addresses, netip.MustParseAddr(a))
		}
		if got := fmt.Sprint(portsOf(base, addresses)); got != test.want {
			t.Errorf("%s at %s: got %s, want %s", test.address, test.leadsTo, got, test.want)
		}
	}
}

// What lies on the machine, and what cannot be looked at.
func TestDoctorOfTheMachine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nserve: {listen: \"127.0.0.1:1\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	e := diagnose(t, dir, 0)
	for _, area := range []string{ofStore, ofFolder, ofDaemon, ofAddress} {
		if !e.says(area, isSkipped) {
			t.Errorf("before the first run: %s: got %+v", area, e.Remarks)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, ".feedpub")); err == nil {
		t.Error("the doctor made a store")
	}
	feedpub(t, dir, 0, "generate")
	if e := diagnose(t, dir, 0); len(e.codes()) > 0 || !e.says(ofAddress, isSkipped) {
		t.Errorf("of an example: got %+v", e.Remarks)
	}

	writeFiles(t, dir, "feeds/news/rss.xml", "<rss/>")
	if err := os.Remove(filepath.Join(dir, "feeds", "news", "atom.xml")); err != nil {
		t.Fatal(err)
	}
	e = diagnose(t, dir, exitFailed)
	if got := e.codes(); !slices.Equal(got, []string{"folder-changed"}) || e.Remarks[3].Others != 1 {
		t.Errorf("of changed documents: got %+v", e.Remarks)
	}
	feedpub(t, dir, 0, "generate")
	if e := diagnose(t, dir, 0); len(e.codes()) > 0 {
		t.Errorf("after the fix: got %+v", e.Remarks)
	}

	writeFiles(t, dir, "articles/bad.md", "---\ndate: 31/02/2026\n---\nText.\n")
	feedpub(t, dir, exitPartial, "generate")
	if got := diagnose(t, dir, 0).codes(); !slices.Equal(got, []string{"source-wrong"}) {
		t.Errorf("of a refused article: got %v", got)
	}
	os.Remove(filepath.Join(dir, "articles", "bad.md"))
	feedpub(t, dir, 0, "generate")

	store := filepath.Join(dir, ".feedpub", "store.db")
	data, err := os.ReadFile(store)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i += 4096 {
		copy(data[i:], bytes.Repeat([]byte{0xff}, 64))
	}
	os.WriteFile(store, data, 0o600)
	if got := diagnose(t, dir, exitFailed).codes(); !slices.Equal(got, []string{"store-unusable"}) && !slices.Contains(got, "store-damaged") {
		t.Errorf("of a damaged store: got %v", got)
	}

	writeFiles(t, dir, "feedpub.yaml", "site: {ulr: x}\nfeeds: [{limit: 0}]\n")
	e = diagnose(t, dir, exitUsage)
	if e.Errors < 3 || !slices.Equal(e.codes(), []string{codeConfiguration}) {
		t.Errorf("of a configuration with mistakes: got %+v", e.Remarks)
	}
}

// What the clock says, ours and the site's.
func TestDoctorOfTheClock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nserve: {listen: \"127.0.0.1:1\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	feedpub(t, dir, 0, "generate")
	for name, test := range map[string]struct {
		by   time.Duration
		want []string
	}{
		"later": {2 * time.Hour, []string{"overdue"}}, "earlier": {-2 * time.Hour, []string{"clock-back", "time-to-come"}}, "now": {0, nil},
	} {
		d := &doctor{app: &app{stderr: io.Discard}, slow: time.Hour, patience: time.Minute}
		d.app.setUp(d.app.command())
		d.app.configFile, d.app.now = dir, func() time.Time { return time.Now().Add(test.by) }
		if err := d.site(t.Context()); err != nil {
			t.Fatal(err)
		}
		if e := (examined{Remarks: d.remarks}); !slices.Equal(e.codes(), test.want) {
			t.Errorf("%s: got %v, want %v: %+v", name, e.codes(), test.want, e.Remarks)
		}
	}
}

func TestDoctorOfPermissions(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("this system has other permissions")
	}
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nserve: {listen: \"127.0.0.1:1\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	feedpub(t, dir, 0, "generate")
	store := filepath.Join(dir, ".feedpub", "store.db")
	if err := os.Chmod(store, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := diagnose(t, dir, 0).codes(); !slices.Equal(got, []string{"store-open"}) {
		t.Errorf("others may read drafts: got %v", got)
	}
	os.Chmod(store, 0o600)
	news := filepath.Join(dir, "feeds", "news")
	if os.Geteuid() != 0 {
		os.Chmod(news, 0o555)
		if got := diagnose(t, dir, exitFailed).codes(); !slices.Equal(got, []string{"not-writable"}) {
			t.Errorf("a folder that cannot be written: got %v", got)
		}
		os.Chmod(news, 0o755)
		return
	}
	// A run as root leaves what the daemon's user cannot write.
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error { return os.Chown(path, 65532, -1) })
	if err == nil {
		err = os.Chown(filepath.Join(news, "rss.xml"), 0, -1)
	}
	if err != nil {
		t.Fatal(err)
	}
	e := diagnose(t, dir, exitFailed)
	if got := e.codes(); !slices.Equal(got, []string{"owner"}) {
		t.Errorf("a file of root's: got %v", got)
	}
}

// The daemon of another site answers where this one's should.
func TestDoctorOfAnotherSite(t *testing.T) {
	w := newWard(t)
	other := t.TempDir()
	writeFiles(t, other, "feedpub.yaml", fmt.Sprintf("site: {title: Other, url: \"https://www.example.org/\", feeds_url: \"%s/\"}\n", w.proxy.URL),
		"articles/b.md", "---\ntitle: B\ndate: 2026-03-01\n---\nText.\n")
	feedpub(t, other, 0, "generate")
	if got := diagnose(t, other, exitFailed).codes(); len(got) != 2 || got[0] != "daemon-other" || got[1] != "foreign" && got[1] != "stale" {
		t.Errorf("got %v, want daemon-other, and foreign or stale", got)
	}
	// The address was changed after the run.
	writeFiles(t, w.dir, "feedpub.yaml", fmt.Sprintf("site: {title: Site, url: \"https://www.example.org/\", feeds_url: \"%s/\"}\n", strings.Replace(w.proxy.URL, "127.0.0.1", "localhost", 1)))
	if got := diagnose(t, w.dir, exitFailed).codes(); !slices.Equal(got, []string{"self"}) {
		t.Errorf("got %v, want self", got)
	}
}

// Where the daemon listens is not where readers look, and need not be public; one that does not answer in time is not another's.
func TestDoctorOfTheDaemonsAddress(t *testing.T) {
	dir := t.TempDir()
	address := "127.0.0.1"
	if interfaces, err := net.InterfaceAddrs(); err == nil {
		for _, i := range interfaces { // of this machine, in a network of its own
			if n, ok := i.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.IsPrivate() {
				address = n.IP.String()
			}
		}
	}
	var silent atomic.Bool
	ln, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/readyz":
			io.WriteString(w, "ok\n")
		case silent.Load():
			<-r.Context().Done()
		default:
			http.FileServer(http.Dir(filepath.Join(dir, "feeds"))).ServeHTTP(w, r)
		}
	}))
	server.Listener.Close()
	server.Listener = ln
	server.Start()
	defer server.Close()
	t.Setenv("FEEDPUB_SERVE_LISTEN", ln.Addr().String())
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://www.example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	feedpub(t, dir, 0, "generate")
	if e := diagnose(t, dir, 0); len(e.codes()) > 0 || !e.says(ofDaemon, isGood) {
		t.Errorf("at %s: got %+v", address, e.Remarks)
	}
	silent.Store(true)
	d := newDoctor(&app{stdout: io.Discard, stderr: io.Discard, environ: os.Environ()})
	d.app.setUp(d.app.command())
	d.app.configFile, d.patience, d.catchUp = dir, 100*time.Millisecond, time.Hour
	d.look(t.Context())
	if got := (examined{Remarks: d.remarks}).codes(); !slices.Equal(got, []string{"daemon-silent"}) || d.reread {
		t.Errorf("silence: got %v, read again: %v", got, d.reread)
	}
}

// nginx stands in front of the daemon: as it is, nothing is to be mended; what rewrites bodies takes validators away; what
// compresses by itself makes ETags weak, as it should.
func TestDoctorOfNginxInFront(t *testing.T) {
	needs(t, "nginx")
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://www.example.org/\", feeds_url: \"http://127.0.0.1:1/\"}\nschedule: \"@yearly\"\n"+
		"network: {allow: [127.0.0.1]}\n", // nginx leads on to another port
		"articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\n"+strings.Repeat("A text of some length. ", 100))
	daemon := serve(t, dir)
	eventually(t, 20*time.Second, "the daemon's own first run is over", serves(t, daemon.url+"news/rss.xml", "http://127.0.0.1:1/news/rss.xml"))
	t.Setenv("FEEDPUB_SERVE_LISTEN", strings.TrimSuffix(strings.TrimPrefix(daemon.url, "http://"), "/"))
	for name, test := range map[string]struct {
		how  string
		want []string
		exit int
	}{
		"as it is":             {"", nil, 0},
		"compressing itself":   {"proxy_set_header Accept-Encoding \"\"; gzip on; gzip_vary on; gzip_proxied any; gzip_min_length 1; gzip_types *;", nil, 0},
		"without Vary":         {"proxy_set_header Accept-Encoding \"\"; proxy_hide_header Vary; gzip on; gzip_proxied any; gzip_min_length 1; gzip_types *;", []string{"http-vary"}, 0},
		"validators taken off": {"proxy_hide_header ETag; proxy_hide_header Last-Modified;", []string{"etag-missing", "http-validators"}, 0},
		"conditions taken off": {"proxy_set_header If-None-Match \"\"; proxy_set_header If-Modified-Since \"\";", []string{"http-not-modified"}, 0},
		"another folder":       {"rewrite ^/(.+)$ /feeds/$1 break;", []string{"status-404"}, exitFailed},
		"a type for all":       {"proxy_hide_header Content-Type; add_header Content-Type text/plain;", []string{"http-type", "page-type"}, exitFailed},
		"nobody behind":        {"proxy_pass http://127.0.0.1:1;", []string{"status-502"}, exitFailed},
		"words replaced":       {"proxy_set_header Accept-Encoding \"\"; sub_filter_types *; sub_filter length LENGTH; sub_filter_once off;", []string{"altered", "etag-missing", "http-encoding", "http-validators"}, exitFailed},
		"a login in front":     {"return 403;", []string{"status-403"}, exitFailed},
		"redirected for good":  {"return 301 https://127.0.0.1:1$request_uri;", []string{"refused"}, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			pass := "proxy_pass " + strings.TrimSuffix(daemon.url, "/") + ";"
			if strings.Contains(test.how, "proxy_pass") {
				pass = ""
			}
			address := startNginx(t, "server { listen ADDRESS; location / { "+pass+" "+test.how+" } }")
			t.Setenv("FEEDPUB_SITE_FEEDS_URL", address)
			feedpub(t, dir, 0, "generate")
			eventually(t, 20*time.Second, "the daemon serves what was published", serves(t, daemon.url+"news/rss.xml", address+"news/rss.xml"))
			e := diagnose(t, dir, test.exit)
			if got := e.codes(); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v: %+v", got, test.want, e.Remarks)
			}
		})
	}
}

// nginx serves the folder by the recipe: nothing is to be mended.
func TestDoctorOfNginx(t *testing.T) {
	dir := t.TempDir()
	write := func(address string) {
		writeFiles(t, dir, "feedpub.yaml", fmt.Sprintf("site: {title: Site, url: \"https://www.example.org/\", feeds_url: \"%s\"}\nprecompress: [gzip]\n", address),
			"articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\n"+strings.Repeat("A text of some length. ", 100))
		feedpub(t, dir, 0, "generate")
	}
	write("http://127.0.0.1:1/")
	address := serveByNginx(t, filepath.Join(dir, "feeds"))
	write(address)
	t.Setenv("FEEDPUB_SERVE_LISTEN", serve(t, dir).url[len("http://"):len(address)-1])
	if e := diagnose(t, dir, 0); len(e.codes()) > 0 || !e.says(ofAddress, isGood) {
		t.Errorf("got %+v", e.Remarks)
	}
}
