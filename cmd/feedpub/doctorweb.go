package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"feedpub/config"
	"feedpub/feed/publish"
	"feedpub/feed/validate"
)

// The areas of what is looked at from outside.
const (
	ofAddress = "public address"
	ofBytes   = "documents"
	ofHTTPS   = "https"
	ofSelf    = "self link"
	ofHub     = "hub"
)

const (
	mostAsked = 30 // documents of a site
	atOnce    = 4
)

// A visit is what came of asking for a document.
type visit struct {
	url  string
	own  *publish.Listed // nil of a stranger's document
	look *validate.Look
	err  error
}

// outside looks at the configured site as readers see it.
func (d *doctor) outside(ctx context.Context, c *config.Config, runs bool) {
	base := c.Site.FeedsURL
	switch host := base.Hostname(); {
	case len(d.listed) == 0:
		d.skip(ofAddress, "nothing was published yet that could be asked for at "+base.String(), "")
		return
	case isExample(host):
		d.skip(ofAddress, base.String()+" is an example, where nobody can publish", "set site.url, and site.feeds_url if the feeds are reachable elsewhere, to your own address")
		return
	case isHere(host) && !runs:
		d.skip(ofAddress, fmt.Sprintf("%s is this machine, and the daemon does not run", base), "start feedpub serve; set site.url when others are to read")
		return
	}
	if !d.prepare(ctx, base, c.Network.Allow) {
		return
	}
	chosen := chosen(c, d.listed)
	visits := make([]*visit, len(chosen))
	for i, f := range chosen {
		address := base.JoinPath(f.Path)
		if f.Path == "index.html" {
			address = base
		}
		visits[i] = &visit{url: address.String(), own: &chosen[i]}
	}
	d.visit(ctx, visits)
	if more := len(d.listed) - len(chosen); more > 0 && len(chosen) == mostAsked {
		d.skip(ofAddress, fmt.Sprintf("%s more, beside %d that were", documents(more), mostAsked), "")
	}
}

// chosen are the documents to ask for: the front page and feeds, those that stand in the configuration first.
func chosen(c *config.Config, listed []publish.Listed) (files []publish.Listed) {
	var others []publish.Listed
	for _, f := range listed {
		switch of := feedOf(c, path.Dir(f.Path)); {
		case f.Path == "index.html":
			files = append(files, f)
		case of == nil || !strings.HasSuffix(f.Type, "+xml") && !strings.HasSuffix(f.Type, "+json"):
		case of.Each == "":
			files = append(files, f)
		default:
			others = append(others, f)
		}
	}
	files = append(files, others...)
	return files[:min(len(files), mostAsked)]
}

// stranger looks at what lies at an address: a feed, or a page that names feeds.
func (d *doctor) stranger(ctx context.Context, address string) error {
	base, err := url.Parse(address)
	if err != nil || base.Hostname() == "" {
		return usage("%s is no URL", address)
	}
	var allow []netip.Prefix
	if c, err := d.app.load(); err == nil {
		allow = c.Network.Allow
	} else {
		d.skip(ofConfiguration, "it has mistakes, which feedpub doctor tells", "")
	}
	if !d.prepare(ctx, base, allow) {
		return nil
	}
	first := &visit{url: address}
	d.ask(ctx, first)
	if first.err != nil || !isPage(first.look) {
		d.judge(ctx, []*visit{first})
		return nil
	}
	feeds := d.feedsOf(first.look)
	visits := make([]*visit, len(feeds))
	for i, feed := range feeds {
		visits[i] = &visit{url: feed}
	}
	if len(visits) > 0 {
		d.visit(ctx, visits)
	}
	return nil
}

// prepare lets the asker go to a site, and remarks on where it lies.
func (d *doctor) prepare(ctx context.Context, base *url.URL, allow []netip.Prefix) bool {
	addresses, err := d.goTo(ctx, base, allow)
	switch {
	case err != nil && isHere(base.Hostname()): // in a container without /etc/hosts
		d.skip(ofAddress, "nobody here knows the name "+base.Hostname(), "set serve.listen or site.url to an address that has no name, or look from outside")
		return false
	case err != nil:
		d.unreachable(base.String(), err)
		return false
	}
	d.private = !slices.ContainsFunc(addresses, validate.IsPublic)
	if d.private && !isHere(base.Hostname()) {
		d.remark(remark{ofAddress, isWarning, "not-public", base.Hostname(), 0, fmt.Sprintf("it leads to %s, which only its own network reaches", addresses[0]), "have the name lead to a public address, if others are to read"})
	}
	return true
}

