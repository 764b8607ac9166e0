package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feedpub/feed/internal/manifest"
)

func refresh(t *testing.T, s *Server, wantChanged bool, wantErr error) {
	t.Helper()
	changed, err := s.Refresh()
	if changed != wantChanged || !errors.Is(err, wantErr) {
		t.Fatalf("Refresh: got %v, %v, want %v, %v", changed, err, wantChanged, wantErr)
	}
}

// serves checks what is served at the path, an empty body for 404, and returns Last-Modified.
func serves(t *testing.T, s *Server, path, body string) string {
	t.Helper()
	w := ask(s, "GET", path)
	if body == "" {
		if w.Code != 404 {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	} else if w.Code != 200 || w.Body.String() != body {
		t.Errorf("%s: got %d, %.80q…, want %.80q…", path, w.Code, w.Body, body)
	}
	return w.Header().Get("Last-Modified")
}

func TestRefresh(t *testing.T) {
	p := newSite(t)
	s := newServer(t, p.dir, Options{})
	kept := s.folder.Load().documents["news/rss.xml"]
	refresh(t, s, false, nil)

	// Another process changes one document, adds one and removes one.
	p.document("news/atom.xml", "application/atom+xml", "<feed>new</feed>", changed.Add(time.Minute))
	p.document("world/rss.xml", "application/rss+xml", "<rss/>", changed)
	p.list.Files = p.list.Files[1:]
	if err := os.Remove(filepath.Join(p.dir, "index.html")); err != nil {
		t.Fatal(err)
	}
	refresh(t, s, false, nil)
	serves(t, s, "/news/atom.xml", "<feed/>") // until the list says so

	p.publish()
	refresh(t, s, true, nil)
	serves(t, s, "/world/rss.xml", "<rss/>")
	serves(t, s, "/", "")
	if got, want := serves(t, s, "/news/atom.xml", "<feed>new</feed>"), changed.Add(time.Minute).Format(http.TimeFormat); got != want {
		t.Errorf("Last-Modified: got %s, want %s", got, want)
	}
	if s.folder.Load().documents["news/rss.xml"] != kept {
		t.Error("a document whose bytes stayed the same was read again")
	}
	refresh(t, s, false, nil)
}

// The same bytes under a new date, as after a change that was taken back: the date follows, but never goes back.
func TestRefreshSameBytes(t *testing.T) {
	p := newSite(t)
	s := newServer(t, p.dir, Options{})
	for _, c := range []struct{ listed, want time.Time }{
		{changed.Add(time.Minute), changed.Add(time.Minute)},
		{changed.Add(-time.Minute), changed.Add(time.Minute)},
	} {
		p.document("news/atom.xml", "text/xml", "<feed/>", c.listed)
		p.publish()
		refresh(t, s, true, nil)
		if got, want := serves(t, s, "/news/atom.xml", "<feed/>"), c.want.Format(http.TimeFormat); got != want {
			t.Errorf("listed as of %v: got %s, want %s", c.listed, got, want)
		}
		if got := ask(s, "GET", "/news/atom.xml").Header().Get("Content-Type"); got != "text/xml; charset=utf-8" {
			t.Errorf("got the type %s, want the new one", got)
		}
	}
}

func TestRefreshFindsFirstList(t *testing.T) {
	p := newSite(t)
	dir := filepath.Join(t.TempDir(), "feeds")
	s := newServer(t, dir, Options{})
	refresh(t, s, false, nil)
	if err := os.Rename(p.dir, dir); err != nil {
		t.Fatal(err)
	}
	refresh(t, s, true, nil)
	serves(t, s, "/news/rss.xml", rss("News"))
}

// Whatever happens to the folder, readers get what they got.
func TestRefreshKeepsServing(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"folder gone": os.RemoveAll,
		"list gone":   func(dir string) error { return os.Remove(filepath.Join(dir, manifest.Name)) },
		"list cut":    func(dir string) error { return os.WriteFile(filepath.Join(dir, manifest.Name), []byte(`{"fil`), 0o644) },
	} {
		t.Run(name, func(t *testing.T) {
			p := newSite(t)
			s := newServer(t, p.dir, Options{})
			if err := spoil(p.dir); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if changed, err := s.Refresh(); changed || err == nil {
					t.Errorf("Refresh: got %v, %v, want an error", changed, err)
				}
			}
			serves(t, s, "/news/rss.xml", rss("News"))
		})
	}
}

