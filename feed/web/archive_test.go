package web

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"feedpub/feed/internal/manifest"
)

// Documents of archives are on lists of their own, which are read when somebody asks, and again when they change.
func TestArchivesAreServedByTheirOwnLists(t *testing.T) {
	p := newSite(t)
	part := func(n int, doc string) {
		t.Helper()
		folder := fmt.Sprintf("news/archive/2026-03-%d", n)
		p.file(folder+"/rss.xml", doc)
		p.file(folder+"/stranger.xml", doc)
		if err := manifest.WritePart(p.root(), folder, []manifest.File{
			{Path: folder + "/rss.xml", Type: "application/rss+xml", SHA256: manifest.Digest([]byte(doc)), Changed: changed},
			{Path: "old/stranger.xml", Type: "application/rss+xml", SHA256: "00"}, // not in this folder
		}); err != nil {
			t.Fatal(err)
		}
	}
	s := newServer(t, p.dir, Options{})
	serves := func(path, want string) {
		t.Helper()
		got := ask(s, "GET", path)
		if want == "" && got.Code != http.StatusNotFound || want != "" && (got.Code != http.StatusOK || got.Body.String() != want) {
			t.Errorf("%s: got %d with %q, want %q", path, got.Code, got.Body, want)
		}
	}
	const many = maxParts + 10
	serves("/news/archive/2026-03-2/rss.xml", "")
	for n := range many {
		part(n, fmt.Sprintf("<rss>%d</rss>", n))
	}
	for n := range many {
		serves(fmt.Sprintf("/news/archive/2026-03-%d/rss.xml", n), fmt.Sprintf("<rss>%d</rss>", n))
	}
	if known := len(s.archive.parts); known > maxParts {
		t.Errorf("got %d parts in memory, want at most %d", known, maxParts)
	}
	part(2, "<rss>another</rss>")
	serves("/news/archive/2026-03-2/rss.xml", "<rss>another</rss>")
	for _, path := range []string{
		"/news/archive/2026-03-2/stranger.xml", "/news/archive/2026-03-2/.feedpub.json", "/old/stranger.xml",
		"/news/archive/2026-04/rss.xml", "/archive/2026-03/rss.xml", "/news/archive/", "/news/archive/..%2f..%2fold/rss.xml",
	} {
		serves(path, "")
	}
	if err := manifest.WritePart(p.root(), "news/archive/2026-03-2", nil); err != nil {
		t.Fatal(err)
	}
	serves("/news/archive/2026-03-2/rss.xml", "")
}

// Who makes up addresses of archives waits for nobody, and nobody waits for the disk because of it.
func TestArchivesOfNoFeed(t *testing.T) {
	s := newServer(t, newSite(t).dir, Options{})
	s.archive.mu.Lock()
	defer s.archive.mu.Unlock()
	answered := make(chan int, 1)
	go func() {
		answered <- ask(s, "GET", "/nothing/archive/2026-03/rss.xml").Code
	}()
	select {
	case code := <-answered:
		if code != http.StatusNotFound {
			t.Errorf("got %d", code)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for the parts that are known")
	}
}
