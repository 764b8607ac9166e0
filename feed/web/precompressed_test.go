package web

import (
	"testing"

	"feedpub/feed/internal/encode"
	"feedpub/feed/internal/manifest"
)

// A coding that was published is sent as it lies there, when it is the listed one.
func TestPublishedCodings(t *testing.T) {
	doc := rss("News")
	published := string(encode.Bytes([]byte(doc+"\n"), gzipped)) // other bytes than would be made, to tell them apart
	for name, c := range map[string]struct {
		digest string
		taken  bool
	}{
		"as listed": {manifest.Digest([]byte(published)), true},
		"another":   {manifest.Digest(nil), false},
	} {
		p := newSite(t)
		p.file("news/rss.xml.gz", published)
		for i := range p.list.Files {
			if f := &p.list.Files[i]; f.Path == "news/rss.xml" {
				f.Coded = []manifest.Coded{{Coding: "gzip", SHA256: c.digest, Size: int64(len(published))}, {Coding: "br"}, {Coding: "../x", SHA256: "00"}}
			}
		}
		p.publish()
		w := ask(newServer(t, p.dir, Options{}), "GET", "/news/rss.xml", "Accept-Encoding", "gzip")
		if got := w.Body.String() == published; got != c.taken {
			t.Errorf("%s: got it sent: %v, want %v", name, got, c.taken)
		}
	}
}
