package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

func testNamed(t *testing.T, s *Store) {
	put(t, s, dated("2026-01.md", -3*time.Hour), dated("2026-02.md", -2*time.Hour), dated("2026-03.md", time.Hour), dated("100%.md", -time.Hour))
	other := dated("2026-01.md", -5*time.Hour)
	other.Source, other.ID, other.URL = "so", "tag:example.org,2026:so", "https://example.org/so"
	put(t, s, other)
	if _, err := s.Withdraw(t.Context(), article("2026-02.md").ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		prefix string
		status feed.Status
		most   int
		want   string
	}{
		{"", "", 9, "s/2026-03.md s/100%.md s/2026-02.md s/2026-01.md so/2026-01.md"},
		{"s", "", 9, "so/2026-01.md s/2026-03.md s/2026-02.md s/2026-01.md s/100%.md"},
		{"s/", "", 2, "s/2026-03.md s/2026-02.md"},
		{"s/2026-0", feed.Published, 9, "s/2026-01.md"},
		{"s/", feed.Withdrawn, 9, "s/2026-02.md"},
		{"s/2026-03", feed.Scheduled, 9, "s/2026-03.md"},
		{"s/1%", "", 9, ""}, {"s/100%", "", 9, "s/100%.md"}, {"x", "", 9, ""},
	} {
		var got []string
		err := s.Named(t.Context(), test.prefix, test.status, func(e *feed.Entry) bool {
			got = append(got, e.Source+"/"+e.Key)
			return len(got) < test.most
		})
		if strings.Join(got, " ") != test.want || err != nil {
			t.Errorf("%q, %s: got %v, %v, want %s", test.prefix, test.status, got, err, test.want)
		}
	}
}

// What a shell asks for at each tab does not read the store.
func TestNamedIsLookedUp(t *testing.T) {
	s := openFile(t, t.TempDir()+"/store.db")
	for _, query := range []string{
		`SELECT title FROM entries WHERE source = 's' AND key >= 'a' AND key < 'b' ORDER BY source DESC, key DESC`,
		`SELECT title FROM entries WHERE source >= 's' AND source < 't' ORDER BY source DESC, key DESC`,
	} {
		for _, step := range plan(t, s, query) {
			if !strings.HasPrefix(step, "SEARCH ") {
				t.Errorf("%s: %s", query, step)
			}
		}
	}
}

func BenchmarkNamed(b *testing.B) {
	s := openFile(b, b.TempDir()+"/store.db")
	for n := range 20 {
		var es []feed.Entry
		for i := range 1000 {
			e := article(fmt.Sprintf("%02d/%03d.md", n, i))
			e.Content = strings.Repeat("A text of some length. ", 200)
			es = append(es, e)
		}
		put(b, s, es...)
	}
	for b.Loop() {
		found := 0
		if err := s.Named(b.Context(), "s/07/99", "", func(*feed.Entry) bool { found++; return true }); err != nil || found != 10 {
			b.Fatal(found, err)
		}
	}
}
