package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // newsboat's cache is a SQLite file
)

// A newsroom is a site that a daemon publishes every second, behind a proxy that notes how requests were answered.
type newsroom struct {
	*testing.T
	dir   string
	proxy *httptest.Server
	mu    sync.Mutex
	codes []int
}

const newsroomConfig = `
site: {title: "Example & Söhne", url: "https://example.org/", feeds_url: %s/, authors: [{name: Newsroom, email: news@example.org}]}
schedule: "@every 1s"
`

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	n := &newsroom{T: t, dir: t.TempDir()}
	var target *url.URL
	n.proxy = httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.codes = append(n.codes, r.StatusCode)
			return nil
		},
	})
	t.Cleanup(n.proxy.Close)
	writeFiles(t, n.dir,
		"feedpub.yaml", fmt.Sprintf(newsroomConfig, n.proxy.URL),
		"articles/one.md", "---\ntitle: Fish & Chips <cheap>\ndate: 2026-03-01T10:00:00Z\nauthor: Jo Doe\ntags: [food, ünïcode]\n---\nThe *first* body & more: 1 < 2.\n",
		"articles/two.md", "---\ntitle: \"日本語 \\\"quoted\\\"\"\ndate: 2026-03-02T10:00:00Z\nauthors: [Al, Bo]\n---\nThe second body.\n\n![A harbour](/img/a.png)\n",
		"articles/three.txt", "Plain text headline\n\nBy Cy Coe\n\nThe third body, which is plain & has <b>no</b> markup in it.\n",
		"articles/draft.md", "---\ntitle: Not yet\ndraft: true\n---\nHidden.\n",
	)
	s := serve(t, n.dir)
	var err error
	if target, err = url.Parse(s.url); err != nil {
		t.Fatal(err)
	}
	n.awaitEntry("three")
	return n
}

// awaitEntry waits until the daemon serves the word.
func (n *newsroom) awaitEntry(word string) {
	n.Helper()
	eventually(n.T, 20*time.Second, word+" is served", func() bool {
		r, err := http.Get(n.proxy.URL + "/news/atom.xml")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		b := make([]byte, 1<<20)
		size, _ := readFull(r, b)
		return strings.Contains(string(b[:size]), word)
	})
	n.taken()
}

func readFull(r *http.Response, b []byte) (int, error) {
	size := 0
	for {
		k, err := r.Body.Read(b[size:])
		size += k
		if err != nil {
			return size, err
		}
	}
}

// taken returns how the requests since the last call were answered.
func (n *newsroom) taken() []int {
	n.mu.Lock()
	defer n.mu.Unlock()
	codes := n.codes
	n.codes = nil
	return codes
}

// edit changes one article and adds another, as an editor would.
func (n *newsroom) edit() {
	n.Helper()
	writeFiles(n.T, n.dir,
		"articles/one.md", "---\ntitle: Fish & Chips <cheap>\ndate: 2026-03-01T10:00:00Z\nauthor: Jo Doe\ntags: [food, ünïcode]\n---\nThe first body, corrected.\n",
		"articles/four.md", "---\ntitle: The fourth\ndate: 2026-03-04T10:00:00Z\n---\nThe fourth body.\n")
	n.awaitEntry("fourth")
	n.awaitEntry("corrected")
}

// read is an entry as a reader shows it.
type read struct{ Title, Link, Author, Published, Content string }

var firstEntries = map[string]read{
	"Fish & Chips <cheap>": {Link: "https://example.org/one/", Author: "Jo Doe", Published: "2026-03-01T10:00:00Z", Content: "body & more: 1 < 2."},
	"日本語 \"quoted\"":       {Link: "https://example.org/two/", Author: "Bo", Published: "2026-03-02T10:00:00Z", Content: "https://example.org/img/a.png"},
	"Plain text headline":  {Link: "https://example.org/three/", Author: "Cy Coe", Content: "has <b>no</b> markup"},
}

// expect compares what a reader shows with the articles. Of several authors in RSS newsboat shows the last.
func expect(t *testing.T, got []read) {
	t.Helper()
	if len(got) != len(firstEntries) {
		t.Errorf("got %d entries, want %d: %+v", len(got), len(firstEntries), got)
	}
	for _, e := range got {
		want, ok := firstEntries[e.Title]
		if !ok {
			t.Errorf("got a title %q that no article has", e.Title)
			continue
		}
		content := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(e.Content)
		if e.Link != want.Link || !strings.Contains(e.Author, want.Author) || !strings.Contains(content, want.Content) ||
			want.Published != "" && e.Published != want.Published {
			t.Errorf("%s: got %+v, want %+v", e.Title, e, want)
		}
	}
}

func TestNewsboat(t *testing.T) {
	needs(t, "newsboat")
	for _, document := range []string{"rss.xml", "atom.xml"} {
		t.Run(document, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t)
			home := t.TempDir()
			writeFiles(t, home, "urls", n.proxy.URL+"/news/"+document+"\n", "config", "")
			reload := func() []read {
				t.Helper()
				cmd := exec.CommandContext(t.Context(), "newsboat", "-u", home+"/urls", "-c", home+"/cache.db", "-C", home+"/config", "-x", "reload")
				cmd.Env = append(os.Environ(), "HOME="+home)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("newsboat: %v\n%s", err, out)
				}
				return newsboatEntries(t, home+"/cache.db")
			}
			expect(t, reload())
			// Newsboat keeps a feed's validators from the second visit on.
			reload()
			n.taken()
			if again := reload(); len(again) != 3 {
				t.Errorf("again: got %d entries, want 3", len(again))
			}
			if codes := n.taken(); !slices.Equal(codes, []int{http.StatusNotModified}) {
				t.Errorf("again: got answers %v, want 304 alone", codes)
			}
			n.edit()
			if now := reload(); len(now) != 4 {
				t.Errorf("after an edit and a new article: got %d entries, want 4: %+v", len(now), now)
			}
		})
	}
}

