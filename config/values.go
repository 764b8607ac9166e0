package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/language"
)

// parseLine reads text for people: one line, without control characters.
func parseLine(s string) (string, error) {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return "", errors.New("no text")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return "", fmt.Errorf("%s holds a control or replacement character", quote(s))
	}
	return s, nil
}

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

// listenURL is the address at which a browser on this machine reaches a server that listens at s.
func listenURL(s string) string {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return ""
	}
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && (addr.IsUnspecified() || addr.Zone() != "") {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}

// parseLanguage reads a BCP 47 tag and gives it its usual spelling.
func parseLanguage(s string) (string, error) {
	tag, err := language.Parse(s)
	if err != nil || tag == language.Und {
		return "", fmt.Errorf("%s is no language tag of BCP 47, such as en or pt-BR", quote(s))
	}
	return tag.String(), nil
}

// parseTimezone reads an IANA name. The machine's own zone ("Local") is none: the same configuration is to give the
// same dates everywhere.
func parseTimezone(s string) (*time.Location, error) {
	if s != "" && s != "Local" {
		if loc, err := time.LoadLocation(s); err == nil {
			return loc, nil
		}
	}
	return nil, fmt.Errorf("%s is no known time zone, such as UTC or Europe/Berlin", quote(s))
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

var placeholder = regexp.MustCompile(`:[A-Za-z_]+`)

// parsePermalink reads the pattern of articles' paths.
func parsePermalink(s string) (string, error) {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") {
		return "", fmt.Errorf("%s is no path: it begins with one slash", quote(s))
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) || strings.ContainsRune(`\?#<>"`, r) }) {
		return "", fmt.Errorf("%s holds a character that no path has", quote(s))
	}
	known := []string{":slug", ":path", ":year", ":month", ":day"}
	distinct := false
	for _, p := range placeholder.FindAllString(s, -1) {
		if !contains(known, p) {
			return "", errors.New(unknown("placeholder "+p, known, p))
		}
		distinct = distinct || p == ":slug" || p == ":path"
	}
	if !distinct {
		return "", fmt.Errorf("%s holds neither :slug nor :path: all articles would have one address", quote(s))
	}
	return s, nil
}

// parseEmail reads a bare address.
func parseEmail(s string) (string, error) {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", fmt.Errorf("%s is no e-mail address", quote(s))
	}
	return s, nil
}

const day = 24 * time.Hour

var longUnits = regexp.MustCompile(`^(?:(\d{1,4})w)?(?:(\d{1,4})d)?(.*)$`)

// parseTerm reads a duration of Go's units, d and w: 14d, 2w, 1d12h. At most 3650 days.
func parseTerm(s string) (time.Duration, error) {
	parts := longUnits.FindStringSubmatch(s)
	if parts != nil {
		weeks, _ := strconv.Atoi(parts[1])
		days, _ := strconv.Atoi(parts[2])
		long := time.Duration(weeks)*7*day + time.Duration(days)*day
		rest, err := time.ParseDuration(parts[3])
		if parts[3] == "" && s != "" {
			rest, err = 0, nil
		}
		if total := long + rest; err == nil {
			if rest < 0 || rest > 3650*day || total > 3650*day {
				return 0, fmt.Errorf("%s is not between 0 and 3650d", quote(s))
			}
			return total, nil
		}
	}
	return 0, fmt.Errorf("%s is no duration, such as 14d, 2w or 36h", quote(s))
}

// parsePath reads the path of a file or folder.
func parsePath(s string) (string, error) {
	switch {
	case strings.TrimSpace(s) == "":
		return "", errors.New("no path")
	case strings.ContainsFunc(s, unicode.IsControl):
		return "", fmt.Errorf("%s holds a control character", quote(s))
	case s == "~" || strings.HasPrefix(s, "~/"):
		return "", fmt.Errorf("%s: ~ is not expanded; write the folder's name", quote(s))
	}
	return s, nil
}

var storeScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)

// parseStore reads the path of a SQLite file or a PostgreSQL URL, which it does not repeat: it may hold a password.
func parseStore(s string) (string, error) {
	if isPostgres(s) {
		if u, err := url.Parse(s); err != nil || u.Host == "" && u.RawQuery == "" {
			return "", errors.New("no URL of a PostgreSQL database: postgres://user@host/name")
		}
		return s, nil
	}
	if scheme := storeScheme.FindString(s); scheme != "" {
		return "", fmt.Errorf("%s names no store; give the path of a file or a URL of PostgreSQL", quote(scheme))
	}
	return parsePath(s)
}

func isPostgres(s string) bool {
	return strings.HasPrefix(s, "postgres://") || strings.HasPrefix(s, "postgresql://")
}

// parsePattern reads a pattern of paths below a source's folder.
func parsePattern(s string) (string, error) {
	if _, err := parsePath(s); err != nil {
		return "", err
	}
	if strings.HasPrefix(s, "/") {
		return "", fmt.Errorf("%s: a pattern is relative to the source's folder", quote(s))
	}
	for segment := range strings.SplitSeq(s, "/") {
		if segment == "." || segment == ".." {
			return "", fmt.Errorf("%s has a step of dots; a pattern is relative to the source's folder", quote(s))
		}
		if _, err := path.Match(segment, ""); err != nil {
			return "", fmt.Errorf("%s is no pattern: a bracket or an escape is not closed", quote(s))
		}
	}
	return s, nil
}

// oneOf reads one of a few words.
func oneOf(words ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if contains(words, s) {
			return s, nil
		}
		return "", fmt.Errorf("%s is not %s", quote(s), strings.Join(words, " or "))
	}
}
