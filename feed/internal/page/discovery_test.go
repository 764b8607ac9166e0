package page_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"feedpub/feed"
)

// discover finds the feeds that a page offers, as feed readers do it by the rules of HTML: links of its head whose rel
// has alternate among its words and whose type is a feed's, in order, their addresses resolved against the page's.
func discover(t *testing.T, page string) (feeds []string) {
	t.Helper()
	response, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: got %s", page, response.Status)
	}
	doc, err := html.Parse(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || n.Data != "link" || n.Parent.Data != "head" {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
		}
		isFeed := slices.ContainsFunc(feed.Formats, func(f feed.Format) bool { return attr["type"] == f.MediaType() })
		if rel := strings.Fields(strings.ToLower(attr["rel"])); !slices.Contains(rel, "alternate") || !isFeed {
			continue
		}
		ref, err := response.Request.URL.Parse(attr["href"])
		if err != nil {
			t.Fatal(err)
		}
		feeds = append(feeds, ref.String())
	}
	return feeds
}

// From every page, however it is come to, a reader finds the right feed, the preferred format first.
func TestAutodiscovery(t *testing.T) {
	s := gazette(t)
	all := func(name string) (urls []string) {
		for _, file := range []string{"rss.xml", "atom.xml", "feed.json"} {
			urls = append(urls, s.url+name+"/"+file)
		}
		return urls
	}
	for address, want := range map[string][]string{
		"":                                slices.Concat(all("news"), all("show")),
		"index.html":                      slices.Concat(all("news"), all("show")),
		"news":                            all("news"), // sent on to news/
		"news/":                           all("news"),
		"news/index.html":                 all("news"),
		"news/archive/2025-05/":           all("news"),
		"news/archive/2025-05/index.html": all("news"),
		"show/":                           all("show"),
		"tag/log/":                        all("tag/log"),
	} {
		got := discover(t, s.url+address)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
		for _, found := range got { // and what is found is what it says
			response, err := http.Get(found)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			u, _ := url.Parse(found)
			if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "application/") || u.Host == "" {
				t.Errorf("%s: %s, %s", found, response.Status, response.Header.Get("Content-Type"))
			}
		}
	}
}
