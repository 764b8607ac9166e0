package publish

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feedpub/feed"
)

// A damaged list must not stop what is promised to be carried out always.
func TestWithdrawalBesideADamagedList(t *testing.T) {
	for name, damaged := range map[string]string{
		"empty": "", "null": "null", "another kind": "[]", "cut": `{"files": [{"path": "news`, "zeroes": "\x00\x00\x00\x00",
		"a wrong time": `{"files": [{"path": "news/rss.xml", "changed": "yesterday"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, spec("news"))
			d.put(article(1), article(2))
			d.publish()
			d.write(manifestName, damaged)
			d.withdraw(article(1).ID, "It was wrong.")
			r := d.publish()
			if r.Blocked+r.Failed > 0 {
				t.Errorf("got %+v", r)
			}
			if in := d.contains("Body of 1."); len(in) > 0 {
				t.Errorf("the withdrawn article stands in %v", in)
			}
			if got := d.read(manifestName + ".damaged"); got != damaged {
				t.Errorf("set aside: got %q, want %q", got, damaged)
			}
			if r := d.publish(); r.Written > 0 {
				t.Errorf("a run after that wrote %d documents", r.Written)
			}
		})
	}
}

// What somebody wrote into a document does not come into the store, and onto pages, as if it had been read and sanitised.
func TestRecoveredFromAChangedDocument(t *testing.T) {
	for _, format := range feed.Formats {
		news := spec("news")
		news.Documents = []Document{{format, format.FileName()}}
		d := newDesk(t, news)
		d.put(article(1), article(2))
		d.publish()
		name := "news/" + format.FileName()
		d.write(name, strings.Replace(d.read(name), "Body of 1.", "Body of 1.<script>alert(1)</script><img src=x onerror=alert(1)>", 1))
		if f := d.feed(name, format); !strings.Contains(f.Entries[1].Content, "<script>") {
			t.Fatalf("%s: nothing was changed: %s", format, f.Entries[1].Content)
		}
		d.openStore("lost.db")
		d.put(article(2))
		d.publish()
		if e, err := d.store.Entry(t.Context(), article(1).ID); err != nil || !strings.Contains(e.Content, "Body of 1.") || strings.Contains(e.Content, "alert") {
			t.Errorf("%s: stored: %q, %v", format, e.Content, err)
		}
		if in := d.contains("alert(1)"); len(in) > 0 {
			t.Errorf("%s: it stands in %v", format, in)
		}
	}
}

// Whoever can write to the folder could put names on the list.
func TestHostileListNamesNoOtherFiles(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1))
	d.publish()
	outside := filepath.Join(filepath.Dir(d.config.Public), "outside")
	if err := os.WriteFile(outside, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(d.config.Public, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	d.write(".htaccess", "kept")
	d.write(".git/config", "kept")
	list := d.read(manifestName)
	for _, path := range []string{"../outside", "/etc/passwd", ".htaccess", ".git/config", ".", "", "news/../../outside", "news//rss.xml", `..\\outside`} {
		list = strings.Replace(list, `"files": [`, `"files": [{"path": "`+path+`", "type": "text/html", "sha256": "00", "changed": "2026-03-01T00:00:00Z"},`, 1)
	}
	d.write(manifestName, list)
	if _, err := d.publisher().Prune(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.put(article(2))
	d.publish()
	for _, path := range []string{outside, filepath.Join(d.config.Public, ".htaccess"), filepath.Join(d.config.Public, ".git", "config")} {
		if got, err := os.ReadFile(path); err != nil || string(got) != "kept" {
			t.Errorf("%s: got %q, %v", path, got, err)
		}
	}
	if got := d.titles("news"); got != "2 1" {
		t.Errorf("got entries %s, want 2 1", got)
	}
}

// The list lies where everybody can read it: what an article is called now that is hidden again is not told.
func TestListTellsNothingOfHiddenArticles(t *testing.T) {
	for name, hide := range map[string]func(*feed.Entry){
		"draft":   func(e *feed.Entry) { e.Status = feed.Draft },
		"embargo": func(e *feed.Entry) { e.Embargo = noon(28) },
		"expiry":  func(e *feed.Entry) { e.Expiry = noon(3) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, spec("news"))
			first, undated := article(1), article(2)
			undated.Dated = false
			d.now = noon(3)
			d.put(first, undated)
			d.publish()
			was := d.feed("news/atom.xml", feed.Atom).Entries[0].Published
			d.now = noon(4)
			e := write(undated, "<p>Secret.</p>")
			e.FormerKey, e.Key = e.Key, "secret.md"
			e.URL, e.Slug = "https://example.org/secret", "secret"
			hide(&e)
			d.put(e)
			d.publish()
			d.put(article(4))
			d.publish()
			for _, word := range []string{"secret", "Secret", digest("<p>Secret.</p>", undated.Title)} {
				if in := d.contains(word); len(in) > 0 {
					t.Errorf("%q is told in %v", word, in)
				}
			}
			// What was known of it when readers saw it last is kept: it comes back as it was.
			d.openStore("another.db")
			d.now = noon(9)
			d.adopt()
			d.put(undated)
			d.publish()
			for _, e := range d.feed("news/atom.xml", feed.Atom).Entries {
				if e.ID == undated.ID && !e.Published.Equal(was) {
					t.Errorf("published %v, want %v", e.Published, was)
				}
			}
		})
	}
}

// What one feed's document tells that the store lacks is in all feeds that may take it after the same run, whichever of those
// that are published side by side comes first.
func TestRecoveredForAllFeeds(t *testing.T) {
	var specs []Spec
	for n := range 7 {
		specs = append(specs, spec(fmt.Sprintf("news%d", n)))
	}
	for n := range specs {
		d := newDesk(t, specs...)
		d.put(article(1), article(2))
		d.publish()
		const lost = "tag:example.org,2026-01-01:articles/lost.md"
		name := fmt.Sprintf("news%d/rss.xml", n)
		d.write(name, strings.ReplaceAll(d.read(name), article(2).ID, lost))
		d.put(article(3))
		r := d.publish()
		if r.Blocked+r.Failed > 0 || r.Written < 3*len(specs) {
			t.Errorf("got %+v", r)
		}
		for _, s := range specs {
			if f := d.feed(s.Name+"/atom.xml", feed.Atom); !slices.ContainsFunc(f.Entries, func(e feed.Entry) bool { return e.ID == lost }) {
				t.Errorf("%s: told by %s: it is not there", s.Name, name)
			}
		}
	}
}

// A fault in one feed is the run's, once the others are done, so that what catches those of runs catches it.
func TestPanicOfOneIsTheCallers(t *testing.T) {
	done := make([]bool, 4)
	defer func() {
		if fault := fmt.Sprint(recover()); !strings.Contains(fault, "a fault") || slices.Contains(done, false) {
			t.Errorf("got %q, done: %v", fault, done)
		}
	}()
	beside(len(done), 2, func(i int) {
		done[i] = true
		if i == 1 {
			panic("a fault")
		}
	})
}
