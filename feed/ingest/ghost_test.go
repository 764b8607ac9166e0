package ingest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
)

// The tables stand in any order, some after the posts that need them.
const ghostExport = `{"db":[{"meta":{"version":"5.2"},"data":{
"posts_authors":[{"post_id":"1","author_id":"u2","sort_order":1},{"post_id":"1","author_id":"u1","sort_order":0}],
"posts":[
{"id":"1","uuid":"aa-1","title":"First","slug":"first","html":"<p><a href=\"__GHOST_URL__/two/\">Two</a></p>","feature_image":"__GHOST_URL__/content/a.png",
 "custom_excerpt":"Excerpt","status":"published","visibility":"public","type":"post","published_at":"2026-03-01 10:00:00","updated_at":1772445600000,"lexical":"{}"},
{"id":"2","uuid":"aa-2","title":"About","slug":"about","html":"<p>x</p>","status":"published","type":"page"},
{"id":"3","uuid":"aa-3","title":"Members","html":"<p>x</p>","status":"published","visibility":"members","published_at":"2026-03-01T10:00:00.000Z"},
{"id":"4","uuid":"aa-4","title":"Mail","html":"<p>x</p>","status":"sent","visibility":"public","published_at":"2026-03-01T10:00:00.000Z"},
{"id":"5","uuid":"aa-5","title":"Later","html":"<p>x</p>","status":"scheduled","visibility":"public","published_at":"2027-03-01T10:00:00.000Z"},
{"id":"6","uuid":"aa-6","title":"Draft","html":"<p>x</p>","status":"draft","visibility":"public","published_at":null},
{"id":"7","uuid":"aa-7","title":"Editor","html":null,"lexical":"{}","status":"published","visibility":"public"}],
"users":[{"id":"u1","name":"Jane"},{"id":"u2","name":"John"}],
"tags":[{"id":"t1","name":"News"},{"id":"t2","name":"#internal"},{"id":"t3","name":"World"}],
"posts_tags":[{"post_id":"1","tag_id":"t3","sort_order":2},{"post_id":"1","tag_id":"t2","sort_order":1},{"post_id":"1","tag_id":"t1","sort_order":0}]
}}]}`

