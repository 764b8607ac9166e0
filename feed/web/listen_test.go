package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A pipeListener hands out pipes, so that a bubble's clock rules every wait.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { close(l.closed); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	l.conns <- server
	synctest.Wait() // until it has its place
	return client
}

// serving runs h behind the limits in a bubble for as long as test runs, and checks that Serve then ends well.
func serving(t *testing.T, limits limits, h http.HandlerFunc, test func(t *testing.T, ln *pipeListener)) {
	synctest.Test(t, func(t *testing.T) {
		ln, ended := newPipeListener(), make(chan error)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { ended <- limits.serve(ctx, ln, h, time.Minute) }()
		test(t, ln)
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: got %v, want nil", err)
		}
	})
}

// cutAfter says how long the server keeps a connection on which the client reads nothing but its end.
func cutAfter(t *testing.T, c net.Conn) time.Duration {
	t.Helper()
	began := time.Now()
	if _, err := io.Copy(io.Discard, c); err != nil {
		t.Fatal(err)
	}
	return time.Since(began)
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }

func TestSlowClientsDropped(t *testing.T) {
	for _, c := range []struct {
		name, sent string
		want       time.Duration
	}{
		{"says nothing", "", 5 * time.Second},
		{"never ends its headers", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", 5 * time.Second},
		{"never sends its body", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", 8 * time.Second},
		{"asks no more", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 75 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			serving(t, publicLimits(), hello, func(t *testing.T, ln *pipeListener) {
				conn := ln.dial()
				defer conn.Close()
				if _, err := io.WriteString(conn, c.sent); err != nil {
					t.Fatal(err)
				}
				if got := cutAfter(t, conn); got < c.want || got > c.want+time.Second {
					t.Errorf("got cut after %v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestSlowReaders(t *testing.T) {
	const size = 1 << 20
	body := strings.Repeat("x", size)
	var failed time.Duration // when the answer could not be written
	answer := func(w http.ResponseWriter, _ *http.Request) {
		began := time.Now()
		if _, err := io.WriteString(w, body); err != nil {
			failed = time.Since(began)
		}
	}
	ask := func(t *testing.T, ln *pipeListener) net.Conn {
		conn := ln.dial()
		if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	serving(t, publicLimits(), answer, func(t *testing.T, ln *pipeListener) {
		conn := ask(t, ln)
		defer conn.Close()
		time.Sleep(time.Minute) // reads nothing
		synctest.Wait()
		if failed != 8*time.Second {
			t.Errorf("got a reader that takes nothing dropped after %v, want 8s", failed)
		}
	})
	failed = 0
	serving(t, publicLimits(), answer, func(t *testing.T, ln *pipeListener) {
		conn := ask(t, ln)
		defer conn.Close()
		read := 0
		for b := make([]byte, piece); ; time.Sleep(5 * time.Second) {
			n, err := io.ReadFull(conn, b)
			read += n
			if err != nil {
				break
			}
		}
		if failed != 0 || read < size {
			t.Errorf("got a reader that is slow dropped after %d bytes and %v", read, failed)
		}
	})
}

func TestHeaderLimit(t *testing.T) {
	for size, want := range map[int]string{15 << 10: "200", 17 << 10: "431"} {
		serving(t, publicLimits(), hello, func(t *testing.T, ln *pipeListener) {
			conn := ln.dial()
			defer conn.Close()
			go io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: "+strings.Repeat("x", size)+"\r\n\r\n")
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.Contains(line, want) {
				t.Errorf("%d bytes of headers: got %q, %v, want %s", size, line, err, want)
			}
		})
	}
}

// Who comes when there is no room takes the place of the slowest, and waits a moment for it where all came just now.
func TestConnectionLimit(t *testing.T) {
	l := publicLimits()
	l.connections = 2
	serving(t, l, hello, func(t *testing.T, ln *pipeListener) {
		first := ln.dial()
		time.Sleep(time.Second)
		second := ln.dial()
		defer second.Close()
		answer(t, first) // so the second is now the one that has done nothing for longest
		third := ln.dial()
		defer third.Close()
		if got := cutAfter(t, second); got != l.patience {
			t.Errorf("got the silent one cut after %v, want %v", got, l.patience)
		}
		answer(t, first)
		answer(t, third)

		time.Sleep(time.Second)
		ended := time.Now()
		fourth := ln.dial()
		defer fourth.Close()
		answer(t, fourth)
		if got := time.Since(ended); got != 0 {
			t.Errorf("got an answer after %v, want it at once: two were idle", got)
		}
		if got := cutAfter(t, first); got != 0 {
			t.Errorf("got the one that was idle for longest cut after %v", got)
		}
		answer(t, third)
		third.Close() // whoever leaves makes room
		fifth := ln.dial()
		defer fifth.Close()
		answer(t, fifth)
		answer(t, fourth)
	})
}

// answer asks on a connection, and reads the answer.
func answer(t *testing.T, c net.Conn) {
	t.Helper()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r.Body); err != nil || string(b) != "hello" {
		t.Fatalf("got %q, %v, want hello", b, err)
	}
	synctest.Wait()
}

func TestServeDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for grace, want := range map[time.Duration]error{10 * time.Second: nil, time.Second: context.DeadlineExceeded} {
			ln, ended := newPipeListener(), make(chan error)
			ctx, cancel := context.WithCancel(t.Context())
			slow := func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(3 * time.Second)
				io.WriteString(w, "answered")
			}
			go func() { ended <- Serve(ctx, ln, http.HandlerFunc(slow), grace) }()
			conn := ln.dial()
			io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			answer := make(chan string)
			go func() { b, _ := io.ReadAll(conn); answer <- string(b) }()
			synctest.Wait()
			cancel()
			if got := strings.HasSuffix(<-answer, "answered"); got != (want == nil) {
				t.Errorf("grace %v: got answered %v", grace, got)
			}
			if err := <-ended; !errors.Is(err, want) {
				t.Errorf("grace %v: got %v, want %v", grace, err, want)
			}
			conn.Close()
			time.Sleep(5 * time.Second) // the handler that was cut off
		}
	})
}
