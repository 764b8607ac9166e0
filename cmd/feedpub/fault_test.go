//go:build linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"feedpub/feed"
)

// writing are the system calls by which a program changes files.
var writing = []string{"openat", "write", "pwrite64", "ftruncate", "fsync", "renameat", "unlinkat", "mkdirat"}

// tracer is strace, which can make system calls fail. It is asked for with the long tests, which must not pass for want of it.
func tracer(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("strace")
	switch {
	case err == nil:
	case os.Getenv("LONG_TESTS") != "":
		t.Fatal("strace is missing")
	default:
		t.Skip("strace is missing")
	}
	return path
}

// traced runs a command under strace with an option, in dir, and gives its log of the calls, its exit code, -1 where it
// was killed, and what it said.
func traced(t *testing.T, dir, option string, cmd *exec.Cmd) (log []string, code int, said string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "log")
	args := []string{"-f", "-qq", "-y", "--seccomp-bpf", "-o", file, "-e", "trace=" + strings.Join(writing, ",")}
	if option != "" {
		args = append(args, "-e", option)
	}
	run := exec.CommandContext(t.Context(), tracer(t), append(args, cmd.Args...)...)
	run.Dir, run.Env = dir, cmd.Env
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	err := run.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return joined(data), run.ProcessState.ExitCode(), out.String()
}

// joined are the lines of a log, with calls made whole that another thread's interrupted. They stand where they ended.
func joined(data []byte) (log []string) {
	begun := map[string]string{} // by thread
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		line := lines.Text()
		thread, call, _ := strings.Cut(line, " ")
		if begin, ok := strings.CutSuffix(line, " <unfinished ...>"); ok {
			begun[thread] = begin
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(call), "<... ") {
			_, end, _ := strings.Cut(call, "resumed>")
			line = begun[thread] + end
		}
		log = append(log, line)
	}
	return log
}

// faultSite is a site with some articles, which change from version to version.
func faultSite(t *testing.T, dir string, version int) {
	t.Helper()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nfeeds: [{name: news}, {each: tag}]\n")
	for n := range 3 {
		writeFiles(t, dir, fmt.Sprintf("articles/a%d.md", n),
			fmt.Sprintf("---\ntitle: Article %d\ndate: 2026-03-01\ntags: [t, v%d]\n---\nVersion %d.\n", n, version%5, version)) // not ever more tags, each with a feed
	}
}

// Each call that writes fails once, for want of space or because the disk is broken, or is the last one before the
// process is killed. Whatever is published is whole, what a run said was done is done, and the next run finishes.
func TestFaults(t *testing.T) {
	t.Parallel()
	program := built(t)
	dir := t.TempDir()
	version := 1
	faultSite(t, dir, version)
	generate := exec.Command(program, "generate")
	if _, code, said := traced(t, dir, "", generate); code != 0 {
		t.Fatalf("exit code %d: %s", code, said)
	}
	version++
	faultSite(t, dir, version)
	log, _, _ := traced(t, dir, "", generate)
	faults := 0
	for _, call := range writing {
		most := 0
		for _, line := range log {
			if strings.Contains(line, " "+call+"(") {
				most++
			}
		}
		few, many := 1000, 3 // every so manieth call
		if call == "openat" || call == "pwrite64" {
			many = 6
		}
		for at := 1; at <= most; at += rounds(few, many) {
			for _, fault := range []string{"error=ENOSPC", "error=EIO", "signal=KILL"} {
				faults++
				version++
				faultSite(t, dir, version)
				option := fmt.Sprintf("inject=%s:%s:when=%d", call, fault, at)
				_, code, said := traced(t, dir, option, generate)
				if err := torn(dir); err != nil {
					t.Fatalf("%s: %v", option, err)
				}
				if code == 0 {
					expectVersion(t, dir, option, version)
				} else if code > 0 && call != "write" && strings.TrimSpace(said) == "" { // the failed write may be that of the word
					t.Errorf("%s: exit code %d without a word", option, code)
				}
				if out, err := exec.Command(program, "generate", dir).CombinedOutput(); err != nil {
					t.Fatalf("%s, and then: %v\n%s", option, err, out)
				}
				expectVersion(t, dir, option+", and then", version)
			}
		}
	}
	t.Logf("%d faults", faults)
	if out := feedpub(t, dir, 0, "generate"); !strings.Contains(out, "nothing new to publish") {
		t.Errorf("after all of it: got %q, want nothing new", out)
	}
}

