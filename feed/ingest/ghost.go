package ingest

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"feedpub/feed/internal/clean"
)

// Ghost's export is the tables of its database: {"db": [{"data": {"posts": […], "users": […], …}}]}, or from its data on.
//
//	uuid                                  guid; without it the id
//	title, slug, canonical_url            the same
//	published_at, updated_at              date, updated: without a zone they are UTC, and once they were milliseconds
//	status                                published, scheduled, draft; sent went out by e-mail only, and is a draft here
//	visibility                            public; all else is for members, and a draft here
//	type                                  post; a page is no article
//	posts_authors, users                  authors, in their sort_order
//	posts_tags, tags                      tags, in their sort_order, without the internal ones (#name)
//	custom_excerpt                        summary
//	feature_image                         image
//	html                                  the content
//	__GHOST_URL__                         the site's URL
type ghost struct {
	key     string
	raw     []byte
	tables  map[string]jsonPart
	authors map[string][]string // by the post's id
	tags    map[string][]string
}

// ghostTables are the tables of a Ghost export, by their names; false where JSON is none. A key that stands twice on the
// way to them is an error: one of the two would be passed over.
func ghostTables(raw []byte, at int) (tables map[string]jsonPart, found bool, err error) {
	if db, ok := partAt(raw, at, "db"); ok && raw[db.start] == '[' {
		for first := range parts(raw, db.start) {
			tables, found, err = ghostTables(raw, first.start)
			break
		}
	} else if data, ok := partAt(raw, at, "data"); ok && raw[data.start] == '{' {
		tables = map[string]jsonPart{}
		for part := range parts(raw, data.start) {
			if raw[part.start] == '[' {
				tables[part.key] = part
			}
		}
		_, found = tables["posts"]
		err = checkKeys(raw, data.start)
	}
	switch {
	case !found:
		return nil, false, nil
	case err == nil:
		err = checkKeys(raw, at)
	}
	return tables, true, err
}

// ghostFile reads a Ghost export: first the small tables, wherever they stand, and then the posts.
func ghostFile(key string, raw []byte, tables map[string]jsonPart) iter.Seq[record] {
	return func(yield func(record) bool) {
		g := &ghost{key: key, raw: raw, tables: tables}
		g.authors = g.related("users", "posts_authors", "author_id")
		g.tags = g.related("tags", "posts_tags", "tag_id")
		var last *record // waits for the number of the pages
		item, pages, lines := 0, 0, newLines(raw)
		for part := range parts(raw, tables["posts"].start) {
			item++
			rec := g.post(part, lines.of(part.start))
			if rec == nil {
				pages++
				continue
			}
			rec.item = item
			if last != nil && !yield(*last) {
				return
			}
			last = rec
		}
		if last == nil {
			yield(record{key: key, err: fmt.Errorf("no post in the export; pages, of which it has %d, are no articles", pages)})
			return
		}
		if pages > 0 {
			last.warnings = append(last.warnings, fmt.Sprintf("pages are no articles; those of the file, %d, are passed over", pages))
		}
		yield(*last)
	}
}

// rows are the rows of a table. What is wrong with one of them is told where a post needs it.
func (g *ghost) rows(table string) iter.Seq[fields] {
	return func(yield func(fields) bool) {
		part, ok := g.tables[table]
		if !ok {
			return
		}
		for row := range parts(g.raw, part.start) {
			if n, err := jsonObject(g.raw[row.start:row.end], 0); err == nil && !yield(fields{root: n}) {
				return
			}
		}
	}
}

// related are the names in a table that belong to posts by a second one, by the post's id and in their order.
func (g *ghost) related(table, relation, column string) map[string][]string {
	names := map[string]string{}
	for row := range g.rows(table) {
		names[row.harmlessText("id")] = row.harmlessText("name")
	}
	type link struct {
		order int
		name  string
	}
	links := map[string][]link{}
	for row := range g.rows(relation) {
		order, _ := strconv.Atoi(row.harmlessText("sortorder"))
		if name := names[row.harmlessText(fold(column))]; name != "" {
			post := row.harmlessText("postid")
			links[post] = append(links[post], link{order, name})
		}
	}
	sorted := map[string][]string{"": nil}
	for post, of := range links {
		slices.SortStableFunc(of, func(a, b link) int { return cmp.Compare(a.order, b.order) })
		for _, l := range of {
			sorted[post] = append(sorted[post], l.name)
		}
	}
	return sorted
}

