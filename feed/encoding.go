package feed

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"golang.org/x/net/html/charset"

	"feedpub/feed/internal/strict"
)

var encodingName = regexp.MustCompile(`(encoding\s*=\s*["'])([^"']*)(["'])`)

// utf8Document is the document in UTF-8.
func utf8Document(doc []byte, format Format) ([]byte, error) {
	if format != JSON {
		return DecodeXML(doc)
	}
	if len(doc) > MaxSize {
		return nil, ErrTooLarge
	}
	return doc, nil
}

// DecodeXML is an XML document in UTF-8, and says that it is. Strangers' may declare another encoding, or have a byte
// order mark. What is in UTF-8 already is not copied, and its bytes are not looked at.
func DecodeXML(doc []byte) ([]byte, error) {
	if len(doc) > MaxSize {
		return nil, ErrTooLarge
	}
	label := declaredEncoding(doc)
	if e, _ := charset.Lookup(label); e == nil {
		return nil, fmt.Errorf("the document declares an unknown encoding, %q", label)
	}
	// A byte order mark wins over the declaration.
	encoding, name, _ := charset.DetermineEncoding(doc[:min(len(doc), 1024)], "text/xml; charset="+label)
	if name != "utf-8" {
		var err error
		if doc, err = io.ReadAll(io.LimitReader(encoding.NewDecoder().Reader(bytes.NewReader(doc)), MaxSize+1)); err != nil {
			return nil, fmt.Errorf("decode %s: %w", name, err)
		}
		if len(doc) > MaxSize {
			return nil, ErrTooLarge
		}
	}
	return declareUTF8(bytes.TrimPrefix(doc, []byte("\ufeff"))), nil
}

// declaredEncoding is the encoding that the document's XML declaration names, else utf-8.
func declaredEncoding(doc []byte) string {
	if m := encodingName.FindSubmatch(strict.Declaration.Find(doc)); m != nil {
		return string(m[2])
	}
	return "utf-8"
}

// declareUTF8 makes a document that was decoded say so.
func declareUTF8(doc []byte) []byte {
	old := strict.Declaration.Find(doc)
	now := encodingName.ReplaceAll(old, []byte("${1}UTF-8${3}"))
	if bytes.EqualFold(old, now) {
		return doc
	}
	return append(now, doc[len(old):]...)
}