func expectVersion(t *testing.T, dir, when string, version int) {
	t.Helper()
	for _, format := range feed.Formats {
		f := published(t, dir, "news", format)
		if len(f.Entries) != 3 {
			t.Errorf("%s: %s: got %d entries, want 3", when, format, len(f.Entries))
		}
		for _, e := range f.Entries {
			if want := fmt.Sprintf("Version %d.", version); !strings.Contains(e.Content, want) {
				t.Errorf("%s: %s: %s: got %q, want %s", when, format, e.ID, e.Content, want)
			}
		}
	}
}

// Each document is written beside its place, synced, renamed, and the folder synced, in this order.
func TestOrderOfWriting(t *testing.T) {
	t.Parallel()
	program := built(t)
	dir := t.TempDir()
	for version := range 2 { // into an empty folder, and over what is there
		faultSite(t, dir, version)
		log, code, said := traced(t, dir, "", exec.Command(program, "generate"))
		if code != 0 {
			t.Fatalf("exit code %d: %s", code, said)
		}
		documents, err := ordered(log)
		if err != nil {
			t.Error(err)
		}
		if documents < 5 {
			t.Errorf("saw %d documents replaced, want all", documents)
		}
	}
}

var (
	openCall   = regexp.MustCompile(`openat\(\S+<(.*)>, "(.*?)", (\S*O_CREAT\S*),.*= \d+`)
	writeCall  = regexp.MustCompile(`write\(\d+<(.*?)>, .*= \d+$`)
	syncCall   = regexp.MustCompile(`fsync\(\d+<(.*?)>\) += 0`)
	renameCall = regexp.MustCompile(`renameat\(\d+<(.*?)>, "(.*?)", \d+<(.*?)>, "(.*?)"\) += 0`)
)

// ordered follows the calls, and counts the documents that were replaced as they must be.
func ordered(log []string) (documents int, err error) {
	state := map[string]string{} // of temporary files, and of folders with a rename in them
	var wrong []error
	fail := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	for _, line := range log {
		if m := openCall.FindStringSubmatch(line); m != nil {
			path := filepath.Join(m[1], m[2])
			if strings.Contains(path, "/feeds/") {
				if !strings.Contains(m[3], "O_EXCL") {
					fail("%s is opened for writing in its place", path)
				}
				state[path] = "open"
			}
		} else if m := writeCall.FindStringSubmatch(line); m != nil && state[m[1]] != "" {
			state[m[1]] = "written"
		} else if m := syncCall.FindStringSubmatch(line); m != nil && state[m[1]] != "" {
			if state[m[1]] == "renamed" {
				documents++
				delete(state, m[1])
			} else {
				state[m[1]] = "synced"
			}
		} else if m := renameCall.FindStringSubmatch(line); m != nil && strings.Contains(m[3], "/feeds") {
			temp := filepath.Join(m[1], m[2])
			if state[temp] != "synced" {
				fail("%s is renamed to %s while it is %q", temp, m[4], state[temp])
			}
			delete(state, temp)
			state[m[3]] = "renamed"
		}
	}
	for path, left := range state {
		fail("%s was left %s", path, left)
	}
	return documents, errors.Join(wrong...)
}

// The tests above can fail: they catch a writer that takes no care.
func TestFaultsCatchANaiveWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	faultSite(t, dir, 1)
	feedpub(t, dir, 0, "generate")
	naive := exec.Command(os.Args[0])
	naive.Env = append(os.Environ(), asNaive+"="+dir)
	log, _, _ := traced(t, dir, "", naive)
	if _, err := ordered(log); err == nil {
		t.Error("the order of its calls was found right")
	}
	caught := false
	for at := 1; at <= 9 && !caught; at++ {
		traced(t, dir, fmt.Sprintf("inject=write:error=ENOSPC:when=%d", at), naive)
		caught = torn(dir) != nil
	}
	if !caught {
		t.Error("no torn document was seen")
	}
}
