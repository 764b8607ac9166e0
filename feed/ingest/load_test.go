package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feedpub/feed"
	"feedpub/store"
)

// A bench is a source folder beside a store.
type bench struct {
	t      testing.TB
	source Source
	loader Loader
	store  *store.Store
}

func newBench(t testing.TB) *bench {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return &bench{t: t, store: s, source: Source{Name: "blog", Dir: t.TempDir(), Missing: "withdraw"}, loader: Loader{Store: s, Reader: newReader(t)}}
}

func (b *bench) write(key, text string) {
	b.t.Helper()
	name := filepath.Join(b.source.Dir, filepath.FromSlash(key))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) remove(key string) {
	b.t.Helper()
	if err := os.Remove(filepath.Join(b.source.Dir, filepath.FromSlash(key))); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) load() Report {
	b.t.Helper()
	report, err := b.loader.Load(b.t.Context(), b.source)
	if err != nil {
		b.t.Fatal(err)
	}
	return report
}

// counts are what a report counts, as "read new changed unchanged refused moved withdrawn".
func counts(r Report) string {
	return fmt.Sprint(r.Read, r.New, r.Changed, r.Unchanged, r.Refused, r.Moved, r.Withdrawn)
}

func (b *bench) wantCounts(r Report, want string) {
	b.t.Helper()
	if got := counts(r); got != want {
		b.t.Errorf("read new changed unchanged refused moved withdrawn: got %s, want %s; problems %v", got, want, r.Problems)
	}
}

func (b *bench) known() map[string]store.Known {
	b.t.Helper()
	known := map[string]store.Known{}
	err := b.store.Keys(b.t.Context(), b.source.Name, func(key string, k store.Known) { known[key] = k })
	if err != nil {
		b.t.Fatal(err)
	}
	return known
}

func TestLoad(t *testing.T) {
	b := newBench(t)
	b.source.Exclude = []string{"drafts/**", "**/notes.md"}
	b.write("a.md", "---\ndate: 2026-03-01\n---\n# A\n\nText.")
	b.write("x/b.txt", "Headline here\n\nText of it.")
	b.write("x/bad.md", "---\ndraft: flase\n---\nText")
	for _, key := range []string{"drafts/c.md", "x/notes.md", ".hidden.md", ".git/d.md", "x/_index.md", "e.rst", "f.png", "g.MDX", "_index.html"} {
		b.write(key, "# No\n\nText.")
	}
	report := b.load()
	b.wantCounts(report, "3 2 0 0 1 0 0")
	if report.Other != 2 {
		t.Errorf("got %d files of other kinds, want 2: e.rst and g.MDX", report.Other)
	}
	if len(report.Problems) != 1 || !strings.HasSuffix(report.Problems[0].Error(), `/x/bad.md:2: draft: "flase" is neither true nor false`) {
		t.Errorf("got problems %v, want the one of x/bad.md", report.Problems)
	}
	b.wantCounts(b.load(), "3 0 0 2 1 0 0")

	b.write("a.md", "---\ndate: 2026-03-01\n---\n# A\n\nMore text.")
	b.wantCounts(b.load(), "3 0 1 1 1 0 0")

	b.loader.Reader.Permalink = "/p/:slug/" // read again what did not change
	b.wantCounts(b.load(), "3 0 2 0 1 0 0")
	if got := b.known()["a.md"].URL; got != "https://example.org/p/a/" {
		t.Errorf("got URL %q after the permalink changed", got)
	}
}

func TestLoadTellsEach(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# A\n\nText.")
	b.write("b.md", "---\ntitle: [x]\n---\nText.")
	var told []string
	b.loader.Each = func(file string, a Article, err error) {
		told = append(told, fmt.Sprint(filepath.Base(file), " ", a.Title, " ", a.FirstSeen.IsZero(), " ", err != nil))
	}
	b.loader.Progress = func(done, total int) { told = append(told, fmt.Sprint(done, "/", total)) }
	b.load()
	if want := []string{"1/2", "b.md  true true", "2/2", "a.md A false false"}; !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}

