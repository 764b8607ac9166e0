package fetch

import (
	"context"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// The public web of the tests is 127.0.0.2, the only address that their clients may go to; everything else on this
// machine stands for what strangers must not reach.
var public = netip.MustParseAddr("127.0.0.2")

// newPublic serves h on the public address.
func newPublic(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(public.String(), "0"))
	if err != nil {
		t.Skipf("the system has no %s: %v", public, err)
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // that a client turned away is what is tested
	t.Cleanup(s.Close)
	return s
}

func startPublic(t *testing.T, h http.HandlerFunc) *httptest.Server {
	s := newPublic(t, h)
	s.Start()
	return s
}

// newClient makes a client that may go to the public address, and has no patience.
func newClient(t *testing.T, o Options) *Client {
	o.Allow = append(o.Allow, netip.PrefixFrom(public, public.BitLen()))
	if o.StepTimeout == 0 {
		o.StepTimeout = 2 * time.Second
	}
	c := New(o)
	t.Cleanup(c.HTTP().CloseIdleConnections)
	return c
}

var loopback = netip.MustParseAddr("127.0.0.1")

// A private listens on every address of this machine, and answers nobody.
type private struct{ net.Listener }

func listenPrivate(t *testing.T) private {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return private{l}
}

func (p private) port() string {
	_, port, _ := net.SplitHostPort(p.Addr().String())
	return port
}

// connections counts who has connected up to now: those that come out of the queue before a connection of ours.
func (p private) connections(t *testing.T) int {
	t.Helper()
	own, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", p.port()))
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	for n := 0; ; n++ {
		c, err := p.Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		if c.RemoteAddr().String() == own.LocalAddr().String() {
			return n
		}
	}
}

// resolve makes a resolver by which every name has the addresses that answer gives.
func resolve(answer func() []netip.Addr) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go serveDNS(ours, answer)
		return theirs, nil
	}}
}

// always makes a resolver by which every name has these addresses.
func always(addresses ...netip.Addr) *net.Resolver {
	return resolve(func() []netip.Addr { return addresses })
}

// serveDNS answers the questions that come over c, as DNS over TCP has them.
func serveDNS(c net.Conn, answer func() []netip.Addr) {
	defer c.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(c, message); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(message); err != nil {
			return
		}
		m.Response, m.Additionals = true, nil
		for _, a := range answer() {
			m.Answers = append(m.Answers, records(m.Questions[0], a)...)
		}
		message, err := m.Pack()
		if err != nil {
			return
		}
		c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...))
	}
}

// records holds a, if that is of the kind that q asks for.
func records(q dnsmessage.Question, a netip.Addr) []dnsmessage.Resource {
	header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
	switch {
	case q.Type == dnsmessage.TypeA && a.Is4():
		return []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: a.As4()}}}
	case q.Type == dnsmessage.TypeAAAA && a.Is6():
		return []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}}}
	}
	return nil
}
