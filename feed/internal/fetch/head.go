package fetch

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

// A Head is what a server tells of a document without sending it.
type Head struct {
	Length      int64  // bytes, -1 where it does not tell
	ContentType string // as the server wrote it
}

// Head asks what the server tells of the document at url. Where it does not answer HEAD, or answers without a length, as
// some servers of media do, it is asked for the first byte.
func (c *Client) Head(ctx context.Context, url string) (*Head, error) {
	head, err := c.head(ctx, http.MethodHead, url)
	if err == nil && head.Length >= 0 || ctx.Err() != nil {
		return head, err
	}
	if _, answered := err.(*StatusError); err != nil && !answered {
		return nil, err
	}
	return c.head(ctx, http.MethodGet, url)
}

func (c *Client) head(ctx context.Context, method, url string) (*Head, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // the length of the file, not of the answer
	if method == http.MethodGet {
		req.Header.Set("Range", "bytes=0-0")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	head := &Head{Length: resp.ContentLength, ContentType: resp.Header.Get("Content-Type")}
	switch coding := resp.Header.Get("Content-Encoding"); {
	case resp.StatusCode == http.StatusPartialContent && method == http.MethodGet:
		head.Length = rangeOf(resp.Header.Get("Content-Range"))
	case resp.StatusCode != http.StatusOK:
		return nil, newStatusError(resp, c.now())
	case coding != "" && coding != "identity":
		head.Length = -1
	}
	return head, nil
}

// rangeOf is the length of the whole that "bytes 0-0/1234" names (RFC 9110, 14.4), -1 where it names none.
func rangeOf(contentRange string) int64 {
	_, whole, _ := strings.Cut(contentRange, "/")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil && n >= 0 {
		return n
	}
	return -1
}
