// Package fetch is how the program asks strangers' servers: it goes to the public web only, to http and https
// alone, and bounds what comes back in size and in time. Every outgoing request goes through it, so that neither a
// configuration that somebody talked us into, nor a feed, nor a redirect makes us ask our own network for something.
package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Options say how to ask. The zero value is good.
type Options struct {
	UserAgent   string           // who asks; default feedpub
	Allow       []netip.Prefix   // networks to go to although they are not public, and there any port; default none
	AllowPorts  []netip.AddrPort // single ports to go to although they are not public; default none
	MaxBytes    int64            // how long a body may be, decompressed; default 64 MiB
	Timeout     time.Duration    // of a request, its redirects and the reading of the body; default 1 minute
	StepTimeout time.Duration    // of each of: to connect, the TLS handshake, the header, silence in the body; default 15 seconds
	Resolver    *net.Resolver    // whom to ask for the addresses of a name; default the system's
}

// A Client asks servers within its options. It keeps no cookies, ignores proxies in the environment, follows five
// redirects, and never one from https to http. It may be used from several goroutines.
type Client struct {
	http     *http.Client
	maxBytes int64
	now      func() time.Time
}

// New makes a Client.
func New(o Options) *Client {
	if o.UserAgent == "" {
		o.UserAgent = "feedpub"
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 64 << 20
	}
	if o.Timeout == 0 {
		o.Timeout = time.Minute
	}
	if o.StepTimeout == 0 {
		o.StepTimeout = 15 * time.Second
	}
	return &Client{
		http:     &http.Client{Transport: newTransport(o), CheckRedirect: checkRedirect, Timeout: o.Timeout},
		maxBytes: o.MaxBytes,
		now:      time.Now,
	}
}

// HTTP is the same client for requests of another kind than Get's. The guard holds there too.
func (c *Client) HTTP() *http.Client { return c.http }

// Get fetches url, unless it is what it was when the server gave known. Whatever is neither the document nor the
// word that it is unchanged is an error: a [*StatusError] where the server answered.
func (c *Client) Get(ctx context.Context, url string, known Validators) (*Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	known.ask(req.Header)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	r := newResponse(resp, known)
	switch {
	case resp.StatusCode == http.StatusNotModified && known != Validators{}:
		r.NotModified = true
		return r, nil
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNonAuthoritativeInfo:
		return nil, newStatusError(resp, c.now())
	}
	if r.Body, err = c.read(resp); err != nil {
		return nil, fmt.Errorf("read %s: %w", r.URL, err)
	}
	return r, nil
}

func (c *Client) read(resp *http.Response) ([]byte, error) {
	if resp.ContentLength > c.maxBytes { // no need to begin
		return nil, fmt.Errorf("%w: %d bytes, over %d", ErrTooLarge, resp.ContentLength, c.maxBytes)
	}
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && coding != "identity" { // gzip is undone already
		return nil, fmt.Errorf("the server sent the coding %q, which nobody asked for", coding)
	}
	return io.ReadAll(resp.Body)
}
