package validate

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"feedpub/feed"
)

// An Exchange is what a server said when it was asked for a feed.
type Exchange struct {
	URL       string      // that was asked for
	Final     string      // that answered, after all redirects
	Redirects []int       // the status of each
	Status    int         // of the answer
	Header    http.Header // of the answer, to a request that takes gzip
	Plain     http.Header // of the answer to a request that takes no coding; nil where there was none
	ByTag     int         // the status of a request with If-None-Match; 0 where there is no ETag to ask with
	ByDate    int         // the status of a request with If-Modified-Since; 0 where there is no Last-Modified
}

var httpCodes = []Code{
	{"http-status", Error, "the server does not answer with the document", "RFC 9110, 15"},
	{"http-type", Error, "the Content-Type is not one that a feed of this format has", "RFC 9110, 8.3"},
	{"http-type-generic", Warning, "the Content-Type says less than it could", "RFC 9110, 8.3"},
	{"http-charset", Warning, "the Content-Type names another encoding than the document", "RFC 7303, 3.2"},
	{"http-validators", Warning, "the server gives neither ETag nor Last-Modified", "RFC 9110, 8.8"},
	{"http-not-modified", Warning, "the server sends the whole document again, though it is unchanged", "RFC 9110, 15.4.5"},
	{"http-cache", Warning, "nobody may keep the document, so that each reader takes it whole each time", "RFC 9111, 5.2.2.5"},
	{"http-coding", Error, "the document is compressed for readers that did not say that they can read that", "RFC 9110, 12.5.3"},
	{"http-vary", Warning, "caches are not told that the document comes compressed and plain", "RFC 9110, 12.5.5"},
	{"http-etag-coding", Warning, "the plain and the compressed document have the same strong ETag", "RFC 9110, 8.8.3.3"},
	{"http-self", Warning, "the feed's link to itself is not the address that it was found at", "RFC 4287, 4.2.7.2"},
	{"http-encoding", Warning, "the server does not compress the document", "RFC 9110, 8.4"},
	{"http-moved", Warning, "the address has been replaced by another for good", "RFC 9110, 15.4"},
	{"http-redirect", Warning, "the address leads to another for now", "RFC 9110, 15.4"},
}

// HTTP says what is wrong with the way in which a document is served.
func HTTP(e Exchange, r Report) []Finding {
	define()
	h := &httpChecker{Exchange: e}
	if e.Status != http.StatusOK {
		h.find("http-status", fmt.Sprintf("the server answers %d %s", e.Status, http.StatusText(e.Status)), "correct the address, or the server")
		return h.findings
	}
	h.checkRedirects()
	if r.Format != "" {
		h.checkType(r.Format)
		h.checkSelf(r.Self)
	}
	h.checkCaching()
	h.checkCoding()
	return h.findings
}

type httpChecker struct {
	Exchange
	findings []Finding
}

func (h *httpChecker) find(code, message, remedy string) {
	h.findings = append(h.findings, Finding{Severity: severityOf(code), Code: code, Message: message, Remedy: remedy})
}

// checkRedirects tells those for good from the others: a reader keeps the old address where one is for now.
func (h *httpChecker) checkRedirects() {
	if len(h.Redirects) == 0 {
		return
	}
	for _, status := range h.Redirects {
		if status != http.StatusMovedPermanently && status != http.StatusPermanentRedirect {
			h.find("http-redirect", fmt.Sprintf("the address leads to %s by a redirect for now (%d)", h.Final, status), "answer 301 if the feed has moved for good")
			return
		}
	}
	h.find("http-moved", "the feed has moved for good to "+h.Final, "subscribe to it there")
}

var (
	formatTypes = map[feed.Format][]string{
		feed.RSS:  {"application/rss+xml", "application/xml", "text/xml"},
		feed.Atom: {"application/atom+xml", "application/xml", "text/xml"},
		feed.JSON: {"application/feed+json", "application/json"},
	}
)

