package clean

import (
	"strings"
	"unicode/utf8"
)

// String is s as it may stand in a feed: valid UTF-8 of XML 1.0 characters (https://www.w3.org/TR/xml/#charsets),
// with LF as the only line end. C1 controls are what windows-1252 text becomes when it is taken for Latin-1, so
// they are read as windows-1252. Everything else that XML or the W3C validator rejects is dropped, U+FFFD too:
// it stands for a character that is lost already.
//
// It comes last, after all HTML work: an HTML parser can bring "&#11;" back as a raw U+000B.
func String(s string) string { return strings.ReplaceAll(Input(s), lost, "") }

// lost is what half a surrogate pair and other lost characters are read as.
const lost = "\ufffd"

// Input is s as an article keeps it: as String, but U+FFFD stays, to show its author where a character is lost. Those who
// write feeds drop it.
func Input(s string) string {
	if utf8.ValidString(s) && isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], lost): // an invalid byte
		case r == '\r':
			if !strings.HasPrefix(s[i+1:], "\n") {
				b.WriteByte('\n')
			}
		case r >= 0x80 && r < 0xA0:
			if c := windows1252[r-0x80]; c != 0 {
				b.WriteRune(c)
			}
		case isChar(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// suspect are the bytes of what Input takes out or changes, or the first of those.
var suspect = func() (set [256]bool) {
	for c := range ' ' {
		set[c] = c != '\t' && c != '\n'
	}
	set[0xC2], set[0xEF] = true, true
	return set
}()

// isClean says that Input has nothing to do with valid UTF-8, which is so for almost every string there is.
func isClean(s string) bool {
	for ; len(s) >= 8; s = s[8:] {
		const high, space = 0x8080808080808080, 0x2020202020202020
		eight := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		if (eight|(eight-space))&high != 0 && !isCleanTo(s, 8) { // else all are ASCII from the space on
			return false
		}
	}
	return isCleanTo(s, len(s))
}

// isCleanTo is isClean of the first n bytes of s.
func isCleanTo(s string, n int) bool {
	for i := range n {
		switch c := s[i]; {
		case !suspect[c]:
		case c < ' ':
			return false
		case c == 0xC2 && s[i+1] < 0xA0: // U+0080 to U+009F
			return false
		case c == 0xEF && s[i+1] == 0xBF && s[i+2] >= 0xBE: // U+FFFE and U+FFFF
			return false
		}
	}
	return true
}

// isChar says whether r is a character of XML 1.0.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= utf8.RuneError || r > 0xFFFF && r <= utf8.MaxRune
}

// windows1252 is what its bytes 0x80 to 0x9F mean (https://encoding.spec.whatwg.org/#windows-1252); 0 where they
// mean nothing but a control.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}
