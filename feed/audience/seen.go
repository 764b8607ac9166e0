package audience

import (
	"hash/maphash"
	"math/bits"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
)

// A seen knows, of most, who asked for a feed a short while ago, so that one who asks a thousand times a second is looked
// at once. It forgets all of them when anew is called.
type seen struct {
	seed  maphash.Seed
	round atomic.Uint64
	slots [1 << 14]atomic.Uint64
}

const mixing = 0x9e3779b97f4a7c15 // odd, and without a pattern in its bits

func (s *seen) anew() { s.round.Add(1) }

// first says that the client may not have been seen, with this User-Agent and at this feed.
func (s *seen) first(r *http.Request, a Answer) bool {
	sum := s.round.Load()
	mix := func(text string) { sum = bits.RotateLeft64(sum, 23)*mixing ^ maphash.String(s.seed, text) }
	mix(a.Feed)
	mix(a.Format)
	mix(peer(r))
	for _, value := range r.Header["X-Forwarded-For"] {
		mix(value)
	}
	for _, value := range r.Header["User-Agent"] {
		mix(value)
	}
	slot := &s.slots[sum%uint64(len(s.slots))]
	return slot.Load() != sum && slot.Swap(sum) != sum
}

// peer is the address that the request came from, without its port.
func peer(r *http.Request) string {
	return r.RemoteAddr[:max(strings.LastIndexByte(r.RemoteAddr, ':'), 0)]
}

// address is the client's, as far as it tells clients apart. Where a server of this machine or network hands requests on,
// it is what that server says. Of IPv6 it is the network: a client has as many addresses there as it wants.
func address(r *http.Request) string {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	addr, err := netip.ParseAddr(host)
	if err != nil { // a Unix socket
		addr = netip.IPv6LinkLocalAllNodes()
		host = ""
	}
	if forwarded := r.Header["X-Forwarded-For"]; len(forwarded) > 0 && (host == "" || addr.IsLoopback() || addr.IsPrivate()) {
		last := forwarded[len(forwarded)-1]
		last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
		if told, err := netip.ParseAddr(last); err == nil {
			addr = told
		}
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		network, _ := addr.Prefix(64) // 64 is never too long
		addr = network.Addr()
	}
	return addr.String()
}
