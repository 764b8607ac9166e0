package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"feedpub/config"
)

// commands are the program and all its commands.
func commands() []*cobra.Command {
	root := (&app{}).command()
	return append([]*cobra.Command{root}, root.Commands()...)
}

// A shelf is a folder with a site in which the examples of the help can be run, as they stand there.
type shelf struct {
	dir     string
	path    string // with feedpub on it
	web     string // where strangers' feeds are
	address string // where the daemon listens: any free one, or that of the one that runs
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{dir: t.TempDir(), address: "127.0.0.1:0"}
	bin := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(bin, "feedpub")); err != nil {
		t.Fatal(err)
	}
	s.path = bin + string(filepath.ListSeparator) + os.Getenv("PATH")
	writeFiles(t, s.dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nnetwork: {allow: [127.0.0.0/8]}\n",
		"articles/hello.md", "---\ntitle: Hello\ndate: 2026-03-01\n---\nText.\n")
	if err := os.CopyFS(filepath.Join(s.dir, "config", "example"), os.DirFS(filepath.Join("..", "..", "config", "example"))); err != nil {
		t.Fatal(err)
	}
	feedpub(t, s.dir, 0, "generate")
	atom, err := os.ReadFile(filepath.Join(s.dir, "feeds", "news", "atom.xml"))
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, s.dir, "atom.xml", string(atom))
	atom = bytes.ReplaceAll(atom, []byte("2026-01-01:"), []byte("2026-01-01:old/")) // a stranger has other articles
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/atom+xml")
		w.Write(atom)
	}))
	t.Cleanup(web.Close)
	s.web = web.URL
	return s
}

var (
	strangerAddress = regexp.MustCompile(`https://(old\.|feeds\.)?example\.org(/\S*(feed|xml)\S*)`)
	systemFolder    = regexp.MustCompile(`/(usr|etc)/[a-z/1-]*/`)
)

// command is an example, with addresses and folders that a test may use.
func (s *shelf) command(ctx context.Context, line string) *exec.Cmd {
	line = strangerAddress.ReplaceAllString(line, s.web+"$2")
	line = strings.ReplaceAll(systemFolder.ReplaceAllString(line, "./"), "127.0.0.1:9000", s.address)
	cmd := exec.CommandContext(ctx, "sh", "-c", "exec "+line)
	if strings.Contains(line, "|") {
		cmd = exec.CommandContext(ctx, "sh", "-c", line)
	}
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), asProgram+"=1", "PATH="+s.path, "FEEDPUB_SERVE_LISTEN="+s.address, "FEEDPUB_SERVE_STATUS="+config.NoStatus, "MANPAGER=cat")
	return cmd
}

// Every command has an example, and every example works.
func TestExamples(t *testing.T) {
	needs(t, "sh")
	if runtime.GOOS == "windows" {
		t.Skip("the examples are for a shell of Unix")
	}
	before := map[string]string{
		"doctor":  "feedpub init mysite",
		"restore": "feedpub withdraw hello",
	}
	for _, c := range commands() {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			if c.Example == "" || c.Short == "" || !strings.HasPrefix(c.Example, "  feedpub") {
				t.Fatalf("no example: %q", c.Example)
			}
			s := newShelf(t)
			if c.Name() == "healthcheck" {
				url := serving(t, s.command(t.Context(), "feedpub serve"))
				s.address = strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")
			}
			lines := strings.Split(c.Example, "\n")
			if line, ok := before[c.Name()]; ok {
				lines = append([]string{line}, lines...)
			}
			for _, line := range lines {
				line = strings.TrimSpace(line)
				if strings.HasPrefix(line, "feedpub serve") {
					t.Run(line, func(t *testing.T) { serving(t, s.command(t.Context(), line)) })
					continue
				}
				if strings.Contains(line, "| man ") {
					needs(t, "man")
				}
				if out, err := s.command(t.Context(), line).CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", line, err, out)
				}
			}
		})
	}
}

// serving runs an example that serves, until it answers and the test ends.
func serving(t *testing.T, cmd *exec.Cmd) (url string) {
	t.Helper()
	s := serveBy(t, cmd)
	if code, _ := get(t, s.url+"healthz"); code != http.StatusOK {
		t.Errorf("%v: got %d", cmd.Args, code)
	}
	return s.url
}

