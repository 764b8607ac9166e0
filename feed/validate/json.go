package validate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"feedpub/feed"
	"feedpub/feed/internal/strict"
)

// A jsonRule is what a value of JSON Feed may be.
type jsonRule struct {
	kind   string // string, number, boolean, array, object
	check  *check // of a string
	item   *jsonRule
	fields map[string]jsonField
	done   func(c *jsonChecker, n *jsonNode)
}

type jsonField struct {
	*jsonRule
	required bool
}

var (
	jsonText    = &jsonRule{kind: "string"}
	jsonPlain   = &jsonRule{kind: "string", check: plainText}
	jsonHTML    = &jsonRule{kind: "string", check: htmlText}
	jsonAddress = &jsonRule{kind: "string", check: webURL}
	jsonDate    = &jsonRule{kind: "string", check: date3339}
	jsonTag     = &jsonRule{kind: "string", check: languageTag}
	jsonNumber  = &jsonRule{kind: "number"}
	jsonBoolean = &jsonRule{kind: "boolean"}

	jsonAuthor = &jsonRule{
		kind:   "object",
		fields: map[string]jsonField{"name": {jsonPlain, false}, "url": {&jsonRule{kind: "string", check: absolute}, false}, "avatar": {jsonAddress, false}},
		done: func(c *jsonChecker, n *jsonNode) {
			if !n.has("name") && !n.has("url") && !n.has("avatar") {
				c.report(n, "json-author-empty", "the author has neither name, url nor avatar", "add one of them")
			}
		},
	}
	jsonAuthors = &jsonRule{kind: "array", item: jsonAuthor}

	jsonAttachment = &jsonRule{kind: "object", fields: map[string]jsonField{
		"url": {jsonAddress, true}, "mime_type": {&jsonRule{kind: "string", check: mediaType}, true}, "title": {jsonText, false},
		"size_in_bytes": {jsonNumber, false}, "duration_in_seconds": {jsonNumber, false},
	}}

	jsonItem = &jsonRule{kind: "object", done: checkJSONItem, fields: map[string]jsonField{
		"id": {jsonText, true}, "url": {jsonAddress, false}, "external_url": {jsonAddress, false}, "title": {jsonPlain, false},
		"content_html": {jsonHTML, false}, "content_text": {jsonText, false}, "summary": {jsonText, false},
		"image": {jsonAddress, false}, "banner_image": {jsonAddress, false}, "date_published": {jsonDate, false},
		"date_modified": {jsonDate, false}, "author": {jsonAuthor, false}, "authors": {jsonAuthors, false},
		"tags": {&jsonRule{kind: "array", item: jsonText}, false}, "language": {jsonTag, false},
		"attachments": {&jsonRule{kind: "array", item: jsonAttachment}, false},
	}}

	jsonFeed = &jsonRule{kind: "object", done: checkJSONFeed, fields: map[string]jsonField{
		"version": {jsonText, true}, "title": {jsonPlain, true}, "home_page_url": {jsonAddress, false}, "feed_url": {jsonAddress, false},
		"description": {jsonText, false}, "user_comment": {jsonText, false}, "next_url": {jsonAddress, false}, "icon": {jsonAddress, false},
		"favicon": {jsonAddress, false}, "author": {jsonAuthor, false}, "authors": {jsonAuthors, false}, "language": {jsonTag, false},
		"expired": {jsonBoolean, false}, "items": {&jsonRule{kind: "array", item: jsonItem}, true},
		"hubs": {&jsonRule{kind: "array", item: &jsonRule{kind: "object", fields: map[string]jsonField{"type": {jsonText, true}, "url": {jsonAddress, true}}}}, false},
	}}
)

var jsonCodes = []Code{
	{"json-ill-formed", Error, "the document is no JSON, so that a reader may show none of it", "RFC 8259"},
	{"json-version-value", Error, "version names no version of JSON Feed", jsonSpec},
	{"json-version-old", Warning, "the version is JSON Feed 1.0", jsonSpec},
	{"json-missing-field", Error, "an object lacks what it must have", jsonSpec},
	{"json-type", Error, "a value is of another type than it must be", jsonSpec},
	{"json-null", Warning, "a value is null, where it should be left out", jsonSpec},
	{"json-value", Error, "a text is not what it must be: a URL, a date, a media type, a language", jsonSpec},
	{"json-negative", Error, "a size or duration is negative", jsonSpec},
	{"json-unknown-field", Warning, "a field is unknown; extensions begin with _", jsonSpec},
	{"json-id-number", Warning, "an id is a number, which is to be a string", jsonSpec},
	{"json-duplicate-id", Error, "an id stands twice", jsonSpec},
	{"json-missing-content", Error, "an item has neither content_html nor content_text", jsonSpec},
	{"json-author-empty", Error, "an author says nothing", jsonSpec},
	{"json-author-old", Warning, "author has been replaced by authors", jsonSpec},
	{"json-next-self", Error, "next_url is the address of the document itself", jsonSpec},
	{"json-html-text", Warning, "content_text holds markup", jsonSpec},
}

