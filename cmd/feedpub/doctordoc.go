package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/feed/publish"
	"feedpub/feed/validate"
)

// document remarks on how one document is served.
func (d *doctor) document(ctx context.Context, v *visit) {
	l := v.look
	front := v.own != nil && v.own.Type == "text/html"
	switch {
	case l.Status != http.StatusOK:
		r := remark{ofAddress, isError, "status-" + strconv.Itoa(l.Status), v.url, 0, fmt.Sprintf("the server answers %d %s", l.Status, http.StatusText(l.Status)), d.mend(l.Status)}
		if front { // readers do without it
			r.Level = isWarning
		}
		d.remark(r)
		return
	case isPage(l) && !front:
		d.remark(remark{ofAddress, isError, "html", v.url, 0, "the server answers with a page of HTML in place of the feed", "have the server answer 404 for what is not there, and let readers through to feeds without login, consent or a test for robots"})
		return
	}
	if l.Took > d.slow {
		d.remark(remark{ofAddress, isWarning, "slow", v.url, 0, fmt.Sprintf("the answer took %v", l.Took.Round(time.Millisecond)), "serve the folder as it lies there, and nearer: readers give up after some seconds"})
	}
	d.served(v, front)
	if v.own != nil {
		if d.compare(ctx, v) && l.Header.Get("ETag") == "" {
			d.remark(remark{ofAddress, isWarning, "etag-missing", v.url, 0, "the answer has no ETag: something on the way takes it off", "let ETag through; nginx and CDNs drop it where they rewrite bodies"})
		}
		return
	}
	if n := l.Report.Errors() - countErrors(l.Report.Findings, "http-"); n > 0 {
		d.remark(remark{ofBytes, isError, "invalid", v.url, 0, fmt.Sprintf("the document has %s", counted(n, "error")), "feedpub check " + v.url + " tells each with its place"})
	}
}

func countErrors(findings []validate.Finding, prefix string) (n int) {
	for _, f := range findings {
		if f.Severity == validate.Error && strings.HasPrefix(f.Code, prefix) {
			n++
		}
	}
	return n
}

// smallDocument is how many bytes a document has at most that need not be compressed.
const smallDocument = 1000

// served passes on what the check says of the way in which a document is served.
func (d *doctor) served(v *visit, front bool) {
	l := v.look
	for _, f := range l.Report.Findings {
		r := remark{ofAddress, isWarning, f.Code, v.url, 0, f.Message, f.Remedy}
		if f.Severity == validate.Error {
			r.Level = isError
		}
		switch {
		case !strings.HasPrefix(f.Code, "http-") || f.Code == "http-encoding" && len(l.Doc) < smallDocument:
			continue
		case f.Code == "http-moved" || f.Code == "http-redirect":
			if strings.HasPrefix(v.url, "http:") && strings.HasPrefix(l.Final, "https:") {
				r.Area, r.Code, r.Message = ofHTTPS, "redirect-https", "the address leads on to https: readers ask twice each time"
			}
			if v.own != nil {
				r.Fix = "set site.feeds_url to " + strings.TrimSuffix(l.Final, v.own.Path) + ", and run feedpub generate"
			}
		case f.Code == "http-self":
			if v.own != nil {
				continue // see below
			}
			r.Area, r.Code = ofSelf, "self"
		}
		d.remark(r)
	}
	if self := l.Report.Self; v.own != nil && !front && self != v.url {
		d.remark(remark{ofSelf, isError, "self", v.url, 0, fmt.Sprintf("the document says that its address is %q; readers and hubs go there", self), "set site.feeds_url to where the folder is reachable, and run feedpub generate"})
	}
	if front && !strings.HasPrefix(l.Header.Get("Content-Type"), "text/html") {
		d.remark(remark{ofAddress, isError, "page-type", v.url, 0, fmt.Sprintf("the Content-Type of the page is %q", l.Header.Get("Content-Type")), "send text/html; charset=utf-8"})
	}
}

// mend is what to do where a server answers with a status.
func (d *doctor) mend(status int) string {
	ours := d.public != ""
	switch {
	case (status == http.StatusNotFound || status == http.StatusGone) && ours:
		return "publish the folder " + near(d.public) + " there: the server looks elsewhere, or what was published last has not come to it; or set site.feeds_url to where it is"
	case status == http.StatusNotFound || status == http.StatusGone:
		return "correct the address, or put the document there"
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return "let everybody read: feed readers cannot log in, nor pass a test for robots; see also that the server may read the files"
	case status == http.StatusTooManyRequests:
		return "let readers ask more often: they share the addresses of large services"
	case status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout:
		return "the proxy does not reach the daemon: start feedpub serve, and have the proxy ask at serve.listen"
	case status >= 500:
		return "look into the server's log"
	}
	return "have the server answer 200 with the document"
}

// compare holds what came against what was published, and tells whether it is the same.
func (d *doctor) compare(ctx context.Context, v *visit) bool {
	if d.same(v) {
		return true
	}
	d.rereadOnce(ctx, v) // perhaps it was published anew meanwhile
	again := &visit{url: v.url, own: v.own}
	if d.ask(ctx, again); again.err == nil && again.look.Status == http.StatusOK {
		v.look = again.look
	}
	if d.same(v) {
		return true
	}
	d.differs(v)
	return false
}

