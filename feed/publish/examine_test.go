package publish

import (
	"errors"
	"io/fs"
	"testing"
)

func TestExamine(t *testing.T) {
	d := newDesk(t, spec("news"))
	if _, _, err := Examine(d.config.Public); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of nothing: got %v, want fs.ErrNotExist", err)
	}
	d.config.Specs[0].Archives, d.config.Specs[0].Limit = true, 1
	d.config.Precompress = []string{"gzip"}
	d.put(article(1), article(2))
	d.publish()
	documents, flaws, err := Examine(d.config.Public)
	if err != nil || len(flaws) > 0 || len(documents) < 4 {
		t.Fatalf("of a whole folder: got %v, %v, %v", documents, flaws, err)
	}
	archived := "news/archive/2026-03/rss.xml"
	for _, name := range []string{"news/rss.xml", "news/rss.xml.gz", archived} {
		was := d.read(name)
		d.write(name, was+" ")
		if _, flaws, err := Examine(d.config.Public); err != nil || len(flaws) != 1 || flaws[0].Path != name {
			t.Errorf("%s is changed: got %v, %v", name, flaws, err)
		}
		d.remove(name)
		if _, flaws, err := Examine(d.config.Public); err != nil || len(flaws) != 1 || flaws[0] != (Flaw{name, "it is missing"}) {
			t.Errorf("%s is missing: got %v, %v", name, flaws, err)
		}
		d.write(name, was)
	}
	d.write("news/archive/2026-03/"+manifestName, "{")
	if _, flaws, err := Examine(d.config.Public); err != nil || len(flaws) != 1 {
		t.Errorf("the list of a part is damaged: got %v, %v", flaws, err)
	}
	d.write(manifestName, "null")
	if _, _, err := Examine(d.config.Public); err == nil {
		t.Error("the list is damaged: got no error")
	}
}
