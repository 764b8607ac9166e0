package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// hostileNames are what leads out of a folder, or is no name, on one system or another.
var hostileNames = []string{
	"", " ", ".", "..", "...", "....", "/", "//", "\\", "\\\\", "~", "~/x", "-", "--help", "$HOME", "`id`", "*", "?", "|", "<", ">", "\"", "'",
	"../outside", "../../outside", "../../../../../../../../etc/passwd", "/etc/passwd", "/tmp/evil", "..\\..\\outside", "a/../../outside", "a/./b", "a//b", "a/", "/a",
	"a\\b", "C:\\evil", "C:evil", "\\\\host\\share", "//host/share", "\\\\?\\C:\\evil", "file:///etc/passwd", "https://evil.example/",
	"a\x00b", "\x00", "a\nb", "a\r\nb", "\t", "\x1b[2J", "\x7f", "a:b", "a::$DATA", "rss.xml:evil", "a.", "a ", " a", "a. . .", ".hidden", ".feedpub.json", ".feedpub", "feedpub.yaml",
	"con", "CON", "nul", "nul.txt", "aux.xml", "com1", "lpt9.rss", "prn", "conin$", "%2e%2e", "%2e%2e%2foutside", "..%2foutside", "..%5coutside", "%00", "%252e%252e%252f",
	"．．／outside", "..∕outside", "․․/outside", "\u202etxt.xml", "a\u202eb", "\u200b", "\ufeff", "é", "e\u0301", "ﬁ", "İ", "ß", "日本語", "😀", "\xff\xfe", "\xc0\xae\xc0\xae/x",
	"archive", "tag", "index.html", "feeds.opml", "rss.xml", "news", "NEWS", "News", strings.Repeat("a", 300), strings.Repeat("a/", 200), strings.Repeat("../", 50) + "x", strings.Repeat("日", 100),
}

// A site between other people's files, which are looked at before and after.
type guarded struct {
	*testing.T
	around string
	before map[string]string
}

func guard(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{T: t, around: t.TempDir()}
	writeFiles(t, g.around, "outside/rss.xml", "theirs", "outside/atom.xml", "theirs", "outside/index.html", "theirs", "outside/secret.md", "---\ntitle: SECRET\n---\nSECRET\n",
		"feeds/rss.xml", "theirs", "site/feeds-x/rss.xml", "theirs", "site/theirs.xml", "theirs",
		"site/feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news}, {each: tag}]\n",
		"site/articles/good.md", "---\ntitle: Good\ndate: 2026-03-01\ntags: [go]\n---\nText.\n")
	return g
}

func (g *guarded) site() string { return filepath.Join(g.around, "site") }

// run runs a command, whatever comes of it but a fault of the program.
func (g *guarded) run(args ...string) {
	g.Helper()
	var said bytes.Buffer
	code := run(g.Context(), args, nil, io.Discard, &said)
	if code < 0 || code > 4 || strings.Contains(said.String(), "panic") {
		g.Errorf("feedpub %q: got exit code %d: %s", args, code, said.String())
	}
}

// look notes what lies around, with its hashes; the store and the published folder are feedpub's own.
func (g *guarded) look() { g.before = g.seen() }

func (g *guarded) seen() map[string]string {
	seen := map[string]string{}
	err := filepath.WalkDir(g.around, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (path == filepath.Join(g.site(), "feeds") || path == filepath.Join(g.site(), ".feedpub")) {
			return fs.SkipDir
		}
		what := d.Type().String()
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			if err != nil {
				return err
			}
			what += to
		case d.Type().IsRegular():
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			what += fmt.Sprintf("%x", sha256.Sum256(data))
		}
		seen[path] = what
		return nil
	})
	if err != nil {
		g.Fatal(err)
	}
	return seen
}

// untouched checks that all is as it was, and that nothing from outside was published.
func (g *guarded) untouched(when string) {
	g.Helper()
	after := g.seen()
	for path := range maps.Keys(after) {
		if after[path] != g.before[path] {
			g.Errorf("%s: %s was made or changed", when, path)
		}
	}
	for path := range maps.Keys(g.before) {
		if _, there := after[path]; !there {
			g.Errorf("%s: %s was removed", when, path)
		}
	}
	filepath.WalkDir(filepath.Join(g.site(), "feeds"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if data, _ := os.ReadFile(path); bytes.Contains(data, []byte("SECRET")) {
				g.Errorf("%s: what lies outside is published in %s", when, path)
			}
		}
		return nil
	})
}

