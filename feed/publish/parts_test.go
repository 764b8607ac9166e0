package publish

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"feedpub/feed"
)

const firstPart = "news/archive/2025-01/"

// history is a desk whose feed has an archive of forty articles, and a publisher without a past.
func history(t *testing.T) *desk {
	d := newDesk(t, archived("news", 5))
	for n := 1; n <= 40; n++ {
		d.put(dated(n, n))
	}
	d.publish()
	return d
}

// The list of a part can be lost or damaged as the whole list can: what is withdrawn leaves its documents even so.
func TestWithdrawalBesideADamagedPart(t *testing.T) {
	for name, damage := range map[string]func(d *desk){
		"damaged": func(d *desk) { d.write(firstPart+manifestName, `{"files": [{"path`) },
		"empty":   func(d *desk) { d.write(firstPart+manifestName, "") },
		"lost":    func(d *desk) { d.remove(firstPart + manifestName) },
		"all lost": func(d *desk) {
			for name := range d.files() {
				if strings.HasSuffix(name, "/"+manifestName) {
					d.remove(name[1:])
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := history(t)
			damage(d)
			d.withdraw(dated(3, 3).ID, "It was wrong.")
			if r := d.publish(); r.Blocked+r.Failed > 0 {
				t.Errorf("got %+v", r)
			}
			if in := d.contains("Body of 3."); len(in) > 0 {
				t.Errorf("the withdrawn article stands in %v", in)
			}
			if r := d.publish(); r.Written > 0 {
				t.Errorf("a run after that wrote %d documents", r.Written)
			}
			d.walk("news", feed.Atom)
		})
	}
}

// What a stranger put into an archive is not touched, and not on a list.
func TestStrangersInAnArchive(t *testing.T) {
	d := newDesk(t, archived("news", 5))
	d.write(firstPart+"rss.xml", "theirs")
	for n := 1; n <= 40; n++ {
		d.put(dated(n, n))
	}
	if r := d.publish(); r.Blocked != 1 {
		t.Errorf("got %+v, want the one document blocked", r)
	}
	d.write(firstPart+"notes.xml", "theirs too")
	d.config.Specs[0].Limit = 1000 // no archive any more
	d.publish()
	if d.read(firstPart+"rss.xml") != "theirs" || d.read(firstPart+"notes.xml") != "theirs too" {
		t.Error("a file of somebody else was touched")
	}
	if names := slices.Collect(maps.Keys(d.files())); slices.ContainsFunc(names, func(name string) bool {
		return strings.Contains(name, "/archive/") && name != "/"+firstPart+"rss.xml" && name != "/"+firstPart+"notes.xml"
	}) {
		t.Errorf("got %v, want nothing else in the archive", names)
	}
}

// A format, or an archive, that the configuration no longer has stays where readers find it, but for what is withdrawn;
// until it is pruned.
func TestArchivesThatAreNoMore(t *testing.T) {
	for name, change := range map[string]func(s *Spec){
		"a format":      func(s *Spec) { s.Documents = s.Documents[1:] },
		"the archive":   func(s *Spec) { s.Archives = false },
		"the feed":      func(s *Spec) { s.Name = "other" },
		"another order": func(s *Spec) { s.Documents = s.Documents[:2]; s.Documents[0].File = "other.xml" },
	} {
		t.Run(name, func(t *testing.T) {
			d := history(t)
			kept := d.read(firstPart + "rss.xml")
			s := &d.config.Specs[0]
			s.Documents = slices.Clone(s.Documents)
			change(s)
			d.publish()
			if d.read(firstPart+"rss.xml") != kept {
				t.Error("the document does not stand any more")
			}
			d.withdraw(dated(3, 3).ID, "It was wrong.")
			if r := d.publish(); r.Blocked+r.Failed > 0 {
				t.Errorf("got %+v", r)
			}
			if in := d.contains("Body of 3."); len(in) > 0 {
				t.Errorf("the withdrawn article stands in %v", in)
			}
			if _, err := d.publisher().Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			c := d.config.Specs[0].channel(d.config.Site)
			for name := range d.files() {
				file := name[strings.LastIndex(name, "/")+1:]
				if strings.Contains(name, "/archive/") && file != manifestName && !(s.Archives && strings.HasPrefix(name, "/"+s.Name+"/") && c.hasFile(file)) {
					t.Errorf("%s is there after it was pruned", name)
				}
			}
			if !s.Archives && strings.Contains(d.read(manifestName), `"feed"`) {
				t.Error("the list names an archive that is not there")
			}
			d.withdraw(dated(4, 4).ID, "It was wrong too.")
			d.publish()
			if in := d.contains("Body of 4."); len(in) > 0 {
				t.Errorf("the second withdrawn article stands in %v", in)
			}
		})
	}
}
