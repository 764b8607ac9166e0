package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"feedpub/config"
)

// documentation is the README and the recipes, by their paths from here.
func documentation(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	root := filepath.Join("..", "..")
	files, err := filepath.Glob(filepath.Join(root, "config", "recipes", "*"))
	if err != nil || len(files) < 10 {
		t.Fatalf("got %d recipes and %v", len(files), err)
	}
	for _, name := range append(files, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	return texts
}

var (
	commandLine   = regexp.MustCompile(`(?m)^(?:#? {3,}|ExecStart=)(?:run: |sudo -u feedpub |\*/5 \* \* \* \* +)?(?:\S*/)?feedpub ([a-z][^\n]*)`)
	commandInText = regexp.MustCompile("`feedpub ([a-z][^`]*)`")
	commandEnds   = regexp.MustCompile(`\s+(#|\||&&|;|>).*|; exit.*`)
	quotedText    = regexp.MustCompile(`'[^']*'`)
)

// Every command that the README and the recipes name is one, with flags that it has.
func TestDocumentedCommands(t *testing.T) {
	found := 0
	for name, text := range documentation(t) {
		var lines []string
		for _, m := range commandLine.FindAllStringSubmatch(text, -1) {
			lines = append(lines, m[1])
		}
		for _, m := range commandInText.FindAllStringSubmatch(text, -1) {
			lines = append(lines, m[1])
		}
		for _, line := range lines {
			words := strings.Fields(strings.NewReplacer("[", "", "]", "").Replace(quotedText.ReplaceAllString(commandEnds.ReplaceAllString(line, ""), "x")))
			found++
			cmd, rest, err := (&app{}).command().Find(words)
			if err == nil && !cmd.HasParent() {
				err = errors.New("no such command")
			}
			if err == nil {
				cmd.InitDefaultHelpFlag()
				err = cmd.ParseFlags(rest)
			}
			if err != nil {
				t.Errorf("%s: feedpub %s: %v", name, line, err)
			}
		}
	}
	if found < 50 {
		t.Errorf("got %d commands, want all of them", found)
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

// Every link to a file of the project leads to one.
func TestDocumentedFiles(t *testing.T) {
	found := 0
	for name, text := range documentation(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			found++
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if found < 20 {
		t.Errorf("got %d links, want all of them", found)
	}
}

var (
	codeBlock     = regexp.MustCompile("(?ms)^( *)```(\\w+)(?: (\\S+))?\\n(.*?)\\n *```$")
	indentedBlock = regexp.MustCompile(`(?m)(?:^    .*\n)+`)
	configKey     = regexp.MustCompile(`^ {4}(site|store|public|schedule|sources|adopt|network|on_failure|feeds|precompress|redirects|serve|log):`)
)

// A block is one of a recipe, which names the file that it is.
type block struct{ file, text string }

// blocks are those of a text in ``` and those that are a piece of configuration.
func blocks(text string) (named []block, pieces []string) {
	for _, m := range codeBlock.FindAllStringSubmatch(text, -1) {
		content := strings.ReplaceAll("\n"+m[4], "\n"+m[1], "\n")[1:] + "\n"
		if m[3] != "" {
			named = append(named, block{m[3], content})
		} else if m[2] == "yaml" {
			pieces = append(pieces, content)
		}
	}
	for _, m := range indentedBlock.FindAllString(text, -1) {
		if configKey.MatchString(m) {
			pieces = append(pieces, strings.ReplaceAll("\n"+m, "\n    ", "\n")[1:])
		}
	}
	return named, pieces
}

// Each configuration in the README and the recipes loads. Where a recipe says which files a site has, the site is published,
// and the check has nothing to say about it.
func TestRecipes(t *testing.T) {
	sites, parts := 0, 0
	for name, text := range documentation(t) {
		named, pieces := blocks(text)
		for _, piece := range pieces {
			parts++
			dir := t.TempDir()
			writeFiles(t, dir, config.FileName, piece, "look/page.css", "")
			if _, err := config.LoadFolder(dir, config.Options{}); err != nil {
				t.Errorf("%s: %v\n%s", name, err, piece)
			}
		}
		for i, b := range named {
			if b.file != config.FileName {
				continue
			}
			sites++
			files := []string{b.file, b.text}
			for _, other := range named[i+1:] {
				if other.file == config.FileName {
					break
				}
				files = append(files, other.file, other.text)
			}
			t.Run(filepath.Base(name), func(t *testing.T) { publishes(t, files) })
		}
	}
	if sites < 8 || parts < 5 {
		t.Errorf("got %d sites and %d pieces of configuration, want all of them", sites, parts)
	}
}

// publishes publishes a site of these files, with an article where it has none, and checks its feeds.
func publishes(t *testing.T, files []string) {
	dir := t.TempDir()
	writeFiles(t, dir, files...)
	c, err := config.LoadFolder(dir, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Sources {
		if entries, err := os.ReadDir(s.Folder); len(entries) == 0 {
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			if err := os.MkdirAll(s.Folder, 0o755); err != nil {
				t.Fatal(err)
			}
			writeFiles(t, s.Folder, "2026-05-01-sample.md", "---\ntitle: Sample\ndate: 2026-05-01T10:00:00Z\ntags: [one]\n---\nText.\n")
		}
	}
	feedpub(t, dir, 0, "generate")
	published := 0
	err = filepath.WalkDir(c.Public, func(path string, d fs.DirEntry, err error) error {
		if slices.Contains([]string{"rss.xml", "atom.xml", "feed.json"}, filepath.Base(path)) {
			published++
		}
		return err
	})
	if err != nil || published < 3 {
		t.Errorf("got %d documents and %v", published, err)
	}
	if out := feedpub(t, dir, 0, "check", c.Public); strings.Contains(out, "warning") || strings.Contains(out, "error") {
		t.Errorf("the check says:\n%s", out)
	}
}
