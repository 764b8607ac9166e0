package publish

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func (d *desk) withdraw(id, note string) {
	d.Helper()
	if _, err := d.store.Withdraw(d.Context(), id, note); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) adopt() {
	d.Helper()
	if _, err := d.publisher().Adopt(d.Context()); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) remove(path string) {
	d.Helper()
	if err := os.RemoveAll(filepath.Join(d.config.Public, path)); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) write(path, content string) {
	d.Helper()
	name := filepath.Join(d.config.Public, path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		d.Fatal(err)
	}
}

// A document of a feed or a format that the configuration no longer has still lies where readers find it.
func TestWithdrawalReachesLeftovers(t *testing.T) {
	d := newDesk(t, spec("news"), spec("old"))
	d.put(article(1), article(2))
	d.publish()
	d.config.Specs = d.config.Specs[:1]
	d.config.Specs[0].Documents = d.config.Specs[0].Documents[:1]
	d.publish()
	d.withdraw(article(1).ID, "")
	d.publish()
	if in := d.contains("Body of 1"); len(in) > 0 {
		t.Errorf("withdrawn content stands in %v", in)
	}
	if !strings.Contains(d.read("old/atom.xml"), "Body of 2") {
		t.Error("what was not withdrawn is gone too")
	}
}

// The article was retagged, and the feed that still shows it has not been published since.
func TestWithdrawalReachesTheFeedThatHoldsIt(t *testing.T) {
	d := newDesk(t, spec("news"), spec("world", "world"))
	d.put(article(1, "world"))
	d.publish()
	retagged := article(1, "local")
	d.put(retagged)
	d.withdraw(article(1).ID, "")
	held, err := d.store.Holding(t.Context(), article(1).ID)
	if err != nil {
		t.Fatal(err)
	}
	d.publishSome(Holding(retagged, held))
	if in := d.contains("Body of 1"); len(in) > 0 {
		t.Errorf("withdrawn content stands in %v", in)
	}
}

// A damaged document must not keep an empty store from learning what was withdrawn.
func TestAdoptBesideADamagedDocument(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1), article(2))
	d.publish()
	d.withdraw(article(1).ID, "Taken back.")
	d.publish()
	d.write("news/feed.json", `{"version": "https://json`)
	d.openStore("another.db")
	d.adopt()
	d.put(article(1), article(2))
	d.publish()
	if in := d.contains("Body of 1"); len(in) > 0 {
		t.Errorf("withdrawn content is back in %v", in)
	}
	if got := d.titles("news"); got != "2 1" {
		t.Errorf("got %q, want 2 1", got)
	}
}

// A store that is lost knows a withdrawn entry by its published document alone.
func TestWithdrawOnALostStore(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1), article(2))
	d.publish()
	d.openStore("another.db")
	d.adopt()
	for _, ref := range []string{article(1).ID, article(1).URL, "articles/a1.md"} {
		if e, err := d.store.Lookup(t.Context(), ref); err != nil || e.ID != article(1).ID {
			t.Errorf("look up %s: got %v, %v", ref, e.ID, err)
		}
	}
	d.withdraw(article(1).ID, "Taken back.")
	d.publish()
	if in := d.contains("Body of 1"); len(in) > 0 {
		t.Errorf("withdrawn content stands in %v", in)
	}
	if got := d.titles("news"); got != "2 1" {
		t.Errorf("got %q, want both, one with its note", got)
	}
}

func TestTagsKeepTheirNamesOnAnEmptyStore(t *testing.T) {
	d := newDesk(t, eachTag())
	d.put(article(1, "a-b"))
	d.publish()
	d.put(article(2, "a b"))
	d.publish()
	if got := d.titles("tag/a-b"); got != "1" {
		t.Fatalf("got %q in tag/a-b, want 1", got)
	}
	d.openStore("another.db")
	d.adopt()
	d.put(article(1, "a-b"), article(2, "a b"))
	d.publish()
	if got := d.titles("tag/a-b"); got != "1" {
		t.Errorf("got %q in tag/a-b, want 1", got)
	}
}

// The first feed has summaries only; what is recovered must come from the one that says more.
func TestRecoverTheFullVersion(t *testing.T) {
	brief := spec("brief")
	brief.Content = SummaryOnly
	d := newDesk(t, brief, spec("news"))
	pictured := article(1)
	pictured.Image.URL = "https://example.org/a.png"
	d.put(pictured)
	d.publish()
	before := d.read("news/feed.json")
	d.openStore("another.db")
	d.adopt()
	d.publish()
	if got := d.read("news/feed.json"); got != before {
		t.Errorf("got %s\nwant %s", got, before)
	}
}

func TestStartPageFollowsTheFeeds(t *testing.T) {
	d := newDesk(t, spec("news"), spec("world", "world"))
	d.put(article(1))
	d.publish()
	d.config.Specs = d.config.Specs[:1]
	d.publish()
	if strings.Contains(d.read("index.html"), "world/rss.xml") {
		t.Error("the page names a feed that is no more")
	}
	d.remove("index.html")
	d.publish()
	if !strings.Contains(d.read("index.html"), "news/rss.xml") || !strings.Contains(d.read(manifestName), "index.html") {
		t.Error("the page is not back, or not on the list")
	}

	empty := newDesk(t, eachTag())
	empty.publish()
	if list := empty.read(manifestName); !strings.Contains(list, `"path":"index.html"`) || strings.Contains(list, `"sha256":""`) {
		t.Errorf("the page of a site without feeds is not on the list: %s", list)
	}
}

