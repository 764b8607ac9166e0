package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// A workflow is what the test needs to know of one of GitHub's.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			Name      string
			Run       string
			Directory string `yaml:"working-directory"`
			If        string
		}
	}
}

// The workflow's commands, run as GitHub runs them from a new clone each time, keep IDs and dates and make a commit only where
// something changed, and publish what is good beside an article that is refused.
func TestGitHubActions(t *testing.T) {
	needs(t, "git")
	bash := needs(t, "bash")
	if runtime.GOOS == "windows" {
		t.Skip("the workflow is for a machine of Unix")
	}
	raw, err := os.ReadFile(filepath.Join("..", "..", "config", "recipes", "github-actions.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var w workflow
	if err := yaml.Unmarshal(raw, &w); err != nil {
		t.Fatal(err)
	}
	s, home := newShelf(t), t.TempDir()
	env := append(os.Environ(), asProgram+"=1", "PATH="+s.path, "HOME="+home, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.org", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.org")
	sh := func(dir, script string) (string, error) {
		cmd := exec.CommandContext(t.Context(), bash, "-eo", "pipefail", "-c", script)
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	must := func(dir, script string) string {
		t.Helper()
		out, err := sh(dir, script)
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		return out
	}
	// job runs the workflow on a clone, and says whether publishing succeeded.
	job := func() (good bool) {
		t.Helper()
		clone := filepath.Join(t.TempDir(), "clone")
		must(home, "git clone -q --depth 1 --branch main file://"+home+"/origin.git "+clone)
		ran := 0
		for _, step := range w.Jobs["publish"].Steps {
			switch {
			case step.Run == "" || step.Name == "build feedpub" || step.If != "":
			case step.Name == "publish":
				_, err := sh(clone, step.Run)
				good = err == nil
				ran++
			default:
				must(filepath.Join(clone, step.Directory), step.Run)
				ran++
			}
		}
		if ran != 3 {
			t.Fatalf("the workflow has %d steps that can be run here, want 3", ran)
		}
		return good
	}
	published := func() string { return must(home, "git --git-dir origin.git show feeds:news/rss.xml") }
	commits := func() string {
		return strings.TrimSpace(must(home, "git --git-dir origin.git rev-list --count feeds"))
	}
	write := func(name, text string) {
		writeFiles(t, filepath.Join(home, "site"), name, text)
		must(filepath.Join(home, "site"), "git add --all && git commit -qm article && git push -q origin HEAD:main")
	}

	must(home, "git init -q --bare -b main origin.git && git clone -q origin.git site 2>/dev/null")
	write("feedpub.yaml", "site: {title: Blog, url: \"https://me.example.org/\"}\n")
	write(".gitignore", "feeds/\n.feedpub/\n")
	write("articles/undated.md", "# Undated\n\nText.\n")
	if !job() || !strings.Contains(published(), "<title>Undated</title>") {
		t.Fatalf("got %s, want the article", published())
	}
	first := published()
	if !job() || published() != first || commits() != "1" {
		t.Errorf("a run with nothing new: got %s commits and\n%s\nwant 1 and\n%s", commits(), published(), first)
	}
	write("articles/good.md", "# Good\n\nText.\n")
	write("articles/bad.md", "---\nembargo: soon\n---\nText.\n")
	if job() {
		t.Error("an article that is refused: got success")
	}
	date := first[strings.Index(first, "<pubDate>"):strings.Index(first, "</pubDate>")]
	if got := published(); !strings.Contains(got, "<title>Good</title>") || !strings.Contains(got, date) || commits() != "2" {
		t.Errorf("got %s commits and\n%s\nwant 2, the good article, and %s kept", commits(), got, date)
	}
}
