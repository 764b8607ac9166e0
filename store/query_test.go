package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// dated is an article of the time start and d, with tags.
func dated(key string, d time.Duration, tags ...string) feed.Entry {
	e := article(key)
	e.Published, e.Dated, e.Tags = start.Add(d), true, tags
	return e
}

// keys are the keys of entries, in order.
func keys(es []feed.Entry) string {
	var ks []string
	for _, e := range es {
		ks = append(ks, e.Key)
	}
	return strings.Join(ks, " ")
}

func testLookup(t *testing.T, s *Store) {
	a, b := article("x/a"), article("x/b")
	a.Slug, b.Slug, b.URL = "same", "same", "https://example.org/b?c"
	put(t, s, a, b)
	for _, test := range []struct{ ref, want string }{
		{a.ID, "x/a"}, {b.URL, "x/b"}, {"s/x/b", "x/b"},
	} {
		e, err := s.Lookup(t.Context(), test.ref)
		if err != nil || e.Key != test.want {
			t.Errorf("%s: got %s, %v, want %s", test.ref, e.Key, err, test.want)
		}
	}
	if _, err := s.Lookup(t.Context(), "same"); err == nil || !strings.Contains(err.Error(), a.ID) || !strings.Contains(err.Error(), b.ID) {
		t.Errorf("two slugs: got %v, want an error with both IDs", err)
	}
	if _, err := s.Lookup(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("nothing: got %v, want ErrNotFound", err)
	}
}

func testList(t *testing.T, s *Store) {
	var es []feed.Entry
	for i := range pageSize + 50 { // over a page's end, ten of one time
		es = append(es, dated(fmt.Sprintf("%04d", i), -time.Duration(i/10)*time.Minute, "Go"))
	}
	es[3].Status = feed.Draft
	es[4].Expiry = start
	es[5].Tags = []string{"Straße"}
	put(t, s, es...)
	list := func(f Filter) []feed.Entry {
		t.Helper()
		var got []feed.Entry
		for e, err := range s.List(t.Context(), f) {
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 { // writers must not wait for a listing
				put(t, s, article("0000"))
				put(t, s, es[0])
			}
			got = append(got, e)
		}
		return got
	}
	if got, want := keys(list(Filter{})), keys(es); got != want {
		t.Errorf("all: got %s, want %s", got, want)
	}
	for _, test := range []struct {
		filter Filter
		want   string
	}{
		{Filter{Status: feed.Draft}, "0003"},
		{Filter{Status: feed.Expired, Tag: "gO"}, "0004"},
		{Filter{Tag: "STRASSE", Source: "s"}, "0005"},
		{Filter{Source: "other"}, ""},
	} {
		if got := keys(list(test.filter)); got != test.want {
			t.Errorf("%+v: got %s, want %s", test.filter, got, test.want)
		}
	}
}

// Where the selection takes few of those on the path, it is still followed to its end, in steps that grow.
func testNewestOfTwo(t *testing.T, s *Store) {
	const entries = 5*pageSize + 7
	var es []feed.Entry
	for i := range entries {
		e := dated(fmt.Sprintf("%04d", i), -time.Duration(i)*time.Second, "Go")
		e.Authors = []feed.Author{{Name: "Often"}}
		if i%400 == 399 || i == entries-1 {
			e.Authors[0].Name = "Seldom"
		}
		es = append(es, e)
	}
	put(t, s, es...)
	q := Query{Now: start, Limit: 20, Select: feed.Selection{Tags: []string{"go"}, Authors: []string{"seldom"}}}
	want := fmt.Sprintf("0399 0799 %04d", entries-1)
	if got, err := s.Newest(t.Context(), q); err != nil || keys(got) != want {
		t.Errorf("got %s, %v, want %s", keys(got), err, want)
	}
	q.Limit = 2
	if got, err := s.Newest(t.Context(), q); err != nil || keys(got) != "0399 0799" {
		t.Errorf("got %s, %v, want the first two", keys(got), err)
	}
}

func TestPages(t *testing.T) {
	for limit, want := range map[int]string{0: "[200 200 200]", 1: "[1 2 4]", 60: "[60 120 200]", 200: "[200 200 200]", 500: "[500 500 500]"} {
		var sizes []int
		for n := range pages(limit) {
			if sizes = append(sizes, n); len(sizes) == 3 {
				break
			}
		}
		if got := fmt.Sprint(sizes); got != want {
			t.Errorf("limit %d: got %s, want %s", limit, got, want)
		}
	}
}

