package page

import (
	"strings"
	"testing"
	"testing/fstest"
)

// A template that writes on and on is told, and ends nobody's memory: when it is read, and where data makes it long later.
func TestPageIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		StartName: `{{range $i := 100000000}}line {{$i}} of many{{end}}`,
		FeedName:  strings.Repeat("x", maxSize+1),
	} {
		_, err := Read(fstest.MapFS{name: {Data: []byte(text)}}, "look")
		if want := "look/" + name + ": the page is larger than 4 MiB; have the template write less"; err == nil || slashed(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	theme, err := Read(fstest.MapFS{FeedName: {Data: []byte(`{{range $i := .More}}line {{$i}}{{end}}`)}}, "look")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theme.Feed(Feed{More: 100_000_000}); err == nil || err.Error() != "make a page: feed.html: the page is larger than 4 MiB; have the template write less" {
		t.Errorf("got %v", err)
	}
	if doc, err := theme.Feed(Feed{More: 100_000, URL: "https://example.org/"}); err != nil || !IsOurs(doc, "https://example.org/") {
		t.Errorf("a long page: got %v", err)
	}
}

func slashed(err error) string { return strings.ReplaceAll(err.Error(), `\`, "/") }
