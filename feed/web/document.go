package web

import (
	"net/http"
	"strconv"
	"time"
)

// A document is one published document as it is served. It does not change.
type document struct {
	mediaType                 string    // without charset
	modified                  time.Time // whole seconds
	contentType, lastModified value
	*content
}

func newDocument(mediaType string, modified time.Time, c *content) *document {
	return &document{mediaType, modified, value{mediaType + "; charset=utf-8"}, value{modified.UTC().Format(http.TimeFormat)}, c}
}

// Readers may keep a document at least and at most this long: below it FreshRSS comes every minute, above it news
// is old.
const (
	minAge = 15 * time.Minute
	maxAge = time.Hour
)

var (
	noSniffing      = value{"nosniff"}
	anyOrigin       = value{"*"}
	byCoding        = value{"Accept-Encoding"}
	contentEncoding = [codings]value{{identity.String()}, {gzipped.String()}, {brotlied.String()}, {zstandard.String()}}
)

// serveDocument answers 200 or 304 with the document at path.
func serveDocument(w http.ResponseWriter, r *http.Request, set *settings, path string, d *document) {
	coding, body := d.choose(parseAcceptEncoding(r.Header["Accept-Encoding"]))
	now, h := set.Now(), w.Header()
	h["Etag"] = d.etags[coding]
	if !d.modified.After(now) {
		h["Last-Modified"] = d.lastModified
	} // else it is a date to come, which must not be told (RFC 9110, 8.8.2.1)
	h["Cache-Control"] = set.cacheControl(path, now)
	h["Vary"] = byCoding
	if d.mediaType == "text/html" {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	if notModified(r.Header, d.tag(), d.modified) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"] = d.contentType
	h["Content-Length"] = d.coded[coding].length
	if coding != identity {
		h["Content-Encoding"] = contentEncoding[coding]
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body) // whoever went away needs no answer
	}
}

// An age is how long a document may be kept, as it was worked out. Working it out looks through the configuration and
// the days to come.
type age struct {
	at           time.Time
	cacheControl value
}

const ageHolds = time.Minute

func (set *settings) cacheControl(path string, now time.Time) value {
	if known, ok := set.ages.Load(path); ok {
		if since := now.Sub(known.(age).at); since >= 0 && since < ageHolds {
			return known.(age).cacheControl
		}
	}
	keep := minAge
	if set.MaxAge != nil {
		keep = min(max(set.MaxAge(path), minAge), maxAge)
	}
	a := age{now, value{"public, max-age=" + strconv.Itoa(int(keep/time.Second))}}
	set.ages.Store(path, a)
	return a.cacheControl
}
