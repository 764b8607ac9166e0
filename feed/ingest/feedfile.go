package ingest

import (
	"bytes"
	"errors"
	"iter"
	"net/url"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
)

// What becomes of the elements of a feed's item, the first that is there:
//
//	ours        RSS 0.9x, 1.0, 2.0                Atom                       JSON Feed
//	guid        guid, link                        id, link alternate         id, url
//	url         link, guid (isPermaLink)          link alternate             url
//	title       title                             title                      title
//	published   pubDate, dc:date                  published, updated         date_published, date_modified
//	updated     atom:updated                      updated                    date_modified
//	body        content:encoded, description      content, summary           content_html, content_text, summary
//	summary     description (beside content)      summary (beside content)   summary
//	authors     dc:creator, author, itunes:author author                     authors, author
//	            of the channel                    of the feed                of the feed
//	tags        category                          category label, term       tags
//	language    dc:language, language of the      xml:lang, xml:lang of the  language, language of the feed
//	            channel                           feed
//	enclosures  enclosure, itunes:duration        link enclosure             attachments
//	image       media:content, media:thumbnail,   media:content,             image, banner_image
//	            itunes:image                      media:thumbnail
//
// The rules are F1 to F3: the file as a whole has to be well-formed, an item has to say which one it is, and a date
// that cannot be read is left out.

// xmlKind are feeds and WordPress exports.
var xmlKind = kind{read: feedFile, limit: feed.MaxSize, many: true, foreign: isForeignXML, window: isWindow}

// feedFile are the articles of a feed or of a WordPress export.
func feedFile(key string, raw []byte) iter.Seq[record] {
	return func(yield func(record) bool) {
		for rec := range feedItems(raw) {
			switch {
			case rec.key == "":
				rec.key = key
			default:
				rec.key = keyIn(key, rec.key)
			}
			if !yield(rec) {
				return
			}
		}
	}
}

// ReadFeed reads the articles of a feed that is a source itself, rather than a file of one: their keys are their guids,
// or their links. Each comes with the error that refuses it, as ReadAll gives it.
func (r *Reader) ReadFeed(source string, raw []byte) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		seen := map[string]bool{}
		for rec := range feedItems(raw) {
			if rec.err == nil && seen[rec.key] {
				rec.err = errors.New("its guid, " + quoted(rec.key) + ", is that of another before it")
			}
			seen[rec.key] = true
			if !yield(r.article(source, source, false, &rec)) {
				return
			}
		}
	}
}

// feedItems are the items of a feed, with the guid or link of each as its key. What is wrong with the whole of it is an
// error without a key.
func feedItems(raw []byte) iter.Seq[record] {
	if isJSONObject(raw) {
		return jsonFeed(raw)
	}
	return func(yield func(record) bool) {
		doc, warning, err := scanXML(raw)
		if err != nil {
			yield(record{err: err})
			return
		}
		items := doc.rssItems
		switch {
		case doc.wordPress:
			items = doc.posts
		case doc.root == atomRoot:
			items = doc.atomEntries
		}
		for rec := range items() {
			if warning != "" {
				rec.warnings, warning = append(rec.warnings, warning), ""
			}
			if !yield(rec) {
				return
			}
		}
	}
}

func isJSONObject(raw []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\ufeff")), " \t\r\n"), []byte("{"))
}

// isWindow says that items leave the file without being gone, as they do from a feed.
func isWindow(raw []byte) bool { return !isWordPress(raw) }

// A feedItem is an item of a feed, in the words of the table above.
type feedItem struct {
	guid, url                 string
	title                     string // plain
	published, date, updated  string // as they stand there
	content, summary          string // HTML
	authors                   []*node
	tags                      []string
	language                  string
	enclosures                []*node
	image                     string
	base                      string // of relative URLs where the item has no page
	draft                     bool
	status, slug, description string // of WordPress
}

// record is the item as a record. The key is its guid or its link, without which it is refused.
func (item *feedItem) record(n, line int, raw []byte) record {
	rec := record{item: n, line: line, raw: raw, form: htmlText, lenient: true}
	base, _ := url.Parse(item.base)
	item.url = absolute(item.url, base)
	if item.guid = strings.TrimSpace(clean.String(item.guid)); item.guid == "" {
		item.guid = item.url
	}
	if rec.key = oneLine(item.guid); rec.key == "" {
		rec.err = errors.New("neither a guid nor a link says which item it is")
		return rec
	}
	if len(raw) > maxArticle {
		rec.err = errTooLarge(len(raw))
		return rec
	}
	if page, err := url.Parse(item.url); err == nil && page.Host != "" {
		rec.base = item.url
	} else if item.base != "" && base != nil {
		rec.base = base.String()
	}
	rec.body = item.content
	if summary := oneLine(clean.Text(item.summary)); strings.TrimSpace(item.content) == "" {
		rec.body = item.summary
	} else if summary != oneLine(clean.Text(item.content)) {
		item.description = summary
	}
	rec.head = item.head()
	return rec
}

func (item *feedItem) head() *node {
	n := &node{kind: mapping}
	for _, m := range []struct{ name, text string }{
		{"guid", item.guid}, {"url", item.url}, {"title", item.title}, {"summary", item.description}, {"slug", item.slug},
		{"pubDate", item.published}, {"date", item.date}, {"updated", item.updated}, {"language", item.language},
		{"image", item.image}, {"status", item.status},
	} {
		if strings.TrimSpace(m.text) != "" {
			n.put(m.name, textNode(m.text))
		}
	}
	if item.draft {
		n.put("draft", textNode("true"))
	}
	tags := &node{kind: list}
	for _, tag := range item.tags {
		tags.items = append(tags.items, textNode(tag))
	}
	n.put("tags", tags)
	n.put("authors", &node{kind: list, items: item.authors})
	n.put("enclosures", &node{kind: list, items: item.enclosures})
	return n
}

// put adds a member, of no line of its own, to a mapping that has none of the name.
func (n *node) put(name string, value *node) { n.add(member{key: name, value: value}) }

func textNode(s string) *node { return &node{kind: scalar, text: s} }

// textMap is a mapping of names to texts, given in turn; those that are empty are left out.
func textMap(pairs ...string) *node {
	n := &node{kind: mapping}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			n.put(pairs[i], textNode(pairs[i+1]))
		}
	}
	return n
}

// absolute is a reference resolved against base. What cannot be resolved stays as it is: who reads it says why.
func absolute(ref string, base *url.URL) string {
	ref = strings.TrimSpace(ref)
	u, err := url.Parse(ref)
	if err != nil || ref == "" || u.IsAbs() || base == nil || base.Host == "" {
		return ref
	}
	return base.ResolveReference(u).String()
}

// isWebPage says that a guid can be the address of its item's page.
func isWebPage(guid string) bool {
	_, err := clean.URL(guid, nil)
	return err == nil
}

// firstOf is the first text that is not blank.
func firstOf(texts ...string) string {
	for _, s := range texts {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}
