package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

func testAlike(t *testing.T, s *Store) {
	a, b := article("a.md"), article("b.md")
	a.GUID, b.GUID = "guid a", "guid b"
	other := article("c.md")
	other.ID, other.Source, other.Raw, other.URL = "urn:c", "other", a.Raw, a.URL
	put(t, s, a, b, other)
	if _, err := s.Withdraw(t.Context(), b.ID, ""); err != nil {
		t.Fatal(err)
	}
	adopt(t, s, Adopted{ID: "urn:a2", Source: "s", Key: "a.md", URL: a.URL, Raw: a.Raw}, Adopted{ID: "urn:d2", Source: "s", Key: "d.md", Raw: b.Raw}) // to no effect
	adopt(t, s, Adopted{ID: "urn:d", Source: "s", Key: "d.md", URL: "https://example.org/d", Raw: "raw of d.md"}, Adopted{ID: "urn:e", URL: "https://example.org/e"})
	for by, values := range map[Trait][]string{
		ByKey:  {"a.md", "b.md", "d.md", "none.md"},
		ByID:   {a.ID, b.ID, "urn:d", "urn:e", "urn:c"},
		ByURL:  {a.URL, b.URL, "https://example.org/d", "https://example.org/e"},
		ByGUID: {"guid a", "guid b", "none"},
		ByRaw:  {a.Raw, b.Raw, "raw of d.md", "raw of d", "r", "none"},
	} {
		for range 2 * maxParameters {
			values = append(values, "another") // more than one query asks for
		}
		found, err := s.Alike(t.Context(), "s", by, values)
		if err != nil {
			t.Fatal(err)
		}
		want := "a.md published false, b.md withdrawn false, d.md published true"
		if by == ByGUID {
			want = "a.md published false, b.md withdrawn false"
		}
		var got []string
		for _, key := range slices.Sorted(maps.Keys(found)) {
			got = append(got, fmt.Sprint(key, " ", found[key].Status, " ", found[key].Adopted))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("by %s: got  %v\nwant %s", by, got, want)
		}
	}
	all := map[string]Known{}
	if err := s.Keys(t.Context(), "s", take(all)); err != nil || len(all) != 3 || all["a.md"].ID != a.ID || all["a.md"].GUID != "guid a" {
		t.Errorf("all keys: got %v, %v, want those of a, b and d", all, err)
	}
	if n, err := s.Live(t.Context(), "s"); err != nil || n != 2 {
		t.Errorf("got %d live, %v, want a and d", n, err)
	}
}

// What an import asks of an article costs the same however many are stored.
func TestAlikePlans(t *testing.T) {
	s := openFile(t, t.TempDir()+"/store.db")
	for _, by := range []Trait{ByKey, ByID, ByURL, ByGUID, ByRaw} {
		for _, step := range plan(t, s, knownWhere(by.in(2))) {
			if by == ByGUID && strings.HasPrefix(step, "SCAN a") {
				continue // what is adopted has none: SQLite knows before it begins
			}
			if strings.HasPrefix(step, "SCAN") || strings.HasSuffix(step, "(source=?)") {
				t.Errorf("by %s: got %q, want a search by index", by, step)
			}
		}
	}
}
