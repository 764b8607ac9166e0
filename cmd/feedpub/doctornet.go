package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedpub/feed"
	"feedpub/feed/validate"
)

// unreachable says why there was no answer.
func (d *doctor) unreachable(address string, err error) {
	r := remark{Area: ofAddress, Level: isError, Subject: address}
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	var outdated x509.CertificateInvalidError
	var timeout interface{ Timeout() bool }
	var asked *url.Error
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		r.Code, r.Message, r.Fix = "name", fmt.Sprintf("nobody knows the name %s", name.Name), "enter it where the domain's names are kept, or correct the address (site.feeds_url)"
	case errors.As(err, &name):
		r.Code, r.Message, r.Fix = "name-server", fmt.Sprintf("the address of %s could not be asked for: %v", name.Name, name.Err), "see that this machine reaches a name server, and look again"
	case errors.As(err, &outdated) && outdated.Reason == x509.Expired:
		r.Area, r.Code, r.Message, r.Fix = ofHTTPS, "certificate-expired", "the certificate is out of date, or this machine's clock is wrong", "renew it, and have that done by itself (certbot renew, Caddy); see the clock"
	case errors.As(err, &certificate):
		r.Area, r.Code, r.Message, r.Fix = ofHTTPS, "certificate", fmt.Sprintf("the certificate is not good: %v", certificate.Err), "get one for this name from a public authority, and send the intermediate ones with it"
	case errors.As(err, &plain) || errors.Is(err, http.ErrSchemeMismatch):
		r.Area, r.Code, r.Message, r.Fix = ofHTTPS, "no-tls", "the server does not speak HTTPS at this port", "set up HTTPS there, or correct the address (site.feeds_url)"
	case errors.Is(err, syscall.ECONNREFUSED):
		r.Code, r.Message, r.Fix = "refused", "nothing listens there", "start the web server, or feedpub serve; see that the firewall lets readers through, or correct the address (site.feeds_url)"
	case errors.As(err, &timeout) && timeout.Timeout():
		r.Code, r.Message, r.Fix = "timeout", "the answer did not come in time", "see that the server runs, is not overloaded, and that no firewall drops its packets"
	default:
		if errors.As(err, &asked) {
			err = asked.Err
		}
		r.Code, r.Message, r.Fix = "unreachable", err.Error(), "correct the address (site.feeds_url), or the server"
	}
	d.remark(r)
}

const (
	mostSkew  = 5 * time.Second // which a slow answer explains
	worstSkew = 5 * time.Minute
)

// skew compares our clock with the server's.
func (d *doctor) skew(l *validate.Look) {
	date, err := http.ParseTime(l.Header.Get("Date"))
	if err != nil {
		d.skip(ofClock, "the server does not tell its own time", "")
		return
	}
	if age, err := strconv.Atoi(l.Header.Get("Age")); err == nil { // a cache answered, with the time of then
		date = date.Add(time.Duration(age) * time.Second)
	}
	off := l.At.Sub(date).Round(time.Second)
	ahead, size := "ahead of", off
	if off < 0 {
		ahead, size = "behind", -off
	}
	switch r := (remark{ofClock, isWarning, "clock-skew", l.Final, 0, fmt.Sprintf("this machine's clock is %v %s the server's", size, ahead), "have both set by NTP (timedatectl set-ntp true): embargoes and dates follow this one"}); {
	case size > worstSkew:
		r.Level = isError
		d.remark(r)
	case size > mostSkew:
		d.remark(r)
	default:
		d.good(ofClock, "it agrees with the server's")
	}
}

// soon is how long before its end a certificate should have been renewed.
const soon = 14 * 24 * time.Hour

