package ingest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"feedpub/feed/internal/pattern"
)

// identity is the permanent ID of an article, and the source's own name for it: an absolute IRI stands as it is,
// another guid is put below the source, and without one the key is.
func (r *Reader) identity(f *fields, source, key string) (id, guid string) {
	guid, v := f.text("guid", "id")
	switch {
	case guid == "":
		return r.mint(source, key), ""
	case utf8.RuneCountInString(guid) > maxGUID:
		f.refuse(v, fmt.Sprintf("longer than %d characters", maxGUID))
	case iri.MatchString(guid):
		return guid, guid
	}
	return r.mint(source, guid), guid
}

// mint makes a tag URI (RFC 4151). File names come composed or decomposed, by system; IDs do not.
func (r *Reader) mint(source, name string) string {
	return "tag:" + r.IDAuthority + ":" + escape(source) + "/" + escape(norm.NFC.String(name))
}

// iri is an absolute IRI (RFC 3987), as far as its characters go. A lost character is none: it cannot be written.
var iri = pattern.New("^[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\x00-\\x20\\x7f<>\"{}|\\\\^`\ufffd]+$")

// escape percent-encodes what may not stand in the specific part of a tag URI.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~!$&'()*+,;=:@/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
