package store

import "testing"

func TestAddressOf(t *testing.T) {
	const want = "example.org/a b/c"
	for _, link := range []string{
		"https://example.org/a%20b/c", "http://www.example.org/a%20b/c/", "https://EXAMPLE.org:443/a%20b/c/index.html",
		"https://example.org/a%20b/c.html#more", "http://example.org:80/a%20%62/c?utm_source=feed&utm_medium=rss",
	} {
		if got := addressOf(link); got != want {
			t.Errorf("%s: got %s, want %s", link, got, want)
		}
	}
	for _, link := range []string{"https://example.org/?p=1", "https://example.org/?p=2", "https://example.net/a%20b/c", "urn:x", ""} {
		if addressOf(link) == want || link != "" && addressOf("https://example.org/?p=1") == addressOf("https://example.org/?p=2") {
			t.Errorf("%s: got the address of another page", link)
		}
	}
}
