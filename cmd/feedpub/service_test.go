package main

import (
	"context"
	"debug/elf"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"feedpub/feed/publish"
)

// systemd is the socket at which a service tells how it is.
type systemd struct {
	t    *testing.T
	conn *net.UnixConn
	path string
}

func newSystemd(t *testing.T) *systemd {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("this system has no datagrams between processes")
	}
	dir, err := os.MkdirTemp("", "notify") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &systemd{t, conn, path}
}

// hears waits for a message with the words; other messages are passed over.
func (s *systemd) hears(words ...string) string {
	s.t.Helper()
	s.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	var heard []string
	for {
		b := make([]byte, 4096)
		n, err := s.conn.Read(b)
		if err != nil {
			s.t.Fatalf("got %q, want %q: %v", heard, words, err)
		}
		message := string(b[:n])
		all := true
		for _, word := range words {
			all = all && strings.Contains("\n"+message, "\n"+word)
		}
		if all {
			return message
		}
		heard = append(heard, message)
	}
}

func TestSystemdIsTold(t *testing.T) {
	notify := newSystemd(t)
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	cmd := program(context.Background(), dir, "serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Env, "NOTIFY_SOCKET="+notify.path, "WATCHDOG_USEC=600000")
	s := serveBy(t, cmd)
	notify.hears("READY=1", "STATUS=Serving ")
	notify.hears("WATCHDOG=1")
	writeFiles(t, dir, "articles/b.md", "---\ndate: 31/02/2026\n---\nText.\n", "feedpub.yaml", "site: {url: nonsense}\n")
	s.cmd.Process.Signal(syscall.SIGHUP)
	var at int64
	if _, err := fmt.Sscanf(notify.hears("RELOADING=1"), "RELOADING=1\nMONOTONIC_USEC=%d", &at); err != nil || runtime.GOOS == "linux" && at == 0 {
		t.Errorf("reloading: the moment is %d, %v", at, err)
	}
	notify.hears("READY=1", "STATUS=The new configuration is not taken, the old one stands: feedpub.yaml:1:13: site.url")
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n")
	s.cmd.Process.Signal(syscall.SIGHUP)
	notify.hears("READY=1", "STATUS=The configuration was read again.")
	s.cmd.Process.Signal(syscall.SIGTERM)
	notify.hears("STOPPING=1")
}

// A daemon whose store hangs or whose scheduler is stuck is worth less than one that starts anew.
func TestNoSignOfLifeWithoutStoreAndScheduler(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n")
	a := &app{stderr: io.Discard}
	a.setUp(a.command())
	c, err := a.load(dir)
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.newDaemon(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s := &publish.Scheduler{Log: a.log, Runs: d.site.store, Now: a.now}
	if err := d.answer(t.Context(), s); err == nil || !strings.Contains(err.Error(), "scheduler has not started") {
		t.Errorf("before the scheduler runs: got %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	started, ended := make(chan struct{}), make(chan error)
	go func() { ended <- s.Start(ctx, nil, func() { close(started) }) }()
	<-started
	if err := d.answer(t.Context(), s); err != nil {
		t.Errorf("while all is well: got %v", err)
	}
	d.close()
	if err := d.answer(t.Context(), s); err == nil || !strings.Contains(err.Error(), "ask the store") {
		t.Errorf("without its store: got %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Not a single sign of life is given while the store does not answer.
func TestWatchdogWithoutStore(t *testing.T) {
	notify := newSystemd(t)
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n")
	log := new(lockedBuffer)
	a := &app{stderr: writerFunc(func(b []byte) { log.write(string(b)) })}
	a.setUp(a.command())
	c, err := a.load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if a.service, err = newNotifier([]string{"NOTIFY_SOCKET=" + notify.path, "WATCHDOG_USEC=15000"}); err != nil {
		t.Fatal(err)
	}
	d, err := a.newDaemon(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s := &publish.Scheduler{Log: a.log, Runs: d.site.store, Now: a.now}
	ctx, stop := context.WithCancel(t.Context())
	started, ended := make(chan struct{}), make(chan error)
	go func() { ended <- s.Start(ctx, nil, func() { close(started) }) }()
	<-started
	d.close()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		d.watchdog(ctx, s)
	}()
	eventually(t, 20*time.Second, "the daemon says that it gives no sign of life", func() bool { return strings.Count(log.String(), "no sign of life") > 2 })
	stop()
	<-watched
	if err := <-ended; err != nil {
		t.Error(err)
	}
	notify.conn.SetReadDeadline(time.Now())
	b := make([]byte, 4096)
	if n, err := notify.conn.Read(b); err == nil {
		t.Errorf("systemd was told %q", b[:n])
	}
}

// A socket of systemd is open before the daemon is, and so is one that stays open over a restart.
func TestSocketActivation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	four, first := socket(t)
	six, second := socket(t)
	cmd := program(context.Background(), dir, "serve", "--listen", "127.0.0.1:1")
	handOver(t, cmd, "four:six", first, second)
	serveBy(t, cmd)
	for _, ln := range []net.Listener{four, six} {
		eventually(t, 20*time.Second, "the feed is served at "+urlOf(ln), serves(t, urlOf(ln)+"news/rss.xml", "<title>A</title>"))
	}
}

// A descriptor that is no socket is a mistake in the unit, which must be named.
func TestSocketThatIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n")
	_, good := socket(t)
	bad, err := os.Open(filepath.Join(dir, "feedpub.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer bad.Close()
	cmd := program(t.Context(), dir, "serve", "--listen", "127.0.0.1:1")
	handOver(t, cmd, "web:wrong", good, bad)
	out, err := cmd.CombinedOutput()
	if want := `take over the socket "wrong", which must be one of ListenStream=: `; err == nil || !strings.Contains(string(out), want) {
		t.Errorf("got %v, %q, want %q", err, out, want)
	}
}

func TestSocketsOfAnotherProcessAreLeftAlone(t *testing.T) {
	given, err := inheritedSockets([]string{"LISTEN_PID=1", "LISTEN_FDS=3"})
	if err != nil || len(given) != 0 {
		t.Errorf("got %v, %v, want none", given, err)
	}
	if _, err := inheritedSockets([]string{"LISTEN_PID=" + strconv.Itoa(os.Getpid()), "LISTEN_FDS=x"}); err == nil {
		t.Error("a number that is none: got no error")
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	address := strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/")
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml", "<title>A</title>"))
	if out := feedpub(t, dir, 0, "healthcheck", "--listen", address); out != "ok\n" {
		t.Errorf("got %q, want ok", out)
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Process.Wait()
	feedpub(t, dir, exitFailed, "healthcheck", "--listen", address)
}

func TestLogOfTheDaemon(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\nlog: {requests: true}\n", "articles/a.md", "---\ntitle: A\ndate: 2026-03-01\n---\nText.\n")
	s := serve(t, dir)
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml?token=secret", "<title>A</title>"))
	eventually(t, 5*time.Second, "the request is logged", func() bool {
		return strings.Contains(s.log.String(), `"msg":"request","method":"GET","path":"/news/rss.xml","status":200`)
	})
	for _, secret := range []string{"secret", `127.0.0.1:1`} {
		if strings.Contains(strings.ReplaceAll(s.log.String(), s.url, ""), secret) {
			t.Errorf("the log tells %q:\n%s", secret, s.log)
		}
	}
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\nlog: {format: text}\nserve: {listen: \"127.0.0.1:0\"}\n")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := program(ctx, dir, "serve")
	out := new(lockedBuffer)
	cmd.Stderr = writerFunc(func(b []byte) { out.write(string(b)) })
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the log is text", func() bool { return strings.Contains(out.String(), "level=INFO msg=serving") })
	if strings.Contains(out.String(), "msg=request") {
		t.Error("requests are logged though nobody asked for it")
	}
	stop()
	cmd.Wait()
}

type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) { f(b); return len(b), nil }

// What is released is one static file that says which it is.
func TestReleaseBuild(t *testing.T) {
	t.Parallel()
	path := built(t)
	out, err := exec.CommandContext(t.Context(), path, "version").Output()
	if got := string(out); err != nil || got != "feedpub v1.2.3 0123abc\n" {
		t.Errorf("got %q, %v", got, err)
	}
	if runtime.GOOS != "linux" {
		return
	}
	f, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program needs a loader: it is not static")
		}
	}
}

func TestUnitIsHardened(t *testing.T) {
	analyze := needs(t, "systemd-analyze")
	cmd := exec.CommandContext(t.Context(), analyze, "security", "--offline=true", "--no-pager", "--threshold=15", filepath.Join("..", "..", "config", "recipes", "feedpub.service"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// systemd reads the units, and knows each of their keys.
func TestUnitsAreUnderstood(t *testing.T) {
	analyze := needs(t, "systemd-analyze")
	dir := t.TempDir()
	var files []string
	for _, name := range []string{"feedpub.service", "feedpub.socket"} {
		unit, err := os.ReadFile(filepath.Join("..", "..", "config", "recipes", name))
		if err != nil {
			t.Fatal(err)
		}
		writeFiles(t, dir, name, strings.ReplaceAll(string(unit), "/usr/local/bin/feedpub", needs(t, "true")))
		files = append(files, filepath.Join(dir, name))
	}
	cmd := exec.CommandContext(t.Context(), analyze, append([]string{"verify", "--man=no"}, files...)...)
	cmd.Env = append(os.Environ(), "SYSTEMD_UNIT_PATH="+dir+":")
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}
