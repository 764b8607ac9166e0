package fetch

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

// disguises are hosts that stand for this machine or its network, or try to. The names among them resolve to
// 127.0.0.1, as a system's resolver reads 127.1 and a stranger's DNS answers whatever it likes.
var disguises = []struct {
	host string
	want error // nil where the host is read as none, by net/url or by the resolver
}{
	{"127.0.0.1", ErrRefusedAddress},
	{"127.0.0.3", ErrRefusedAddress},
	{"127.255.255.254", ErrRefusedAddress},
	{"0.0.0.0", ErrRefusedAddress},
	{"10.0.0.1", ErrRefusedAddress},
	{"100.64.0.1", ErrRefusedAddress},
	{"169.254.169.254", ErrRefusedAddress},
	{"172.16.0.1", ErrRefusedAddress},
	{"192.168.0.1", ErrRefusedAddress},
	{"198.18.0.1", ErrRefusedAddress},
	{"224.0.0.1", ErrRefusedAddress},
	{"255.255.255.255", ErrRefusedAddress},

	{"[::]", ErrRefusedAddress},
	{"[::1]", ErrRefusedAddress},
	{"[0:0:0:0:0:0:0:1]", ErrRefusedAddress},
	{"[0000:0000:0000:0000:0000:0000:0000:0001]", ErrRefusedAddress},
	{"[::127.0.0.1]", ErrRefusedAddress},
	{"[::ffff:127.0.0.1]", ErrRefusedAddress},
	{"[::ffff:7f00:1]", ErrRefusedAddress},
	{"[::FFFF:7F00:0001]", ErrRefusedAddress},
	{"[0:0:0:0:0:ffff:127.0.0.1]", ErrRefusedAddress},
	{"[::ffff:0.0.0.0]", ErrRefusedAddress},
	{"[::ffff:0:127.0.0.1]", ErrRefusedAddress},
	{"[64:ff9b::127.0.0.1]", ErrRefusedAddress},
	{"[64:ff9b::7f00:1]", ErrRefusedAddress},
	{"[64:ff9b:1::a00:1]", ErrRefusedAddress},
	{"[2002:7f00:1::]", ErrRefusedAddress},
	{"[2001:0:4136:e378:8000:63bf:80ff:fffe]", ErrRefusedAddress},
	{"[fc00::1]", ErrRefusedAddress},
	{"[fe80::1]", ErrRefusedAddress},
	{"[fe80::1%25lo]", ErrRefusedAddress},
	{"[::1%25lo]", ErrRefusedAddress},
	{"[::1%251]", ErrRefusedAddress},
	{"[::ffff:127.0.0.2%25lo]", ErrRefusedAddress}, // the public address, but for the zone
	{"[ff02::1]", ErrRefusedAddress},

	{"localhost", ErrRefusedAddress},
	{"localhost.", ErrRefusedAddress},
	{"LOCALHOST", ErrRefusedAddress},
	{"localhost.localdomain", ErrRefusedAddress},
	{"127.0.0.1.example.org", ErrRefusedAddress},
	{"loopback.example.org", ErrRefusedAddress},
	{"0x7f.0x0.0x0.0x1", ErrRefusedAddress},
	{"0x7f000001", ErrRefusedAddress},
	{"0x7f.1", ErrRefusedAddress},
	{"0", nil},
	{"1", nil},
	{"127.1", nil},
	{"127.0.1", nil},
	{"0177.0.0.1", nil},
	{"00000177.00.00.01", nil},
	{"2130706433", nil},
	{"017700000001", nil},
	{"127.0.0.1.", nil},
	{"127.0.0.01", nil},

	{"127。0。0。1", ErrRefusedAddress},
	{"127．0．0．1", ErrRefusedAddress},
	{"127｡0｡0｡1", ErrRefusedAddress},
	{"１２７.0.0.1", ErrRefusedAddress},
	{"①②⑦.⓪.⓪.①", ErrRefusedAddress},
	{"ⓛocalhost", ErrRefusedAddress},
	{"127%2e0%2e0%2e1", nil},
	{"%31%32%37.0.0.1", nil},

	{"example.org@127.0.0.1", ErrRefusedURL},
	{"example.org:80@127.0.0.1", ErrRefusedURL},
	{"example.org%20@127.0.0.1", ErrRefusedURL},
	{"127.0.0.1@example.org", ErrRefusedURL},
	{"@127.0.0.1", ErrRefusedURL},
	{"[::1]@[::1]", nil},
	{`127.0.0.1\@example.org`, nil},
	{"127.0.0.1 example.org", nil},
	{"[127.0.0.1]", nil},
	{"::1", nil},
	{"[::1", nil},
	{"[::ffff:127.0.0.1.]", nil},
	{"", nil},
}

