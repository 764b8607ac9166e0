package feed

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// checkWebURL says what keeps s from being a URL that every reader can fetch: absolute, http or https, with a
// host, and of the characters of RFC 3986 alone, so an international host in punycode.
func checkWebURL(s string) error {
	if s == "" {
		return errors.New("is missing")
	}
	if err := checkURIChars(s); err != nil {
		return err
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no URL", s)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%q is not an absolute http or https URL", s)
	case u.Hostname() == "":
		return fmt.Errorf("%q has no host", s)
	case strings.ContainsAny(u.RequestURI()+u.EscapedFragment(), "[]"):
		return fmt.Errorf("%q has a bracket outside its host", s)
	}
	return nil
}

// webURL is s where it is a URL that every reader can fetch, else nothing.
func webURL(s string) string {
	if s = line(s); checkWebURL(s) != nil {
		return ""
	}
	return s
}

// sameURL compares with what gofeed makes of a URL that stands in an attribute named href: it encodes it anew.
func sameURL(want, got string) bool {
	if want == got {
		return true
	}
	u, err := url.Parse(want)
	return err == nil && u.String() == got
}

func checkURIChars(s string) error {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' || c >= 0x7F || strings.IndexByte("<>\"{}|\\^`", c) >= 0:
			return fmt.Errorf("%q has a character that no URL may have", s)
		case c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			return fmt.Errorf("%q has a %% that escapes nothing", s)
		}
	}
	return nil
}

// isIRI says whether s is an absolute IRI, as an ID must be: a scheme, and no white space.
func isIRI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`") {
		return false
	}
	for i, c := range scheme {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || strings.ContainsRune("+-.", c))) {
			return false
		}
	}
	return scheme != ""
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