// Nobody has read what no document carried.
func TestRefusedEntryIsNotShown(t *testing.T) {
	d := newDesk(t, spec("news"))
	never := article(1)
	never.URL = "no url"
	d.put(never, article(2))
	d.publish()
	e, err := d.store.Entry(t.Context(), never.ID)
	if err != nil || e.Shown {
		t.Errorf("got shown %v, %v, want it not shown", e.Shown, err)
	}
	d.put(write(article(1), "<p>Mended.</p>"))
	d.withdraw(never.ID, "")
	d.publish()
	if got := d.titles("news"); got != "2" {
		t.Errorf("got %q, want 2 alone", got)
	}
}

// The folder is deleted, or copied without its hidden list, or a document in it is damaged.
func TestPublishedFolderIsRepaired(t *testing.T) {
	for _, damage := range []string{".", manifestName, "news", "news/atom.xml", "index.html"} {
		d := newDesk(t, spec("news"), eachTag())
		d.put(article(1, "go"))
		d.publish()
		p := d.publisher() // goes on, as a daemon does
		before := d.files()
		d.remove(damage)
		if _, err := p.Publish(t.Context(), All); err != nil {
			t.Fatal(err)
		}
		d.put(article(2, "go"))
		if r, err := p.Publish(t.Context(), All); err != nil || r.Blocked+r.Failed > 0 {
			t.Errorf("without %s: got %+v, %v", damage, r, err)
		}
		after := d.files()
		if len(after) != len(before) || d.titles("news") != "2 1" || d.titles("tag/go") != "2 1" {
			t.Errorf("without %s: got %d files, want %d", damage, len(after), len(before))
		}
	}
	d := newDesk(t, spec("news"))
	d.put(article(1))
	d.publish()
	want := d.read("news/atom.xml")
	d.write("news/atom.xml", "junk")
	d.publish()
	if got := d.read("news/atom.xml"); got != want {
		t.Errorf("a damaged document stands: %q", got)
	}
}

const manifestName = ".feedpub.json"

// In CI, where neither the store nor the hidden list is there, the documents alone tell the IDs and dates.
func TestAdoptWithoutTheList(t *testing.T) {
	d := newDesk(t, spec("news"))
	undated := article(1)
	undated.Dated = false
	d.now = noon(3)
	d.put(undated)
	d.publish()
	want := d.read("news/atom.xml")
	d.remove(manifestName)
	d.openStore("another.db")
	d.now = noon(9)
	d.adopt()
	d.put(undated)
	if r := d.publish(); r.Blocked > 0 {
		t.Errorf("got %+v", r)
	}
	if got := d.read("news/atom.xml"); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A feed that is no longer configured wakes nobody.
func TestNobodyWaitsForAForgottenFeed(t *testing.T) {
	d := newDesk(t, spec("news"), spec("old", "old"))
	later := article(25, "old")
	d.put(later)
	d.publish()
	d.config.Specs = d.config.Specs[:1]
	d.publish()
	if due, err := d.publisher().Due(t.Context(), noon(26)); err != nil || !due {
		t.Errorf("the configured feed: due %v, %v, want true", due, err)
	}
	d.now = noon(26)
	d.publishSome(ByClock(d.now))
	if due, err := d.publisher().Due(t.Context(), noon(26)); err != nil || due {
		t.Errorf("after it was published: due %v, %v, want false", due, err)
	}
}

// An older store that is put back does not bring back what was withdrawn since, even when its article is edited; but what is
// restored stays so.
func TestWithdrawnSinceTheStore(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1), article(2))
	d.publish()
	if err := d.store.CopyTo(t.Context(), filepath.Join(d.dir, "older.db")); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Hour)
	d.put(article(3)) // which the older store will not know
	d.publish()
	d.withdraw(article(2).ID, "Wrong.")
	d.withdraw(article(3).ID, "Wrong, too.")
	d.publish()

	d.openStore("older.db")
	d.now = d.now.Add(time.Hour)
	d.adopt()
	d.put(write(article(2), "<p>Body of 2, edited.</p>"), write(article(3), "<p>Body of 3, edited.</p>"))
	d.publish()
	for _, body := range []string{"Body of 2", "Body of 3"} {
		if found := d.contains(body); len(found) > 0 {
			t.Errorf("%q is back in %v", body, found)
		}
	}
	if found := d.contains("Wrong."); len(found) == 0 {
		t.Error("the note of the withdrawal is gone")
	}

	if _, err := d.store.Restore(t.Context(), article(2).ID); err != nil {
		t.Fatal(err)
	}
	if err := d.store.SetSetting(t.Context(), listSetting, "another"); err != nil { // as after a crash
		t.Fatal(err)
	}
	d.adopt()
	d.publish()
	if len(d.contains("Body of 2, edited")) == 0 {
		t.Error("what was restored is withdrawn again")
	}
}

// Nor where the published folder could not be opened when the process began.
func TestWithdrawnSinceTheStoreWithoutFolder(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1), article(2))
	d.publish()
	if err := d.store.CopyTo(t.Context(), filepath.Join(d.dir, "older.db")); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Hour)
	d.withdraw(article(1).ID, "Gone.")
	d.publish()

	d.openStore("older.db")
	d.now = d.now.Add(time.Hour)
	away := d.config.Public + ".away"
	if err := errors.Join(os.Rename(d.config.Public, away), os.WriteFile(d.config.Public, nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	p := d.publisher()
	if _, err := p.Adopt(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(d.config.Public), os.Rename(away, d.config.Public)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Publish(t.Context(), All); err != nil {
		t.Fatal(err)
	}
	if e, err := d.store.Entry(t.Context(), article(1).ID); err != nil || e.Withdrawn.IsZero() {
		t.Errorf("got %v, %v, want the withdrawal", e.Withdrawn, err)
	}
}