func checkRefused(t *testing.T, host string, err, want error) {
	t.Helper()
	switch {
	case err == nil:
		t.Errorf("%q was asked", host)
	case want != nil && !errors.Is(err, want):
		t.Errorf("%q: got %v, want %v", host, err, want)
	}
}

func TestDisguisedDirectly(t *testing.T) {
	inside := listenPrivate(t)
	c := newClient(t, Options{Resolver: always(loopback)})
	for _, d := range disguises {
		_, err := c.Get(t.Context(), "http://"+d.host+":"+inside.port()+"/", Validators{})
		checkRefused(t, d.host, err, d.want)
	}
	if n := inside.connections(t); n != 0 {
		t.Errorf("got %d connections, want none", n)
	}
}

func TestDisguisedByRedirect(t *testing.T) {
	inside := listenPrivate(t)
	var host string
	outside := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "http://"+host+":"+inside.port()+"/")
		w.WriteHeader(http.StatusFound)
	})
	c := newClient(t, Options{Resolver: always(loopback)})
	for _, d := range disguises {
		host = d.host
		_, err := c.Get(t.Context(), outside.URL, Validators{})
		checkRefused(t, d.host, err, d.want)
	}
	if n := inside.connections(t); n != 0 {
		t.Errorf("got %d connections, want none", n)
	}
}

// A name that is public until it has been asked, and private when it is asked again.
func TestDisguisedByRebinding(t *testing.T) {
	inside := listenPrivate(t)
	var rebound atomic.Bool
	outside := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		rebound.Store(true)
		http.Redirect(w, r, "http://feeds.example.org:"+inside.port()+"/", http.StatusFound)
	})
	_, port, _ := strings.Cut(outside.Listener.Addr().String(), ":")
	for _, address := range edges {
		rebound.Store(false)
		c := newClient(t, Options{Resolver: resolve(func() []netip.Addr {
			if rebound.Load() {
				return []netip.Addr{netip.MustParseAddr(address)}
			}
			return []netip.Addr{public}
		})})
		_, err := c.Get(t.Context(), "http://feeds.example.org:"+port+"/", Validators{})
		checkRefused(t, address, err, ErrRefusedAddress)
		if !rebound.Load() {
			t.Fatalf("the public address was not reached: %v", err)
		}
	}
	if n := inside.connections(t); n != 0 {
		t.Errorf("got %d connections, want none", n)
	}
}

// Of the addresses of a name those are taken that may be.
func TestNameWithTwoAddresses(t *testing.T) {
	outside := startPublic(t, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("feed")) })
	_, port, _ := strings.Cut(outside.Listener.Addr().String(), ":")
	c := newClient(t, Options{Resolver: always(netip.IPv6Loopback(), public)})
	r, err := c.Get(t.Context(), "http://feeds.example.org:"+port+"/", Validators{})
	if err != nil || string(r.Body) != "feed" {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestSchemes(t *testing.T) {
	var location string
	outside := startPublic(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusMovedPermanently)
	})
	c := newClient(t, Options{})
	for _, location = range []string{
		"file:///etc/passwd", "FILE:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:6379/_INFO", "unix:///run/docker.sock",
		"data:text/xml,<rss/>", "javascript:alert(1)", "dict://127.0.0.1:11211/stats", "http:127.0.0.1", "https:///etc/passwd", "ws://example.org/",
	} {
		if _, err := c.Get(t.Context(), location, Validators{}); !errors.Is(err, ErrRefusedURL) {
			t.Errorf("%s: got %v, want %v", location, err, ErrRefusedURL)
		}
		if _, err := c.Get(t.Context(), outside.URL, Validators{}); !errors.Is(err, ErrRefusedURL) {
			t.Errorf("redirect to %s: got %v, want %v", location, err, ErrRefusedURL)
		}
	}
}

// A proxy would connect to where the guard does not see it.
func TestProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	proxy := listenPrivate(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:"+proxy.port())
	}
	outside := startPublic(t, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("feed")) })
	_, port, _ := strings.Cut(outside.Listener.Addr().String(), ":")
	c := newClient(t, Options{Resolver: always(public)})
	r, err := c.Get(t.Context(), "http://feeds.example.org:"+port+"/", Validators{})
	if err != nil || string(r.Body) != "feed" {
		t.Errorf("got %v, %v", r, err)
	}
	if n := proxy.connections(t); n != 0 {
		t.Errorf("got %d connections to the proxy, want none", n)
	}
}

// What a URL hides must not come out in an error that is logged.
func TestErrorsKeepPasswords(t *testing.T) {
	_, err := newClient(t, Options{}).Get(t.Context(), "http://user:geheim@example.org/", Validators{})
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
}