// The manual has a page for each command, which man can read.
func TestManual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := feedpub(t, dir, 0, "man")
	feedpub(t, dir, 0, "man", "pages")
	page, err := os.ReadFile(filepath.Join(dir, "pages", "feedpub.1"))
	if err != nil || string(page) != first {
		t.Errorf("the page in the folder is another than the one that is printed: %v", err)
	}
	for _, c := range commands() {
		name := filepath.Join("pages", strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !strings.Contains(string(page), ".TH") || strings.Contains(string(page), "Auto generated") {
			t.Errorf("%s: %v\n%.200s", name, err, page)
		}
	}
	man := exec.CommandContext(t.Context(), needs(t, "man"), "--warnings", "-l", filepath.Join("pages", "feedpub-serve.1"))
	man.Dir, man.Env = dir, append(os.Environ(), "MANPAGER=cat", "LC_ALL=C.UTF-8")
	out, err := man.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "feedpub serve [FOLDER]") || strings.Contains(string(out), "warning:") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Each shell reads its script, and offers commands, files of the site and entries.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ shell, script string }{
		{"bash", `source <(feedpub completion bash); COMP_WORDS=(feedpub "$1" "$2"); [ -n "$2" ] || COMP_WORDS=(feedpub "$1")
			COMP_CWORD=$((${#COMP_WORDS[@]}-1)); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
			_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
			__ltrim_colon_completions() { :; }; _init_completion() { _get_comp_words_by_ref; }
			compopt() { :; }; __start_feedpub; printf '%s\n' "${COMPREPLY[@]}"`},
		{"zsh", `autoload -Uz compinit; compinit -u -D; source <(feedpub completion zsh)
			[[ $_comps[feedpub] = _feedpub ]] || exit 1
			_describe() { print -l ${(P)4} ${(P)3} $completions; }; _arguments() { :; }; compadd() { :; }
			words=(feedpub "$@"); CURRENT=$#words; words=("${words[@]}"); _feedpub`},
		{"fish", `feedpub completion fish | source; complete -C (string join -- " " feedpub $argv)`},
	} {
		t.Run(test.shell, func(t *testing.T) {
			shell := needs(t, test.shell)
			s := newShelf(t)
			for typed, want := range map[string]string{"ser": "serve", "show art": "articles/hello.md", "list --status sch": "scheduled"} {
				args := append([]string{"-c", test.script}, strings.Fields(typed)...)
				if test.shell != "fish" {
					if args = append([]string{"-c", test.script, test.shell}, strings.Fields(typed)...); len(strings.Fields(typed)) > 2 {
						continue
					}
				}
				cmd := exec.CommandContext(t.Context(), shell, args...)
				cmd.Dir = s.dir
				cmd.Env = append(os.Environ(), asProgram+"=1", "PATH="+s.path, "HOME="+t.TempDir())
				out, err := cmd.CombinedOutput()
				if err != nil || !strings.Contains(string(out), want) {
					t.Errorf("%s: got %v, %q, want %s", typed, err, out, want)
				}
			}
		})
	}
}

func TestGreeting(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@hourly\"\nfeeds: [{name: old, gone: true}, {each: tag}, {name: news, formats: [atom, rss]}]\n")
	c, err := config.LoadFolder(dir, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"127.0.0.1:0", "0.0.0.0:0"} {
		ln, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		host := fmt.Sprintf("http://%s:%d/", map[bool]string{true: "127.0.0.1", false: "localhost"}[address[0] == '1'], ln.Addr().(*net.TCPAddr).Port)
		var b strings.Builder
		greet(&b, c, []net.Listener{ln}, []net.Listener{ln})
		want := "feedpub publishes Site (@hourly) and serves it until you press Ctrl-C.\n" +
			"  start page  " + host + "\n" +
			"  feed        " + host + "news/atom.xml\n" +
			"  for readers https://example.org/feeds/news/atom.xml, when this folder or this daemon is reachable there\n" +
			"  for you     " + host + "status, how all of it is\n"
		if b.String() != want {
			t.Errorf("got %s, want %s", b.String(), want)
		}
	}
}

// At a terminal the addresses are told, and nothing of it where logs are collected.
func TestServeOnATerminal(t *testing.T) {
	t.Parallel()
	needs(t, "script")
	s := newShelf(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := s.command(ctx, "script -qfec 'feedpub serve' "+os.DevNull)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	out, told := new(lockedBuffer), regexp.MustCompile(`feed        http://127\.0\.0\.1:\d+/news/rss\.xml`)
	cmd.Stdout = writerFunc(func(b []byte) { out.write(string(b)) })
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the address is told", func() bool {
		return told.MatchString(out.String()) && strings.Contains(out.String(), "level=INFO")
	})
	stop()
	cmd.Wait()
}
