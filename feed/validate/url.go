package validate

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/fetch"
)

// An Asker asks servers for feeds: those of the public web, and of the networks that it is let go to.
type Asker struct{ client *http.Client }

// NewAsker makes an Asker that tells servers who it is by the user agent. Besides the networks it may be let go to single ports.
func NewAsker(userAgent string, allow []netip.Prefix, ports ...netip.AddrPort) *Asker {
	return &Asker{fetch.New(fetch.Options{UserAgent: userAgent, Allow: allow, AllowPorts: ports, MaxBytes: feed.MaxSize}).HTTP()}
}

// IsPublic tells whether an Asker goes to an address without being let.
func IsPublic(addr netip.Addr) bool { return fetch.IsPublic(addr) }

// A Look is what came of asking for a document in the ways in which readers do.
type Look struct {
	Exchange
	Report Report        // of the document, and of how it is served
	Doc    []byte        // what those get who take gzip, decompressed; nil where the status is not 200
	Plain  []byte        // what the others get; nil where it came in a coding all the same
	At     time.Time     // when the first answer came, by our clock
	Took   time.Duration // until the document was there
	Until  time.Time     // when the server's certificate ends; zero without HTTPS
}

// URL checks the document at an address, and how it is served. The error is that there was no answer.
func (a *Asker) URL(ctx context.Context, url string, o Options) (Report, error) {
	l, err := a.Look(ctx, url, o)
	if err != nil {
		return Report{}, err
	}
	return l.Report, nil
}

// Look is URL, with all that was seen.
func (a *Asker) Look(ctx context.Context, url string, o Options) (*Look, error) {
	begun := time.Now()
	resp, err := a.get(ctx, url, "gzip")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	l := &Look{At: time.Now()}
	l.Exchange = Exchange{URL: url, Final: resp.Request.URL.String(), Redirects: redirects(resp), Status: resp.StatusCode, Header: resp.Header}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		l.Until = resp.TLS.PeerCertificates[0].NotAfter
	}
	if resp.StatusCode != http.StatusOK {
		l.Report = Report{Findings: HTTP(l.Exchange, Report{})}
		return l, nil
	}
	if l.Doc, err = readAnswer(resp); err != nil {
		return nil, fmt.Errorf("read %s: %w", url, err)
	}
	l.Took = time.Since(begun)
	if err := a.askOn(ctx, l); err != nil {
		return nil, err
	}
	l.Report = Document(l.Doc, o)
	l.Report.Findings = append(HTTP(l.Exchange, l.Report), l.Report.Findings...)
	return l, nil
}

// askOn asks where the document was found: without a coding, and with each validator alone, as some readers keep only one.
func (a *Asker) askOn(ctx context.Context, l *Look) (err error) {
	plain, err := a.get(ctx, l.Final, "identity")
	if err != nil {
		return err
	}
	defer plain.Body.Close()
	if plain.StatusCode == http.StatusOK {
		l.Exchange.Plain = plain.Header
		if coding := plain.Header.Get("Content-Encoding"); coding == "" || coding == "identity" {
			if l.Plain, err = readAnswer(plain); err != nil {
				return fmt.Errorf("read %s: %w", l.Final, err)
			}
		}
	}
	if l.ByTag, err = a.status(ctx, l.Final, "If-None-Match", l.Header.Get("ETag")); err != nil {
		return err
	}
	l.ByDate, err = a.status(ctx, l.Final, "If-Modified-Since", l.Header.Get("Last-Modified"))
	return err
}

// status is how the server answers when it is asked with a validator; 0 where there is none.
func (a *Asker) status(ctx context.Context, url, condition, validator string) (int, error) {
	if validator == "" {
		return 0, nil
	}
	resp, err := a.get(ctx, url, "gzip", condition, validator)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// Status is how a server answers at an address, where what it says is of no matter.
func (a *Asker) Status(ctx context.Context, url string) (int, error) {
	resp, err := a.get(ctx, url, "gzip")
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// get asks with the coding, which is named by hand, or the client would hide whether it was taken, and with more headers.
func (a *Asker) get(ctx context.Context, url, coding string, header ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	req.Header.Set("Accept-Encoding", coding)
	return a.client.Do(req)
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
