package fetch

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"testing"
)

// edges are the first and the last address of all that is refused, but for what lies inside of a larger range.
var edges = []string{
	"0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
	"127.0.0.0", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255",
	"192.0.0.0", "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.255.255",
	"198.18.0.0", "198.19.255.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255",
	"224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255",
	"::", "::1", "::7f00:1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:0:7f00:1", "::5db8:d822",
	"64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
	"100::", "100::ffff:ffff:ffff:ffff", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	"2001::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:2::1", "2001:10::1", "2001:2f:ffff::", "2001:1ff:ffff::",
	"2001:db8::", "2001:db8:ffff::", "2002::", "2002:7f00:1::", "2002:c0a8:101::1", "3fff::", "3fff:fff:ffff::",
	"4000::", "5f00::", "7fff::", "8000::", "fc00::", "fdff:ffff::1", "fe80::", "fe80::1", "febf::", "fec0::", "feff::",
	"ff00::", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
}

func TestNotPublic(t *testing.T) {
	for _, s := range edges {
		if notPublic(netip.MustParseAddr(s)) == "" {
			t.Errorf("%s passes for a public address", s)
		}
	}
	for _, s := range []string{
		"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		"169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0",
		"192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255",
		"198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "::ffff:1.1.1.1",
		"2000::", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::", "2001:db9::", "2001:ffff::", "2003::",
		"2606:4700::1111", "3ffe:ffff::", "3fff:1000::",
	} {
		if what := notPublic(netip.MustParseAddr(s)); what != "" {
			t.Errorf("%s is refused as %s", s, what)
		}
	}
	if notPublic(netip.Addr{}) == "" {
		t.Error("no address at all passes for a public one")
	}
}

func TestControl(t *testing.T) {
	allow := addressGuard{
		networks: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32"), netip.MustParsePrefix("fe80::/10")},
		ports:    []netip.AddrPort{netip.MustParseAddrPort("10.3.0.1:8080"), netip.MustParseAddrPort("1.1.1.1:81")},
	}
	for _, c := range []struct{ address, complaint string }{
		{"1.1.1.1:80", ""},
		{"1.1.1.1:443", ""},
		{"1.1.1.1:1024", ""},
		{"[2606:4700::1111]:65535", ""},
		{"10.1.2.3:80", ""},
		{"10.1.2.3:25", ""}, // who allows a network answers for its ports
		{"[::ffff:10.1.2.3]:80", ""},
		{"[fd00:1::2]:8080", ""},
		{"10.3.0.1:8080", ""},
		{"[::ffff:10.3.0.1]:8080", ""},
		{"1.1.1.1:81", ""},

		{"1.1.1.1:0", "port 0 of 1.1.1.1 is not for the web; to reach it, add 1.1.1.1 to network.allow"},
		{"1.1.1.1:25", "port 25 of 1.1.1.1 is not for the web"},
		{"10.3.0.1:8081", "10.3.0.1:8081 is in a private network"}, // whose neighbour alone is allowed
		{"10.3.0.2:8080", "10.3.0.2:8080 is in a private network"},
		{"1.1.1.1:82", "port 82 of 1.1.1.1 is not for the web"},
		{"[::ffff:1.1.1.1]:22", "port 22 of 1.1.1.1 is not for the web"},
		{"1.1.1.1:1023", "port 1023"},
		{"10.2.0.1:80", "10.2.0.1:80 is in a private network; to reach it, add 10.2.0.1 to network.allow"},
		{"[::ffff:10.2.0.1]:80", "is in a private network; to reach it, add 10.2.0.1 to network.allow"},
		{"[64:ff9b::a01:1]:80", "is an IPv4 address behind NAT64"}, // although 10.1.0.1 is allowed
		{"[fe80::1%eth0]:80", "is an address of one interface"},
		{"[fe80::1%25eth0]:80", "is an address of one interface"},
		{"[::ffff:10.1.2.3%1]:80", "is an address of one interface"},
		{"127.0.0.1", "is no address and port"},
		{"127.1:80", "is no address and port"},
		{"localhost:80", "is no address and port"},
		{"@/tmp/socket", "is no address and port"},
		{"", "is no address and port"},
	} {
		t.Run(c.address, func(t *testing.T) {
			err := allow.control("tcp", c.address, nil)
			if (err == nil) != (c.complaint == "") || err != nil && !strings.Contains(err.Error(), c.complaint) {
				t.Errorf("got %v, want %q", err, c.complaint)
			}
			if err != nil && !errors.Is(err, ErrRefusedAddress) {
				t.Errorf("%v is no ErrRefusedAddress", err)
			}
		})
	}
}

// FuzzRefused holds the list against what netip knows: no private IPv4 address passes, however it is put into an
// IPv6 address, and no text makes the check panic.
func FuzzRefused(f *testing.F) {
	for _, s := range edges {
		a := netip.MustParseAddr(s).Unmap()
		b := a.As16()
		f.Add(binary.BigEndian.Uint32(b[12:]), binary.BigEndian.Uint64(b[8:]), netip.AddrPortFrom(a, 80).String())
	}
	f.Add(uint32(0x7f000001), uint64(1), "[::1%lo]:80")
	f.Fuzz(func(t *testing.T, v4 uint32, rest uint64, address string) {
		addressGuard{}.control("tcp", address, nil)

		var four [4]byte
		binary.BigEndian.PutUint32(four[:], v4)
		a := netip.AddrFrom4(four)
		private := a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified()
		if private && notPublic(a) == "" {
			t.Errorf("%s passes for a public address", a)
		}
		if mapped := netip.AddrFrom16(a.As16()); notPublic(mapped) != notPublic(a) {
			t.Errorf("%s is %q, but %s is %q", mapped, notPublic(mapped), a, notPublic(a))
		}
		for _, b := range embedded(v4, rest) {
			if notPublic(netip.AddrFrom16(b)) == "" {
				t.Errorf("%s passes for a public address", netip.AddrFrom16(b))
			}
		}
	})
}

// embedded gives the IPv6 addresses that stand for v4, other than the mapped one, with rest where they leave room.
func embedded(v4 uint32, rest uint64) [][16]byte {
	form := func(high, low uint64) (b [16]byte) {
		binary.BigEndian.PutUint64(b[:], high)
		binary.BigEndian.PutUint64(b[8:], low)
		return b
	}
	v := uint64(v4)
	return [][16]byte{
		form(0, v),                                                            // IPv4-compatible
		form(0, 0xffff_0000_0000_0000|v),                                      // IPv4-translated
		form(0x0064_ff9b_0000_0000, v),                                        // NAT64
		form(0x0064_ff9b_0001_0000, v),                                        // NAT64 with a prefix of 96 bits
		form(0x0064_ff9b_0001_0000|v>>16, v),                                  // and of 48
		form(0x2002_0000_0000_0000|v<<16, rest),                               // 6to4
		form(0x2001_0000_0000_0000|v, rest),                                   // Teredo, the server
		form(0x2001_0000_0000_0000|rest&0xffff_ffff, rest<<32|^v&0xffff_ffff), // Teredo, the client, inverted
	}
}
