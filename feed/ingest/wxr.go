package ingest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"

	"feedpub/feed/internal/clean"
)

// What becomes of the elements of a WordPress export (WXR), which is RSS with elements of its own:
//
//	ours       theirs
//	guid       guid, else link
//	url        link
//	slug       wp:post_name
//	title      title
//	published  wp:post_date_gmt; wp:post_date, in the configured zone, where that is 0000-00-00
//	updated    wp:post_modified_gmt, wp:post_modified
//	status     wp:status; a post with a wp:post_password is a draft
//	authors    dc:creator, a login, by the name that wp:author shows for it; its e-mail address, which WordPress
//	           shows nobody, is left out
//	tags       category of the domains category and post_tag
//	body       content:encoded
//	summary    excerpt:encoded, else what stands above <!--more-->
//	image      wp:attachment_url of the attachment that wp:postmeta names as _thumbnail_id
//
// Of the items only those of wp:post_type post are articles; and what WordPress itself shows nobody, the trash,
// automatic drafts and revisions, is passed over, too.

// wordPressExport begins the namespaces of all versions.
const wordPressExport = "http://wordpress.org/export/"

// isWordPress says that a file declares those namespaces where it begins.
func isWordPress(raw []byte) bool {
	return bytes.Contains(raw[:min(len(raw), 64<<10)], []byte(wordPressExport))
}

// A wpElement is an element of an export, whatever its version.
type wpElement struct {
	XMLName  xml.Name
	Domain   string      `xml:"domain,attr"`
	Text     string      `xml:",chardata"`
	Children []wpElement `xml:",any"`
}

// name is the element's name with the prefix that it usually has.
func (e *wpElement) name() string {
	switch space := e.XMLName.Space; {
	case strings.HasPrefix(space, wordPressExport) && strings.Contains(space, "/excerpt"):
		return "excerpt:" + e.XMLName.Local
	case strings.HasPrefix(space, wordPressExport):
		return "wp:" + e.XMLName.Local
	case strings.Contains(space, "/rss/1.0/modules/content"):
		return "content:" + e.XMLName.Local
	case strings.HasPrefix(space, "http://purl.org/dc/"):
		return "dc:" + e.XMLName.Local
	case space == "":
		return e.XMLName.Local
	}
	return ""
}

func (e *wpElement) text(name string) string {
	for i := range e.Children {
		if e.Children[i].name() == name {
			return strings.TrimSpace(e.Children[i].Text)
		}
	}
	return ""
}

// A wpExport is what the posts of an export share.
type wpExport struct {
	doc         *xmlFeed
	link        string
	authors     map[string]string // display names by login
	attachments map[string]string // URLs by post ID
	passed      map[string]int    // items passed over, by what they are
}

// posts are the posts of a WordPress export.
func (doc *xmlFeed) posts() iter.Seq[record] {
	return func(yield func(record) bool) {
		w, err := newExport(doc)
		if err != nil {
			yield(record{err: err})
			return
		}
		var last *record // waits, for what is passed over is known at the end
		for i, span := range doc.items {
			rec, ok := w.post(i+1, span)
			if !ok {
				continue
			}
			if last != nil && !yield(*last) {
				return
			}
			last = &rec
		}
		switch warning := w.passedOver(); {
		case last != nil && warning != "":
			last.warnings = append(last.warnings, warning)
			yield(*last)
		case last != nil:
			yield(*last)
		case warning != "":
			yield(record{err: fmt.Errorf("no post among its articles: %s", warning)})
		}
	}
}

func newExport(doc *xmlFeed) (*wpExport, error) {
	w := &wpExport{doc: doc, authors: map[string]string{}, attachments: map[string]string{}, passed: map[string]int{}}
	var rss struct {
		Channel wpElement `xml:"channel"`
	}
	if err := decodeElement(doc.rest, &rss); err != nil {
		return nil, err
	}
	w.link = firstOf(rss.Channel.text("wp:base_blog_url"), rss.Channel.text("link"))
	for i := range rss.Channel.Children {
		if a := &rss.Channel.Children[i]; a.name() == "wp:author" {
			w.authors[a.text("wp:author_login")] = plainTitle(a.text("wp:author_display_name"))
		}
	}
	for _, span := range doc.items {
		if !bytes.Contains(doc.raw(span), []byte("attachment_url")) {
			continue
		}
		if item, err := w.item(span); err == nil {
			if link := item.text("wp:attachment_url"); link != "" {
				w.attachments[item.text("wp:post_id")] = link
			}
		}
	}
	return w, nil
}

