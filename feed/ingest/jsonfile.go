package ingest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/pattern"
)

// jsonArticles reads a file of JSON: an object is an article, a list holds articles, and an export is told by its shape.
func jsonArticles(key string, raw []byte) iter.Seq[record] {
	raw, err := jsonText(raw)
	if err == nil {
		err = checkJSON(raw, 1)
	}
	if err != nil {
		return one(record{key: key, err: err})
	}
	start := skipSpace(raw, 0)
	tables, isGhost, err := ghostTables(raw, start)
	switch {
	case err != nil:
		return one(record{key: key, err: err})
	case raw[start] == '[':
		return articles(jsonArray(key, raw, start))
	case isJSONFeed(raw, start):
		return feedFile(key, raw)
	case isGhost:
		return ghostFile(key, raw, tables)
	case raw[start] == '{':
		rec := jsonRecord(raw[start:skipValue(raw, start)], 1+bytes.Count(raw[:start], []byte("\n")))
		rec.key = key
		return articles(one(rec))
	}
	return one(record{key: key, err: notArticle(raw[start:], 1+bytes.Count(raw[:start], []byte("\n")))})
}

// ndjsonFile reads a file with an article a line.
func ndjsonFile(key string, raw []byte) iter.Seq[record] {
	if err := checkNDJSON(raw); err != nil {
		return one(record{key: key, err: err})
	}
	return articles(func(yield func(record) bool) {
		number, item := 0, 0
		if bytes.IndexByte(raw, '\n') < 0 { // old programs end lines by CR alone, which JSON takes for white space
			raw = bytes.ReplaceAll(raw, []byte{'\r'}, []byte{'\n'})
		}
		for line := range bytes.Lines(raw) {
			number++
			if line = bytes.TrimSpace(bytes.TrimPrefix(line, bom)); len(line) == 0 { // files put together have a mark each
				continue
			}
			rec := record{line: number, err: checkText(line)}
			if rec.err == nil {
				rec.err = checkJSON(line, number)
			}
			if rec.err == nil {
				rec = jsonRecord(line, number)
			}
			item++
			rec.item = item
			rec.keyIn(key)
			if !yield(rec) {
				return
			}
		}
	})
}

// checkNDJSON says why a file cannot be read line by line: that is told once, and not of each line.
func checkNDJSON(raw []byte) error {
	if err := checkExport(raw); err != nil {
		return err
	}
	if isBinary(raw) || isUTF16(raw) {
		return checkText(raw)
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(raw, bom))
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if brace := string(bytes.TrimSpace(first)); brace == "{" || text[0] == '[' && (brace == "[" || checkJSON(text, 1) == nil) {
		return &Problem{Line: 1, Reason: "JSON: want one article on each line; name the file .json, or write it by jq -c"}
	}
	return nil
}

// jsonKind are articles, lists of them and exports; a JSON Feed holds the newest only.
var jsonKind = kind{
	read: jsonArticles, limit: feed.MaxSize, many: true,
	foreign: func([]byte) bool { return false },
	window:  namesFeedVersion,
}

var feedVersion = pattern.New(`"version"\s*:\s*"https?:(?://|\\/\\/)jsonfeed\.org`)

// namesFeedVersion says that an object is a JSON Feed, also where only its beginning was read.
func namesFeedVersion(raw []byte) bool {
	start := skipSpace(raw, len(raw)-len(bytes.TrimPrefix(raw, bom)))
	return start < len(raw) && raw[start] == '{' && bytes.Contains(raw, []byte("jsonfeed.org")) && feedVersion.Match(raw)
}

// isJSON says that a file is JSON by its name.
func isJSON(key string) bool {
	switch strings.ToLower(path.Ext(key)) {
	case ".json", ".ndjson", ".jsonl":
		return true
	}
	return false
}

var bom = []byte("\ufeff")

// checkExport says why the bytes are no export: there are too many, or none.
func checkExport(raw []byte) error {
	if len(raw) > feed.MaxSize {
		return fmt.Errorf("too large: more than %d bytes; part it", feed.MaxSize)
	}
	if len(bytes.TrimSpace(bytes.TrimPrefix(raw, bom))) == 0 {
		return errors.New("empty")
	}
	return nil
}

// jsonText is the text of a file of JSON, without byte order mark.
func jsonText(raw []byte) ([]byte, error) {
	if err := checkExport(raw); err != nil {
		return nil, err
	}
	return bytes.TrimPrefix(raw, bom), checkText(raw)
}

// newLines counts the lines of a text. Where it is but one, the number of an article tells more than its line, which is
// 0 then.
func newLines(raw []byte) *lineCounter {
	if bytes.IndexByte(bytes.TrimSpace(raw), '\n') < 0 {
		return &lineCounter{raw: bytes.TrimSpace(raw)}
	}
	return &lineCounter{raw: raw, line: 1}
}

// isJSONFeed says that a text is a JSON Feed, by the version that it names.
func isJSONFeed(raw []byte, at int) bool {
	part, ok := partAt(raw, at, "version")
	var version string
	return ok && json.Unmarshal(raw[part.start:part.end], &version) == nil && strings.Contains(version, "jsonfeed.org/")
}

func jsonArray(key string, raw []byte, start int) iter.Seq[record] {
	return func(yield func(record) bool) {
		item, lines := 0, newLines(raw)
		for part := range parts(raw, start) {
			item++
			rec := jsonRecord(raw[part.start:part.end], lines.of(part.start))
			rec.item = item
			if rec.keyIn(key); !yield(rec) {
				return
			}
		}
	}
}

// articles are the records of a file. Where none of them has what only articles have, the file may hold data, and all
// are slight.
func articles(all iter.Seq[record]) iter.Seq[record] {
	return func(yield func(record) bool) {
		found := false
		for rec := range all {
			if found = !rec.slight && rec.err == nil; found {
				break
			}
		}
		for rec := range all {
			rec.slight = rec.slight && !found
			if !yield(rec) {
				return
			}
		}
	}
}

// keyIn gives the record its key in the file with the key: its own name for itself, whatever else changes.
func (rec *record) keyIn(file string) {
	if rec.head == nil {
		rec.key = file
		return
	}
	f := fields{root: rec.head}
	for _, names := range [][]string{{"guid", "id"}, {"canonicalurl", "canonical", "url", "permalink"}, {"slug"}} {
		for _, v := range f.all(names...) {
			if name := oneLine(v.text); name != "" {
				rec.key = keyIn(file, name)
				return
			}
		}
	}
	title, _ := f.text("title")
	name := slugify(title)
	if name == "" {
		sum := sha256.Sum256(rec.raw)
		name = hex.EncodeToString(sum[:8])
	}
	rec.key = keyIn(file, name)
	rec.warnings = append(rec.warnings, "neither id nor URL nor slug; its title stands for them, and with another title it will be another article")
}
