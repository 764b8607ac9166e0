package ingest

import (
	"strings"
	"testing"
)

func TestBinary(t *testing.T) {
	for name, head := range map[string]string{
		"zip": "PK\x03\x04", "bzip2": "BZh91AY&SY\x10", "bzip2 of nothing": "BZh9\x17rE8P\x90", "xz": "\xfd7zXZ\x00", "zstd": "\x28\xb5\x2f\xfd",
		"7z": "7z\xbc\xaf\x27\x1c", "rar": "Rar!\x1a\x07\x01", "PostScript": "%!PS-Adobe-3.0\n", "short PostScript": "%!PS\n72 72 moveto",
		"WebP": "RIFF\x24\x10\x01\x01WEBPVP8 ", "MP3": "ID3\x03", "Ogg": "OggS\x00", "FLAC": "fLaC\x00", "SQLite": "SQLite format 3\x00", "WASM": "\x00asm",
		"Java": "\xca\xfe\xba\xbe", "GIF": "GIF89a", "PDF": "%PDF-1.7", "RTF": `{\rtf1`,
	} {
		if _, err := decode([]byte(head)); err == nil || !strings.HasPrefix(err.Error(), "binary") {
			t.Errorf("%s: got %v, want that it is binary", name, err)
		}
	}
	for _, text := range []string{
		"PK is a kind of shot.", "BZh91 was its name.", "BZh", "7zip and others", "GIF87 came first", "RIFF and RAFF, WEBP of all things", "RIFF", "ID3 tags",
		"OggS are files", "Rar! said the lion", "%!PS is how PostScript begins", "SQLite format 3 is old", "MZ began it", "MM* and II*",
	} {
		if _, err := decode([]byte(text)); err != nil {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
