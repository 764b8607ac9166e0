package feed

import "fmt"

// A Format is one of the three kinds of document that a feed is published as.
type Format string

// The formats: RSS 2.0 (https://www.rssboard.org/rss-specification), Atom 1.0 (RFC 4287) and JSON Feed 1.1
// (https://www.jsonfeed.org/version/1.1/).
const (
	RSS  Format = "rss"
	Atom Format = "atom"
	JSON Format = "json"
)

// Formats are all formats, the preferred one first. Liferea subscribes to the first that a page offers.
var Formats = []Format{RSS, Atom, JSON}

// ParseFormat reads a format's name as the configuration spells it.
func ParseFormat(s string) (Format, error) {
	for _, f := range Formats {
		if s == string(f) {
			return f, nil
		}
	}
	return "", fmt.Errorf("%q is no feed format; use rss, atom or json", s)
}

// FormatOf is the format whose documents have a media type, without a charset; ok is false where it is that of none.
func FormatOf(mediaType string) (f Format, ok bool) {
	for _, f := range Formats {
		if mediaType == f.MediaType() {
			return f, true
		}
	}
	return "", false
}

// FileName is the name of the format's document within its feed's folder.
func (f Format) FileName() string {
	switch f {
	case RSS:
		return "rss.xml"
	case Atom:
		return "atom.xml"
	default:
		return "feed.json"
	}
}

// MediaType is the type of the format's document, without a charset, as autodiscovery links name it.
func (f Format) MediaType() string {
	switch f {
	case RSS:
		return "application/rss+xml"
	case Atom:
		return "application/atom+xml"
	default:
		return "application/feed+json"
	}
}
