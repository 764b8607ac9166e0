package publish

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

func archived(name string, limit int, tags ...string) Spec {
	s := spec(name, tags...)
	s.Limit, s.Archives, s.Tombstones = limit, true, true
	return s
}

// dated is the n-th article, of a day of 2026 counted from its first.
func dated(n, day int, tags ...string) feed.Entry {
	e := article(n, tags...)
	e.Published = time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, day).Add(time.Duration(n) * time.Second)
	return write(e, fmt.Sprintf("<p>Body of %d.</p>", n))
}

// walk follows the links from the live document back to the first, checks them on the way, and gives the titles of all
// entries, newest first, and how many documents there are.
func (d *desk) walk(name string, format feed.Format) (titles string, documents int) {
	d.Helper()
	const base = "https://feeds.example.org/"
	seen := map[string]bool{}
	live := name + "/" + format.FileName()
	newer := ""
	for next := live; next != ""; documents++ {
		f := d.feed(next, format)
		if f.SelfURL[format] != base+next || documents > 0 && format != feed.JSON && f.History.Current[format] != base+live {
			d.Fatalf("%s: got self %s, current %s", next, f.SelfURL[format], f.History.Current[format])
		}
		if format != feed.JSON && documents > 1 && f.History.Next[format] != base+newer {
			d.Fatalf("%s: got next %s, want %s", next, f.History.Next[format], newer)
		}
		if len(f.Entries) == 0 && documents > 0 || len(f.Entries) > archiveSize {
			d.Fatalf("%s: got %d entries", next, len(f.Entries))
		}
		for _, e := range f.Entries {
			if !seen[e.ID] {
				seen[e.ID] = true
				titles += strings.TrimPrefix(e.Title, "Article ") + " "
			}
		}
		if format != feed.JSON && f.History.Complete != (documents == 0 && f.History.Prev[format] == "") {
			d.Errorf("%s: got complete %t, prev %s", next, f.History.Complete, f.History.Prev[format])
		}
		newer = next
		next = strings.TrimPrefix(f.History.Prev[format], base)
	}
	return strings.TrimSpace(titles), documents
}

// All that was ever published can be walked to from the live document, in every format.
func TestArchiveHoldsEverything(t *testing.T) {
	d := newDesk(t, archived("news", 30), archived("go", 10, "go"))
	entries := 1000
	if os.Getenv("LONG_TESTS") != "" {
		entries = 10_000
	}
	var want []string
	var articles []feed.Entry
	for n := range entries {
		e := dated(n+1, n/15)
		if n%10 == 0 {
			e.Tags = []string{"go"}
		}
		articles = append(articles, e)
		want = append(want, fmt.Sprint(n+1))
	}
	slices.Reverse(want)
	d.put(articles...)
	d.now = d.now.AddDate(3, 0, 0)
	d.publish()
	for _, format := range feed.Formats {
		if got, documents := d.walk("news", format); got != strings.Join(want, " ") || documents < entries/archiveSize {
			t.Errorf("%s: got %d documents with %s, want all of %d entries", format, documents, got, entries)
		}
		if got, _ := d.walk("go", format); len(strings.Fields(got)) != entries/10 {
			t.Errorf("%s: got %s of go, want a tenth", format, got)
		}
	}
}

// A document of the archive is replaced only when something in it changes, and once for the link to the next.
func TestArchiveIsStable(t *testing.T) {
	d := newDesk(t, archived("news", 10))
	for n := 1; n <= 250; n++ {
		d.put(dated(n, n/9)) // 9 a day, so 250 within one January
	}
	d.now = time.Date(2025, 2, 2, 0, 0, 0, 0, time.UTC)
	d.publish()
	changed := func(do func()) string {
		t.Helper()
		before := d.files()
		do()
		d.publish()
		var names []string
		for _, name := range slices.Sorted(maps.Keys(d.files())) {
			if after := d.files()[name]; after != before[name] && strings.HasSuffix(name, "atom.xml") {
				names = append(names, path.Dir(strings.TrimPrefix(name, "/news/")))
			}
		}
		for name := range before {
			if _, there := d.files()[name]; !there {
				names = append(names, "-"+name)
			}
		}
		return strings.Join(names, " ")
	}
	for _, step := range []struct {
		name, want string
		do         func()
	}{
		{"nothing", "", func() {}},
		{"a new article", ".", func() { d.put(dated(251, 31)) }},
		{"an edit in the first document", "archive/2025-01", func() { d.put(write(dated(5, 0), "<p>Edited.</p>")) }},
		{"a back-dated article moves those after it", "archive/2025-01-2 archive/2025-01-3 archive/2025-01", func() { d.put(dated(252, 1)) }},
		{"enough for a new document", "archive/2025-01-3 archive/2025-02 .", func() {
			for n := 260; n < 275; n++ {
				d.put(dated(n, 31+n-260))
			}
			d.now = d.now.AddDate(0, 1, 0)
		}},
		{"a tick in the next month", "", func() { d.now = d.now.AddDate(0, 1, 0) }},
		{"a withdrawal", "archive/2025-01 .", func() { d.withdraw(dated(7, 0).ID, "Wrong.") }},
		{"its end", "archive/2025-01-2 archive/2025-01-3 archive/2025-01 .", func() { d.now = d.now.AddDate(0, 1, 0) }},
	} {
		if got := changed(step.do); got != step.want {
			t.Errorf("%s: got %q replaced, want %q", step.name, got, step.want)
		}
	}
	if !strings.Contains(d.read("news/archive/2025-01/atom.xml"), "Article 5<") || d.contains("Body of 7.") != nil {
		t.Error("got the withdrawn article, or not the edited one")
	}
}

