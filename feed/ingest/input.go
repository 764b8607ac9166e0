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
	maxArticle     = 5 << 20 // bytes
	maxLines       = 200_000
	maxFrontMatter = 64 << 10 // bytes
	maxNesting     = 256      // of front matter
	maxTitle       = 2000     // characters
	maxTags        = 1000
	maxSlug        = 255      // bytes, as long as a file's name may be
	maxGUID        = 2000     // characters
	maxContent     = 16 << 20 // bytes of HTML
)

// signatures begin files that are no text, whatever their name says. Most such files hold a NUL too, but small ones may
// not. They are whole ones: an article may well begin with "PK" or "BZh".
var signatures = []string{
	"PK\x03\x04", "PK\x05\x06", "\x1f\x8b", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", // archives
	"%PDF-", "%!PS-Adobe-", "%!PS\n", "%!PS\r", "\xd0\xcf\x11\xe0", "{\\rtf", // documents
	"\x89PNG", "GIF87a", "GIF89a", "\xff\xd8\xff", "II*\x00", "MM\x00*", "wOFF", "wOF2", // pictures and fonts
	"ID3\x02", "ID3\x03", "ID3\x04", "OggS\x00", "fLaC\x00", "\x1a\x45\xdf\xa3", // sound and films
	"\x7fELF", "\x00asm", "\xca\xfe\xba\xbe", "SQLite format 3\x00",
}

func isBinary(raw []byte) bool {
	for _, signature := range signatures {
		if bytes.HasPrefix(raw, []byte(signature)) {
			return true
		}
	}
	switch {
	case len(raw) >= 12 && string(raw[:4]) == "RIFF": // a size between
		kind := string(raw[8:12])
		return kind == "WEBP" || kind == "WAVE" || kind == "AVI "
	case len(raw) >= 10 && string(raw[:3]) == "BZh" && raw[3] >= '1' && raw[3] <= '9': // bzip2: pi, or of nothing its square root
		block := string(raw[4:10])
		return block == "1AY&SY" || block == "\x17rE8P\x90"
	}
	return false
}

// decode is the text of a raw article: UTF-8 without byte order mark, control characters and CR.
func decode(raw []byte) (string, error) {
	if len(raw) > maxArticle {
		return "", errTooLarge(len(raw))
	}
	if err := checkText(raw); err != nil {
		return "", err
	}
	text := clean.Input(strings.TrimPrefix(string(raw), "\ufeff"))
	if strings.TrimSpace(text) == "" {
		return "", errors.New("empty")
	}
	if strings.Count(text, "\n") > maxLines {
		return "", fmt.Errorf("more than %d lines", maxLines)
	}
	return text, nil
}

// checkText says why raw bytes are no text.
func checkText(raw []byte) error {
	if isBinary(raw) {
		return errors.New("binary: not a text file, though its name says so")
	}
	if isUTF16(raw) {
		return fmt.Errorf("%s: byte 0x%02X at offset 0; it is UTF-16, save it as UTF-8", notUTF8, raw[0])
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return fmt.Errorf("binary: NUL at offset %d", i)
	}
	if i := invalidUTF8(raw); i >= 0 {
		return errNotUTF8(raw[i], i)
	}
	return nil
}

func isUTF16(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff"))
}

const notUTF8 = "not UTF-8"

func errNotUTF8(b byte, offset int) error {
	return fmt.Errorf("%s: byte 0x%02X at offset %d", notUTF8, b, offset)
}

func errTooLarge(size int) error {
	return fmt.Errorf("too large: %d bytes, at most %d are read", size, maxArticle)
}

// invalidUTF8 is the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(raw []byte) int {
	if utf8.Valid(raw) {
		return -1
	}
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}
