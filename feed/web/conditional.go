package web

import (
	"net/http"
	"strings"
	"time"
)

// notModified says whether the client has the document already (RFC 9110, 13.1). Entity tags win over dates.
func notModified(h http.Header, tag string, modified time.Time) bool {
	if tags := strings.Join(h["If-None-Match"], ","); strings.TrimSpace(tags) != "" {
		return anyTagMatches(tags, tag)
	}
	date := h.Get("If-Modified-Since")
	if date == "" {
		return false // to find out that it is no date took a tenth of an answer
	}
	since, ok := parseDate(date)
	return ok && !modified.After(since)
}

// anyTagMatches compares weakly, and forgives what proxies and readers do to a tag: added names of codings, lost
// quotes. A tag of another coding of the same document matches too: the reader has these very entries.
func anyTagMatches(list, tag string) bool {
	for list != "" {
		var given string
		if given, list = nextTag(list); given == "*" || sameTag(given, tag) {
			return true
		}
	}
	return false
}

// nextTag cuts the first entity tag off the list, without W/ and quotes; a lone asterisk stays one. A coding that
// Apache adds behind the closing quote is kept.
func nextTag(list string) (tag, rest string) {
	list = strings.TrimLeft(list, " \t,")
	if len(list) > 1 && (list[0] == 'W' || list[0] == 'w') && list[1] == '/' {
		list = list[2:]
	}
	quoted := strings.HasPrefix(list, `"`)
	if quoted {
		tag, list, _ = strings.Cut(list[1:], `"`)
	}
	behind, rest, _ := strings.Cut(list, ",")
	if tag += strings.TrimSpace(behind); quoted && tag == "*" {
		tag = ""
	}
	return tag, rest
}

// sameTag says whether given is the tag, or the tag with a coding behind it: -gzip, --gzip, ;gzip, -br.
func sameTag(given, tag string) bool {
	behind, ok := strings.CutPrefix(given, tag)
	if !ok || behind == "" {
		return ok
	}
	coding := strings.TrimLeft(behind, "-;")
	return coding != behind && coding != "" && strings.Trim(coding, "abcdefghijklmnopqrstuvwxyz") == ""
}

// parseDate reads the three forms of an HTTP date, and two that readers build themselves: with a numeric zone, as
// Python's formatdate writes it, and with UTC. What some put behind a semicolon (a length) is no part of the date.
func parseDate(s string) (time.Time, bool) {
	s, _, _ = strings.Cut(s, ";")
	s = strings.TrimSpace(s)
	if date, ok := strings.CutSuffix(s, " UTC"); ok {
		s = date + " GMT"
	}
	if t, err := http.ParseTime(s); err == nil {
		return t, true
	}
	t, err := time.Parse(time.RFC1123Z, s)
	return t, err == nil
}
