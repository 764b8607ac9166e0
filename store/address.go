package store

import (
	"net/url"
	"strings"
)

// addressOf is what URLs of one page have in common, however they are written: without scheme, www., the usual port,
// the slash or the index at the end, an extension of HTML, a fragment, and what campaigns add. It is empty for what is no
// address.
func addressOf(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	host = strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
	path := strings.TrimSuffix(u.Path, "/") // unescaped
	for _, end := range []string{"/index.html", "/index.htm", "/index.php", ".html", ".htm"} {
		path = strings.TrimSuffix(path, end)
	}
	query := u.Query()
	for name := range query {
		if strings.HasPrefix(name, "utm_") || name == "fbclid" || name == "gclid" {
			query.Del(name)
		}
	}
	if len(query) > 0 {
		return host + path + "?" + query.Encode()
	}
	return host + path
}