// rereadOnce looks again, once and a moment later, at what lies in the published folder.
func (d *doctor) rereadOnce(ctx context.Context, v *visit) {
	if !d.reread {
		d.reread = true
		select {
		case <-ctx.Done():
		case <-time.After(d.catchUp):
		}
		if listed, _, err := publish.Examine(d.public); err == nil {
			d.listed = listed
		}
	}
	for i := range d.listed {
		if d.listed[i].Path == v.own.Path {
			v.own = &d.listed[i]
		}
	}
}

func (d *doctor) same(v *visit) bool {
	return digest(v.look.Doc) == v.own.SHA256 && (v.look.Plain == nil || digest(v.look.Plain) == v.own.SHA256)
}

func digest(doc []byte) string {
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:])
}

// differs says in which way a document is not the one that was published.
func (d *doctor) differs(v *visit) {
	l, want := v.look, v.own
	r := remark{Area: ofBytes, Level: isError, Subject: v.url}
	switch ours, _ := os.ReadFile(filepath.Join(d.public, filepath.FromSlash(want.Path))); {
	case l.Plain != nil && (digest(l.Doc) == want.SHA256) != (digest(l.Plain) == want.SHA256):
		r.Code, r.Message = "coding-differs", "those who take gzip get another document than the others"
		r.Fix = "publish the .gz beside each document with it (precompress), or have the server compress by itself; empty its cache"
	case isOlder(l, want, ours):
		r.Code, r.Message = "stale", fmt.Sprintf("an older version is served; this one was published at %s", want.Changed.Format(time.RFC3339))
		r.Fix = "bring the folder " + near(d.public) + " to the server after each run, or empty the cache in front, which keeps documents longer than it was told"
		if kept, ok := keptUntil(l.Header, want.Changed); ok && d.app.now().Before(kept) {
			r.Level, r.Code = isSkipped, "stale-for-now"
			r.Message = fmt.Sprintf("a cache still has the version before; it may, until %s", kept.Format(time.RFC3339))
			r.Fix = "look again then"
		}
	case isSameVersion(l, ours):
		r.Code, r.Message = "altered", "it is the version that was published, but its bytes were changed on the way"
		r.Fix = "switch off what rewrites documents in the proxy or CDN (minifying, hiding of e-mail addresses, rewriting of links), for feeds"
	default:
		r.Code, r.Message = "foreign", "it is not the document that lies in "+near(d.public)
		r.Fix = "have the server, or the proxy, answer with the folder " + near(d.public) + " or ask the daemon of this site at serve.listen"
	}
	d.remark(r)
}

// isOlder tells whether an answer is an earlier version of the document.
func isOlder(l *validate.Look, want *publish.Listed, ours []byte) bool {
	if modified, err := http.ParseTime(l.Header.Get("Last-Modified")); err == nil {
		return modified.Before(want.Changed)
	}
	if isCached(l.Header) {
		return true
	}
	got, published, ok := bothFeeds(l, ours)
	return ok && got.Updated.Before(published.Updated) && got.Title == published.Title
}

// isSameVersion tells whether an answer is the document but for its bytes.
func isSameVersion(l *validate.Look, ours []byte) bool {
	if l.Report.Format == "" {
		return pageText(l.Doc) == pageText(ours)
	}
	got, published, ok := bothFeeds(l, ours)
	return ok && got.Updated.Equal(published.Updated) && slices.EqualFunc(got.Entries, published.Entries, func(a, b feed.Entry) bool {
		return a.ID == b.ID && a.Updated.Equal(b.Updated)
	})
}

func bothFeeds(l *validate.Look, ours []byte) (got, published *feed.Feed, ok bool) {
	if l.Report.Format == "" {
		return nil, nil, false
	}
	got, errGot := feed.Read(l.Doc, l.Report.Format)
	published, errOurs := feed.Read(ours, l.Report.Format)
	return got, published, errGot == nil && errOurs == nil
}

// isCached tells whether a cache answered, as far as it says so.
func isCached(h http.Header) bool {
	age, err := strconv.Atoi(h.Get("Age"))
	return err == nil && age > 0 || strings.Contains(strings.ToUpper(h.Get("X-Cache")), "HIT")
}

// keptUntil is until when a cache may answer with what was replaced at that time, by what it was told itself.
func keptUntil(h http.Header, replaced time.Time) (time.Time, bool) {
	if !isCached(h) {
		return time.Time{}, false
	}
	for directive := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(directive), "max-age="); ok {
			if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
				return replaced.Add(time.Duration(seconds) * time.Second), true
			}
		}
	}
	return time.Time{}, false
}

// feedsOf are the feeds that a page names, and a remark where there is none.
func (d *doctor) feedsOf(l *validate.Look) []string {
	base, err := url.Parse(l.Final)
	if err != nil {
		return nil
	}
	feeds := alternates(bytes.NewReader(l.Doc), base)
	if len(feeds) == 0 {
		d.remark(remark{ofAddress, isError, "no-feed", l.Final, 0, "the page names no feed, so that readers that are given its address find none",
			`write into its <head>: <link rel="alternate" type="application/rss+xml" href="…">`})
		return nil
	}
	d.good(ofAddress, "%s names %s", l.Final, counted(len(feeds), "feed"))
	return feeds[:min(len(feeds), mostAsked)]
}
