package ingest

import (
	"fmt"
	"iter"
	"path"
	"strings"

	"feedpub/feed"
)

// A record is one article as its file tells of it: fields by the names of front matter, and a body. What reads a kind
// of file makes records; what the fields mean is the same for all kinds.
type record struct {
	key  string // of the article: the file's, and of one among several "FILE#NAME"
	item int    // its place among the articles of the file, from 1; 0 where the file is the article
	line int    // on which it begins, from 1; 0 where that is not known
	raw  []byte // its bytes: it is read again when they change
	head *node  // its fields; nil where it has none
	body string
	form form
	err  error // why it cannot be taken; nothing but its place is known then

	base     string            // what relative URLs in it are relative to, where that is not its page
	lenient  bool              // who imports it is not its author: a date that cannot be read is left out (rule F3)
	warnings []string          // what is to be said of it before its fields are read
	complete func(*feed.Entry) // adds what a feed says beside the fields; nil for nothing

	draft  string // why it is not published whatever its fields say; empty where nothing keeps it back
	site   string // what stands for the site's URL in it; empty where nothing does
	slight bool   // it may be data and no article: a walk through a folder passes it over
}

// A form is what a body is written in.
type form int

const (
	markdownText form = iota
	plainText
	htmlText
	htmlTemplate // HTML that a generator has not filled in yet
)

// A kind is what a file is by its name.
type kind struct {
	read  func(key string, raw []byte) iter.Seq[record]
	limit int  // bytes that a file may have
	many  bool // it may hold several articles, with keys of their own

	// foreign says of a file that was found in a folder, by its first bytes, that it is no collection of articles;
	// nil where the name alone tells.
	foreign func(start []byte) bool
	// window says that the file holds the newest articles only: one that is no longer in it is not gone.
	window func(raw []byte) bool
}

// kinds are the kinds of files that articles are read from, by their extension.
var kinds = map[string]kind{
	".md":       {read: markdownFile, limit: maxArticle},
	".markdown": {read: markdownFile, limit: maxArticle},
	".mdown":    {read: markdownFile, limit: maxArticle},
	".txt":      {read: textFile, limit: maxArticle},
	".text":     {read: textFile, limit: maxArticle},
	".html":     {read: htmlFile, limit: maxArticle},
	".htm":      {read: htmlFile, limit: maxArticle},
	".xhtml":    {read: htmlFile, limit: maxArticle},

	".json":   jsonKind,
	".ndjson": {read: ndjsonFile, limit: feed.MaxSize, many: true},
	".jsonl":  {read: ndjsonFile, limit: feed.MaxSize, many: true},

	".xml":  xmlKind,
	".rss":  xmlKind,
	".atom": xmlKind,
	".rdf":  xmlKind,
}

// kindOf is what a file is by its name, and whether articles are read from such.
func kindOf(key string) (kind, bool) {
	k, ok := kinds[strings.ToLower(path.Ext(key))]
	return k, ok
}

// isMany says that a file may hold several articles, with keys of their own.
func isMany(key string) bool {
	k, _ := kindOf(key)
	return k.many
}

// records are the articles of a file.
func records(key string, raw []byte) iter.Seq[record] {
	k, ok := kindOf(key)
	if !ok {
		return one(record{key: key, err: fmt.Errorf("not an article: %q is neither Markdown (.md), text (.txt), HTML (.html), JSON (.json, .ndjson, .jsonl) nor a feed (.xml, .rss, .atom, .rdf)", path.Ext(key))})
	}
	return k.read(key, raw)
}

func one(rec record) iter.Seq[record] {
	return func(yield func(record) bool) { yield(rec) }
}

// keyIn is the key of an article that the name tells apart from the others in its file.
func keyIn(file, name string) string { return file + "#" + name }

// fileIn is the file of a key; among says that it is one that holds other articles beside.
func fileIn(key string) (file string, among bool) {
	for i := range len(key) {
		if key[i] == '#' && isMany(key[:i]) {
			return key[:i], true
		}
	}
	return key, false
}

// nameIn is the name of an article in its file.
func nameIn(key string) string {
	file, _ := fileIn(key)
	return strings.TrimPrefix(key[len(file):], "#")
}

// path is what tells of the article what its fields do not: a date, a name, that it is a draft. The path of a file with
// many articles tells that of none of them; it is empty then.
func (rec *record) path() string {
	if rec.item > 0 {
		return ""
	}
	return rec.key
}

// place is where in its file the article stands, in words.
func (rec *record) place() string {
	switch {
	case rec.line > 0:
		return fmt.Sprintf("the one on line %d", rec.line)
	case rec.item > 0:
		return fmt.Sprintf("article %d", rec.item)
	}
	return "the file itself"
}

// fillSite puts the site's URL where the file has a name for it.
func (rec *record) fillSite(site string) {
	if rec.site == "" || rec.head == nil {
		return
	}
	rec.body = strings.ReplaceAll(rec.body, rec.site, site)
	for _, m := range rec.head.members {
		m.value.text = strings.ReplaceAll(m.value.text, rec.site, site)
	}
}

func markdownFile(key string, raw []byte) iter.Seq[record] {
	return one(withFrontMatter(key, raw, markdownText))
}

func textFile(key string, raw []byte) iter.Seq[record] {
	return one(withFrontMatter(key, raw, plainText))
}

// withFrontMatter is the article of a file that may begin with front matter.
func withFrontMatter(key string, raw []byte, form form) record {
	rec := record{key: key, raw: raw, form: form}
	text, err := decode(raw)
	if err == nil {
		rec.head, rec.body, err = splitFrontMatter(text, form != plainText)
	}
	rec.err = err
	return rec
}