func TestRenames(t *testing.T) {
	tests := []struct{ name, oldKey, oldText, newKey, newText string }{
		{"same bytes", "a.md", "# A\n\nText.", "x/b.md", "# A\n\nText."},
		{"guid", "a.md", "---\nguid: one\n---\n# A\n\nText.", "b.md", "---\nguid: one\n---\n# B\n\nOther."},
		{"alias of the path", "old/a.md", "# A\n\nText.", "b.md", "---\naliases: [old/a]\n---\n# B\n\nOther."},
		{"alias of the URL", "a.md", "---\nurl: /2020/a/\n---\n# A\n\nText.", "b.md", "---\nredirect_from: /2020/a\n---\n# B\n\nOther."},
	}
	alias := func(oldKey, url, alias string) {
		text := "# A\n\nText."
		if url != "" {
			text = "---\nurl: " + url + "\n---\n" + text
		}
		tests = append(tests, struct{ name, oldKey, oldText, newKey, newText string }{
			fmt.Sprint("alias ", alias, " of ", oldKey, " ", url), oldKey, text, "zz/b.md", "---\naliases: [\"" + alias + "\"]\n---\n# B\n\nOther."})
	}
	for _, key := range []string{"Foo.MD", "Foo/index.MD", "Foo/Index.md"} {
		alias(key, "", "/Foo/")
	}
	alias("50%25.md", "", "/50%/")
	for _, url := range []string{"/old/page.xhtml", "/old/page.HTML", "/old/page.txt", "/old/index.htm", "/old/a(b)/", "/old/a,b'c!*/", "/old/a%2Fb/", "/old/%c3%bcbung/"} {
		alias("a.md", "\""+url+"\"", url)
	}
	for _, url := range []string{"http://example.org/old/a/", "https://www.example.org/old/a/", "https://example.org/old/a/?x=1"} {
		alias("a.md", url, "/old/a/")
	}
	for _, test := range tests {
		for _, how := range []string{"load", "update"} {
			t.Run(test.name+", "+how, func(t *testing.T) {
				b := newBench(t)
				b.write(test.oldKey, test.oldText)
				b.write("stays.md", "# Stays\n\nText.")
				b.load()
				id := b.known()[test.oldKey].ID
				b.remove(test.oldKey)
				b.write(test.newKey, test.newText)
				if how == "update" {
					if r, err := b.loader.Update(t.Context(), b.source, test.newKey); err != nil || counts(r) != "1 0 1 0 0 1 0" {
						t.Errorf("got %s, %v, want it moved", counts(r), err)
					}
					b.wantCounts(b.load(), "2 0 0 2 0 0 0")
				} else {
					b.wantCounts(b.load(), "2 0 1 1 0 1 0")
				}
				if got := b.known()[test.newKey].ID; got != id {
					t.Errorf("got ID %q under the new key, want %q", got, id)
				}
			})
		}
	}
}

// A copy is an article of its own: the file that it was copied from is still there.
func TestCopies(t *testing.T) {
	b := newBench(t)
	b.source.Exclude = []string{"x.md"}
	b.write("a.md", "# A\n\nText.")
	b.load()
	id := b.known()["a.md"].ID
	b.write("b.md", "# A\n\nText.")
	b.wantCounts(b.load(), "2 1 0 1 0 0 0")
	b.remove("a.md")
	b.write("c.md", "# A\n\nText.")
	b.write("d.md", "# A\n\nText.")
	b.wantCounts(b.load(), "3 1 1 1 0 1 0")
	if got := b.known()["c.md"].ID; got != id {
		t.Errorf("got ID %q under the first new key, want %q", got, id)
	}
}

func TestVanished(t *testing.T) {
	b := newBench(t)
	for i := range 15 {
		b.write(fmt.Sprintf("%02d.md", i), fmt.Sprintf("# %d\n\nText.", i))
	}
	b.load()
	b.source.Missing = "keep"
	b.remove("00.md")
	if report := b.load(); !slices.Equal(report.Missing, []string{"00.md"}) || report.Withdrawn != 0 {
		t.Errorf("kept: got missing %q, %d withdrawn", report.Missing, report.Withdrawn)
	}
	b.source.Missing = "withdraw"
	if report := b.load(); report.Withdrawn != 1 || b.known()["00.md"].Status != feed.Withdrawn {
		t.Errorf("got %d withdrawn, status %s", report.Withdrawn, b.known()["00.md"].Status)
	}
	for i := range 11 {
		b.remove(fmt.Sprintf("%02d.md", i+1))
	}
	report := b.load()
	if report.Withdrawn != 0 || len(report.HeldBack) != 11 || len(report.Problems) != 1 {
		t.Errorf("11 of 14 at once: got %d withdrawn, %q held back, problems %v", report.Withdrawn, report.HeldBack, report.Problems)
	}
	b.loader.Force = true
	if report := b.load(); report.Withdrawn != 11 {
		t.Errorf("with force: got %d withdrawn, want 11", report.Withdrawn)
	}
	if report := b.load(); report.Withdrawn != 0 {
		t.Errorf("again: got %d withdrawn, want 0", report.Withdrawn)
	}
}

