package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A movedSite is a blog whose readers know its old feed, and which feedpub publishes from now on.
type movedSite struct {
	old      string            // the address of the old feed
	docs     map[string]string // addresses of the new ones, by file name
	articles int
}

// The old feed has permalink guids, as WordPress, Jekyll and Hugo write them, and one that is no address.
const movedFeed = `<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link><description>Blog</description>
<item><title>First</title><link>https://blog.example/posts/first/</link><guid>https://blog.example/posts/first/</guid><pubDate>Wed, 01 Jan 2025 10:00:00 GMT</pubDate><description>One.</description></item>
<item><title>Second</title><link>https://blog.example/posts/second/</link><guid isPermaLink="true">https://blog.example/posts/second/</guid><pubDate>Thu, 02 Jan 2025 10:00:00 GMT</pubDate><description>Two.</description></item>
<item><title>Third</title><link>https://blog.example/posts/third/</link><guid isPermaLink="false">urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6</guid><pubDate>Fri, 03 Jan 2025 10:00:00 GMT</pubDate><description>Three.</description></item>
</channel></rss>`

func newMovedSite(t *testing.T) *movedSite {
	t.Helper()
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, movedFeed) }))
	t.Cleanup(old.Close)
	dir := t.TempDir()
	writeFiles(t, dir,
		"feedpub.yaml", fmt.Sprintf("site: {title: Blog, url: \"https://blog.example/\", permalink: \"/posts/:slug/\"}\n"+
			"adopt: [\"%s/index.xml\"]\nnetwork: {allow: [127.0.0.0/8]}\n", old.URL),
		"articles/first.md", "---\ntitle: First\ndate: 2025-01-01\n---\nOne, as the blog has it now.\n",
		"articles/second.md", "---\ntitle: Second\ndate: 2025-01-02\n---\nTwo.\n",
		"articles/third.md", "---\ntitle: Third\n---\nThree.\n")
	s := serve(t, dir)
	m := &movedSite{old: old.URL + "/index.xml", docs: map[string]string{}, articles: 3}
	for _, name := range []string{"rss.xml", "atom.xml"} {
		m.docs[name] = strings.TrimSuffix(s.url, "/") + "/news/" + name
	}
	eventually(t, 20*time.Second, "the blog is published", func() bool {
		r, err := http.Get(m.docs["rss.xml"])
		if err != nil {
			return false
		}
		r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
	return m
}

// Somebody who reads the old feed with newsboat, and puts the new address into the file of addresses, sees no entry
// again.
func TestMovingWithNewsboat(t *testing.T) {
	t.Parallel()
	needs(t, "newsboat")
	site := newMovedSite(t)
	for name, address := range site.docs {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			reload := func(url string) (entries, unread int) {
				t.Helper()
				writeFiles(t, home, "urls", url+"\n", "config", "")
				cmd := exec.CommandContext(t.Context(), "newsboat", "-u", home+"/urls", "-c", home+"/cache.db", "-C", home+"/config", "-x", "reload")
				cmd.Env = append(cmd.Environ(), "HOME="+home)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("newsboat: %v\n%s", err, out)
				}
				db, err := sql.Open("sqlite", home+"/cache.db")
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				if err := db.QueryRow("SELECT count(*), coalesce(sum(unread), 0) FROM rss_item").Scan(&entries, &unread); err != nil {
					t.Fatal(err)
				}
				if _, err := db.Exec("UPDATE rss_item SET unread = 0"); err != nil { // the person reads them
					t.Fatal(err)
				}
				return entries, unread
			}
			if entries, unread := reload(site.old); entries != site.articles || unread != site.articles {
				t.Fatalf("the old feed: got %d entries, %d unread, want %d", entries, unread, site.articles)
			}
			if entries, unread := reload(address); entries != site.articles || unread != 0 {
				t.Errorf("the new feed: got %d entries, %d unread, want %d, which are known", entries, unread, site.articles)
			}
		})
	}
}

// rss2email, whose subscription is given the new address, mails nothing again.
func TestMovingWithRss2email(t *testing.T) {
	t.Parallel()
	needs(t, "r2e")
	site := newMovedSite(t)
	for name, address := range site.docs {
		t.Run(name, func(t *testing.T) {
			box := newMailbox(t)
			box.r2e("add", "blog", site.old)
			box.r2e("run")
			if got := mails(t, box.home); len(got) != site.articles {
				t.Fatalf("the old feed: got mails %q, want %d", got, site.articles)
			}
			box.configure(strings.NewReplacer("url = "+site.old, "url = "+address))
			box.r2e("run")
			if got := mails(t, box.home); len(got) != site.articles {
				t.Errorf("the new feed: got mails %q, want no more than before", got)
			}
		})
	}
}