// Whatever happens, the folder is in the end as if it had been made at once.
func TestArchiveIsAsMadeAtOnce(t *testing.T) {
	rounds := 4
	if os.Getenv("MANY_ROUNDS") != "" {
		rounds = 40
	}
	t.Run("by many processes", func(t *testing.T) { archiveIsAsMadeAtOnce(t, rounds, 60, (*desk).nextProcess) })
	t.Run("by a daemon", func(t *testing.T) { archiveIsAsMadeAtOnce(t, 4*rounds, 3, (*desk).sameProcess) })
	t.Run("by a daemon and others", func(t *testing.T) { archiveIsAsMadeAtOnce(t, 4*rounds, 3, (*desk).sometimesAnother) })
}

func archiveIsAsMadeAtOnce(t *testing.T, rounds, steps int, next func(*desk, *Publisher) *Publisher) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	specs := []Spec{archived("news", 7), archived("few", 3, "go"), archived("all", 1000), each(feed.ByTag)}
	specs[3].Archives, specs[3].Limit = true, 5
	d := newDesk(t, specs...)
	d.now = time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	articles := map[int]feed.Entry{}
	withdrawn := map[int]bool{}
	step := func() {
		n := r.IntN(300)
		switch e, known := articles[n]; {
		case !known:
			articles[n] = dated(n, r.IntN(150), []string{"go", "zig"}[r.IntN(2)])
		case r.IntN(3) == 0:
			articles[n] = write(e, fmt.Sprintf("<p>Edit %d.</p>", r.IntN(1000)))
		case r.IntN(3) == 0:
			e.Published = e.Published.AddDate(0, 0, r.IntN(20)-10)
			articles[n] = write(e, e.Content)
		case r.IntN(3) == 0:
			e.Tags = []string{[]string{"go", "zig", "new"}[r.IntN(3)]}
			articles[n] = write(e, e.Content)
		case r.IntN(4) == 0:
			e.Expiry = d.now.Add(time.Duration(r.IntN(100)) * time.Hour)
			if e.Expiry.After(e.Published) {
				articles[n] = write(e, e.Content)
			}
		case !withdrawn[n] && r.IntN(3) == 0:
			d.withdraw(e.ID, "Gone.")
			withdrawn[n] = true
			return
		}
		d.put(articles[n])
	}
	p := d.publisher()
	for range 60 {
		step()
	}
	for round := range rounds {
		for range steps {
			step()
		}
		d.now = d.now.Add(time.Duration(r.IntN(60)) * time.Hour / time.Duration(60/steps))
		p = next(d, p)
		report, err := p.Publish(t.Context(), All)
		if err != nil {
			t.Fatal(err)
		}
		if report.Failed+report.Blocked+report.Refused > 0 {
			t.Fatalf("round %d: got %+v", round, report)
		}
	}
	// The same store, archived and published anew as after a change of configuration and back.
	before := d.files()
	states, err := d.store.FeedStates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range states {
		st.Config = ""
		if err := d.store.SaveFeedResult(t.Context(), st); err != nil {
			t.Fatal(err)
		}
	}
	d.publish()
	for name, after := range d.files() {
		if before[name] != after && name != "/.feedpub.json" {
			t.Errorf("%s: got other bytes when it was made at once", name)
		}
	}
	if len(before) != len(d.files()) {
		t.Errorf("got %d files, then %d", len(before), len(d.files()))
	}
	d.walk("news", feed.Atom)
	d.walk("tag/go", feed.RSS)
}

