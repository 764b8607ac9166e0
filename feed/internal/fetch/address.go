package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// ErrRefusedAddress means that a request would have left the public web: for this machine, for its network, or for
// a service that is no web server. The error names the address and what to do where that is wanted.
var ErrRefusedAddress = errors.New("address refused")

// An addressGuard lets connections go to the public internet, and to the networks and the single ports in it.
type addressGuard struct {
	networks []netip.Prefix
	ports    []netip.AddrPort
}

// control is a [net.Dialer]'s Control: it sees the address that is about to be connected to, after every redirect
// and every name lookup. So it does not matter how an address was written, nor what a name meant a moment ago.
func (allow addressGuard) control(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %q is no address and port", ErrRefusedAddress, address)
	}
	return allow.check(target)
}

// check refuses addresses that are not public, and the ports below 1024 that are not the web's: a feed has no
// business with a mail server. Neither binds a network or a port that is allowed.
func (allow addressGuard) check(target netip.AddrPort) error {
	addr, port := target.Addr(), target.Port()
	if addr.Zone() != "" {
		return fmt.Errorf("%w: %s is an address of one interface; use one that is routed", ErrRefusedAddress, target)
	}
	addr = addr.Unmap()
	for _, network := range allow.networks {
		if network.Contains(addr) {
			return nil
		}
	}
	if slices.Contains(allow.ports, netip.AddrPortFrom(addr, port)) {
		return nil
	}
	if what := notPublic(addr); what != "" {
		return fmt.Errorf("%w: %s is %s; to reach it, add %s to network.allow", ErrRefusedAddress, target, what, addr)
	}
	if port < 1024 && port != 80 && port != 443 {
		return fmt.Errorf("%w: port %d of %s is not for the web; to reach it, add %s to network.allow",
			ErrRefusedAddress, port, addr, addr)
	}
	return nil
}

// IsPublic tells whether an address is one of the public internet.
func IsPublic(addr netip.Addr) bool { return notPublic(addr) == "" }

// notPublic says what keeps addr from being a public address, "" when nothing does.
func notPublic(addr netip.Addr) string {
	addr = addr.Unmap() // ::ffff:127.0.0.1 connects to 127.0.0.1
	for _, s := range special {
		if s.network.Contains(addr) {
			return s.what
		}
	}
	if !addr.IsValid() {
		return "no address"
	}
	return ""
}

// special holds what is not the public internet, by the registries of special-purpose addresses
// (https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry) and, at the end, all of
// IPv6 that is not assigned for unicast. The IPv6 ranges that carry an IPv4 address are refused whole, whatever
// they carry: no server lives there. A network's own NAT64 prefix cannot be told from other addresses.
var special = []struct {
	network netip.Prefix
	what    string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this machine"},
	{netip.MustParsePrefix("10.0.0.0/8"), "in a private network"},
	{netip.MustParsePrefix("100.64.0.0/10"), "in a provider's inner network"},
	{netip.MustParsePrefix("127.0.0.0/8"), "this machine"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "in a private network"},
	{netip.MustParsePrefix("192.0.0.0/24"), "reserved for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "for documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a 6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "in a private network"},
	{netip.MustParsePrefix("198.18.0.0/15"), "for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "for documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"}, // and broadcast

	{netip.MustParsePrefix("::/128"), "this machine"},
	{netip.MustParsePrefix("::1/128"), "this machine"},
	{netip.MustParsePrefix("::/96"), "an IPv4-compatible address"},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "an IPv4-translated address"},
	{netip.MustParsePrefix("64:ff9b::/96"), "an IPv4 address behind NAT64"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "an IPv4 address behind NAT64"},
	{netip.MustParsePrefix("100::/64"), "discard-only"},
	{netip.MustParsePrefix("2001::/32"), "a Teredo tunnel"},
	{netip.MustParsePrefix("2001:10::/28"), "an ORCHID, not an address"},
	{netip.MustParsePrefix("2001:20::/28"), "an ORCHID, not an address"},
	{netip.MustParsePrefix("2001::/23"), "reserved for protocols"},
	{netip.MustParsePrefix("2001:db8::/32"), "for documentation"},
	{netip.MustParsePrefix("2002::/16"), "a 6to4 tunnel"},
	{netip.MustParsePrefix("3fff::/20"), "for documentation"},
	{netip.MustParsePrefix("5f00::/16"), "a segment routing identifier"},
	{netip.MustParsePrefix("fc00::/7"), "in a private network"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("fec0::/10"), "site-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
	{netip.MustParsePrefix("::/3"), "not assigned for unicast"},
	{netip.MustParsePrefix("4000::/2"), "not assigned for unicast"},
	{netip.MustParsePrefix("8000::/1"), "not assigned for unicast"},
}
