package page

import (
	"html/template"
	"net/url"
)

// Readers are the common readers on the web with a feed's address, and whatever program the system has for feeds.
func Readers(address string) []Reader {
	escaped := url.QueryEscape(address)
	var readers []Reader
	for _, r := range []struct{ name, before string }{
		{"Feedly", "https://feedly.com/i/subscription/feed/"},
		{"Inoreader", "https://www.inoreader.com/?add_feed="},
		{"Feedbin", "https://feedbin.com/?subscribe="},
		{"NewsBlur", "https://www.newsblur.com/?url="},
		{"The Old Reader", "https://theoldreader.com/feeds/subscribe?url="},
	} {
		readers = append(readers, Reader{r.name, template.URL(r.before + escaped)})
	}
	return append(readers, Reader{"the reader on this device", template.URL("feed:" + address)})
}