func decodeElement(doc []byte, into any) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.Entity = xml.HTMLEntity
	return d.Decode(into)
}

func (w *wpExport) item(span span) (*wpElement, error) {
	var rss struct {
		Item wpElement `xml:"channel>item"`
	}
	err := decodeElement(w.doc.document(span), &rss)
	return &rss.Item, err
}

// post is the record of an item, where it is a post that WordPress itself would show or keep as a draft.
func (w *wpExport) post(number int, span span) (record, bool) {
	raw := w.doc.raw(span)
	if len(raw) > maxArticle {
		return record{item: number, line: span.line, err: errTooLarge(len(raw))}, true
	}
	in, err := w.item(span)
	if err != nil {
		return record{item: number, line: span.line, err: fmt.Errorf("WordPress: %w", err)}, true
	}
	kind, status := in.text("wp:post_type"), in.text("wp:status")
	switch {
	case kind != "post":
		w.passed[firstOf(kind, "item without a type")]++
		return record{}, false
	case status == "trash" || status == "auto-draft" || status == "inherit":
		w.passed[status]++
		return record{}, false
	}
	item := w.feedItem(in)
	item.status = firstOf(status, "of no kind") // without one it is in doubt
	var warnings []string
	if in.text("wp:post_password") != "" {
		item.draft = true
		warnings = append(warnings, "a password protects it on the site; taken as a draft")
	}
	body, left := wordPressHTML(in.text("content:encoded"))
	item.content = body
	if len(left) > 0 {
		warnings = append(warnings, "shortcodes are not understood; left out: "+strings.Join(left, ", "))
	}
	rec := item.record(number, span.line, raw)
	rec.warnings, rec.lenient = warnings, false
	return rec, true
}

func (w *wpExport) feedItem(in *wpElement) feedItem {
	item := feedItem{
		guid:      in.text("guid"),
		url:       in.text("link"),
		title:     plainTitle(in.text("title")),
		published: wordPressDate(in.text("wp:post_date_gmt"), in.text("wp:post_date")),
		updated:   wordPressDate(in.text("wp:post_modified_gmt"), in.text("wp:post_modified")),
		slug:      slugOf(in.text("wp:post_name")),
		summary:   in.text("excerpt:encoded"),
		base:      w.link,
	}
	if item.summary == "" {
		if teaser, _, more := strings.Cut(in.text("content:encoded"), "<!--more"); more {
			item.summary, _ = wordPressHTML(teaser)
		}
	}
	if login := in.text("dc:creator"); login != "" {
		item.authors = []*node{textNode(firstOf(w.authors[login], login))}
	}
	thumbnail := ""
	for i := range in.Children {
		switch c := &in.Children[i]; c.name() {
		case "category":
			if c.Domain == "category" || c.Domain == "post_tag" || c.Domain == "" {
				item.tags = append(item.tags, plainTitle(c.Text))
			}
		case "wp:postmeta":
			if c.text("wp:meta_key") == "_thumbnail_id" {
				thumbnail = c.text("wp:meta_value")
			}
		}
	}
	item.image = w.attachments[thumbnail]
	return item
}

// wordPressDate is a date in UTC, or else the local one. WordPress has zeros for none.
func wordPressDate(gmt, local string) string {
	switch {
	case gmt != "" && !strings.HasPrefix(gmt, "0000"):
		return gmt + "Z"
	case strings.HasPrefix(local, "0000"):
		return ""
	}
	return local
}

// slugOf is a post's name, which WordPress percent-encodes. One that could not stand in a path is left out.
func slugOf(name string) string {
	if plain, err := url.PathUnescape(name); err == nil && slugify(plain) != "" && !strings.ContainsAny(plain, `/\`) && clean.String(plain) == plain {
		return plain
	}
	return ""
}

// passedOver tells what no articles were made of.
func (w *wpExport) passedOver() string {
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(w.passed)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", w.passed[kind], kind))
	}
	if kinds == nil {
		return ""
	}
	return "the export has other items, which were passed over: " + strings.Join(kinds, ", ")
}
