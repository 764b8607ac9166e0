package clean

import (
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestString(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Plain text, größe, 日本, 👩‍👩‍👧‍👦", "Plain text, größe, 日本, 👩‍👩‍👧‍👦"},
		{"line ends", "a\r\nb\rc\nd\r", "a\nb\nc\nd\n"},
		{"carriage return after a letter beyond ASCII", "é\r\nb", "é\nb"},
		{"controls", "a\x00b\x0bc\x1bd\te", "abcd\te"},
		{"windows-1252", "\u0093quoted\u0094 \u0085 \u0080\u0081", "“quoted” … €"},
		{"no characters", "a\ufffeb\uffffc\ufffdd", "abcd"},
		{"invalid bytes", "a\xc0\xafb\xed\xa0\x80c\xff", "abc"},
		{"beyond the basic plane", "a\U0001F3F4\U0010FFFF", "a\U0001F3F4\U0010FFFF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := String(test.in); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Each character by itself: those that stay as they are, and no others, leave a string clean.
func TestIsClean(t *testing.T) {
	for r := range utf8.MaxRune + 1 {
		if !utf8.ValidRune(r) {
			continue
		}
		want := isChar(r) && r != '\r' && (r < 0x80 || r >= 0xA0)
		if got := isClean("é" + string(r) + "x"); got != want {
			t.Errorf("%U: got %t, want %t", r, got, want)
		}
	}
	for before := range 9 { // wherever eight bytes are looked at together
		for after := range 9 {
			for _, r := range []string{"\x00", "\x1f", "\r", "\u0085", "\ufffe", "\t", "\n", " ", "\x7f", "\u00a0", "\ufffd"} {
				s := strings.Repeat("a", before) + r + strings.Repeat("b", after)
				if got, want := isClean(s), r >= "\u00a0" && r != "\ufffe" || r > "\r" && r != "\x1f" && r < "\u0080" || r == "\t" || r == "\n"; got != want {
					t.Errorf("%q: got %t, want %t", s, got, want)
				}
			}
		}
	}
}

func FuzzString(f *testing.F) {
	f.Add("a\r\nb\x00\u0085\ufffe\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := String(s)
		if !utf8.ValidString(got) || strings.ContainsRune(got, '\r') {
			t.Errorf("String(%q): got %q", s, got)
		}
		if again := String(got); again != got {
			t.Errorf("String(%q): got %q, then %q", s, got, again)
		}
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(got)); err != nil || strings.ContainsRune(b.String(), utf8.RuneError) {
			t.Errorf("String(%q): %q does not stand in XML: %v", s, got, err)
		}
	})
}
