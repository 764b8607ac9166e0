package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// jsonNames are the names that fields have in JSON, beside those of front matter: the first of a row is front
// matter's. Newsrooms' are ninjs, capital letters inside are of schema.org or of a program, post_ is of WordPress's
// tables. Where an article has several of a row, the first that is not empty counts.
//
//	ninjs        uri, firstcreated, versioncreated, embargoed, byline, headline, description_text, subject, body_xhtml;
//	             pubstatus: usable, withheld, canceled
//	schema.org   @id, headline, datePublished, dateModified, abstract, keywords, inLanguage, articleBody
//	JSON Feed    id, url, date_published, date_modified, content_html, content_text, attachments
//	MongoDB      _id where there is no other, also as {"$oid": …}
//	databases    published_at: null and a deleted_at are those of drafts
var jsonNames = [][]string{
	{"title", "headline", "posttitle", "name"},
	{"guid"},
	{"id", "uuid", "uri", "@id", "identifier", "_id"},
	{"slug", "postname"},
	{"url", "link"},
	{"date", "firstcreated", "postdate"},
	{"modified", "versioncreated", "postmodified"},
	{"summary", "abstract", "standfirst", "teaser", "dek", "customexcerpt", "postexcerpt", "descriptiontext"},
	{"authors", "authorname", "creator"},
	{"tags", "keywords", "topics", "subject", "subjects"},
	{"language", "inlanguage"},
	{"image", "imageurl", "bannerimage", "thumbnailurl"},
	{"enclosures", "attachments"},
	{"password", "postpassword"},
}

// A jsonBody is a name of the content, and what that is written in.
type jsonBody struct {
	name string
	form form
	open bool // the name does not tell the form
}

// jsonBodies are the names of the content, the richest one first.
var jsonBodies = []jsonBody{
	{"contenthtml", htmlText, false}, {"bodyhtml", htmlText, false}, {"bodyxhtml", htmlText, false}, {"html", htmlText, false},
	{"contentmarkdown", markdownText, false}, {"bodymarkdown", markdownText, false}, {"bodymd", markdownText, false},
	{"markdown", markdownText, false},
	{"content", plainText, true}, {"body", plainText, true}, {"articlebody", plainText, true}, {"postcontent", plainText, true},
	{"contenttext", plainText, false}, {"bodytext", plainText, false}, {"plaintext", plainText, false}, {"text", plainText, true},
}

// isJSONField says that a key is one of those that articles are asked for.
func isJSONField(name string) bool {
	return isField(name) || slices.ContainsFunc(jsonNames, func(names []string) bool { return slices.Contains(names, name) }) ||
		slices.ContainsFunc(jsonBodies, func(b jsonBody) bool { return b.name == name })
}

// jsonRecord is the article of a value of valid JSON that begins on a line, 0 where that tells nothing.
func jsonRecord(raw []byte, line int) record {
	rec := record{raw: raw, line: line, form: htmlText}
	n, err := jsonObject(raw, line)
	if err != nil {
		rec.err, rec.slight = err, !hasContent(raw)
		return rec
	}
	rec.head = rec.named(n)
	rec.body, rec.form, rec.err = jsonContent(n)
	if err := rec.checkTypes(); rec.err == nil {
		rec.err = err
	}
	rec.checkKind(n)
	return rec
}

// jsonObject is the object of valid JSON that begins on a line.
func jsonObject(raw []byte, line int) (*node, error) {
	if raw[0] != '{' {
		return nil, notArticle(raw, line)
	}
	if len(raw) > maxArticle {
		return nil, errTooLarge(len(raw))
	}
	p := newJSONReader(string(raw), line)
	p.loose = true
	return p.value(0)
}

func notArticle(raw []byte, line int) error {
	return &Problem{Line: line, Reason: "JSON: want an object, which is an article, got " + quoted(string(bytes.ToValidUTF8(raw[:min(len(raw), 100)], nil)))}
}

// named is an object with the names of front matter.
func (rec *record) named(n *node) *node {
	head := &node{line: n.line, kind: mapping}
	renamed := map[string]bool{}
	for _, names := range jsonNames {
		for _, name := range names {
			renamed[name] = true
			if m := n.get(name); m != nil && !isUnset(m.value) && head.get(names[0]) == nil {
				head.addAs(names[0], member{m.key, m.line, jsonValue(names[0], m)})
			}
		}
	}
	for i := range n.members {
		m := &n.members[i]
		// A database has every column in every row. What is null there was not forgotten, as it may be in front matter.
		empty := m.value.kind == null && (slices.Contains(embargoNames, fold(m.key)) || slices.Contains(expiryNames, fold(m.key)))
		if !renamed[fold(m.key)] && !empty && head.get(fold(m.key)) == nil {
			head.add(*m)
		}
	}
	rec.unpublished(n)
	return head
}

// unpublished keeps back what a database says is not published, or not any more.
func (rec *record) unpublished(n *node) {
	if m := n.get("deletedat"); m != nil && !isUnset(m.value) {
		rec.draft = m.key + " is given: it was deleted; taken for a draft"
	}
	says := func(name string) bool { return n.get(name) != nil }
	if m := n.get("publishedat"); m != nil && m.value.kind == null && !slices.ContainsFunc([]string{"draft", "status", "published", "publish"}, says) {
		rec.draft = m.key + " is null: not published yet; taken for a draft"
	}
}

