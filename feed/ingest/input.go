package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"feedpub/feed/internal/clean"
)

// Limits of one article. What is larger was not written by a person, or not for a feed.
const (
	maxArticle     = 5 << 20  // bytes
	maxFrontMatter = 64 << 10 // bytes
	maxNesting     = 256      // of front matter
	maxTitle       = 2000     // characters
	maxTags        = 1000
	maxSlug        = 255      // bytes, as long as a file's name may be
	maxGUID        = 2000     // characters
	maxContent     = 16 << 20 // bytes of HTML
)

// signatures begin files that are no text, whatever their name says. Most others hold a NUL.
var signatures = []string{"PK\x03\x04", "%PDF-", "\x89PNG", "GIF8", "\xff\xd8\xff", "\x7fELF", "\x1f\x8b", "\xd0\xcf\x11\xe0", "{\\rtf"}

// decode is the text of a raw article: UTF-8 without byte order mark, control characters and CR.
func decode(raw []byte) (string, error) {
	if len(raw) > maxArticle {
		return "", errTooLarge(len(raw))
	}
	for _, signature := range signatures {
		if bytes.HasPrefix(raw, []byte(signature)) {
			return "", errors.New("binary: not a text file, though its name says so")
		}
	}
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return "", errors.New("UTF-16; save it as UTF-8")
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return "", fmt.Errorf("binary: NUL at offset %d", i)
	}
	if i := invalidUTF8(raw); i >= 0 {
		return "", fmt.Errorf("not UTF-8: byte 0x%02X at offset %d", raw[i], i)
	}
	text := clean.String(strings.TrimPrefix(string(raw), "\ufeff"))
	if strings.TrimSpace(text) == "" {
		return "", errors.New("empty")
	}
	return text, nil
}

func errTooLarge(size int) error {
	return fmt.Errorf("too large: %d bytes, at most %d are read", size, maxArticle)
}

// invalidUTF8 is the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(raw []byte) int {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}
