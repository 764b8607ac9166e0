package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"

	"feedpub/feed/internal/strict"
)

// What a document may be at most. gofeed recurses over the elements of a document, so that two million nested ones
// would overflow its stack, which nothing recovers from.
const (
	MaxSize  = 64 << 20 // bytes
	MaxDepth = 256      // elements, or JSON objects and arrays, within each other
)

// ErrTooLarge and ErrTooDeep are what [Read] and [Check] refuse a document with that is over MaxSize or MaxDepth.
var (
	ErrTooLarge = fmt.Errorf("the document is larger than %d MiB", MaxSize>>20)
	ErrTooDeep  = fmt.Errorf("the document nests deeper than %d", MaxDepth)
)

// Read reads a document of the format through gofeed into the nouns that Write makes documents of, entries in the
// document's order. It forgives what gofeed forgives; a date that cannot be read is zero. What the format has no
// place for is missing: RSS and JSON Feed know no feed ID; JSON Feed knows no date of the feed, which is then its
// newest entry's; RSS knows of authors only their names.
func Read(doc []byte, format Format) (*Feed, error) {
	doc, err := utf8Document(doc, format)
	if err != nil {
		return nil, err
	}
	if err := checkDepth(doc, format); err != nil {
		return nil, err
	}
	f, _, err := parse(doc, format)
	return f, err
}

// DetectFormat finds out the format of a document from its first element or character.
func DetectFormat(doc []byte) (Format, error) {
	switch gofeed.DetectFeedType(bytes.NewReader(doc)) {
	case gofeed.FeedTypeRSS:
		return RSS, nil
	case gofeed.FeedTypeAtom:
		return Atom, nil
	case gofeed.FeedTypeJSON:
		return JSON, nil
	}
	return "", errors.New("is neither RSS, Atom nor JSON Feed")
}

// parse reads a document that is in UTF-8 and not too deep, and reports what the nouns cannot say: required
// elements that are missing, and values that had to be forgiven.
func parse(doc []byte, format Format) (*Feed, Problems, error) {
	var (
		f        *Feed
		problems Problems
		err      error
	)
	switch format {
	case RSS:
		f, problems, err = parseRSS(doc)
	case Atom:
		f, problems, err = parseAtom(doc)
	case JSON:
		f, problems, err = parseJSON(doc)
	default:
		err = fmt.Errorf("%q is no feed format", format)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", format, err)
	}
	if format != JSON {
		f.Stylesheet = readStylesheet(doc)
	}
	return f, problems, nil
}

// checkDepth walks the document as gofeed will: with a lenient decoder, and without the control characters that
// gofeed drops, for they could hide where a comment or a CDATA section ends. Where the decoder stops, gofeed stops.
func checkDepth(doc []byte, format Format) error {
	next := jsonTokens(doc)
	if format != JSON {
		next = xmlTokens(doc)
	}
	for depth := 0; ; {
		step, err := next()
		if err != nil {
			return nil
		}
		if depth += step; depth > MaxDepth {
			return ErrTooDeep
		}
	}
}

// isControl says that gofeed drops a character.
func isControl(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }

// xmlTokens returns a function that says of each token whether it goes up or down.
func xmlTokens(doc []byte) func() (int, error) {
	if bytes.ContainsFunc(doc, isControl) {
		doc = bytes.Map(func(r rune) rune {
			if isControl(r) {
				return -1
			}
			return r
		}, doc)
	}
	skimmer, d := strict.NewSkimmer(doc)
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	return func() (int, error) {
		t, err := d.Token()
		switch t.(type) {
		case xml.StartElement:
			skimmer.SkipText(d)
			return 1, err
		case xml.EndElement:
			skimmer.SkipText(d)
			return -1, err
		}
		return 0, err
	}
}

func jsonTokens(doc []byte) func() (int, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	return func() (int, error) {
		t, err := d.Token()
		switch t {
		case json.Delim('{'), json.Delim('['):
			return 1, err
		case json.Delim('}'), json.Delim(']'):
			return -1, err
		}
		return 0, err
	}
}

// A dateReader collects the dates of a document that are not what the format asks for.
type dateReader struct {
	parse    func(string) (time.Time, error)
	rule     string // "is no RFC 3339 date"
	problems Problems
}

// read takes the text of a date and what gofeed, which guesses, made of it.
func (d *dateReader) read(id, field, text string, guess *time.Time) time.Time {
	if text == "" {
		return time.Time{}
	}
	t, err := d.parse(text)
	if err != nil {
		d.problems = append(d.problems, Problem{EntryID: id, Field: field, Reason: fmt.Sprintf("%q %s", text, d.rule)})
	}
	switch {
	case guess != nil:
		return guess.UTC()
	case err != nil:
		return time.Time{}
	}
	return t.UTC()
}

func parseRFC3339(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) }