// post is the article of a post, nil where it is a page.
func (g *ghost) post(part jsonPart, line int) *record {
	rec := &record{key: g.key, line: line, raw: g.raw[part.start:part.end], form: htmlText, site: "__GHOST_URL__"}
	row, err := jsonObject(rec.raw, line)
	if err != nil {
		rec.err = err
		return rec
	}
	f := &fields{root: row}
	if isPage(f) {
		return nil
	}
	rec.head = &node{line: row.line, kind: mapping}
	rec.take(f, "guid", "uuid", "id", "commentid")
	for _, name := range []string{"title", "slug", "canonicalurl"} {
		rec.take(f, name, name)
	}
	rec.take(f, "summary", "customexcerpt")
	rec.take(f, "image", "featureimage")
	rec.takeDate(f, "date", "publishedat")
	rec.takeDate(f, "updated", "updatedat")
	rec.ghostState(f)
	id := f.harmlessText("id")
	authors, tags := g.authors[id], g.tags[id]
	rec.setList("authors", authors)
	rec.setList("tags", slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return strings.HasPrefix(tag, "#") }))
	rec.raw = fmt.Appendf(slices.Clone(rec.raw), "%q %q", authors, tags) // the other tables may change alone
	rec.ghostContent(f)
	rec.keyIn(g.key)
	return rec
}

// isPage says that a post is a page: by its type, or by the flag that was before there were types.
func isPage(f *fields) bool {
	if kind := f.harmlessText("type"); kind != "" {
		return kind != "post"
	}
	page, ok := f.get("page")
	if !ok {
		return false
	}
	yes, _ := boolean(page.node)
	return yes
}

// take gives the record a field from the first column that is not empty.
func (rec *record) take(f *fields, name string, columns ...string) {
	for _, v := range f.all(columns...) {
		if !isUnset(v.node) {
			rec.head.addAs(name, member{v.name, v.line, v.node})
			return
		}
	}
}

// takeDate gives the record a date, which is one of UTC.
func (rec *record) takeDate(f *fields, name, column string) {
	rec.take(f, name, column)
	m := rec.head.get(name)
	if m == nil {
		return
	}
	if t, err := parseDate(m.value.text, time.UTC); err == nil { // else the reader tells what is wrong
		m.value.text = t.Format(time.RFC3339Nano)
	}
}

// ghostState gives the record its status. What only members may read, or got by e-mail, is in no feed for everybody.
func (rec *record) ghostState(f *fields) {
	rec.take(f, "status", "status")
	status := rec.head.get("status")
	if status == nil {
		rec.draft = "no status; taken for a draft"
	} else if strings.EqualFold(status.value.text, "sent") {
		status.value.text = "draft"
		rec.warnings = append(rec.warnings, "status: sent by e-mail only; taken for a draft")
	}
	if v, ok := f.get("visibility"); ok && !strings.EqualFold(strings.TrimSpace(v.text), "public") {
		rec.draft = fmt.Sprintf("visibility: %s is not for everybody; taken for a draft", describe(v.node))
	}
}

// setList gives the record a list of words.
func (rec *record) setList(name string, words []string) {
	all := &node{kind: list, line: rec.line}
	for _, word := range words {
		all.items = append(all.items, textNode(word))
	}
	if len(words) > 0 {
		rec.head.put(name, all)
	}
}

// ghostContent gives the record its HTML. Ghost's own formats are those of its editors, and change with them.
func (rec *record) ghostContent(f *fields) {
	v, ok := f.get("html")
	switch ok = ok && !isUnset(v.node); {
	case ok && v.kind == scalar && !v.bare:
		rec.body = v.text
	case ok:
		rec.err = &Problem{Line: v.line, Field: v.name, Reason: "want text, got " + describe(v.node)}
	default:
		if m, ok := f.get("mobiledoc", "lexical"); ok {
			rec.err = &Problem{Line: m.line, Field: m.name, Reason: "the content is in the format of Ghost's editor only, and html is empty; " +
				"open the post in Ghost, save it and export again"}
		} else if m, ok := f.get("markdown"); ok {
			rec.body, rec.form = clean.Input(m.text), markdownText
		}
	}
}
