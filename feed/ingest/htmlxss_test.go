package ingest

import (
	"strings"
	"testing"

	"feedpub/feed/internal/xss"
)

// H2: nothing of this survives, and H3: no page is refused for it.
func TestHTMLIsSanitised(t *testing.T) {
	for _, payload := range xss.Payloads {
		if strings.ContainsRune(payload, 0) {
			continue // E2: not an article
		}
		for _, page := range []string{"<article><h1>X</h1>%s<p>After.</p></article>", "---\ntitle: X\n---\n%s<p>After.</p>"} {
			raw := strings.Replace(page, "%s", payload, 1)
			a, err := newReader(t).Read("s", "a.html", []byte(raw))
			if err != nil {
				t.Errorf("%s: %v", raw, err)
			}
			if bad := xss.Harm(a.Content); bad != "" {
				t.Errorf("%s: got %s, which has %s", raw, a.Content, bad)
			}
		}
	}
}
