package validate_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"feedpub/feed/validate"
)

// FuzzDocument holds that no stranger's bytes make the check panic, and that what it finds is fit to be shown.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><rss version="2.0"><channel><item><guid>1</guid><pubDate>Sun, 01 Mar 2026 10:00:00 +</pubDate></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="/x"><id>tag:</id><link/><content type="xhtml"><div/></content></entry></feed>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://search.yahoo.com/mrss/"><m:group><m:content/></m:group><link m:x="y"/></feed>`))
	f.Add([]byte(`{"version":1,"items":[null,{"id":1,"authors":[null],"attachments":[{"duration_in_seconds":1e300}]}]}`))
	f.Add([]byte("<?xml version='1.0' encoding='utf-16'?><rss/>"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r := validate.Document(doc, validate.Options{Now: time.Unix(1e9, 0)})
		for _, found := range r.Findings {
			if found.Message == "" || found.Line < 0 || found.Column < 0 || !utf8.ValidString(found.String()) {
				t.Errorf("got %+v", found)
			}
			if !known[found.Code] {
				t.Errorf("got %s, which is none of the codes", found.Code)
			}
		}
	})
}

var known = func() map[string]bool {
	m := make(map[string]bool)
	for _, c := range validate.Codes() {
		m[c.Code] = true
	}
	return m
}()
