package clean

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// URL is ref as it may stand in a feed: resolved against base (nil for none), with scheme http or https, the host
// in punycode and the characters of RFC 3986 only; everything else is percent-encoded. A reference with another
// scheme, without a host, with user info or with control characters is an error.
func URL(ref string, base *url.URL) (string, error) {
	ref = strings.TrimSpace(ref)
	switch {
	case !utf8.ValidString(ref):
		return "", fmt.Errorf("URL %q is not UTF-8", ref)
	case strings.ContainsFunc(ref, isControl):
		return "", fmt.Errorf("URL %q holds a control character", ref)
	}
	u, err := url.Parse(encode(ref))
	if err != nil {
		if e := (*url.Error)(nil); errors.As(err, &e) {
			err = e.Err
		}
		return "", fmt.Errorf("URL %q: %w", ref, err)
	}
	if base != nil {
		u = base.ResolveReference(u)
	} else {
		u = u.ResolveReference(&url.URL{}) // resolves dot segments
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("URL %q is not http or https", ref)
	case u.User != nil:
		return "", fmt.Errorf("URL %q holds user info", ref)
	}
	host, err := asciiHost(u)
	if err != nil {
		return "", fmt.Errorf("URL %q: %w", ref, err)
	}
	u.Host, u.Opaque = host, ""
	if u.Path == "" {
		u.Path = "/"
	}
	return encode(u.String()), nil
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7F && r < 0xA0 }

// hosts is made once: an article may have a hundred thousand addresses.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// asciiHost is the host of u, with its port, as the DNS knows it.
func asciiHost(u *url.URL) (string, error) {
	name, port := u.Hostname(), u.Port()
	if !utf8.ValidString(name) || strings.Contains(name, lost) { // by its escapes
		return "", fmt.Errorf("host %q is not UTF-8", name)
	}
	if strings.Contains(name, ":") { // an IPv6 address; a zone means nothing to readers
		if net.ParseIP(name) == nil {
			return "", fmt.Errorf("%q is no address", name)
		}
		name = "[" + strings.ToLower(name) + "]"
	} else {
		ascii, err := hosts.ToASCII(name)
		if err != nil {
			return "", fmt.Errorf("host %q: %w", name, err)
		}
		name = ascii
	}
	switch {
	case strings.Trim(name, ".") == "" || strings.ContainsAny(name, "%\"<>\\^`{|}"):
		return "", fmt.Errorf("%q is no host", u.Host)
	case len(strings.TrimSuffix(name, ".")) > 253:
		return "", fmt.Errorf("host of %d bytes; the DNS knows at most 253", len(name))
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("host %q: a part of %d bytes between dots; the DNS knows 1 to 63", name, len(label))
		}
	}
	if port != "" {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return "", fmt.Errorf("port %s is above 65535", port)
		}
		name += ":" + port
	}
	return name, nil
}

const hexDigits = "0123456789ABCDEF"

// encode percent-encodes what RFC 3986 does not let stand in a URL, and a percent sign that begins no escape. The
// brackets of an IPv6 host stand, as does the "#" that begins the fragment; the host's letters are left to idna.
func encode(ref string) string {
	start, end := authority(ref)
	if isEncoded(ref[:start]) && isEncoded(ref[end:]) { // most are
		return ref
	}
	var b strings.Builder
	b.Grow(len(ref) + len(ref)/4)
	fragment := false
	for i := 0; i < len(ref); i++ {
		c := ref[i]
		switch {
		case i >= start && i < end:
			b.WriteByte(c)
		case c == '#' && !fragment:
			fragment = true
			b.WriteByte(c)
		case c == '%' && i+2 < len(ref) && isHex(ref[i+1]) && isHex(ref[i+2]), isURL(c):
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}

// authority is where host and port stand in a reference, as [start, end); an empty range where there are none.
func authority(ref string) (start, end int) {
	start = strings.Index(ref, "//")
	if before := strings.IndexAny(ref, "/?#"); start < 0 || before < start || start > 0 && ref[start-1] != ':' {
		return 0, 0
	}
	start += 2
	if n := strings.IndexAny(ref[start:], "/?#"); n >= 0 {
		return start, start + n
	}
	return start, len(ref)
}

// isEncoded says that all of a part of a URL may stand in it, without looking at what does so only in some places.
func isEncoded(s string) bool {
	for i := range len(s) {
		if !isURL(s[i]) {
			return false
		}
	}
	return true
}

func isURL(c byte) bool { return urlBytes[c] }

var urlBytes = func() (is [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?@!$&'()*+,;=") {
		is[c] = true
	}
	return is
}()

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
