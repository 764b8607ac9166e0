package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// baseName is the name that an article's key gives it: the file's without extension, or the folder's of a page
// bundle (post/index.md).
func baseName(key string) string {
	name := strings.TrimSuffix(path.Base(key), path.Ext(key))
	if strings.EqualFold(name, "index") && path.Dir(key) != "." {
		name = path.Base(path.Dir(key))
	}
	return name
}

// slug is the article's own slug; without one, its file name less date.
func (f *fields) slug(key, name string) string {
	v, ok := f.get("slug")
	if !ok {
		if s := slugify(name); s != "" {
			return s
		}
		if s := slugify(baseName(key)); s != "" {
			return s
		}
		sum := sha256.Sum256([]byte(key)) // a name of signs only: nothing readable is left
		return hex.EncodeToString(sum[:4])
	}
	if v.kind != scalar {
		f.refuse(v, fmt.Sprintf("want text, got %s", v.kind))
		return ""
	}
	s := slugify(v.text)
	switch {
	case strings.ContainsAny(v.text, `/\`) || strings.Contains(v.text, ".."):
		f.refuse(v, fmt.Sprintf("%s is a path, not a name", quoted(v.text)))
	case strings.ContainsFunc(strings.TrimSpace(v.text), unicode.IsControl):
		f.refuse(v, fmt.Sprintf("%s holds a control character", quoted(v.text)))
	case s == "":
		f.refuse(v, fmt.Sprintf("%s leaves nothing", quoted(v.text)))
	case len(s) > maxSlug:
		f.refuse(v, fmt.Sprintf("%s is longer than %d bytes, more than a file name may have", quoted(v.text), maxSlug))
	}
	return s
}

// slugify is a name as one segment of a path: lower case, with hyphens for spaces. It is empty where no letter or
// digit is left.
func slugify(name string) string {
	name = strings.ToLower(norm.NFC.String(oneLine(name)))
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == '\\' || unicode.IsSpace(r):
			return '-'
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, name)
	if !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }) {
		return ""
	}
	return strings.Trim(name, "-.")
}