// A jsonNode is a value with its place.
type jsonNode struct {
	kind   string
	text   string // of a string or a number
	path   string
	offset int64
	keys   map[string]*jsonNode
	items  []*jsonNode
}

func (n *jsonNode) has(key string) bool {
	v := n.keys[key]
	return v != nil && v.kind != "null" && (v.kind != "string" || trim(v.text) != "")
}

type jsonChecker struct {
	*collector
	walk *walk // of values
	top  *jsonNode
	ids  map[string]bool
}

func checkJSON(doc []byte, c *collector) Report {
	if problems := strict.JSON(doc, feed.MaxDepth); len(problems) > 0 {
		c.addStrict(problems, "json-ill-formed", "write the document with a JSON encoder")
		return Report{Format: feed.JSON, Findings: c.placed(doc)}
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	r := &jsonReader{d, doc}
	top := r.value("")
	k := &jsonChecker{collector: c, walk: &walk{collector: c}, top: top, ids: make(map[string]bool)}
	report := Report{Format: feed.JSON}
	if top.keys["version"] == nil && top.keys["items"] == nil {
		report.Format = ""
		c.find("document-no-feed", 0, "the document is JSON, and no JSON Feed", "check the address of the feed")
	} else {
		k.check(top, jsonFeed)
		if items := top.keys["items"]; items != nil {
			report.Entries = len(items.items)
		}
		if self := top.keys["feed_url"]; self != nil {
			report.Self = self.text
		}
		if hubs := top.keys["hubs"]; hubs != nil {
			for _, hub := range hubs.items {
				if url := hub.keys["url"]; url != nil {
					report.Hubs = append(report.Hubs, url.text)
				}
			}
		}
	}
	report.Findings = c.placed(doc)
	return report
}

// A jsonReader makes nodes of a document that the strict pass has let through.
type jsonReader struct {
	*json.Decoder
	doc []byte
}

// offset is where the next token begins.
func (r *jsonReader) offset() int64 {
	i := r.InputOffset()
	for int(i) < len(r.doc) && bytes.IndexByte([]byte(" \t\r\n,:"), r.doc[i]) >= 0 {
		i++
	}
	return i
}

func (r *jsonReader) value(path string) *jsonNode {
	n := &jsonNode{path: path, offset: r.offset(), kind: "null"}
	t, err := r.Token()
	if err != nil {
		return n
	}
	switch t := t.(type) {
	case string:
		n.kind, n.text = "string", t
	case json.Number:
		n.kind, n.text = "number", t.String()
	case bool:
		n.kind = "boolean"
	case json.Delim:
		r.container(n, t)
	}
	return n
}

func (r *jsonReader) container(n *jsonNode, open json.Delim) {
	if open == '[' {
		n.kind = "array"
		for r.More() {
			n.items = append(n.items, r.value(fmt.Sprintf("%s[%d]", n.path, len(n.items))))
		}
	} else {
		n.kind, n.keys = "object", make(map[string]*jsonNode)
		for r.More() {
			at := r.offset()
			key, err := r.Token()
			if err != nil {
				return
			}
			name := key.(string)
			v := r.value(strings.TrimPrefix(n.path+"."+step(name), "."))
			v.offset = at
			n.keys[name] = v
		}
	}
	r.Token() // its end
}

// step is a key as a path shows it.
func step(key string) string {
	if strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' }) {
		return quoted(key)
	}
	return key
}

func (c *jsonChecker) report(n *jsonNode, code, message, remedy string) {
	before := len(c.findings)
	c.find(code, n.offset, message, remedy)
	if len(c.findings) > before {
		c.findings[before].Path = n.path
	}
}

