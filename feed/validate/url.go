package validate

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"

	"feedpub/feed"
	"feedpub/feed/internal/fetch"
)

// An Asker asks servers for feeds: those of the public web, and of the networks that it is let go to.
type Asker struct{ client *http.Client }

// NewAsker makes an Asker that tells servers who it is by the user agent.
func NewAsker(userAgent string, allow []netip.Prefix) *Asker {
	return &Asker{fetch.New(fetch.Options{UserAgent: userAgent, Allow: allow, MaxBytes: feed.MaxSize}).HTTP()}
}

// URL checks the document at an address, and how it is served. The error is that there was no answer.
func (a *Asker) URL(ctx context.Context, url string, o Options) (Report, error) {
	resp, err := a.get(ctx, url, nil)
	if err != nil {
		return Report{}, err
	}
	defer resp.Body.Close()
	exchange := Exchange{URL: url, Final: resp.Request.URL.String(), Redirects: redirects(resp), Status: resp.StatusCode, Header: resp.Header}
	if resp.StatusCode != http.StatusOK {
		return Report{Findings: HTTP(exchange, Report{})}, nil
	}
	doc, err := readAnswer(resp)
	if err != nil {
		return Report{}, fmt.Errorf("read %s: %w", url, err)
	}
	if exchange.Again, err = a.again(ctx, exchange.Final, resp.Header); err != nil {
		return Report{}, err
	}
	r := Document(doc, o)
	r.Findings = append(HTTP(exchange, r), r.Findings...)
	return r, nil
}

func (a *Asker) get(ctx context.Context, url string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	for name := range header {
		req.Header.Set(name, header.Get(name))
	}
	req.Header.Set("Accept-Encoding", "gzip") // by hand, or the client would hide whether it was taken
	return a.client.Do(req)
}

// again asks for the document that we have, and gives the status of the answer; 0 where there is nothing to ask with.
func (a *Asker) again(ctx context.Context, url string, got http.Header) (int, error) {
	known := http.Header{}
	for from, to := range map[string]string{"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"} {
		if v := got.Get(from); v != "" {
			known.Set(to, v)
		}
	}
	if len(known) == 0 {
		return 0, nil
	}
	resp, err := a.get(ctx, url, known)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// redirects are the statuses on the way to the answer.
func redirects(resp *http.Response) []int {
	var statuses []int
	for r := resp.Request; r.Response != nil; r = r.Response.Request {
		statuses = append([]int{r.Response.StatusCode}, statuses...)
	}
	return statuses
}

func readAnswer(resp *http.Response) ([]byte, error) {
	body := io.Reader(resp.Body)
	switch coding := resp.Header.Get("Content-Encoding"); coding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, err
		}
		body = z
	default:
		return nil, fmt.Errorf("the server sent the coding %q, which nobody asked for", coding)
	}
	return io.ReadAll(io.LimitReader(body, feed.MaxSize+1))
}
