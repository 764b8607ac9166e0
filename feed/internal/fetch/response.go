package fetch

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Validators are a server's names for a state of a document, to be given back verbatim when it is asked again.
type Validators struct {
	ETag         string
	LastModified string
}

// A Response is a document, or the word that it is unchanged.
type Response struct {
	Validators                // what to ask with next time
	NotModified bool          // the document is what it was; there is no Body
	URL         string        // where the answer came from, after all redirects
	Permanent   string        // where to ask from now on, when the server said so by 301 or 308; else empty
	ContentType string        // as the server wrote it
	MaxAge      time.Duration // for how long asking again is of no use, as far as the server says; at most 7 days
	Body        []byte
}

// A StatusError is an answer that is no document. Code is [http.StatusGone] when there will not be one again.
type StatusError struct {
	URL        string
	Code       int
	RetryAfter time.Duration // with 429 and 503, when the server says so: 1 minute to 7 days; else zero
}

func (e *StatusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("get %s: the server answers %d %s", e.URL, e.Code, http.StatusText(e.Code)))
}

// What a server says of time is kept within bounds, so that none is asked in a storm or, for a slip of the pen,
// never again.
const (
	shortestWait = time.Minute
	longestWait  = 7 * 24 * time.Hour
)

// maxValidator is longer than any honest validator. They are stored.
const maxValidator = 1 << 10

func newResponse(resp *http.Response, known Validators) *Response {
	r := &Response{
		Validators: Validators{
			ETag:         validator(resp.Header.Get("ETag")),
			LastModified: validator(resp.Header.Get("Last-Modified")),
		},
		URL:         withoutFragment(resp.Request.URL),
		Permanent:   permanent(resp),
		ContentType: resp.Header.Get("Content-Type"),
		MaxAge:      maxAge(resp.Header),
	}
	if resp.StatusCode == http.StatusNotModified && r.Validators == (Validators{}) {
		r.Validators = known // a short answer; the document's old ones still hold
	}
	return r
}

func newStatusError(resp *http.Response, now time.Time) *StatusError {
	e := &StatusError{URL: withoutFragment(resp.Request.URL), Code: resp.StatusCode}
	if e.Code == http.StatusTooManyRequests || e.Code == http.StatusServiceUnavailable {
		e.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), now)
	}
	return e
}

func (v Validators) ask(h http.Header) {
	if v.ETag != "" {
		h.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" {
		h.Set("If-Modified-Since", v.LastModified)
	}
}

// validator drops what could not be sent back: a request with it would fail, and so would all to come.
func validator(s string) string {
	if len(s) > maxValidator || !httpguts.ValidHeaderFieldValue(s) {
		return ""
	}
	return s
}

// permanent follows the redirects back from resp. Only those count that stand before any temporary one: what lies
// behind that may be elsewhere tomorrow.
func permanent(resp *http.Response) string {
	moved := ""
	for r := resp.Request; r.Response != nil; r = r.Response.Request {
		switch r.Response.StatusCode {
		case http.StatusMovedPermanently, http.StatusPermanentRedirect:
			if moved == "" {
				moved = withoutFragment(r.URL)
			}
		default:
			moved = ""
		}
	}
	return moved
}

func withoutFragment(u *url.URL) string {
	bare := *u
	bare.Fragment, bare.RawFragment = "", ""
	return bare.String()
}

// retryAfter reads both forms of the header (RFC 9110, 10.2.3); zero when it says nothing.
func retryAfter(s string, now time.Time) time.Duration {
	wait, ok := seconds(s)
	if !ok {
		t, err := http.ParseTime(s)
		if err != nil {
			return 0
		}
		wait = t.Sub(now)
	}
	return min(max(wait, shortestWait), longestWait)
}

// maxAge reads Cache-Control (RFC 9111, 5.2.2); what it cannot make out says nothing.
func maxAge(h http.Header) time.Duration {
	var age time.Duration
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(directive)), "=")
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			age, _ = seconds(strings.Trim(value, `"`))
		}
	}
	return age
}

// seconds reads a number of seconds, any number over 7 days as these.
func seconds(s string) (d time.Duration, ok bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, _ := strconv.ParseInt(s, 10, 64) // what is out of range becomes the largest
	return time.Duration(min(n, int64(longestWait/time.Second))) * time.Second, true
}
