package ingest

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"feedpub/feed"
)

// Of ten thousand articles that are read for the first time a feed shows the newest hundred. To make HTML of Markdown and
// to sanitise it is most of what an article costs, so it is put off where that is safe: what is read later must neither
// refuse the article nor warn of it.

// maxPutOff is the most bytes of a text that is put off. So few keep within all limits of checkTraps but those that
// mayPutOff looks at.
const maxPutOff = 8_000

// mayPutOff says that nothing of an article but its content is in its body, and that nothing there can be refused.
func mayPutOff(e *feed.Entry, base *url.URL, body string) bool {
	if e.Title == "" || len(body) > maxPutOff || base == nil || base.String() != e.URL || checkLines(body) != nil {
		return false
	}
	marks, pipes, lines := 0, 0, 1
	for i := range len(body) {
		c := body[i]
		kind := markKinds[c]
		marks += int(kind & aMark)
		if kind&telling == 0 {
			continue
		}
		switch c {
		case '\n':
			lines++
		case '|':
			pipes++
		case '<':
			if startsTag(body[i:]) {
				return false
			}
		case '{', '[', '%', ']':
			if startsTemplate(body[i:]) || strings.HasPrefix(body[i:], "]:") { // the latter makes little text into much
				return false
			}
		}
	}
	return marks <= maxDelimiters && pipes < maxColumns && pipes*lines <= maxCells
}

// What a byte may be to Markdown: a mark is what is ASCII, and neither letter, digit nor space; some tell more.
const (
	aMark   = 1
	telling = 2
)

var markKinds = func() (kinds [256]byte) {
	for c := range 0x80 {
		if c == '\n' || c > ' ' && !unicode.IsLetter(rune(c)) && !unicode.IsDigit(rune(c)) {
			kinds[c] = aMark
		}
	}
	for _, c := range "\n|<{[%]" {
		kinds[c] |= telling
	}
	return kinds
}()

// startsTag says that text may begin with a tag, of which little makes much too: one that is not closed is opened anew in each
// paragraph. A comment is none.
func startsTag(text string) bool {
	return len(text) > 1 && (unicode.IsLetter(rune(text[1])) || strings.IndexByte("/?!", text[1]) >= 0) && !strings.HasPrefix(text, "<!--")
}

// startsTemplate says that text begins with what may be a template, and may be warned of.
func startsTemplate(text string) bool {
	return len(text) > 1 && (text[0] == '{' && (text[1] == '{' || text[1] == '%') || text[:2] == "[[" || text[:2] == "%%")
}

// Make makes the content of an entry of the text that was put off.
func (r *Reader) Make(e *feed.Entry) (err error) {
	if e.Unmade == "" {
		return nil
	}
	f := &fields{file: e.Source + "/" + e.Key}
	defer func() {
		if p := recover(); p != nil {
			err = &Problem{File: f.file, Reason: fmt.Sprintf("a fault of feedpub, please report it: %v", p)}
		}
	}()
	base, err := url.Parse(e.URL)
	if err != nil {
		return err
	}
	r.makeContent(f, e, base, e.Unmade)
	e.Unmade = ""
	if len(f.problems) > 0 {
		return f.problems[0]
	}
	return nil
}

// puttingOff is a Reader that leaves to Make what may be.
func (r *Reader) puttingOff() *Reader {
	other := *r
	other.putOff = true
	return &other
}