func newsboatEntries(t *testing.T, cache string) (entries []read) {
	t.Helper()
	db, err := sql.Open("sqlite", cache)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT title, url, author, pubDate, content FROM rss_item")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var e read
		var published int64
		if err := rows.Scan(&e.Title, &e.Link, &e.Author, &published, &e.Content); err != nil {
			t.Fatal(err)
		}
		e.Published = time.Unix(published, 0).UTC().Format(time.RFC3339)
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestRss2email(t *testing.T) {
	t.Parallel()
	needs(t, "r2e")
	n := newNewsroom(t)
	box := newMailbox(t)
	home, r2e := box.home, box.r2e
	r2e("add", "news", n.proxy.URL+"/news/rss.xml")
	r2e("run")
	if got := mails(t, home); len(got) != 3 || !slices.Contains(got, "Fish & Chips <cheap>") || !slices.Contains(got, "日本語 \"quoted\"") {
		t.Errorf("got mails %q, want the three articles", got)
	}
	n.taken()
	r2e("run")
	if codes := n.taken(); !slices.Equal(codes, []int{http.StatusNotModified}) {
		t.Errorf("the second time: got answers %v, want 304 alone", codes)
	}
	n.edit()
	r2e("run")
	if got := mails(t, home); len(got) != 4 || !slices.Contains(got, "The fourth") {
		t.Errorf("after an edit and a new article: got mails %q, want one more", got)
	}
}

// A mailbox is where rss2email puts entries.
type mailbox struct {
	*testing.T
	home string
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	b := &mailbox{t, t.TempDir()}
	b.r2e("new", "reader@example.com")
	b.configure(strings.NewReplacer("email-protocol = sendmail", "email-protocol = maildir",
		"maildir-path = ~/Maildir", "maildir-path = "+b.home, "maildir-mailbox = INBOX", "maildir-mailbox = box",
		"date-header = False", "date-header = True"))
	for _, folder := range []string{"new", "cur", "tmp"} {
		if err := os.MkdirAll(filepath.Join(b.home, "box", folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *mailbox) r2e(args ...string) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), "r2e", append([]string{"-c", b.home + "/cfg", "-d", b.home + "/data"}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+b.home, "PYTHONWARNINGS=ignore")
	if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "rror") {
		b.Fatalf("r2e %v: %v\n%s", args, err, out)
	}
}

func (b *mailbox) configure(change *strings.Replacer) {
	b.Helper()
	config, err := os.ReadFile(b.home + "/cfg")
	if err != nil {
		b.Fatal(err)
	}
	writeFiles(b.T, b.home, "cfg", change.Replace(string(config)))
}

func mails(t *testing.T, home string) (subjects []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(home, "box", "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		subjects = append(subjects, subject(m))
	}
	return subjects
}

func subject(m *mail.Message) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return m.Header.Get("Subject")
	}
	return decoded
}

const feedparserScript = `
import feedparser, json, sys
etag, modified = sys.argv[2] or None, sys.argv[3] or None
d = feedparser.parse(sys.argv[1], etag=etag, modified=modified)
print(json.dumps({
  "status": d.status, "bozo": bool(d.bozo), "etag": d.get("etag", ""), "modified": d.get("modified", ""),
  "entries": [{
    "Title": e.title, "Link": e.link, "ID": e.id, "Author": ", ".join(a.get("name", "") for a in e.get("authors", [])),
    "Published": "%04d-%02d-%02dT%02d:%02d:%02dZ" % e.published_parsed[:6],
    "Content": e.content[0].value if "content" in e else e.get("summary", ""),
  } for e in d.entries]}))
`

func TestFeedparser(t *testing.T) {
	t.Parallel()
	python := pythonWith(t, "feedparser")
	n := newNewsroom(t)
	parse := func(document, etag, modified string) (d struct {
		Status         int
		Bozo           bool
		Etag, Modified string
		Entries        []read
	}) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), python, "-c", feedparserScript, n.proxy.URL+"/news/"+document, etag, modified).Output()
		if err == nil {
			err = json.Unmarshal(out, &d)
		}
		if err != nil {
			t.Fatalf("feedparser: %v\n%s", err, out)
		}
		return d
	}
	for _, document := range []string{"rss.xml", "atom.xml"} {
		d := parse(document, "", "")
		if d.Status != http.StatusOK || d.Bozo {
			t.Errorf("%s: got status %d, bozo %v", document, d.Status, d.Bozo)
		}
		if document == "atom.xml" {
			// feedparser splits two authors of RSS in another way; newsboat shows that RSS names them.
			expect(t, d.Entries)
		}
		for _, by := range []struct{ etag, modified string }{{d.Etag, ""}, {"", d.Modified}, {d.Etag, d.Modified}} {
			if again := parse(document, by.etag, by.modified); again.Status != http.StatusNotModified {
				t.Errorf("%s with %+v: got status %d, want 304", document, by, again.Status)
			}
		}
	}
}

// pythonWith is a Python that has the module; the test is skipped where none has.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(context.Background(), python, "-c", "import "+module).Run() == nil {
			return python
		}
	}
	t.Skipf("python3 with the module %s is not installed", module)
	return ""
}