// An archive outlives its store: what no source has any more comes back from what is published.
func TestArchiveOutlivesTheStore(t *testing.T) {
	d := newDesk(t, archived("news", 5))
	for n := 1; n <= 120; n++ {
		d.put(dated(n, n))
	}
	d.now = d.now.AddDate(2, 0, 0)
	d.publish()
	before, files := d.files(), 0
	titles, _ := d.walk("news", feed.Atom)
	d.openStore("another.db")
	d.adopt()
	d.publish()
	if got, _ := d.walk("news", feed.Atom); got != titles {
		t.Errorf("got %s, want %s", got, titles)
	}
	for name, after := range d.files() {
		if files++; before[name] != after && strings.HasSuffix(name, ".xml") {
			t.Errorf("%s: got other bytes from an empty store", name)
		}
	}
	if files != len(before) {
		t.Errorf("got %d files, want %d", files, len(before))
	}
}

// A document that somebody removed is there again after a start, and limits of the live one move the archive.
func TestArchiveIsRepaired(t *testing.T) {
	d := newDesk(t, archived("news", 5))
	for n := 1; n <= 40; n++ {
		d.put(dated(n, n))
	}
	d.now = d.now.AddDate(2, 0, 0)
	d.publish()
	before := d.read("news/archive/2025-01/rss.xml")
	d.remove("news/archive/2025-01/rss.xml")
	d.publish()
	if d.read("news/archive/2025-01/rss.xml") != before {
		t.Error("got no document in place of the one that was removed")
	}
	d.config.Specs[0].Limit = 1000
	d.publish()
	if got, documents := d.walk("news", feed.RSS); documents != 1 || len(strings.Fields(got)) != 40 {
		t.Errorf("got %d documents, want everything in one", documents)
	}
	for name := range d.files() {
		if strings.Contains(name, "/archive/") {
			t.Errorf("%s: got an archive of what stands in the live document", name)
		}
	}
}

// The run that finds a document missing may not be one that publishes the feed. It is written by the first that is.
func TestArchiveIsRepairedLater(t *testing.T) {
	daily := archived("news", 5)
	daily.Schedule = "@daily"
	d := newDesk(t, daily, spec("other"))
	for n := 1; n <= 40; n++ {
		d.put(dated(n, n))
	}
	d.publish()
	before := d.read("news/archive/2025-01/rss.xml")
	d.remove("news/archive/2025-01/rss.xml")
	p := d.publisher()
	for _, schedule := range []string{"@hourly", "@hourly", "@daily"} {
		d.now = d.now.Add(time.Minute)
		if _, err := p.Publish(t.Context(), OnSchedule(schedule)); err != nil {
			t.Fatal(err)
		}
	}
	if d.read("news/archive/2025-01/rss.xml") != before {
		t.Error("got another document in place of the one that was removed")
	}
	d.now = d.now.Add(time.Minute)
	if r, err := p.Publish(t.Context(), All); err != nil || len(r.Feeds) > 0 {
		t.Errorf("a run after that: got %+v, %v, want no work", r, err)
	}
}

