package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nginx, as the recipe has it, answers for the published folder as the daemon does.
func TestNginx(t *testing.T) {
	dir := precompressedSite(t)
	answersAsTheDaemon(t, serveByNginx(t, filepath.Join(dir, "feeds")), serve(t, dir).url, "Content-Length")
}

// precompressedSite is a folder with a site that is published, archives and codings too.
func precompressedSite(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	writeFiles(t, dir,
		"feedpub.yaml", "site: {title: Example, url: \"https://example.org/\"}\nfeeds: [{name: news, archives: true, limit: 2}]\nprecompress: [gzip, br, zstd]\n",
		"articles/one.md", "---\ntitle: One\ndate: 2026-01-01\n---\n"+strings.Repeat("The first body. ", 100),
		"articles/two.md", "---\ntitle: Zwei 二\ndate: 2026-02-01\n---\n"+strings.Repeat("The second body. ", 100),
		"articles/three.md", "---\ntitle: Three\ndate: 2026-03-01\n---\n"+strings.Repeat("The third body. ", 100),
	)
	feedpub(t, dir, 0, "generate")
	return dir
}

// answersAsTheDaemon asks a web server that has the published folder of precompressedSite, and the daemon. It compares what
// matters to readers, and more headers.
func answersAsTheDaemon(t *testing.T, server, daemon string, more ...string) {
	t.Helper()
	for _, path := range []string{"", "news/rss.xml", "news/atom.xml", "news/feed.json", "news/archive/2026-01/rss.xml", "feeds.opml", "feed.css", "page.css", "page.js",
		"favicon.ico", "news/", "news/index.html", "news/archive/2026-01/"} {
		for _, coding := range []string{"identity", "gzip"} {
			t.Run(coding+" "+path, func(t *testing.T) {
				got, want := ask(t, server+path, "Accept-Encoding", coding), ask(t, daemon+path, "Accept-Encoding", coding)
				if got.code != http.StatusOK || want.code != http.StatusOK || !bytes.Equal(got.body, want.body) {
					t.Errorf("got %d with %d bytes, want %d with the daemon's %d", got.code, len(got.body), want.code, len(want.body))
				}
				for _, name := range append([]string{"Content-Type", "Content-Encoding", "Vary", "X-Content-Type-Options",
					"Access-Control-Allow-Origin", "Content-Security-Policy", "Referrer-Policy"}, more...) {
					if g, w := strings.Join(got.header.Values(name), ", "), want.header.Get(name); g != w {
						t.Errorf("%s: got %q, want the daemon's %q", name, g, w)
					}
				}
				for asked, validator := range map[string]string{"If-None-Match": "Etag", "If-Modified-Since": "Last-Modified"} {
					again := ask(t, server+path, "Accept-Encoding", coding, asked, got.header.Get(validator))
					if again.code != http.StatusNotModified || len(again.body) > 0 {
						t.Errorf("with %s: got %d and %d bytes, want 304 without any", asked, again.code, len(again.body))
					}
				}
			})
		}
	}
	for _, path := range []string{"news/rss.xml", "news/archive/2026-01/atom.xml"} {
		for _, url := range []string{server + path, daemon + path} {
			if got := ask(t, url, "Sec-Fetch-Dest", "document"); got.code != http.StatusOK || got.header.Get("Content-Type") != "application/xml; charset=utf-8" {
				t.Errorf("%s opened in a browser: got %d, %s, want XML", url, got.code, got.header.Get("Content-Type"))
			}
		}
	}
	for _, path := range []string{".feedpub.json", "news/rss.xml.gz", "news/none.xml"} {
		if got := ask(t, server+path); got.code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, got.code)
		}
	}
}

// serveByNginx starts nginx with the recipe for the folder, and stops it with the test.
func serveByNginx(t *testing.T, folder string) (url string) {
	t.Helper()
	needs(t, "nginx")
	recipe, err := os.ReadFile(filepath.Join("..", "..", "config", "recipes", "nginx.conf"))
	if err != nil {
		t.Fatal(err)
	}
	server := string(recipe)
	for from, to := range map[string]string{"listen 80;": "listen ADDRESS;", "root /srv/site/feeds;": "root " + folder + ";"} {
		if !strings.Contains(server, from) {
			t.Fatalf("the recipe has no %q", from)
		}
		server = strings.ReplaceAll(server, from, to)
	}
	return startNginx(t, server)
}

// startNginx starts nginx with these servers, which listen at ADDRESS, a free one, and stops it with the test.
func startNginx(t *testing.T, servers string) (url string) {
	t.Helper()
	program := needs(t, "nginx")
	address := freeAddress(t)
	servers = strings.ReplaceAll(servers, "ADDRESS", address)
	dir := t.TempDir()
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // the test's folder is closed to others
	}
	writeFiles(t, dir, "nginx.conf", fmt.Sprintf(`%s daemon off; pid nginx.pid; error_log stderr;
events {}
http { access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
%s
}`, user, servers))
	startWebServer(t, exec.Command(program, "-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr"), address)
	return "http://" + address + "/"
}

// freeAddress is one of this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}

// startWebServer starts a program, waits until it listens, and stops it with the test.
func startWebServer(t *testing.T, cmd *exec.Cmd, address string) {
	t.Helper()
	var log lockedBuffer
	cmd.Stderr = writerFunc(func(b []byte) { log.write(string(b)) })
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(cmd.Path)
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
		if t.Failed() {
			t.Log("the log of " + name + ":\n" + log.String())
		}
	})
	eventually(t, 10*time.Second, name+" listens", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// A reply is what a server said, as it came.
type reply struct {
	code   int
	header http.Header
	body   []byte
}

// ask gets a URL with these headers, without anything that net/http would add or undo.
func ask(t *testing.T, url string, headers ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, body}
}
