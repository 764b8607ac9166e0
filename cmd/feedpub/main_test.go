package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"feedpub/config"
)

// asProgram makes the test binary be the program, for tests that need processes to run side by side or to be killed.
const asProgram = "TEST_BINARY_IS_FEEDPUB"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	if dir := os.Getenv(asNaive); dir != "" {
		writeNaively(dir)
		return
	}
	testscript.Main(cleaner{m}, map[string]func(){"feedpub": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != ""})
}

// rounds is how often a test repeats: a few times, or many with LONG_TESTS.
func rounds(few, many int) int {
	if os.Getenv("LONG_TESTS") == "" {
		return few
	}
	return many
}

// long skips the test where the long ones are not asked for.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("LONG_TESTS") == "" {
		t.Skip("takes long: set LONG_TESTS to run it")
	}
}

// program is a command of the program, run in dir. Its daemon has no status page, whose default place is one for all, unless a
// test names one.
func program(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), asProgram+"=1")
	if len(args) > 0 && args[0] == "serve" {
		cmd.Env = append(cmd.Env, "FEEDPUB_SERVE_STATUS="+config.NoStatus)
	}
	return cmd
}

// handOver has cmd, a command of program, begin with sockets as systemd hands them over. The process is to be told its own
// number: only a shell that becomes the program knows it before.
func handOver(t *testing.T, cmd *exec.Cmd, names string, sockets ...*os.File) {
	t.Helper()
	cmd.Path, cmd.ExtraFiles = needs(t, "sh"), sockets
	env := fmt.Sprintf("LISTEN_PID=$$ LISTEN_FDS=%d LISTEN_FDNAMES=%s", len(sockets), names)
	cmd.Args = append([]string{"sh", "-c", env + ` exec "$0" "$@"`}, append([]string{os.Args[0]}, cmd.Args[1:]...)...)
}

// socket is a listener, and its descriptor to hand over.
func socket(t *testing.T) (net.Listener, *os.File) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	f, err := ln.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return ln, f
}

// buildOnce builds what built gives; its folder is removed when all tests have run.
var buildOnce = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "feedpub-test-*"); err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", filepath.Join(dir, "feedpub.exe"), "-ldflags", "-s -w -X main.stampedVersion=v1.2.3 -X main.stampedCommit=0123abc", ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("%w\n%s", err, out)
	}
	return dir, nil
})

// built is the program as it is released, without the race detector, which makes it slow, large, and write files of its own
// accord.
func built(t testing.TB) string {
	t.Helper()
	wasBuilt.Store(true)
	dir, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "feedpub.exe")
}

var wasBuilt atomic.Bool

// A cleaner removes what was built when the tests have run.
type cleaner struct{ *testing.M }

func (c cleaner) Run() int {
	code := c.M.Run()
	if wasBuilt.Load() {
		dir, _ := buildOnce()
		os.RemoveAll(dir)
	}
	return code
}

// feedpub runs the program in dir, and returns what it printed; it must end with the exit code want.
func feedpub(t *testing.T, dir string, want int, args ...string) string {
	t.Helper()
	cmd := program(t.Context(), dir, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Fatalf("feedpub %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, want, stdout.String(), stderr.String())
	}
	return stdout.String()
}

// A server is a running "feedpub serve".
type server struct {
	cmd *exec.Cmd
	url string // with a slash at its end
	log *lockedBuffer
}

// serve starts "feedpub serve" in dir at a free port, and stops it with the test.
func serve(t testing.TB, dir string, args ...string) *server {
	t.Helper()
	return serveBy(t, program(context.Background(), dir, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...))
}

// serveBy starts a command that serves, and stops it with the test.
func serveBy(t testing.TB, cmd *exec.Cmd) *server {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &server{cmd: cmd, log: new(lockedBuffer)}
	address := make(chan string, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			s.log.write(lines.Text())
			var told struct{ URL string }
			if json.Unmarshal(lines.Bytes(), &told) == nil && told.URL != "" {
				address <- told.URL
			}
		}
		close(address)
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		timer := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		<-done
		cmd.Wait()
		timer.Stop()
		if t.Failed() {
			t.Log("the daemon's log:\n" + s.log.String())
		}
	})
	url, ok := <-address
	if !ok {
		t.Fatal("feedpub serve ended:\n" + s.log.String())
	}
	s.url = url
	return s
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	io.WriteString(&l.b, line+"\n")
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// eventually waits until ok; a daemon and its clients have no other way to tell each other.
func eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

// writeFiles writes a folder: path, content, path, content …
func writeFiles(t testing.TB, dir string, pathsAndContents ...string) {
	t.Helper()
	for i := 0; i < len(pathsAndContents); i += 2 {
		path := filepath.Join(dir, pathsAndContents[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(pathsAndContents[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// shared is a folder of the material that lies beside the project; the test is skipped where it is missing.
func shared(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared/%s is not beside the project", name)
	}
	return path
}

// needs skips the test where a program is not installed.
func needs(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}