// A writer that dies between a document and the list leaves bytes that are whole and not the listed ones.
func TestRefreshMismatch(t *testing.T) {
	p := newSite(t)
	s := newServer(t, p.dir, Options{})
	p.document("news/rss.xml", "application/rss+xml", rss("Second"), changed.Add(time.Minute))
	p.publish()
	p.file("news/rss.xml", rss("Third"))
	refresh(t, s, true, ErrIncomplete)
	refresh(t, s, false, ErrIncomplete) // nothing has changed, and it is still so
	serves(t, s, "/news/rss.xml", rss("News"))

	// A server that starts now has nothing else to serve.
	mtime := time.Date(2026, 3, 1, 12, 30, 0, 500, time.UTC)
	if err := os.Chtimes(filepath.Join(p.dir, "news/rss.xml"), mtime, mtime); err != nil {
		t.Fatal(err)
	}
	late := newServer(t, p.dir, Options{})
	if got, want := serves(t, late, "/news/rss.xml", rss("Third")), mtime.Format(http.TimeFormat); got != want {
		t.Errorf("Last-Modified: got %s, want %s", got, want)
	}

	// The document comes without a new list, or the list without a new document.
	p.file("news/rss.xml", rss("Second"))
	refresh(t, s, true, nil)
	serves(t, s, "/news/rss.xml", rss("Second"))
	refresh(t, late, true, nil)
	if got, want := serves(t, late, "/news/rss.xml", rss("Second")), mtime.Add(time.Second).Format(http.TimeFormat); got != want {
		t.Errorf("Last-Modified went back: got %s, want %s", got, want)
	}
}

func TestRefreshMissingDocument(t *testing.T) {
	p := newSite(t)
	body := rss("World")
	p.list.Files = append(p.list.Files, manifest.File{Path: "world/rss.xml", Type: "application/rss+xml", SHA256: manifest.Digest([]byte(body)), Changed: changed})
	p.publish()
	s := newServer(t, p.dir, Options{})
	refresh(t, s, false, ErrIncomplete)
	serves(t, s, "/world/rss.xml", "")
	serves(t, s, "/news/rss.xml", rss("News"))
	p.file("world/rss.xml", body)
	refresh(t, s, true, nil)
	serves(t, s, "/world/rss.xml", body)
}

// A link that leads out of the folder is not followed, and a folder in a document's place is not read.
func TestRefreshStrangeFiles(t *testing.T) {
	p := newSite(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(p.dir, "link.xml")); err != nil {
		t.Skip("symlink:", err)
	}
	for _, path := range []string{"link.xml", "news", "../secret", "/etc/passwd"} {
		p.list.Files = append(p.list.Files, manifest.File{Path: path, Type: "application/rss+xml", SHA256: manifest.Digest([]byte("secret"))})
	}
	p.publish()
	s := newServer(t, p.dir, Options{})
	for _, path := range []string{"/link.xml", "/news", "/../secret", "/etc/passwd", "//etc/passwd"} {
		serves(t, s, path, "")
	}
}

func TestWatch(t *testing.T) {
	p := newSite(t)
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, p.dir, Options{Log: slog.New(slog.NewTextHandler(&b, nil))})
		ctx, cancel := context.WithCancel(t.Context())
		defer synctest.Wait()
		defer cancel()
		go s.Watch(ctx, 200*time.Millisecond)

		p.document("news/atom.xml", "application/atom+xml", "<feed>new</feed>", changed.Add(time.Minute))
		p.publish()
		time.Sleep(time.Second)
		synctest.Wait()
		serves(t, s, "/news/atom.xml", "<feed>new</feed>")

		if err := os.Remove(filepath.Join(p.dir, manifest.Name)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
	})
	if got := strings.Count(b.String(), "level=WARN"); got != 1 {
		t.Errorf("got %d warnings in a minute, want 1:\n%s", got, &b)
	}
}

// Run with -race: a reader gets one version or the other, whole, with the tag of that version.
func TestRefreshWhileServing(t *testing.T) {
	p := newSite(t)
	s := newServer(t, p.dir, Options{})
	tags := map[string]string{} // of versions, by body
	for i := range 20 {
		body := rss(fmt.Sprint("Version ", i))
		tags[body] = `"` + manifest.Digest([]byte(body))[:32] + `-gzip"`
	}
	tags[rss("News")] = `"` + manifest.Digest([]byte(rss("News")))[:32] + `-gzip"`
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				w := ask(s, "GET", "/news/rss.xml", "Accept-Encoding", "gzip")
				tag := w.Header().Get("Etag")
				if body := decoded(t, w); tags[body] == "" || tags[body] != tag {
					t.Errorf("got %d bytes with the tag %s, want %s", len(body), tag, tags[body])
				}
			}
		})
	}
	for i := range 20 {
		p.document("news/rss.xml", "application/rss+xml", rss(fmt.Sprint("Version ", i)), changed.Add(time.Duration(i+1)*time.Second))
		p.publish()
		refresh(t, s, true, nil)
		s.Configure(Options{})
	}
	close(stop)
	readers.Wait()
}
