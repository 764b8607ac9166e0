package web

import (
	"strconv"
	"strings"

	"feedpub/feed/internal/encode"
)

// Weights say how much a client wants each coding, in thousandths; refused is what it cannot read. Zero is a coding
// that it did not name: identity is then still good.
type weights [codings]int

const refused = -1

// parseAcceptEncoding reads the values of Accept-Encoding (RFC 9110, 12.5.3). What it cannot make out counts as
// refused; nothing is an error, because an answer in plain bytes is better than 406.
func parseAcceptEncoding(values []string) weights {
	var w weights
	named, others := [codings]bool{}, 0
	for _, value := range values {
		for element := range strings.SplitSeq(value, ",") {
			name, params, _ := strings.Cut(element, ";")
			name, q := strings.ToLower(strings.TrimSpace(name)), weight(params)
			if name == "*" {
				others = q
			} else if c, ok := codingNamed(name); ok {
				w[c], named[c] = q, true
			}
		}
	}
	for c := range codings {
		if !named[c] {
			w[c] = others
		}
	}
	return w
}

func codingNamed(name string) (coding, bool) {
	switch name {
	case "identity":
		return identity, true
	case "gzip", "x-gzip":
		return gzipped, true
	case "br":
		return brotlied, true
	case "zstd":
		return zstandard, true
	}
	return 0, false
}

// weight reads the q parameter; without one it is the highest.
func weight(params string) int {
	name, value, found := strings.Cut(strings.TrimSpace(params), "=")
	if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1000
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q > 0 && q <= 1) {
		return refused
	}
	return max(int(q*1000), 1)
}

// A document below this many bytes is not worth a coding.
const minCompressed = encode.MinSize

// choose gives the coding that the client wants most, of those equally wanted the smallest. A coding that makes the document
// larger is used only for a client that refuses plain bytes and reads this coding.
func (c *content) choose(w weights) (coding, error) {
	plain, err := c.size(identity)
	if err != nil {
		return identity, err
	}
	best, least := identity, plain
	for x := gzipped; x < codings; x++ {
		plainGood := w[identity] != refused
		if w[x] <= 0 || plainGood && plain < minCompressed {
			continue
		}
		size, err := c.size(x)
		if err != nil {
			return identity, err
		}
		if plainGood && size >= plain {
			continue
		}
		if w[x] > w[best] || w[x] == w[best] && size < least {
			best, least = x, size
		}
	}
	return best, nil
}