// isUnset says that a value is not there in all but name.
func isUnset(n *node) bool {
	return n.kind == null || n.kind == scalar && strings.TrimSpace(n.text) == ""
}

// jsonValue is the value of a field, where another dialect writes it otherwise.
func jsonValue(name string, m *member) *node {
	v := m.value
	switch name {
	case "id":
		if oid := v.get("$oid"); oid != nil && len(v.members) == 1 {
			return oid.value
		}
	case "tags":
		if name := fold(m.key); v.kind == list && name != "tags" {
			return namesOf(v)
		}
	}
	return v
}

// namesOf is a list with the names of the maps in it: subjects have codes too.
func namesOf(v *node) *node {
	names := *v
	names.items = nil
	for _, item := range v.items {
		if m := item.get("name"); m != nil {
			item = m.value
		}
		names.items = append(names.items, item)
	}
	return &names
}

// checkTypes refuses what cannot be meant, and leaves out people and pictures that are numbers: those name rows of
// another table.
func (rec *record) checkTypes() error {
	f := fields{root: rec.head}
	for _, v := range f.all("tags", "tag", "categories", "category") {
		if v.bare {
			return &Problem{Line: v.line, Field: v.name, Reason: "want a list of words, or one text, got " + v.text}
		}
	}
	for _, v := range f.all("authors", "author", "by", "byline", "image", "images", "cover", "featuredimage", "featureimage", "coverimage") {
		for _, item := range v.flat() {
			if item.bare {
				rec.warnings = append(rec.warnings, fmt.Sprintf("%s: %s is neither a name nor a picture; left out", v.name, item.text))
				item.kind = null
			}
		}
	}
	return nil
}

// checkKind says whether the object may be data, or is none of what is read.
func (rec *record) checkKind(n *node) {
	f := fields{root: rec.head}
	title := rec.head.get("title")
	titled := title != nil && (fold(title.key) != "name")
	_, dated := f.get(slices.Concat(publishedNames, updatedNames)...)
	content := slices.ContainsFunc(jsonBodies, func(b jsonBody) bool {
		m := n.get(b.name)
		return m != nil && m.value.kind != null
	})
	rec.slight = !content && !(titled && dated)
	if rec.err != nil || content {
		return
	}
	if items := n.get("items"); items != nil && (items.value.kind == list || items.value.kind == null) {
		rec.err = errors.New("neither an article nor a JSON Feed: it has items, but no version of JSON Feed")
	} else if !titled {
		rec.err = errors.New("no article: it has neither a title nor content" + listHint(n))
	}
}

// listHint is how the articles in a list are read that stands in another program's answer.
func listHint(n *node) string {
	for _, m := range n.members {
		if m.value.kind == list && len(m.value.items) > 0 && m.value.items[0].kind == mapping {
			return fmt.Sprintf("; where the list under %s holds articles, save that list alone as the file", quoted(m.key))
		}
	}
	return ""
}

// hasContent says that valid JSON that could not be taken for an article looks like one all the same.
func hasContent(raw []byte) bool {
	if raw[0] != '{' {
		return false
	}
	for part := range parts(raw, 0) {
		if name := fold(part.key); name == "title" || name == "headline" || slices.ContainsFunc(jsonBodies, func(b jsonBody) bool { return b.name == name }) {
			return true
		}
	}
	return false
}

// jsonContent is the content of an object.
func jsonContent(n *node) (body string, form form, err error) {
	form = htmlText
	for _, b := range jsonBodies {
		m := n.get(b.name)
		switch {
		case m == nil || m.value.kind == null:
		case m.value.kind != scalar:
			return "", form, &Problem{Line: m.line, Field: m.key, Reason: fmt.Sprintf("want text, got %s", m.value.kind)}
		case m.value.bare:
			return "", form, &Problem{Line: m.line, Field: m.key, Reason: "want text, got " + m.value.text}
		case body == "" && strings.TrimSpace(m.value.text) != "":
			body, form = clean.Input(m.value.text), b.form
			if b.open {
				form = jsonForm(n, body)
			}
			if form == plainText {
				body, form = textAsHTML(body), htmlText
			}
		}
	}
	return body, form, nil
}

// markup is what no plain text has: the end of an element, or an element without one.
var markup = pattern.New(`(?i)</[a-z][a-z0-9]*\s*>|<(?:p|br|hr|img)\b[^<>]*>`)

// jsonForm is what a content is written in whose name does not tell: what a field beside it says, else HTML where it
// has marks of that.
func jsonForm(n *node, body string) form {
	for _, name := range []string{"format", "contentformat", "bodyformat", "contenttype", "mime", "mimetype", "mediatype"} {
		m := n.get(name)
		if m == nil {
			continue
		}
		switch word := strings.ToLower(m.value.text); {
		case strings.Contains(word, "html"):
			return htmlText
		case strings.Contains(word, "markdown"), word == "md":
			return markdownText
		case strings.Contains(word, "plain"), word == "text":
			return plainText
		}
	}
	if markup.MatchString(body) {
		return htmlText
	}
	return plainText
}
