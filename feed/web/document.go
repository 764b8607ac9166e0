package web

import (
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
)

// A document is one published document as it is served. It does not change.
type document struct {
	mediaType                 string    // without charset
	modified                  time.Time // whole seconds
	contentType, lastModified value
	isXML                     bool // RSS or Atom
	age                       atomic.Pointer[age]
	*content
}

func newDocument(mediaType string, modified time.Time, c *content) *document {
	contentType := mediaType
	if !strings.HasPrefix(mediaType, "image/") {
		contentType += "; charset=utf-8"
	}
	isXML := mediaType == feed.RSS.MediaType() || mediaType == feed.Atom.MediaType()
	return &document{
		mediaType: mediaType, modified: modified, contentType: value{contentType}, lastModified: value{modified.UTC().Format(http.TimeFormat)},
		isXML: isXML, content: c,
	}
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
	byBoth          = value{"Accept-Encoding, Sec-Fetch-Dest"}
	xmlType         = value{"application/xml; charset=utf-8"}
	contentEncoding = [codings]value{{identity.String()}, {gzipped.String()}, {brotlied.String()}, {zstandard.String()}}
)

// serveDocument answers 200 or 304 with the document at path.
func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request, set *settings, path string, d *document) Answer {
	coding, err := d.choose(parseAcceptEncoding(r.Header["Accept-Encoding"]))
	now, h := set.Now(), w.Header()
	unmodified := notModified(r.Header, d.tag(), d.modified)
	var sent *body
	if err == nil && !unmodified {
		sent, err = d.in(coding)
	}
	if err != nil { // a run has replaced it, and has not come to the list yet
		if d, sent, err = s.anew(path, d); err != nil {
			set.Log.WarnContext(r.Context(), "document not served", "path", path, "error", err)
			return unavailable(w, "this document is not there at the moment", time.Second)
		}
		coding, unmodified = identity, notModified(r.Header, d.tag(), d.modified)
	}
	h["Etag"] = d.etags[coding]
	if !d.modified.After(now) {
		h["Last-Modified"] = d.lastModified
	} // else it is a date to come, which must not be told (RFC 9110, 8.8.2.1)
	h["Cache-Control"] = d.cacheControl(set, path, now)
	contentType := d.contentType
	if h["Vary"] = byCoding; d.isXML {
		if h["Vary"] = byBoth; isOpened(r) {
			contentType = xmlType
		}
	}
	if d.mediaType == "text/html" {
		h.Set("Content-Security-Policy", page.Policy+"; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	if unmodified {
		w.WriteHeader(http.StatusNotModified)
		return Answer{Format: format(d.mediaType), Code: http.StatusNotModified, Saved: d.known(coding)}
	}
	h["Content-Type"] = contentType
	h["Content-Length"] = sent.length
	if coding != identity {
		h["Content-Encoding"] = contentEncoding[coding]
	}
	w.WriteHeader(http.StatusOK)
	a := Answer{Format: format(d.mediaType), Code: http.StatusOK}
	if r.Method != http.MethodHead {
		n, _ := w.Write(sent.bytes) // whoever went away needs no answer
		a.Sent = int64(n)
		a.Saved = max(d.known(identity)-int64(len(sent.bytes)), 0)
	}
	return a
}

// isOpened says that somebody opens the document in a browser, as no feed reader does. Chromium shows XML with its style only
// where it is called XML, and the source of anything else.
func isOpened(r *http.Request) bool {
	dest := r.Header["Sec-Fetch-Dest"]
	return len(dest) == 1 && dest[0] == "document"
}

// anew is the document as its file has it now, which is not in memory. It is whole and has passed its check, or else it
// would not lie there; only the list is not written yet.
func (s *Server) anew(path string, was *document) (*document, *body, error) {
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, nil, err
	}
	defer root.Close()
	info, data, err := readFile(root, path)
	if err != nil {
		return nil, nil, err
	}
	modified := info.ModTime().Truncate(time.Second)
	if least := was.modified.Add(time.Second); modified.Before(least) {
		modified = least
	}
	d := newDocument(was.mediaType, modified, newContent(s.hot, manifest.File{Path: path}, data))
	sent, err := d.in(identity)
	return d, sent, err
}

// An age is how long a document may be kept, as it was worked out of some settings. Working it out looks through the
// configuration and the days to come.
type age struct {
	of           *settings
	at           time.Time
	cacheControl value
}

const ageHolds = time.Minute

func (d *document) cacheControl(set *settings, path string, now time.Time) value {
	if known := d.age.Load(); known != nil && known.of == set {
		if since := now.Sub(known.at); since >= 0 && since < ageHolds {
			return known.cacheControl
		}
	}
	keep := minAge
	if set.MaxAge != nil {
		keep = min(max(set.MaxAge(path), minAge), maxAge)
	}
	a := &age{set, now, value{"public, max-age=" + strconv.Itoa(int(keep/time.Second))}}
	d.age.Store(a)
	return a.cacheControl
}