func testNewest(t *testing.T, s *Store) {
	embargo := dated("embargo", -time.Hour, "Go")
	embargo.Embargo = start.Add(-5 * time.Second)
	expiring := dated("expiring", -30*time.Second, "World")
	expiring.Expiry = start.Add(time.Minute)
	draft := dated("draft", -time.Second, "Go")
	draft.Status = feed.Draft
	put(t, s, dated("old", -time.Hour, "Go", "World"), dated("future", 10*time.Second, "go"), embargo, expiring, draft,
		dated("b", 0, "GO"), dated("a", 0, "Science"))
	for _, test := range []struct {
		tags  string
		limit int
		after time.Duration
		want  string
	}{
		{"", 0, 0, "a b embargo expiring old"},
		{"", 0, -1, "embargo expiring old"},
		{"", 2, 0, "a b"},
		{"", 0, 10*time.Second - 1000, "a b embargo expiring old"},
		{"", 0, 10 * time.Second, "future a b embargo expiring old"},
		{"", 0, time.Minute - 1000, "future a b embargo expiring old"},
		{"", 0, time.Minute, "future a b embargo old"},
		{"gO", 0, 0, "b embargo old"},
		{"go,World", 0, 0, "b embargo expiring old"},
		{"go,World", 2, 0, "b embargo"},
		{"none", 0, 0, ""},
	} {
		q := Query{Limit: test.limit, Now: start.Add(test.after)}
		if test.tags != "" {
			q.Select.Tags = strings.Split(test.tags, ",")
		}
		es, err := s.Newest(t.Context(), q)
		if got := keys(es); err != nil || got != test.want {
			t.Errorf("%+v: got %s, %v, want %s", test, got, err, test.want)
		}
		if !slices.IsSortedFunc(es, feed.Compare) {
			t.Errorf("%+v: got %s, want the order of feed.Compare", test, keys(es))
		}
	}
}

// A withdrawn entry stays where it stood, for its term, when readers have seen it.
func testNewestWithdrawn(t *testing.T, s *Store) {
	ctx := t.Context()
	put(t, s, dated("a", -time.Minute, "x"), dated("b", -2*time.Minute, "x"), dated("c", -3*time.Minute, "x"))
	shown, hidden := article("b").ID, article("c").ID
	if err := s.SaveFeed(ctx, FeedState{Name: "news"}, []string{article("a").ID, shown}, nil); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{shown, hidden} {
		if _, err := s.Withdraw(ctx, id, "gone"); err != nil {
			t.Fatal(err)
		}
	}
	const term = time.Hour
	for _, tags := range [][]string{nil, {"x"}} {
		for after, want := range map[time.Duration]string{0: "a b", term - 1000: "a b", term: "a"} {
			now := start.Add(after)
			q := Query{Select: feed.Selection{Tags: tags}, Now: now, WithdrawnSince: now.Add(-term)}
			es, err := s.Newest(ctx, q)
			if got := keys(es); err != nil || got != want {
				t.Errorf("after %s, tags %v: got %s, %v, want %s", after, tags, got, err, want)
			}
			next, err := s.NextChange(ctx, q, es)
			if wantNext := start.Add(term); err != nil || after < term && !next.Equal(wantNext) || after == term && !next.IsZero() {
				t.Errorf("after %s: got next %v, %v, want %v, then never", after, next, err, wantNext)
			}
		}
	}
}

// Walking from change to change sees every window that there is.
func testNextChange(t *testing.T, s *Store) {
	ctx := t.Context()
	e := dated("embargo", 0, "x")
	e.Embargo, e.Expiry = start.Add(3*time.Hour), start.Add(5*time.Hour)
	d := dated("draft", time.Hour, "x")
	d.Status = feed.Draft
	put(t, s, dated("now", 0, "x"), dated("later", 2*time.Hour, "x"), dated("other", 4*time.Hour, "y"), e, d)
	for _, test := range []struct {
		tags []string
		want string
	}{
		{nil, "0s: now; 2h0m0s: later now; 3h0m0s: embargo later now; 4h0m0s: other embargo later now; 5h0m0s: other later now"},
		{[]string{"x"}, "0s: now; 2h0m0s: later now; 3h0m0s: embargo later now; 5h0m0s: later now"},
		{[]string{"y", "z"}, "0s: ; 4h0m0s: other"},
	} {
		var got []string
		for now := start; !now.IsZero() && len(got) < 10; {
			q := Query{Select: feed.Selection{Tags: test.tags}, Now: now}
			es, err := s.Newest(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s: %s", now.Sub(start), keys(es)))
			if now, err = s.NextChange(ctx, q, es); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(got, "; "); got != test.want {
			t.Errorf("%v:\ngot  %s\nwant %s", test.tags, got, test.want)
		}
	}
}

// The queries of each run follow an index and sort nothing.
func TestQueryPlans(t *testing.T) {
	s := openFile(t, t.TempDir()+"/store.db")
	for name, query := range map[string]string{
		"newest": newest, "newestOfFacet": newestOfFacet, "next": next, "nextOfFacet": nextOfFacet,
		"monthly": monthly, "monthlyOfFacet": monthlyOfFacet,
	} {
		for _, step := range plan(t, s, query) {
			if !strings.HasPrefix(step, "SEARCH") || !strings.Contains(step, " INDEX ") && !strings.Contains(step, " PRIMARY KEY ") {
				t.Errorf("%s: got %q, want a search by index", name, step)
			}
		}
	}
}

// plan is how SQLite goes about a query.
func plan(t *testing.T, s *Store, query string) (steps []string) {
	t.Helper()
	places := 0
	for n := 1; strings.Contains(query, fmt.Sprintf("$%d", n)); n++ {
		places = n
	}
	err := s.collect(t.Context(), func(rows *sql.Rows) error {
		var id, parent, unused int
		var step string
		err := rows.Scan(&id, &parent, &unused, &step)
		steps = append(steps, step)
		return err
	}, `EXPLAIN QUERY PLAN `+query, make([]any, places)...)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}
