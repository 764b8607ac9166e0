package publish

import (
	"os"
	"path/filepath"
	"testing"

	"feedpub/feed/internal/encode"
)

// beside checks that exactly these codings lie beside the document, with its bytes and its time.
func (d *desk) beside(name string, want ...encode.Coding) {
	d.Helper()
	wanted := map[encode.Coding]bool{}
	for _, c := range want {
		wanted[c] = true
	}
	for c := encode.Gzip; c < encode.Codings; c++ {
		file := filepath.Join(d.config.Public, name+c.Ext())
		info, err := os.Lstat(file)
		if (err == nil) != wanted[c] {
			d.Errorf("%s: got %v, want it there: %v", file, err, wanted[c])
		}
		if err != nil {
			continue
		}
		doc := d.read(name)
		if plain, err := encode.Decode([]byte(d.read(name+c.Ext())), c, len(doc)); err != nil || string(plain) != doc {
			d.Errorf("%s: got other bytes than the document's: %v", file, err)
		}
		if of, err := os.Lstat(filepath.Join(d.config.Public, name)); err != nil || !of.ModTime().Equal(info.ModTime()) {
			d.Errorf("%s: got a time other than the document's", file)
		}
	}
}

func TestPrecompress(t *testing.T) {
	d := newDesk(t, spec("news"), spec("other"))
	d.put(article(1), article(2))
	d.publish()
	d.beside("news/rss.xml")
	all := []encode.Coding{encode.Gzip, encode.Brotli, encode.Zstd}
	d.config.Precompress = []string{"zstd", "gzip", "br"}
	d.publish() // without any change of an article
	for _, name := range []string{"news/rss.xml", "news/atom.xml", "news/feed.json", "other/rss.xml", "index.html", "feed.css"} {
		d.beside(name, all...)
	}
	if r := d.publish(); r.Written > 0 {
		t.Errorf("got %d documents written, want none: nothing changed", r.Written)
	}
	d.put(article(3))
	d.publish()
	d.beside("news/rss.xml", all...)
	d.withdraw(article(3).ID, "Wrong.")
	d.publish()
	d.beside("news/rss.xml", all...)

	d.remove("news/rss.xml.gz") // somebody did
	d.publish()
	d.beside("news/rss.xml", all...)

	d.config.Precompress = []string{"gzip"}
	d.publish()
	d.beside("news/rss.xml", encode.Gzip)

	d.config.Specs = d.config.Specs[:1]
	if _, err := d.publisher().Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(d.config.Public, "other")); !os.IsNotExist(err) {
		t.Errorf("got %v, want the folder gone with what lay in it", err)
	}
}

// A crash leaves a coding of the document before, or one that is not on the list; a list may be lost.
func TestPrecompressAfterCrash(t *testing.T) {
	for name, crash := range map[string]func(d *desk, list string){
		"before the codings": func(d *desk, list string) { d.write(manifestName, list); d.remove("news/rss.xml.gz") },
		"before the list":    func(d *desk, list string) { d.write(manifestName, list) },
		"the list is lost":   func(d *desk, _ string) { d.remove(manifestName) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, spec("news"))
			d.put(article(1))
			d.publish()
			list := d.read(manifestName)
			d.config.Precompress = []string{"gzip"}
			d.put(article(2))
			d.publish()
			crash(d, list)
			d.put(article(3))
			if r := d.publish(); r.Blocked > 0 {
				t.Errorf("got %+v, want the codings known as ours", r)
			}
			d.beside("news/rss.xml", encode.Gzip)
		})
	}
}

// What others put beside a document is theirs.
func TestPrecompressOverStrangers(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.config.Precompress = []string{"gzip"}
	d.put(article(1))
	if err := os.MkdirAll(filepath.Join(d.config.Public, "news"), 0o755); err != nil {
		t.Fatal(err)
	}
	d.write("news/rss.xml.gz", "theirs")
	if r := d.publish(); r.Blocked != 1 {
		t.Errorf("got %d blocked, want the one document that is not whole", r.Blocked)
	}
	if got := d.read("news/rss.xml.gz"); got != "theirs" {
		t.Errorf("got %q, want it untouched", got)
	}
	if got := d.titles("news"); got != "1" {
		t.Errorf("got entries %s, want 1: the document itself is published", got)
	}
}
