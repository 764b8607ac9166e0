package config

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

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
		if !slices.Contains(known, p) {
			return "", errors.New(unknown("placeholder "+p, known, p))
		}
		distinct = distinct || p == ":slug" || p == ":path"
	}
	if !distinct {
		return "", fmt.Errorf("%s holds neither :slug nor :path: all articles would have one address", quote(s))
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
		if slices.Contains(words, s) {
			return s, nil
		}
		return "", fmt.Errorf("%s is not %s", quote(s), strings.Join(words, " or "))
	}
}
