package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// A deployment is a source's folder that is a symbolic link, which is turned to another folder without a file being written: what
// stamps tell of the files is then what they told of another version before.
type deployment struct {
	*bench
	link     string
	one, two string
}

func newDeployment(t *testing.T) *deployment {
	t.Helper()
	d := &deployment{newBench(t), filepath.Join(t.TempDir(), "current"), t.TempDir(), t.TempDir()}
	d.source.Dir = d.link
	return d
}

func (d *deployment) turn(dir string) {
	d.t.Helper()
	if err := errors.Join(os.RemoveAll(d.link), os.Symlink(dir, d.link)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *deployment) put(dir, key, title string, age time.Duration) {
	d.t.Helper()
	name, when := filepath.Join(dir, key), time.Now().Add(-age)
	if err := errors.Join(os.WriteFile(name, fmt.Appendf(nil, "# %s\n\nText.\n", title), 0o644), os.Chtimes(name, when, when)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *deployment) update() Report {
	d.t.Helper()
	report, err := d.loader.Update(d.t.Context(), d.source, ".")
	if err != nil {
		d.t.Fatal(err)
	}
	return report
}

// A version that comes back is read, also where the other one was read by a watch, or right after it was written.
func TestVersionComesBack(t *testing.T) {
	for _, key := range []string{"c.md", "c#.md"} {
		d := newDeployment(t)
		d.put(d.one, key, "One", time.Hour)
		d.put(d.two, key, "Two", time.Hour)
		d.turn(d.one)
		d.wantCounts(d.load(), "1 1 0 0 0 0 0")
		d.turn(d.two)
		if r := d.update(); r.Changed != 1 {
			t.Errorf("%s: the other version: got %+v, want a change", key, r)
		}
		d.turn(d.one)
		d.wantCounts(d.load(), "1 0 1 0 0 0 0")
		d.put(d.two, key, "Two", 0)
		d.turn(d.two)
		d.wantCounts(d.load(), "1 0 1 0 0 0 0")
		d.turn(d.one)
		d.wantCounts(d.load(), "1 0 1 0 0 0 0")
	}
}

// A file that was renamed and has its name again is no other article, and no article is withdrawn.
func TestRenamedAndBack(t *testing.T) {
	d := newDeployment(t)
	d.put(d.one, "b.md", "One", time.Hour)
	d.put(d.two, "c.md", "One", time.Hour)
	d.turn(d.one)
	d.wantCounts(d.load(), "1 1 0 0 0 0 0")
	d.turn(d.two)
	if r := d.update(); r.Moved != 1 {
		t.Fatalf("got %+v, want a file that was moved", r)
	}
	d.turn(d.one)
	d.wantCounts(d.load(), "1 0 1 0 0 1 0")
}

// cutOff is a store that nobody notes files in any more once it has stored articles.
type cutOff struct {
	*store.Store
	stored bool
}

func (c *cutOff) PutAll(ctx context.Context, es []feed.Entry) ([]store.PutResult, error) {
	c.stored = true
	return c.Store.PutAll(ctx, es)
}

func (c *cutOff) SaveFiles(ctx context.Context, source string, read map[string]store.Stamp, gone []string) error {
	if c.stored {
		return errors.New("killed")
	}
	return c.Store.SaveFiles(ctx, source, read, gone)
}

// What a run stored that was cut off is not taken for what the run before it stored.
func TestCutOff(t *testing.T) {
	d := newDeployment(t)
	d.put(d.one, "a.md", "One", time.Hour)
	d.put(d.two, "a.md", "Two", time.Hour)
	cut := func() {
		t.Helper()
		whole := d.loader.Store
		d.loader.Store = &cutOff{Store: d.store}
		if _, err := d.loader.Load(t.Context(), d.source); err == nil {
			t.Fatal("it was not cut off")
		}
		d.loader.Store = whole
	}
	d.turn(d.one)
	d.wantCounts(d.load(), "1 1 0 0 0 0 0")
	d.turn(d.two)
	cut()
	d.turn(d.one)
	d.wantCounts(d.load(), "1 0 1 0 0 0 0")

	tried := *d.loader.Reader
	tried.Permalink = "/tried/:slug/"
	was := d.loader.Reader
	d.loader.Reader = &tried
	cut()
	d.loader.Reader = was
	d.wantCounts(d.load(), "1 0 1 0 0 0 0")
}

// What another configuration refuses is refused by each run.
func TestRefusedSinceReconfigured(t *testing.T) {
	d := newDeployment(t)
	d.put(d.one, "a.md", "One", time.Hour)
	d.turn(d.one)
	d.load()
	other := *d.loader.Reader
	other.Permalink = "/:year/:slug/" // the article has no date
	d.loader.Reader = &other
	for range 3 {
		d.wantCounts(d.load(), "1 0 0 0 1 0 0")
	}
}

// meanwhile does something between the walk of a folder and the look at what is stored.
type meanwhile struct {
	*store.Store
	do func()
}

func (m *meanwhile) Files(ctx context.Context, source string, slots []int, each func(key string, was store.Stamp)) error {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.Store.Files(ctx, source, slots, each)
}

// An article that another process stores while the folder is looked at has not vanished.
func TestStoredMeanwhile(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# One\n\nText.\n")
	key := ""
	for n := 0; key == "" || store.SlotOf(key) != store.SlotOf("a.md"); n++ {
		key = fmt.Sprintf("n%d.md", n)
	}
	b.load()
	b.loader.Store = &meanwhile{b.store, func() {
		b.write(key, "# New\n\nText.\n")
		b.write("more.ndjson", `{"id": "x", "title": "Five", "content": "Text."}`+"\n")
		other := b.loader
		other.Store = b.store
		if _, err := other.Import(t.Context(), b.source, key, "more.ndjson"); err != nil {
			t.Fatal(err)
		}
	}}
	b.loader.Reread = true // and so look at all that is stored
	if r := b.load(); r.Withdrawn != 0 {
		t.Errorf("withdrawn %d, though the files are there", r.Withdrawn)
	}
}

// What is no article any more is withdrawn also where its file was written a moment before, if a run later.
func TestExcludedRightAfterItWasWritten(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# One\n\nText.\n")
	b.write("b.md", "# Two\n\nText.\n")
	b.load()
	b.source.Exclude = []string{"a.md"}
	if r := b.load(); r.Withdrawn != 0 {
		t.Errorf("withdrawn %d, where the file may just have come", r.Withdrawn)
	}
	old := time.Now().Add(-time.Hour)
	for _, key := range []string{"a.md", "b.md"} {
		if err := os.Chtimes(filepath.Join(b.source.Dir, key), old, old); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(settled) // since when the times were set tells too
	if r := b.load(); r.Withdrawn != 1 {
		t.Errorf("withdrawn %d, want the one that is excluded", r.Withdrawn)
	}
}