func TestGhost(t *testing.T) {
	articles, told := readAll(t, "ghost.json", ghostExport)
	want := []string{"First", "Members", "Mail", "Later", "Draft", "error: ghost.json:11: lexical: the content is in the format of Ghost's editor only"}
	if !slices.EqualFunc(told, want, strings.HasPrefix) {
		t.Fatalf("got %q, want %q", told, want)
	}
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var states []string
	for _, a := range articles[:5] {
		states = append(states, string(a.StatusAt(now)))
	}
	if want := []string{"published", "draft", "draft", "scheduled", "draft"}; !slices.Equal(states, want) {
		t.Errorf("got states %q, want %q", states, want)
	}
	first := articles[0]
	for name, want := range map[string]string{"guid": "aa-1", "slug": "first", "summary": "Excerpt", "published": "2026-03-01T10:00:00Z", "updated": "2026-03-02T10:00:00Z",
		"image": "https://example.org/content/a.png"} {
		if got := field(&first.Entry, name, now); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if len(first.Authors) != 2 || first.Authors[0].Name != "Jane" || !slices.Equal(first.Tags, []string{"News", "World"}) {
		t.Errorf("got authors %v, tags %q", first.Authors, first.Tags)
	}
	if first.Key != "ghost.json#aa-1" || !strings.Contains(first.Content, `href="https://example.org/two/"`) {
		t.Errorf("got key %q, content %q", first.Key, first.Content)
	}
	if !strings.Contains(strings.Join(articles[1].Warnings, "\n"), `visibility: "members" is not for everybody`) {
		t.Errorf("got warnings %q", articles[1].Warnings)
	}
}

func TestGhostPagesAreCounted(t *testing.T) {
	articles, _ := readAll(t, "g.json", `{"data":{"posts":[{"uuid":"1","title":"A","html":"x","status":"published"},{"title":"P","page":1},{"title":"Q","type":"page"}]}}`)
	if len(articles) != 1 || !strings.Contains(strings.Join(articles[0].Warnings, "\n"), "those of the file, 2, are passed over") {
		t.Errorf("got %v", articles)
	}
}

func TestGhostShapes(t *testing.T) {
	tests := []struct {
		name, raw string
		want      []string
	}{
		{"J1 two tables of posts", "{\"data\":{\"posts\":[],\n\"posts\":[]}}", []string{"error: g.json:2: posts: duplicate key"}},
		{"J1 two exports", `{"db":[{"data":{"posts":[]}}],"db":[]}`, []string{"error: g.json:1: db: duplicate key"}},
		{"J1 duplicate key in a post", `{"data":{"posts":[{"title":"A","title":"B","html":"x"}]}}`, []string{"error: g.json, article 1: title: duplicate key"}},
		{"no posts", `{"db":[{"data":{"posts":[],"users":[]}}]}`, []string{"error: g.json: no post in the export"}},
		{"a post that is none", `{"data":{"posts":[null,{"uuid":"1","title":"A","html":"x","status":"published"}]}}`, []string{"error: g.json, article 1: JSON: want an object", "A"}},
		{"rows that are none", `{"data":{"posts":[{"id":1,"title":"A","html":"x","status":"draft"}],"users":[null,5],"tags":{},"posts_tags":[{"post_id":1,"tag_id":9,"sort_order":null}]}}`, []string{"A"}},
		{"D3 date", `{"data":{"posts":[{"title":"A","html":"x","status":"published","published_at":"yesterday"}]}}`, []string{"error: g.json, article 1: published_at: \"yesterday\""}},
		{"S1 status", `{"data":{"posts":[{"title":"A","html":"x","status":"live"}]}}`, []string{"error: g.json, article 1: status: \"live\" is not known"}},
		{"editor's format, html empty", `{"data":{"posts":[{"title":"A","html":" ","mobiledoc":"{}","status":"draft"}]}}`, []string{"error: g.json, article 1: mobiledoc: the content is"}},
		{"html of another type", `{"data":{"posts":[{"title":"A","html":{},"status":"draft"}]}}`, []string{"error: g.json, article 1: html: want text, got a map"}},
		{"answer of the API", `{"posts":[{"title":"A","html":"x"}]}`, []string{"error: g.json:1: no article: "}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, told := readAll(t, "g.json", test.raw); !slices.EqualFunc(told, test.want, strings.HasPrefix) {
				t.Errorf("got %q, want %q", told, test.want)
			}
		})
	}
}

func FuzzGhost(f *testing.F) {
	f.Add(ghostExport)
	f.Add(`{"data":{"posts":[{"id":1,"title":"A","html":"__GHOST_URL__","status":"published","published_at":1772445600000},{"page":1},null]}}`)
	f.Fuzz(func(t *testing.T, source string) { checkAll(t, "g.json", source) })
}

// The date of a Ghost export is UTC also where the site's zone is another.
func TestGhostZone(t *testing.T) {
	r := newReader(t)
	r.Zone = time.FixedZone("", 3600)
	a, err := r.Read("s", "g.json", []byte(ghostExport))
	if want := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC); err != nil || !a.Published.Equal(want) {
		t.Errorf("got %v, %v, want %v", a.Published, err, want)
	}
}

// A tag that is renamed in its table changes the posts that have it, and no others.
func TestGhostTagRenamed(t *testing.T) {
	b := newBench(t)
	b.write("g.json", ghostExport)
	b.wantCounts(b.load(), "6 5 0 0 1 0 0")
	b.write("g.json", strings.Replace(ghostExport, `"World"`, `"Globe"`, 1))
	b.load()
	entries, err := b.store.Lookup(t.Context(), "https://example.org/posts/first/")
	if err != nil || !slices.Equal(entries.Tags, []string{"News", "Globe"}) || entries.Status != feed.Published {
		t.Errorf("got %q, %v", entries.Tags, err)
	}
}