// goTo finds out where a site lies, and lets the asker go to its port there, also where that is not public: who names it wants
// it. Whatever it leads on to must be public, or in a network that is allowed.
func (d *doctor) goTo(ctx context.Context, base *url.URL, allow []netip.Prefix) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", base.Hostname())
	if err != nil {
		return nil, err
	}
	for i, a := range addresses {
		addresses[i] = a.Unmap()
	}
	d.asker = validate.NewAsker("feedpub/"+version().Version, allow, portsOf(base, addresses)...)
	return addresses, nil
}

// portsOf are the ports of a site to which who names it means to go. A name that leads to the public internet is kept by
// strangers, and what it leads to in this network beside that is not meant.
func portsOf(base *url.URL, addresses []netip.Addr) (ports []netip.AddrPort) {
	port, err := strconv.ParseUint(base.Port(), 10, 16)
	switch {
	case err == nil:
	case base.Scheme == "https":
		port = 443
	default:
		port = 80
	}
	numbers := []uint16{uint16(port)}
	if port == 80 {
		numbers = append(numbers, 443) // its own HTTPS, to which it may lead on
	}
	public := slices.ContainsFunc(addresses, validate.IsPublic)
	for _, a := range addresses {
		if public && !validate.IsPublic(a) {
			continue
		}
		for _, n := range numbers {
			ports = append(ports, netip.AddrPortFrom(a, n))
		}
	}
	return ports
}

// visit asks for one document, and where that answers for the others.
func (d *doctor) visit(ctx context.Context, visits []*visit) {
	d.ask(ctx, visits[0])
	if visits[0].err != nil {
		d.judge(ctx, visits[:1])
		if more := len(visits) - 1; more > 0 {
			d.skip(ofAddress, documents(more)+" more, since the first did not come", "")
		}
		return
	}
	var g errgroup.Group
	g.SetLimit(atOnce)
	for _, v := range visits[1:] {
		g.Go(func() error {
			d.ask(ctx, v)
			return nil
		})
	}
	g.Wait()
	d.judge(ctx, visits)
}

func (d *doctor) ask(ctx context.Context, v *visit) {
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	v.look, v.err = d.asker.Look(ctx, v.url, validate.Options{Now: d.app.now()})
}

// judge remarks on what was seen.
func (d *doctor) judge(ctx context.Context, visits []*visit) {
	var seen *visit // the first that was answered
	hubs := map[string]bool{}
	for _, v := range visits {
		if v.err != nil {
			d.unreachable(v.url, v.err)
			continue
		}
		if seen == nil {
			seen = v
		}
		d.document(ctx, v)
		for _, hub := range v.look.Report.Hubs {
			hubs[hub] = true
		}
	}
	if seen == nil {
		return
	}
	d.skew(seen.look)
	d.https(ctx, seen)
	d.hubs(ctx, hubs)
	if !d.has(ofAddress) && !d.has(ofBytes) {
		what := "with types, validators, 304 and compression"
		if d.public != "" {
			what = "as published, " + what
		}
		d.good(ofAddress, "%s, beginning with %s: %s", documents(len(visits)), seen.url, what)
	}
	if !d.has(ofSelf) && !d.has(ofAddress) && seen.look.Status == 200 {
		d.good(ofSelf, "each document names the address that it lies at")
	}
}

// isPage tells whether an answer is a page of HTML.
func isPage(l *validate.Look) bool {
	if l.Status != 200 {
		return false
	}
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(l.Doc[:min(len(l.Doc), 512)], []byte("\ufeff")), " \t\r\n"))
	return strings.HasPrefix(strings.ToLower(l.Header.Get("Content-Type")), "text/html") && l.Report.Format == "" ||
		bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}