func (c *jsonChecker) check(n *jsonNode, rule *jsonRule) {
	switch {
	case n.kind == "null":
		c.report(n, "json-null", "is null", "leave it out")
		return
	case n.kind != rule.kind && n.kind == "number" && strings.HasSuffix(n.path, "].id"):
		c.report(n, "json-id-number", "is a number", "write it as a string")
	case n.kind != rule.kind:
		c.report(n, "json-type", fmt.Sprintf("is of the type %s, not %s", n.kind, rule.kind), "write it as "+rule.kind)
		return
	}
	switch rule.kind {
	case "string":
		c.checkString(n, rule.check)
	case "number":
		if strings.HasPrefix(n.text, "-") {
			c.report(n, "json-negative", "is negative", "correct it, or leave it out")
		}
	case "array":
		for _, item := range n.items {
			c.check(item, rule.item)
		}
	case "object":
		c.checkFields(n, rule)
	}
	if rule.done != nil {
		rule.done(c, n)
	}
}

func (c *jsonChecker) checkString(n *jsonNode, check *check) {
	if check == nil {
		return
	}
	if check != plainText && check != htmlText && n.text == "" {
		c.report(n, "text-blank", "is empty", "fill it, or leave it out")
		return
	}
	for _, f := range check.test(value{n.text, &node{}, c.walk}) {
		if f.code == "" {
			c.report(n, "json-value", fmt.Sprintf("is %s, which is not %s", quoted(n.text), check.what), check.remedy)
		} else {
			c.report(n, f.code, f.message, f.remedy)
		}
	}
}

func (c *jsonChecker) checkFields(n *jsonNode, rule *jsonRule) {
	for _, name := range slices.Sorted(maps.Keys(n.keys)) {
		switch field, ok := rule.fields[name]; {
		case ok:
			c.check(n.keys[name], field.jsonRule)
		case !strings.HasPrefix(name, "_"):
			c.report(n.keys[name], "json-unknown-field", "is no field of JSON Feed", "correct its name; extensions begin with _")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rule.fields)) {
		if rule.fields[name].required && n.keys[name] == nil {
			c.report(n, "json-missing-field", name+" is missing", "add it")
		}
	}
}

func checkJSONFeed(c *jsonChecker, n *jsonNode) {
	if v := n.keys["version"]; v != nil && v.kind == "string" {
		switch strings.Replace(v.text, "http://", "https://", 1) {
		case "https://jsonfeed.org/version/1.1", "https://www.jsonfeed.org/version/1.1", "https://jsonfeed.org/version/1.1/", "https://www.jsonfeed.org/version/1.1/":
		case "https://jsonfeed.org/version/1", "https://www.jsonfeed.org/version/1", "https://jsonfeed.org/version/1/", "https://www.jsonfeed.org/version/1/":
			c.report(v, "json-version-old", "is JSON Feed 1.0", "write https://jsonfeed.org/version/1.1")
		default:
			c.report(v, "json-version-value", quoted(v.text)+" is no version of JSON Feed", "write https://jsonfeed.org/version/1.1")
		}
	}
	c.checkAuthor(n)
	if next, self := n.keys["next_url"], n.keys["feed_url"]; next != nil && self != nil && next.text == self.text && next.text != "" {
		c.report(next, "json-next-self", "is the address of the document itself", "leave it out on the last document")
	}
	if self := n.keys["feed_url"]; self == nil {
		c.report(n, "link-self-missing", "the feed does not say what its own address is", "add feed_url with its public URL")
	}
}

func checkJSONItem(c *jsonChecker, n *jsonNode) {
	if id := n.keys["id"]; id != nil && (id.kind == "string" || id.kind == "number") {
		switch {
		case trim(id.text) == "":
			c.report(id, "json-missing-field", "is empty", "give the item a name that never changes")
		case c.ids[id.text]:
			c.report(id, "json-duplicate-id", quoted(id.text)+" stands twice", "give each item its own: readers show one of them alone")
		}
		c.ids[id.text] = true
	}
	if n.keys["content_html"] == nil && n.keys["content_text"] == nil {
		c.report(n, "json-missing-content", "there is neither content_html nor content_text", "add one of them")
	}
	if text := n.keys["content_text"]; text != nil && tagForms.MatchString(text.text) && n.keys["content_html"] == nil {
		c.report(text, "json-html-text", "holds markup", "write it as content_html")
	}
	c.checkAuthor(n)
}

// checkAuthor warns of the one author of JSON Feed 1.0 where a document is of 1.1.
func (c *jsonChecker) checkAuthor(n *jsonNode) {
	if a := n.keys["author"]; a != nil && n.keys["authors"] == nil && c.top.keys["version"] != nil && strings.Contains(c.top.keys["version"].text, "1.1") {
		c.report(a, "json-author-old", "has been replaced by authors", "write authors, and author beside it for old readers")
	}
}