func TestHostileFeedNames(t *testing.T) {
	t.Parallel()
	if len(hostileNames) < 60 {
		t.Fatalf("got %d names, want 60 and more", len(hostileNames))
	}
	g := guard(t)
	config := filepath.Join(g.site(), "feedpub.yaml")
	for _, name := range hostileNames {
		quoted := strconv.QuoteToASCII(strings.ToValidUTF8(name, "\ufffd"))
		for _, feeds := range []string{
			"[{name: " + quoted + "}]", "[{name: news, paths: {rss: " + quoted + "}}]", "[{name: news, title: " + quoted + ", tags: [" + quoted + "]}]",
		} {
			writeFiles(t, g.site(), "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: "+feeds+"\n")
			g.look()
			g.run("generate", "-q", "-c", config)
			g.untouched(feeds)
		}
	}
}

func TestHostileSlugsTagsAndFiles(t *testing.T) {
	t.Parallel()
	g := guard(t)
	for n, name := range hostileNames {
		quoted := strconv.QuoteToASCII(strings.ToValidUTF8(name, "\ufffd"))
		writeFiles(t, g.site(), fmt.Sprintf("articles/slug%d.md", n), "---\ntitle: A slug\ndate: 2026-03-01\nslug: "+quoted+"\n---\nText.\n",
			fmt.Sprintf("articles/tag%d.md", n), "---\ntitle: A tag\ndate: 2026-03-01\ntags: ["+quoted+"]\n---\nText.\n")
		// The system refuses some of them; slashes make folders, none of them outside.
		if path := filepath.Join(g.site(), "articles", "n", name+".md"); filepath.IsLocal(name) {
			if os.MkdirAll(filepath.Dir(path), 0o755) == nil {
				os.WriteFile(path, []byte("---\ntitle: A file\ndate: 2026-03-01\n---\nText.\n"), 0o644)
			}
		}
	}
	g.look()
	for range 2 {
		g.run("generate", "-q", g.site())
		g.untouched("generate")
	}
	for _, name := range hostileNames {
		g.run("show", "-c", g.site(), "--", name)
		g.run("withdraw", "-q", "-c", g.site(), "--", name)
	}
	g.untouched("show and withdraw")
	if err := torn(g.site()); err != nil {
		t.Error(err)
	}
}

// Somebody who may write into the published folder, or among the articles, plants links that lead out.
func TestPlantedLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making links takes rights on Windows")
	}
	outside := "../../outside"
	for name, links := range map[string][]string{ // where, to …
		"documents":           {"feeds/news/rss.xml", "../../../outside/rss.xml", "feeds/news/atom.xml", "../../../outside/none.xml", "feeds/index.html", "../../outside/index.html"},
		"folders":             {"feeds/news", outside, "feeds/tag", outside},
		"a folder in between": {"feeds/tag/go", "../../../outside"},
		"dangling":            {"feeds/news", "../../nowhere", "feeds/tag", "/nonexistent/evil"},
		"absolute":            {"feeds/news", "/ABSOLUTE/outside"},
		"loops":               {"feeds/news", "news", "feeds/tag", "../feeds/tag"},
		"the list":            {"feeds/.feedpub.json", "../../outside/rss.xml"},
		"temporary files":     {"feeds/news/.rss.xml.feedpub-tmp", "../../../outside/rss.xml", "feeds/..feedpub.json.feedpub-tmp", "../../outside/atom.xml"},
		"articles":            {"articles/secret.md", "../../outside/secret.md", "articles/all", outside, "articles/gone.md", "../nowhere.md", "articles/loop", ".", "articles/self.md", "self.md"},
	} {
		for _, before := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, before the first run: %v", name, before), func(t *testing.T) {
				g := guard(t)
				if !before {
					g.run("generate", "-q", g.site())
				}
				for i := 0; i < len(links); i += 2 {
					at := filepath.Join(g.site(), links[i])
					to := strings.Replace(links[i+1], "/ABSOLUTE", g.around, 1)
					os.RemoveAll(at)
					if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.Symlink(to, at); err != nil {
						t.Fatal(err)
					}
				}
				g.look()
				for n, args := range [][]string{{"generate"}, {"withdraw", "articles/good.md"}, {"generate"}, {"prune"}} {
					writeFiles(t, g.site(), "articles/good.md", fmt.Sprintf("---\ntitle: Good\ndate: 2026-03-01\ntags: [go]\n---\nText %d.\n", n))
					g.look()
					g.run(append(args, "-q", "-c", g.site())...)
					g.untouched(args[0])
				}
			})
		}
	}
}
