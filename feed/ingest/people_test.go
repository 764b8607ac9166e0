package ingest

import (
	"testing"

	"feedpub/feed"
)

func TestSplitAuthor(t *testing.T) {
	tests := []struct {
		in   string
		want feed.Author
	}{
		{`Jo Smith <jo@example.org>`, feed.Author{Name: "Jo Smith", Email: "jo@example.org"}},
		{`"Smith, Jo" <jo@example.org>`, feed.Author{Name: "Smith, Jo", Email: "jo@example.org"}},
		{`Jo "X" Smith <jo@example.org>`, feed.Author{Name: `Jo "X" Smith`, Email: "jo@example.org"}},
		{`"X" Smith <jo@example.org>`, feed.Author{Name: `"X" Smith`, Email: "jo@example.org"}},
		{`Jo "X" <jo@example.org>`, feed.Author{Name: `Jo "X"`, Email: "jo@example.org"}},
		{`"X" and "Y" <jo@example.org>`, feed.Author{Name: `"X" and "Y"`, Email: "jo@example.org"}},
		{`"Jo \"X\" Smith" <jo@example.org>`, feed.Author{Name: `Jo "X" Smith`, Email: "jo@example.org"}},
		{`"Jo \\ Smith" <jo@example.org>`, feed.Author{Name: `Jo \ Smith`, Email: "jo@example.org"}},
		{`"" <jo@example.org>`, feed.Author{Name: "jo", Email: "jo@example.org"}},
		{`" <jo@example.org>`, feed.Author{Name: `"`, Email: "jo@example.org"}},
		{`Müller (Redaktion) <jo@example.org>`, feed.Author{Name: "Müller (Redaktion)", Email: "jo@example.org"}},
		{`<jo@example.org>`, feed.Author{Name: "jo", Email: "jo@example.org"}},
		{`jo@example.org`, feed.Author{Name: "jo", Email: "jo@example.org"}},
		{`Jo "X" Smith`, feed.Author{Name: `Jo "X" Smith`}},
		{`Jo <jo at example>`, feed.Author{Name: "Jo <jo at example>"}},
	}
	for _, test := range tests {
		if got := splitAuthor(test.in); got != test.want {
			t.Errorf("splitAuthor(%q): got %+v, want %+v", test.in, got, test.want)
		}
	}
}
