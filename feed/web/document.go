package web

import (
	"net/http"
	"strconv"
	"time"
)

// A document is one published document as it is served. It does not change.
type document struct {
	mediaType string    // without charset
	modified  time.Time // whole seconds
	*content
}

// Readers may keep a document at least and at most this long: below it FreshRSS comes every minute, above it news
// is old.
const (
	minAge = 15 * time.Minute
	maxAge = time.Hour
)

// serveDocument answers 200 or 304 with the document at path.
func serveDocument(w http.ResponseWriter, r *http.Request, set *settings, path string, d *document) {
	coding, body := d.choose(parseAcceptEncoding(r.Header["Accept-Encoding"]))
	h := w.Header()
	h.Set("Etag", `"`+d.tag()+suffix(coding)+`"`)
	if !d.modified.After(set.Now()) {
		h.Set("Last-Modified", d.modified.UTC().Format(http.TimeFormat))
	} // else it is a date to come, which must not be told (RFC 9110, 8.8.2.1)
	h.Set("Cache-Control", set.cacheControl(path))
	h.Set("Vary", "Accept-Encoding")
	if d.mediaType == "text/html" {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	}
	if notModified(r.Header, d.tag(), d.modified) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", d.mediaType+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if coding != identity {
		h.Set("Content-Encoding", coding.String())
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body) // whoever went away needs no answer
	}
}

func (set *settings) cacheControl(path string) string {
	age := minAge
	if set.MaxAge != nil {
		age = min(max(set.MaxAge(path), minAge), maxAge)
	}
	return "public, max-age=" + strconv.Itoa(int(age/time.Second))
}