// A folder that cannot be read says nothing about what vanished.
func TestUnreadableFolder(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# A\n\nText.")
	b.load()
	dir := b.source.Dir
	b.source.Dir = filepath.Join(dir, "gone")
	if _, err := b.loader.Load(t.Context(), b.source); err == nil {
		t.Error("a folder that is missing: got no error")
	}
	b.source.Dir = dir
	b.write("x/b.md", "# B\n\nText.")
	b.load()
	if err := os.Chmod(filepath.Join(dir, "x"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "x"), 0o755) })
	if _, err := os.ReadDir(filepath.Join(dir, "x")); err == nil {
		t.Skip("this user reads every folder")
	}
	if report := b.load(); report.Withdrawn != 0 || len(report.Problems) != 1 {
		t.Errorf("got %d withdrawn, problems %v", report.Withdrawn, report.Problems)
	}
}

func TestSymlinks(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# A\n\nText.")
	outside := filepath.Join(t.TempDir(), "secret.md")
	if err := os.WriteFile(outside, []byte("# Secret\n\nText."), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(b.source.Dir, "out.md")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("a.md", filepath.Join(b.source.Dir, "in.md")); err != nil {
		t.Fatal(err)
	}
	report := b.load()
	b.wantCounts(report, "2 2 0 0 0 0 0")
	if len(report.Warnings) != 1 || !strings.Contains(report.Warnings[0], "out.md") {
		t.Errorf("got warnings %q, want one about out.md", report.Warnings)
	}
}

func TestImport(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# A\n\nText.")
	b.write("x/b.md", "# B\n\nText.")
	b.write("x/c.md", "# C\n\nText.")
	b.write("d.rst", "D")
	b.load()
	b.remove("a.md")
	b.remove("x/b.md")
	b.write("x/e.md", "# B\n\nText.")
	b.write("f.md", "# F\n\nText.")
	report, err := b.loader.Import(t.Context(), b.source, "x", "d.rst", "nowhere.md", "../a.md", "f.md")
	if err != nil {
		t.Fatal(err)
	}
	b.wantCounts(report, "4 1 1 1 3 1 0") // x/c unchanged, x/e was x/b, f new; a vanished unnoticed
	for i, want := range []string{"nowhere.md: no such file or directory", "a.md: path escapes from parent", `d.rst: not an article: ".rst"`} {
		if !strings.Contains(report.Problems[i].Error(), want) {
			t.Errorf("got problem %v, want %s", report.Problems[i], want)
		}
	}
}

func TestLoadStops(t *testing.T) {
	b := newBench(t)
	b.write("a.md", "# A\n\nText.")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.loader.Load(ctx, b.source); err == nil {
		t.Error("got no error from a context that is done")
	}
}

func TestExcluded(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"drafts/**", "drafts", true},
		{"drafts/**", "drafts/a/b.md", true},
		{"drafts/**", "x/drafts/a.md", false},
		{"**/drafts/**", "x/drafts/a.md", true},
		{"**/*.tmp.md", "a.tmp.md", true},
		{"**/*.tmp.md", "x/y/a.tmp.md", true},
		{"*.md", "x/a.md", false},
		{"/public/", "public", true},
		{"a?.md", "ab.md", true},
		{"a?.md", "a/.md", false},
	}
	for _, test := range tests {
		if got := excluded([]string{test.pattern}, test.name); got != test.want {
			t.Errorf("excluded(%q, %q): got %t, want %t", test.pattern, test.name, got, test.want)
		}
	}
}