// https looks at whether readers are safe from those on the way.
func (d *doctor) https(ctx context.Context, v *visit) {
	u, err := url.Parse(v.url)
	if err != nil {
		return
	}
	switch {
	case d.private && u.Scheme == "http":
		d.skip(ofHTTPS, u.Host+" is not reached from outside its network", "")
	case u.Scheme == "http" && !strings.HasPrefix(v.look.Final, "https:"):
		d.plain(ctx, *u)
	case u.Scheme == "http": // remarked on as a redirect
	case v.look.Until.Before(d.app.now().Add(soon)):
		d.remark(remark{ofHTTPS, isWarning, "certificate-ends", u.Host, 0, fmt.Sprintf("the certificate ends at %s", v.look.Until.Format(time.RFC3339)), "renew it, and have that done by itself (certbot renew, Caddy)"})
	default:
		d.good(ofHTTPS, "the certificate is good until %s", v.look.Until.Format(time.DateOnly))
	}
}

// plain remarks on a site without HTTPS, or that has it and does not say so.
func (d *doctor) plain(ctx context.Context, u url.URL) {
	r := remark{ofHTTPS, isWarning, "http", u.Host, 0, "readers get the feed by plain HTTP, and anyone on the way can change it", "set up HTTPS in the web server in front (Caddy does it by itself; certbot for nginx), and set site.feeds_url to https://…"}
	u.Scheme = "https"
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	if status, err := d.asker.Status(ctx, u.String()); err == nil && status == http.StatusOK {
		r.Code, r.Message, r.Fix = "http-beside-https", "the site has HTTPS too, and names itself without it", "set site.feeds_url to https://…, run feedpub generate, and send readers on with 301"
	}
	d.remark(r)
}

// mostHubs is how many hubs are asked: a feed may name thousands, and nobody needs more.
const mostHubs = 3

// hubs looks whether the hubs that documents name are there. They answer a GET as they like.
func (d *doctor) hubs(ctx context.Context, named map[string]bool) {
	if len(named) == 0 {
		d.good(ofHub, "the documents name none, and readers ask again by themselves")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	hubs := slices.Sorted(maps.Keys(named))
	if more := len(hubs) - mostHubs; more > 0 {
		d.skip(ofHub, fmt.Sprintf("%s more, beside %d that were", counted(more, "hub"), mostHubs), "")
		hubs = hubs[:mostHubs]
	}
	for _, hub := range hubs {
		status, err := d.asker.Status(ctx, hub)
		r := remark{ofHub, isError, "hub", hub, 0, fmt.Sprintf("the hub answers %d %s", status, http.StatusText(status)), "correct the address of the hub, or name none: readers wait for what it does not tell"}
		switch {
		case err != nil:
			r.Message = fmt.Sprintf("the hub does not answer: %v", err)
		case status != http.StatusNotFound && status != http.StatusGone && status < 500:
			d.good(ofHub, "%s answers", hub)
			continue
		}
		d.remark(r)
	}
}

// alternates are the feeds that a page of HTML names, each once.
func alternates(page io.Reader, base *url.URL) (feeds []string) {
	types := map[string]bool{}
	for _, f := range feed.Formats {
		types[f.MediaType()] = true
	}
	for z := html.NewTokenizer(io.LimitReader(page, feed.MaxSize)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return feeds
		case html.StartTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		token := z.Token()
		if token.DataAtom != atom.Link {
			continue
		}
		attr := map[string]string{}
		for _, a := range token.Attr {
			attr[a.Key] = a.Val
		}
		mediaType, _, _ := strings.Cut(strings.ToLower(attr["type"]), ";")
		if !slices.Contains(strings.Fields(strings.ToLower(attr["rel"])), "alternate") || !types[strings.TrimSpace(mediaType)] {
			continue
		}
		if u, err := base.Parse(attr["href"]); err == nil && attr["href"] != "" && !slices.Contains(feeds, u.String()) {
			feeds = append(feeds, u.String())
		}
	}
}

// pageText is what a page of HTML says, without its markup and spaces.
func pageText(page []byte) string {
	var words []string
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(words, "")
		case html.TextToken:
			words = append(words, strings.Fields(string(z.Text()))...)
		}
	}
}
