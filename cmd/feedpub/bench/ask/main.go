//go:build linux

// Command ask asks a server for one document over some connections, again as soon as it is answered, and prints how many answers
// came in a second and within how many milliseconds 99 of 100 of them did. The system throws the answers away, where wrk copies
// each in pieces of 8 KiB: with documents of 195 kB that takes as long as to serve them, and what is measured is wrk.
//
//	ask -connections 32 -for 2s -header "Accept-Encoding: gzip" 127.0.0.1:8080 /news/rss.xml
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	log.SetFlags(0)
	connections := flag.Int("connections", 32, "over how many")
	duration := flag.Duration("for", 2*time.Second, "how `long`")
	header := flag.String("header", "Accept-Encoding: identity", "of the requests")
	flag.Parse()
	address, path := flag.Arg(0), flag.Arg(1)
	request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: newsboat/2.32 (Linux x86_64)\r\n%s\r\n\r\n", path, address, *header)
	l := load{request: []byte(request)}
	if err := l.open(address, *connections); err != nil {
		log.Fatal(err)
	}
	if err := l.run(*duration); err != nil {
		log.Fatal(err)
	}
	slices.Sort(l.took)
	p99 := l.took[len(l.took)*99/100]
	fmt.Printf("%.0f %.2f\n", float64(len(l.took))/duration.Seconds(), p99.Seconds()*1e3)
}

// A load is clients of a server.
type load struct {
	request []byte
	size    int // of an answer with its head; all have as many
	poll    int // the system's, of which connections have something to read
	clients map[int32]*client
	took    []time.Duration // each answer
}

// A client waits for an answer.
type client struct {
	since time.Time
	left  int // bytes of it that did not come yet
}

// open opens the connections, and finds out by one more how long an answer is.
func (l *load) open(address string, connections int) (err error) {
	if l.size, err = measure(address, l.request); err != nil {
		return err
	}
	at, err := net.ResolveTCPAddr("tcp4", address)
	if err != nil {
		return err
	}
	if l.poll, err = unix.EpollCreate1(0); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	l.clients = make(map[int32]*client, connections)
	for range connections {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err != nil {
			return fmt.Errorf("socket: %w", err)
		}
		if err := unix.Connect(fd, &unix.SockaddrInet4{Port: at.Port, Addr: [4]byte(at.IP.To4())}); err != nil {
			return fmt.Errorf("connect to %s: %w", address, err)
		}
		if err := unix.EpollCtl(l.poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
			return fmt.Errorf("epoll: %w", err)
		}
		l.clients[int32(fd)] = &client{}
	}
	return nil
}

// measure is how many bytes an answer has: what comes until nothing does.
func measure(address string, request []byte) (size int, err error) {
	c, err := net.Dial("tcp4", address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	begin, b := "", make([]byte, 64<<10)
	for {
		c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		n, err := c.Read(b)
		if size == 0 {
			begin, _, _ = strings.Cut(string(b[:n]), "\r\n")
		}
		size += n
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && (strings.HasSuffix(begin, " 200 OK") || strings.HasSuffix(begin, " 304 Not Modified")):
			return size, nil
		case err != nil:
			return 0, fmt.Errorf("%s answers %q: %w", address, begin, err)
		}
	}
}

// run has all clients ask for so long, and waits for the last answers: were one of another length, one would not end there.
func (l *load) run(duration time.Duration) error {
	now := time.Now()
	end := now.Add(duration)
	for fd, c := range l.clients {
		if err := l.ask(fd, c, now); err != nil {
			return err
		}
	}
	ready := make([]unix.EpollEvent, len(l.clients))
	for waiting := len(l.clients); waiting > 0; {
		n, err := unix.EpollWait(l.poll, ready, int(patience.Milliseconds()))
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return fmt.Errorf("epoll: %w", err)
		case n == 0:
			return fmt.Errorf("no answer within %v", patience)
		}
		for _, event := range ready[:n] {
			c := l.clients[event.Fd]
			if err := c.read(event.Fd); err != nil {
				return err
			}
			if c.left > 0 {
				continue
			}
			now := time.Now()
			l.took = append(l.took, now.Sub(c.since))
			if now.After(end) {
				waiting--
			} else if err := l.ask(event.Fd, c, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// patience is how long a server may not answer anybody.
const patience = 5 * time.Second

func (l *load) ask(fd int32, c *client, now time.Time) error {
	if _, err := unix.Write(int(fd), l.request); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	c.since, c.left = now, l.size
	return nil
}

var nowhere [1 << 20]byte // nothing is written to it

// read takes what there is of an answer.
func (c *client) read(fd int32) error {
	if c.left == 0 {
		return errors.New("answers differ in their length")
	}
	n, _, err := unix.Recvfrom(int(fd), nowhere[:min(c.left, len(nowhere))], unix.MSG_DONTWAIT|unix.MSG_TRUNC) // see tcp(7)
	switch {
	case errors.Is(err, unix.EAGAIN):
		return nil
	case err != nil:
		return fmt.Errorf("read an answer: %w", err)
	case n == 0:
		return errors.New("the server closed a connection")
	}
	c.left -= n
	return nil
}
