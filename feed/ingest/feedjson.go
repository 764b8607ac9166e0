package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"feedpub/feed"
)

// A jsonFile is a JSON Feed, read once for its form: where its items stand, and what it says of itself. Each item is
// read as a document of its own, so that no more than one is in memory beside the bytes.
type jsonFile struct {
	raw     []byte
	decoder *json.Decoder
	line    int
	counted int64
	about   *node // members other than items
	items   []span
	hasList bool
}

// jsonFeed are the items of a JSON Feed (https://jsonfeed.org/version/1.1).
func jsonFeed(raw []byte) iter.Seq[record] {
	return func(yield func(record) bool) {
		f, err := scanJSON(bytes.TrimPrefix(raw, []byte("\ufeff")))
		if err == nil {
			err = f.check()
		}
		if err != nil {
			yield(record{err: err})
			return
		}
		for i, span := range f.items {
			if !yield(f.record(i+1, span)) {
				return
			}
		}
	}
}

// scanJSON reads the document once, token by token.
func scanJSON(raw []byte) (*jsonFile, error) {
	switch i := invalidUTF8(raw); {
	case len(raw) > feed.MaxSize:
		return nil, feed.ErrTooLarge
	case bytes.IndexByte(raw, 0) >= 0:
		return nil, fmt.Errorf("binary: NUL at offset %d", bytes.IndexByte(raw, 0))
	case i >= 0:
		return nil, errNotUTF8(raw[i], i)
	}
	f := &jsonFile{raw: raw, decoder: json.NewDecoder(bytes.NewReader(raw)), line: 1, about: &node{kind: mapping}}
	err := f.scan()
	if err == nil {
		_, err = f.decoder.Token()
		switch {
		case errors.Is(err, io.EOF):
			return f, nil
		case err == nil:
			err = errors.New("data follows the end of the feed")
		}
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	if p := (*Problem)(nil); errors.As(err, &p) {
		return nil, err
	}
	return nil, &Problem{Line: f.at(), Reason: "JSON: " + err.Error()}
}

// at is the line that was come to.
func (f *jsonFile) at() int {
	now := f.decoder.InputOffset()
	f.line += bytes.Count(f.raw[f.counted:now], []byte{'\n'})
	f.counted = now
	return f.line
}

func (f *jsonFile) scan() error {
	if _, err := f.decoder.Token(); err != nil { // the brace
		return err
	}
	seen := map[string]bool{}
	for f.decoder.More() {
		token, err := f.decoder.Token()
		if err != nil {
			return err
		}
		key, line := fmt.Sprint(token), f.at()
		if seen[key] {
			return fmt.Errorf("duplicate key %s", key)
		}
		seen[key] = true
		if key == "items" {
			f.hasList = true
			if err := f.list(); err != nil {
				return err
			}
			continue
		}
		value, err := f.span(1)
		if err != nil {
			return err
		}
		if key == "version" || key == "language" || key == "authors" || key == "author" || key == "home_page_url" {
			n, err := f.node(value)
			if err == nil {
				err = f.about.set(key, line, n)
			}
			if err != nil {
				return err
			}
		}
	}
	_, err := f.decoder.Token()
	return err
}

// list reads the list of items, which may be null.
func (f *jsonFile) list() error {
	switch token, err := f.decoder.Token(); {
	case err != nil:
		return err
	case token == nil:
		return nil
	case token != json.Delim('['):
		return errors.New("items is no list")
	}
	for f.decoder.More() {
		item, err := f.span(2)
		if err != nil {
			return err
		}
		f.items = append(f.items, item)
	}
	_, err := f.decoder.Token()
	return err
}

// span walks over the next value, within depth others.
func (f *jsonFile) span(depth int) (span, error) {
	outside := depth
	s := span{from: f.decoder.InputOffset()}
	for {
		token, err := f.decoder.Token()
		if err != nil {
			return span{}, err
		}
		if s.line == 0 {
			s.line = f.at()
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth > maxNesting {
			return span{}, fmt.Errorf("nested deeper than %d", maxNesting)
		}
		if depth == outside {
			s.to = f.decoder.InputOffset()
			return s, nil
		}
	}
}

// bytes are a value's, without what parts it from the one before.
func (f *jsonFile) bytes(s span) []byte { return bytes.TrimLeft(f.raw[s.from:s.to], " \t\r\n,:") }

// node is a value, read with the care that J1 asks for.
func (f *jsonFile) node(s span) (*node, error) {
	return newJSONReader(string(f.bytes(s)), s.line).value(0)
}

// check says why the object is no JSON Feed.
func (f *jsonFile) check() error {
	about := fields{root: f.about}
	version := about.harmlessText("version")
	switch {
	case !strings.Contains(version, "jsonfeed.org/version/"):
		return errors.New("no JSON Feed: its version has to be https://jsonfeed.org/version/1.1 or one before")
	case !f.hasList:
		return errors.New("no JSON Feed: it has no items")
	}
	return nil
}

// The names of JSON Feed that mean what front matter means by them.
var jsonFeedNames = []string{"title", "summary", "tags", "image", "date_published", "date_modified", "attachments", "authors", "author", "language"}

func (f *jsonFile) record(number int, s span) record {
	rec := record{item: number, line: s.line, raw: f.bytes(s)}
	if len(rec.raw) > maxArticle {
		rec.err = errTooLarge(len(rec.raw))
		return rec
	}
	in, err := f.node(s)
	if err == nil && in.kind != mapping {
		err = fmt.Errorf("an item is an object, not %s", in.kind)
	}
	if err != nil {
		rec.err = err
		return rec
	}
	about, own := fields{root: f.about}, fields{root: in}
	item := feedItem{
		url: own.harmlessText("url"), base: about.harmlessText("homepageurl"),
		published: own.harmlessText("datepublished"), date: own.harmlessText("datemodified"),
		image: own.harmlessText("bannerimage"),
	}
	if id, ok := own.get("id"); ok && id.kind != scalar {
		rec.err = fmt.Errorf("id: want text, got %s", id.kind)
		return rec
	} else if ok {
		item.guid = id.text
	}
	if html, ok := own.get("contenthtml"); ok && html.kind == scalar {
		item.content = html.text
	} else if plain, ok := own.get("contenttext"); ok && plain.kind == scalar {
		item.content = textAsHTML(plain.text)
	} else if summary := own.harmlessText("summary"); summary != "" {
		item.content = textAsHTML(summary)
	}
	rec = item.record(number, s.line, rec.raw)
	if rec.err == nil {
		rec.head = f.head(in, &item)
	}
	return rec
}

// head are the fields of an item: its own, by its own names, and what the feed says for all.
func (f *jsonFile) head(in *node, item *feedItem) *node {
	head := textMap("guid", item.guid, "url", item.url)
	for _, name := range jsonFeedNames {
		if m := in.get(fold(name)); m != nil && m.value.kind != null {
			if name == "attachments" {
				name = "enclosures"
			}
			head.add(member{name, m.line, m.value})
		}
	}
	for _, name := range []string{"authors", "author", "language"} {
		if m := f.about.get(name); m != nil && head.get(name) == nil && (name == "language" || head.get("authors") == nil && head.get("author") == nil) {
			head.put(name, m.value)
		}
	}
	if head.get("image") == nil && item.image != "" {
		head.put("image", textNode(item.image))
	}
	if item.published == "" && item.date != "" {
		head.put("date", textNode(item.date))
	}
	return head
}
