package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// parseURL reads the absolute address of a page or file.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("%s is no URL", quote(s)) // err may repeat a password
	}
	host, hostErr := asciiHost(u)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s is not an absolute URL; it begins with https:// or http://", quote(u.Redacted()))
	case u.User != nil:
		return nil, fmt.Errorf("%s holds a user name, which every reader of the feed would see", quote(u.Redacted()))
	case hostErr != nil:
		return nil, fmt.Errorf("%s: %w", quote(s), hostErr)
	case strings.Contains(s, "#"):
		return nil, fmt.Errorf("%s has a fragment, which this address must not have", quote(s))
	}
	u.Host = host
	return u, nil
}

// parseBase reads the address of a folder: it ends in a slash, and gets one where it has none.
func parseBase(s string) (*url.URL, error) {
	u, err := parseURL(s)
	if err != nil {
		return nil, err
	}
	if strings.Contains(s, "?") {
		return nil, fmt.Errorf("%s has a query, which this address must not have", quote(s))
	}
	return u.JoinPath("/"), nil
}

// asciiHost is the URL's host and port in ASCII, as feeds must carry it.
func asciiHost(u *url.URL) (string, error) {
	name := u.Hostname()
	if name == "" {
		return "", errors.New("no host")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 && !isLocal(name) {
			return "", fmt.Errorf("%s is no port", port)
		}
	} else if strings.HasSuffix(u.Host, ":") {
		return "", errors.New("no port after the colon")
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return u.Host, nil
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil || strings.Trim(ascii, ".") == "" {
		return "", fmt.Errorf("%s is no host name", quote(name))
	}
	if port := u.Port(); port != "" {
		ascii += ":" + port
	}
	return ascii, nil
}

// isLocal names this machine; its port may still be open (0).
func isLocal(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// parseSwitch reads true or false.
func parseSwitch(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, fmt.Errorf("%s is neither true nor false", quote(s))
	}
	return s == "true", nil
}

// parseListen reads host:port. An empty host is every address of the machine.
func parseListen(s string) (string, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", fmt.Errorf("%s is not host:port, such as 127.0.0.1:8080", quote(s))
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("%s is no port between 0 and 65535", quote(port))
	}
	if _, err := netip.ParseAddr(host); err != nil && host != "" {
		if _, err := idna.Lookup.ToASCII(host); err != nil {
			return "", fmt.Errorf("%s is no host name or IP address", quote(host))
		}
	}
	return s, nil
}

// parseStatus reads the address of the status page.
func parseStatus(s string) (string, error) {
	if s == NoStatus {
		return s, nil
	}
	if _, err := parseListen(s); err != nil {
		return "", fmt.Errorf("%w, or %s", err, NoStatus)
	}
	return s, nil
}

// parseToken reads a secret, which it does not repeat.
func parseToken(s string) (string, error) {
	const least = 16
	switch {
	case len(s) < least:
		return "", fmt.Errorf("shorter than %d characters, and so easy to guess; openssl rand -hex 32 makes a good one", least)
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("holds a space, or a character that is not of ASCII, which not every client can send")
	}
	return s, nil
}

// URL is the address at which a browser on this machine reaches the daemon.
func (s Serve) URL() string { return LocalURL(s.Listen) }

// LocalURL is the address at which a browser on this machine reaches a server that listens at an address.
func LocalURL(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && (addr.IsUnspecified() || addr.Zone() != "") {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

var (
	authorityName = regexp.MustCompile(`^([A-Za-z0-9._-]+@)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
	authorityDate = []string{"2006-01-02", "2006-01", "2006"}
)

// parseAuthority reads what RFC 4151 calls a tagging entity: authority,date.
func parseAuthority(s string) (string, error) {
	name, date, _ := strings.Cut(s, ",")
	if !authorityName.MatchString(name) {
		return "", fmt.Errorf("%s does not begin with a host name or e-mail address; write example.org,2026-01-01", quote(s))
	}
	for _, layout := range authorityDate {
		if t, err := time.Parse(layout, date); err == nil && t.Year() > 0 {
			return s, nil
		}
	}
	return "", fmt.Errorf("%s does not end in a date; write example.org,2026-01-01", quote(s))
}

// defaultAuthority is the authority of a site that names none.
func defaultAuthority(site *url.URL) string {
	host := strings.ToLower(strings.TrimSuffix(site.Hostname(), "."))
	if !authorityName.MatchString(host) { // an IPv6 address
		host = "localhost"
	}
	return host + ",2026-01-01"
}

// parseEmail reads a bare address.
func parseEmail(s string) (string, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", fmt.Errorf("%s is no e-mail address", quote(s))
	}
	return s, nil
}
