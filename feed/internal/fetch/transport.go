package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"
)

var (
	// ErrRefusedURL means that a URL, given or redirected to, is none that we fetch.
	ErrRefusedURL = errors.New("URL refused")
	// ErrTooManyRedirects means that a server sent us on and on, perhaps in a circle.
	ErrTooManyRedirects = errors.New("too many redirects")
	// ErrTooLarge means that a body, decompressed, is over [Options.MaxBytes].
	ErrTooLarge = errors.New("answer too large")
)

const (
	maxRedirects   = 5
	maxHeaderBytes = 64 << 10
)

// A transport is an [http.Transport] with the guard in it, so that every request passes it, whoever sends it.
type transport struct {
	*http.Transport
	options Options
}

func newTransport(o Options) *transport {
	dialer := &net.Dialer{Timeout: o.StepTimeout, Control: addressGuard{o.Allow, o.AllowPorts}.control, Resolver: o.Resolver}
	return &transport{options: o, Transport: &http.Transport{
		Proxy:                  nil, // a proxy would dial where the guard does not see it
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    o.StepTimeout,
		ResponseHeaderTimeout:  o.StepTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true, // which is off where the dialer is ours
	}}
}

// RoundTrip checks the URL, and bounds what comes back.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkURL(req.URL); err != nil {
		if req.Body != nil {
			req.Body.Close() // as a RoundTripper must
		}
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	sent := req.Clone(ctx)
	if sent.Header.Get("User-Agent") == "" {
		sent.Header.Set("User-Agent", t.options.UserAgent)
	}
	resp, err := t.Transport.RoundTrip(sent)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = newBody(ctx, cancel, resp.Body, t.options)
	return resp, nil
}

// checkURL leaves the host to the dialer, who alone knows what it stands for. User info is refused because it is
// how http://example.org@10.0.0.1/ passes for another's address, and because it would stand in logs.
func checkURL(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("%w: %s is not http or https", ErrRefusedURL, u.Redacted())
	case u.User != nil:
		return fmt.Errorf("%w: %s holds user info; leave it out", ErrRefusedURL, u.Redacted())
	case u.Hostname() == "":
		return fmt.Errorf("%w: %s has no host", ErrRefusedURL, u.Redacted())
	}
	return nil
}

// checkRedirect is an [http.Client]'s CheckRedirect; the new URL itself is checked when it is asked for. The way
// from https to http is refused: what comes at its end is anyone's on the way. Who wants it can give that URL.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: %d were followed", ErrTooManyRedirects, maxRedirects)
	}
	if from := via[len(via)-1].URL; from.Scheme == "https" && req.URL.Scheme == "http" {
		return fmt.Errorf("%w: %s leads from https to http", ErrRefusedURL, from.Redacted())
	}
	req.Header.Del("Referer")
	elsewhere := func(r *http.Request) bool {
		return r.URL.Scheme != via[0].URL.Scheme || r.URL.Host != via[0].URL.Host
	}
	if elsewhere(req) || slices.ContainsFunc(via, elsewhere) { // for good: the way back is another's choice
		forget(req.Header)
	}
	return nil
}

// forget drops all that a caller may have meant for the first host alone: net/http drops less, and keeps even
// Authorization for a subdomain.
func forget(h http.Header) {
	for name := range h {
		switch name {
		case "Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "If-Modified-Since", "If-None-Match", "Range", "User-Agent":
		default:
			delete(h, name)
		}
	}
}

// A body ends a response that grows too large, or whose next bytes do not come. It stands after decompression:
// what unpacks to nothing is as good as silence.
type body struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	step   time.Duration
	timer  *time.Timer // runs while somebody reads
}

func newBody(ctx context.Context, cancel context.CancelCauseFunc, rc io.ReadCloser, o Options) *body {
	timer := time.AfterFunc(o.StepTimeout, func() {
		cancel(fmt.Errorf("the server sent nothing for %v: %w", o.StepTimeout, os.ErrDeadlineExceeded))
	})
	timer.Stop()
	return &body{ReadCloser: http.MaxBytesReader(nil, rc, o.MaxBytes), ctx: ctx, cancel: cancel, step: o.StepTimeout, timer: timer}
}

func (b *body) Read(p []byte) (int, error) {
	b.timer.Reset(b.step)
	n, err := b.ReadCloser.Read(p)
	b.timer.Stop()
	if err == nil || err == io.EOF {
		return n, err
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return n, fmt.Errorf("%w: over %d bytes", ErrTooLarge, tooLarge.Limit)
	}
	if cause := context.Cause(b.ctx); cause != nil {
		return n, cause
	}
	return n, err
}

func (b *body) Close() error {
	b.timer.Stop()
	b.cancel(nil)
	return b.ReadCloser.Close()
}
