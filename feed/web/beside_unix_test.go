//go:build unix

package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"feedpub/feed/audience"
)

// BenchmarkBesideBare is this server beside net/http with a handler that has the same answers in memory: as many rounds as
// -benchtime says (8x), each with both in turn, over connections that stay open. Given are medians of the rounds' ratios: requests
// a second, CPU a request (the clients' too, which is the same for both), and the time that 99 of 100 answers take.
func BenchmarkBesideBare(b *testing.B) {
	p := newSite(b)
	doc := strings.Repeat(rss("News"), 8)[:195_000]
	p.document("news/rss.xml", "application/rss+xml", doc, changed)
	p.publish()
	counter := audience.New(time.Now) // as in the daemon
	s := newServer(b, p.dir, Options{
		MaxAge:   func(string) time.Duration { return time.Hour },
		Answered: func(r *http.Request, a Answer) { counter.Count(r, audience.Answer(a)) },
	})
	etag := ask(s, "GET", "/news/rss.xml").Header().Get("Etag")
	for _, c := range []struct{ name, header string }{
		{"200 gzip", "Accept-Encoding: gzip\r\n"},
		{"200 identity", ""},
		{"304", "If-None-Match: " + etag + "\r\n"},
	} {
		asked, err := http.ReadRequest(bufio.NewReader(strings.NewReader(requestLine + c.header + "\r\n")))
		if err != nil {
			b.Fatal(err)
		}
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, asked)
		bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range answer.Header() {
				w.Header().Set(name, values[0])
			}
			w.WriteHeader(answer.Code)
			w.Write(answer.Body.Bytes())
		})
		for _, connections := range []int{32, 256} {
			b.Run(fmt.Sprintf("%s/%d", c.name, connections), func(b *testing.B) {
				ours := newLoad(b, connections, c.header, func(ctx context.Context, ln net.Listener) { Serve(ctx, ln, s, time.Second) })
				theirs := newLoad(b, connections, c.header, func(ctx context.Context, ln net.Listener) {
					srv := &http.Server{Handler: bare}
					context.AfterFunc(ctx, func() { srv.Close() })
					srv.Serve(ln)
				})
				var rate, cpu, p99 []float64
				for b.Loop() {
					o, t := ours.run(), theirs.run()
					rate, cpu, p99 = append(rate, o.rate/t.rate), append(cpu, o.cpu/t.cpu), append(p99, o.p99/t.p99)
				}
				b.ReportMetric(median(rate), "rate-ratio")
				b.ReportMetric(median(cpu), "cpu-ratio")
				b.ReportMetric(median(p99), "p99-ratio")
			})
		}
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// A load is a server with clients that ask it as fast as it answers.
type load struct {
	b       *testing.B
	request []byte
	size    int // of an answer
	conns   []net.Conn
}

const requestLine = "GET /news/rss.xml HTTP/1.1\r\nHost: example.org\r\nUser-Agent: newsboat/2.32 (Linux x86_64)\r\n"

type pace struct{ rate, cpu, p99 float64 }

func newLoad(b *testing.B, connections int, header string, serve func(context.Context, net.Listener)) *load {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var served sync.WaitGroup
	served.Go(func() { serve(ctx, ln) })
	l := &load{b: b, request: []byte(requestLine + header + "\r\n")}
	for range connections {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		l.conns = append(l.conns, c)
	}
	b.Cleanup(func() {
		for _, c := range l.conns {
			c.Close()
		}
		stop()
		served.Wait()
	})
	l.size = l.measure()
	return l
}

// measure is how many bytes an answer has; all have as many.
func (l *load) measure() int {
	if _, err := l.conns[0].Write(l.request); err != nil {
		l.b.Fatal(err)
	}
	counted := &counter{Reader: l.conns[0]}
	buffered := bufio.NewReader(counted)
	response, err := http.ReadResponse(buffered, nil)
	if err != nil {
		l.b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		l.b.Fatal(err)
	}
	return counted.n
}

type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

// run asks for 300 ms.
func (l *load) run() pace {
	took := make([][]time.Duration, len(l.conns))
	start, cpu := time.Now(), processTime()
	end := start.Add(300 * time.Millisecond)
	var clients sync.WaitGroup
	for i, c := range l.conns {
		clients.Go(func() {
			answer := make([]byte, l.size)
			for at := time.Now(); at.Before(end); {
				if _, err := c.Write(l.request); err != nil {
					l.b.Error(err)
					return
				}
				if _, err := io.ReadFull(c, answer); err != nil {
					l.b.Error(err)
					return
				}
				next := time.Now()
				took[i] = append(took[i], next.Sub(at))
				at = next
			}
		})
	}
	clients.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	n := float64(len(all))
	return pace{n / time.Since(start).Seconds(), (processTime() - cpu).Seconds() / n, all[len(all)*99/100].Seconds()}
}

func processTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // of this process it never fails
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkManyFeeds is the memory of a daemon that serves 1 000 feeds of some 30 kB in three formats, after each was asked
// for in gzip and plain.
func BenchmarkManyFeeds(b *testing.B) {
	p := newSite(b)
	for i := range 1000 {
		for _, name := range []string{"rss.xml", "atom.xml", "feed.json"} {
			p.document(fmt.Sprintf("tag/%d/%s", i, name), "application/rss+xml", rss(fmt.Sprint(i, name)), changed)
		}
	}
	p.publish()
	for b.Loop() {
		s := newServer(b, p.dir, Options{})
		for path := range s.folder.Load().documents {
			for _, coding := range []string{"gzip", "identity"} {
				r := httptest.NewRequest("GET", "/"+path, nil)
				r.Header.Set("Accept-Encoding", coding)
				s.ServeHTTP(httptest.NewRecorder(), r)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapInuse)/(1<<20), "heap-MiB")
		runtime.KeepAlive(s)
	}
}
