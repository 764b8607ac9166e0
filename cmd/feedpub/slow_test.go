//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// What slow clients may cost the daemon, and what the others may notice of them.
const (
	slowKept    = 10 * time.Second      // how long it may keep them
	slowMemory  = 56 << 20              // bytes that it may hold in memory, beside the program itself
	othersWait  = 50 * time.Millisecond // which 99 of 100 answers to another reader may take
	busyMachine = 10 * time.Second      // for a machine that is busy with other tests
)

// Clients that send their headers byte by byte, and clients that take a document byte by byte, come all at once. They
// are dropped, and neither memory nor the other readers' waiting grows with them.
func TestSlowClients(t *testing.T) {
	long(t)
	const each = 2000
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < uint64(3*each) {
		t.Skipf("the limit of open files, %d, is too low for %d connections", limit.Cur, 2*each)
	}
	dir := t.TempDir()
	longSite(t, dir)
	cmd := program(context.Background(), dir, "serve", "--listen", "127.0.0.1:0")
	cmd.Path, cmd.Args[0] = built(t), "feedpub"
	s := serveBy(t, cmd)
	pid := s.cmd.Process.Pid
	eventually(t, 20*time.Second, "the feed is served", serves(t, s.url+"news/rss.xml", "Article 0"))
	address := strings.Trim(strings.TrimPrefix(s.url, "http://"), "/")
	http.DefaultClient.CloseIdleConnections()
	before := sockets(t, pid)
	alone := p99Of(t, s.url+"news/rss.xml")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	other := watchOther(ctx, s.url+"news/rss.xml")
	var came atomic.Int64
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop()
	for range each {
		wg.Go(func() { trickle(ctx, &came, address, "GET /news/rss.xml HTTP/1.1\r\nHost: x\r\nX-Slow: ", true) })
		wg.Go(func() { trickle(ctx, &came, address, "GET /news/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n", false) })
	}
	eventually(t, busyMachine, "the slow clients have come", func() bool { return came.Load() == int64(2*each) })
	began, memory := time.Now(), 0
	eventually(t, slowKept+busyMachine, "the slow clients are dropped", func() bool {
		memory = max(memory, resident(t, pid))
		return sockets(t, pid)-before <= 2 // the other reader's
	})
	took := time.Since(began)
	stop()
	p99 := <-other
	t.Logf("%d slow connections, dropped after %v; memory %d MiB; p99 of the others %v, before %v", 2*each, took, memory>>20, p99, alone)
	if p99 > othersWait+4*alone {
		t.Errorf("99 of 100 other answers came within %v, want %v", p99, othersWait)
	}
	if memory > slowMemory {
		t.Errorf("the daemon held %d MiB in memory, want at most %d", memory>>20, slowMemory>>20)
	}
}

// longSite is a site with a document that no socket's buffers take in whole.
func longSite(t *testing.T, dir string) {
	t.Helper()
	writeFiles(t, dir, "feedpub.yaml", "site: {title: Site, url: \"https://example.org/\"}\nschedule: \"@yearly\"\n")
	for n := range 10 {
		writeFiles(t, dir, fmt.Sprintf("articles/a%d.md", n),
			fmt.Sprintf("---\ntitle: Article %d\ndate: 2026-03-01\n---\n%s\n", n, strings.Repeat("Some words of it. ", 2500)))
	}
}

// trickle connects, says the beginning of a request, and then sends or takes one byte a time until it is cut off.
func trickle(ctx context.Context, came *atomic.Int64, address, begin string, send bool) {
	d := net.Dialer{Control: smallBuffer}
	c, err := d.DialContext(ctx, "tcp", address)
	came.Add(1)
	if err != nil {
		return // it is cut off already
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if _, err := io.WriteString(c, begin); err != nil {
		return
	}
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil && err == nil {
		if send {
			_, err = c.Write([]byte("x"))
		} else {
			_, err = c.Read(make([]byte, 1))
		}
		<-tick.C
	}
}

// smallBuffer gives a socket the buffer of a client that means to be slow.
func smallBuffer(_, _ string, c syscall.RawConn) error {
	return c.Control(func(fd uintptr) { syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
}

// watchOther asks again and again, on new connections as readers do, until ctx ends. It gives the time within which 99
// of 100 answers came.
func watchOther(ctx context.Context, url string) <-chan time.Duration {
	done := make(chan time.Duration, 1)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	go func() {
		var waits []time.Duration
		for ctx.Err() == nil {
			began := time.Now()
			r, err := client.Get(url)
			wait := time.Since(began)
			if err != nil {
				wait = time.Hour
			} else {
				io.Copy(io.Discard, r.Body)
				r.Body.Close()
			}
			waits = append(waits, wait)
			time.Sleep(5 * time.Millisecond)
		}
		slices.Sort(waits)
		done <- waits[len(waits)*99/100]
	}()
	return done
}

// p99Of is the same on a daemon that is left alone: what the machine makes of it.
func p99Of(t *testing.T, url string) time.Duration {
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
	defer stop()
	return <-watchOther(ctx, url)
}

// sockets is how many sockets a process has open.
func sockets(t *testing.T, pid int) (n int) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if to, err := os.Readlink(filepath.Join(dir, f.Name())); err == nil && strings.HasPrefix(to, "socket:") {
			n++
		}
	}
	return n
}

// resident is how many bytes of a process are in memory, without the program itself, whose pages the kernel may take back.
func resident(t *testing.T, pid int) (bytes int) {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if n, _ := fmt.Sscanf(lines.Text(), "RssAnon: %d kB", &bytes); n == 1 {
			return bytes << 10
		}
	}
	t.Fatal("no RssAnon")
	return 0
}