// Atom tells of a withdrawn entry for as long as its note stands, also of one that is in the archive.
func TestTombstones(t *testing.T) {
	d := newDesk(t, archived("news", 5), archived("go", 5, "go"), spec("plain"))
	for n := 1; n <= 20; n++ {
		d.put(dated(n, n))
	}
	d.publish()
	old, recent := dated(2, 2).ID, dated(20, 20).ID
	d.withdraw(old, "Wrong.")
	d.withdraw(recent, "")
	d.publish()
	tombstones := func(name string) (ids string) {
		for _, t := range d.feed(name+"/atom.xml", feed.Atom).Tombstones {
			ids += t.ID + " " + t.Note + ";"
		}
		return ids
	}
	if got, want := tombstones("news"), recent+" "+withdrawnNote+";"+old+" Wrong.;"; got != want && got != old+" Wrong.;"+recent+" "+withdrawnNote+";" {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := tombstones("go") + tombstones("plain"); got != "" {
		t.Errorf("got %q in feeds without them, want none", got)
	}
	if d.contains("Body of 2.") != nil {
		t.Errorf("got the withdrawn text in %v", d.contains("Body of 2."))
	}
	d.now = d.now.AddDate(0, 1, 0)
	d.publish()
	if got := tombstones("news"); got != "" {
		t.Errorf("a month later: got %q, want none", got)
	}
}

func TestMonths(t *testing.T) {
	m := store.MonthOf(time.Date(2026, 12, 31, 23, 0, 0, 0, time.FixedZone("", -2*3600)))
	if m.String() != "2027-01" || store.MonthOf(m.End()).String() != "2027-02" {
		t.Errorf("got %s and %s, want 2027-01 and the one after", m, store.MonthOf(m.End()))
	}
}

// What was edited last leaves a document of the archive, whose other entries are older: no format takes that for time
// that goes back.
func TestArchiveLosesItsNewestEdit(t *testing.T) {
	d := newDesk(t, archived("news", 5))
	for n := 1; n <= 20; n++ {
		d.put(dated(n, n))
	}
	d.publish()
	e := write(dated(2, 2), "<p>Edited.</p>")
	d.put(e)
	d.publish()
	e.Published = e.Published.AddDate(0, -2, 0)
	d.put(write(e, "<p>Dated back.</p>"))
	if r := d.publish(); r.Failed > 0 || !strings.Contains(d.read("news/archive/2024-11/feed.json"), "Dated back.") {
		t.Errorf("got %+v, want the entry in the month that it was dated back to", r)
	}
}

// A run may die when a part of a new archive is written and the list of the folder is not. The part must be known even so:
// what is withdrawn leaves it also when the feed is no longer configured.
func TestArchiveAfterCrash(t *testing.T) {
	for name, next := range map[string]func(*desk){
		"the feed leaves at once": func(*desk) {},
		"the run is repeated":     func(d *desk) { d.publish() },
		"the archive is not on the list": func(d *desk) { // as where the list was put back
			m, err := manifest.Read(d.root())
			if err != nil {
				d.Fatal(err)
			}
			m.Archives = nil
			if _, err := m.Write(d.root()); err != nil {
				d.Fatal(err)
			}
			d.publish()
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, archived("news", 2))
			for n := range 6 {
				d.put(dated(n+1, n*20))
			}
			r, err := d.publisher().start(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer r.root.Close()
			if err := r.findWork(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := r.claim(t.Context(), r.channels); err != nil {
				t.Fatal(err)
			}
			r.publish(t.Context(), r.channels[0]) // it dies before it finishes
			if in := d.contains("Body of 1."); len(in) == 0 {
				t.Fatal("the archive was not written")
			}
			next(d)
			d.config.Specs = []Spec{spec("other")}
			d.withdraw(dated(1, 0).ID, "It was wrong.")
			d.publish()
			if in := d.contains("Body of 1."); len(in) > 0 {
				t.Errorf("the withdrawn article stands in %v", in)
			}
		})
	}
}

// root is the published folder.
func (d *desk) root() *os.Root {
	d.Helper()
	root, err := os.OpenRoot(d.config.Public)
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { root.Close() })
	return root
}

// An edit of what has long been archived changes nothing of the live document, and nothing of the archive's end.
func TestArchiveOfLongAgo(t *testing.T) {
	d := newDesk(t, archived("news", 5))
	d.now = time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	for n := range 40 {
		d.put(dated(n, 12*n, "go"))
	}
	p := d.publisher()
	publish := func() { t.Helper(); d.publishWhole(p) }
	publish()
	for n := range 3 {
		before := d.files()
		d.put(write(dated(n, 12*n, "go"), "<p>Edited.</p>"))
		publish()
		for name, after := range d.files() {
			if first := "/news/archive/2025-01"; before[name] != after && name != "/.feedpub.json" && !strings.HasPrefix(name, first) {
				t.Errorf("edit of %d: %s: got other bytes", n, name)
			}
		}
	}
}

// What another process took out of the archive comes back when the live document reaches as far again as a daemon knew it.
func TestArchiveThatAnotherProcessMoved(t *testing.T) {
	d := newDesk(t, archived("news", 5))
	d.now = time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	for n := range 8 {
		d.put(dated(n, 31*n, "go"))
	}
	daemon := d.publisher()
	publish := func() { t.Helper(); d.publishWhole(daemon) }
	publish()
	draft := dated(5, 31*5, "go")
	draft.Status = feed.Draft
	d.put(draft)
	d.publish() // the live document reaches one further back
	d.put(dated(8, 31*8, "go"))
	publish() // and as far as before
	for n := range 9 {
		if found := d.contains(fmt.Sprintf("Article %d<", n)); len(found) == 0 && n != 5 {
			t.Errorf("article %d is in no document", n)
		}
	}
}