func (h *httpChecker) checkType(format feed.Format) {
	header := h.Header.Get("Content-Type")
	name, params, err := mime.ParseMediaType(header)
	remedy := "send " + format.MediaType()
	at := -1
	for i, t := range formatTypes[format] {
		if name == t {
			at = i
		}
	}
	switch {
	case header == "":
		h.find("http-type", "there is no Content-Type", remedy)
	case err != nil && name == "":
		h.find("http-type", fmt.Sprintf("the Content-Type %s is none", quoted(header)), remedy)
	case at < 0:
		h.find("http-type", fmt.Sprintf("the Content-Type of %s is %s", format, name), remedy)
	case at > 0:
		h.find("http-type-generic", fmt.Sprintf("the Content-Type %s does not say that it is a feed", name), remedy)
	}
	if c := params["charset"]; c != "" && !strings.EqualFold(c, "utf-8") && format == feed.JSON {
		h.find("http-charset", "JSON is in UTF-8, and the Content-Type says "+c, remedy)
	}
}

func (h *httpChecker) checkSelf(self string) {
	if self != "" && self != h.Final && self != h.URL {
		h.find("http-self", fmt.Sprintf("the feed says that its address is %s, and it lies at %s", self, h.Final), "write the public URL of this document")
	}
}

func (h *httpChecker) checkCaching() {
	etag, modified := h.Header.Get("ETag"), h.Header.Get("Last-Modified")
	switch {
	case etag == "" && modified == "":
		h.find("http-validators", "the server gives neither ETag nor Last-Modified, so that each reader takes the whole document each time", "send one of them")
	case h.ByTag != 0 && h.ByTag != http.StatusNotModified:
		h.find("http-not-modified", fmt.Sprintf("asked again with the ETag that it gave, the server answers %d, not 304", h.ByTag), "compare If-None-Match with what was sent, and let it through to who knows")
	case h.ByDate != 0 && h.ByDate != http.StatusNotModified:
		h.find("http-not-modified", fmt.Sprintf("asked again with the Last-Modified that it gave, the server answers %d, not 304", h.ByDate), "compare If-Modified-Since with what was sent, and let it through to who knows")
	}
	if modified != "" {
		if _, err := http.ParseTime(modified); err != nil {
			h.find("http-validators", fmt.Sprintf("Last-Modified is %s, which is no date", quoted(modified)), "write it like Mon, 02 Jan 2006 15:04:05 GMT")
		}
	}
	if h.Header.Get("Content-Encoding") == "" {
		h.find("http-encoding", "the server does not compress the document", "offer gzip: a feed becomes a quarter of its size")
	}
	for directive := range strings.SplitSeq(strings.Join(h.Header.Values("Cache-Control"), ","), ",") {
		switch directive = strings.ToLower(strings.TrimSpace(directive)); directive {
		case "no-store", "private":
			h.find("http-cache", "Cache-Control is "+directive+": neither caches nor, some of them, readers may keep the document", "send Cache-Control: public, max-age=900")
		}
	}
}

// checkCoding compares the answers to those who take gzip with those to the others.
func (h *httpChecker) checkCoding() {
	if h.Plain == nil {
		return
	}
	if coding := h.Plain.Get("Content-Encoding"); coding != "" && coding != "identity" {
		h.find("http-coding", "the server sends the coding "+quoted(coding)+" to those who did not ask for it", "send the plain document where Accept-Encoding does not name the coding")
		return
	}
	if h.Header.Get("Content-Encoding") == "" {
		return
	}
	if vary := strings.ToLower(strings.Join(h.Header.Values("Vary"), ",")); !strings.Contains(vary, "accept-encoding") && !strings.Contains(vary, "*") {
		h.find("http-vary", "the compressed document comes without Vary: Accept-Encoding, and a cache may give it to those who cannot read it", "send Vary: Accept-Encoding with every answer")
	}
	if tag := h.Header.Get("ETag"); tag != "" && tag == h.Plain.Get("ETag") && !strings.HasPrefix(tag, "W/") {
		h.find("http-etag-coding", "the ETag "+quoted(tag)+" names both the plain and the compressed bytes", "have who compresses make it weak (W/), or add the coding's name to it")
	}
}
