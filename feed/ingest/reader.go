package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// A Reader turns raw articles into entries. Its fields are not changed while it is used; it may be used by
// several goroutines.
type Reader struct {
	// Site is the site's URL. What is relative in articles is relative to it, or to the article's page.
	Site *url.URL
	// Permalink is the page of an article that names none, below Site: "/posts/:slug/", with :slug, :year, :month,
	// :day (of its published date, in Zone) and :path (its key without extension).
	Permalink string
	// Zone is the zone of dates that name none.
	Zone *time.Location
	// IDAuthority begins minted IDs: "example.org,2026-01-01" (RFC 4151).
	IDAuthority string
	// Authors wrote the articles that name no author.
	Authors []feed.Author

	putOff bool // the content is left to Make where mayPutOff allows it
}

// An Article is what Read made of a raw article: an entry that the store has not seen yet.
//
// Published is zero and Dated false where the article has no date, Updated is zero where it names none: the store
// knows when it saw the article first.
type Article struct {
	feed.Entry
	// Warnings are what was left out or read otherwise than it may be meant, each with its place.
	Warnings []string
	// Aliases are paths and URLs under which the article was known.
	Aliases []string
}

// Read reads the article with the key, its path in the source. The error holds every Problem that it has
// (errors.As finds the first); refusals of one article say nothing about others. Of a file that holds several it is
// the first.
func (r *Reader) Read(source, key string, raw []byte) (Article, error) {
	for a, err := range r.ReadAll(source, key, raw) {
		return a, err
	}
	return Article{}, &Problem{File: key, Reason: "holds no article"}
}

// ReadAll reads the articles of a file, by its path in the source. Each comes with the error that refuses it, as Read
// gives it. One that is refused may lack everything but its source and key.
func (r *Reader) ReadAll(source, key string, raw []byte) iter.Seq2[Article, error] {
	return func(yield func(Article, error) bool) {
		for rec := range records(key, raw) {
			if !yield(r.article(source, key, false, &rec)) {
				return
			}
		}
	}
}

// article makes an article of a record; file is the name of its file for messages, inDrafts says that the source is a
// folder of drafts.
func (r *Reader) article(source, file string, inDrafts bool, rec *record) (a Article, err error) {
	if err := r.check(); err != nil {
		return Article{}, err
	}
	a.Source, a.Key = source, rec.key
	defer func() {
		if p := recover(); p != nil {
			err = &Problem{File: file, Reason: fmt.Sprintf("a fault of feedpub, please report it: %v", p)}
		}
	}()
	f := &fields{file: file, item: rec.item, line: rec.line, root: rec.head, inDrafts: inDrafts, lenient: rec.lenient}
	for _, w := range rec.warnings {
		f.warn(value{}, w)
	}
	if rec.err != nil {
		f.fail(rec.err)
		return a, errors.Join(f.problems...)
	}
	a.Raw = Hash(rec.raw)
	rec.fillSite(strings.TrimSuffix(r.Site.String(), "/"))
	r.fill(f, &a, rec)
	if rec.draft != "" {
		a.Status = feed.Draft
		f.warn(value{}, rec.draft)
	}
	a.Warnings = f.warnings
	return a, errors.Join(f.problems...)
}

// Hash is the SHA-256 of a raw article in hex, as entries keep it.
func Hash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// fill reads front matter and body into the entry.
func (r *Reader) fill(f *fields, a *Article, rec *record) {
	e, at := &a.Entry, rec.path()
	e.ID, e.GUID = r.identity(f, e.Source, e.Key)
	title, titleAt := f.text("title")
	e.Title = title
	e.Summary = f.harmlessText("summary", "description", "excerpt", "deck", "params.description", "extra.description")
	e.Status = f.status(at)
	e.Authors = r.authors(f)
	r.dates(f, e, at)
	date, name := nameDate(baseName(at), r.Zone)
	e.Tags = f.tags(!date.IsZero() || isJekyll(at))
	e.Language = f.language()
	a.Aliases = f.aliases()

	var s story
	if rec.form == plainText {
		s = readStory(rec.body, e.Title, r.Zone)
		s.fill(f, e)
	}
	f.dateOrder(e)
	if at == "" {
		name = firstOf(e.Title, path.Base(nameIn(e.Key)))
	}
	e.Slug = f.slug(e.Key, name)
	page, base := r.page(f, e, at)
	e.URL = page
	if base == nil {
		base = r.Site
	}
	base = r.against(rec.base, base)
	e.Image = f.image(base)
	e.Enclosures = f.enclosures(base, at)
	e.Details = r.details(f, base)
	if rec.complete != nil {
		rec.complete(e)
	}
	if len(e.Authors) == 0 {
		e.Authors = slices.Clone(r.Authors)
	}
	if len(f.problems) > 0 {
		return
	}
	switch rec.form {
	case plainText:
		r.content(f, e, base, s.html())
	case markdownText:
		r.markdown(f, e, base, rec.body)
	case htmlText:
		r.content(f, e, base, rec.body)
	case htmlTemplate:
		r.htmlTemplate(f, e, base, rec.body)
	}
	if len(f.problems) == 0 {
		f.checkTitle(e, titleAt, rec.form)
	}
}

// fill gives the entry what the story says and the front matter does not.
func (s *story) fill(f *fields, e *feed.Entry) {
	e.Title = s.title
	if e.Summary == "" {
		e.Summary = s.summary
	} else if s.summary != "" && s.summary != e.Summary {
		s.paragraphs = append([]string{s.summary}, s.paragraphs...)
	}
	if len(e.Authors) == 0 {
		e.Authors = s.authors
	}
	if e.Published.IsZero() && !s.date.IsZero() {
		e.Published, e.Dated = s.date, true
	}
	if e.Published.IsZero() && s.doubt != nil {
		f.refuse(value{name: "date"}, s.doubt.Error())
	}
}

// markdown reads a Markdown body into the entry, or puts that off.
func (r *Reader) markdown(f *fields, e *feed.Entry, base *url.URL, body string) {
	if r.putOff && mayPutOff(e, base, body) {
		e.Unmade = body
		return
	}
	r.makeContent(f, e, base, body)
}

// makeContent makes the entry's content of its Markdown.
func (r *Reader) makeContent(f *fields, e *feed.Entry, base *url.URL, body string) {
	t := templates{reader: r, jekyll: isJekyll(e.Key) || dateInName.MatchString(baseName(e.Key))}
	body = t.expand(body)
	for _, w := range t.warnings {
		f.warn(value{}, w)
	}
	if e.Unmade == "" { // what was put off is no trap, see mayPutOff
		if err := checkTraps(body); err != nil {
			f.fail(err)
			return
		}
	}
	doc, err := renderMarkdown(body, e.Title == "")
	if err != nil {
		f.fail(err)
		return
	}
	if e.Title == "" {
		e.Title = doc.title
	}
	if e.Summary == "" {
		e.Summary = oneLine(doc.teaser)
	}
	r.content(f, e, base, doc.html)
}

func (r *Reader) content(f *fields, e *feed.Entry, base *url.URL, source string) {
	content, err := clean.HTML(source, base)
	if err != nil {
		f.fail(err)
		return
	}
	if len(content) > maxContent {
		f.fail(fmt.Errorf("too large: more than %d bytes of HTML", maxContent))
	}
	e.Content = content
	if e.Title == "" && strings.Contains(content, "<h1") {
		if err := f.takeHeading(e); err != nil {
			f.fail(err)
		}
	}
}

// takeHeading takes the first level-1 heading out of the content as the title.
func (f *fields) takeHeading(e *feed.Entry) error {
	root, err := parseHTML(e.Content)
	if err != nil {
		return err
	}
	body := element(root, isTag(atom.Body))
	for n := range elements(body, isTag(atom.H1)) {
		if text := textIn(n); text != "" && !above(n, isQuote) {
			e.Title = text
			removeWithShell(n, body)
			e.Content, err = inner(body)
			e.Content = strings.TrimSpace(e.Content)
			return err
		}
	}
	return nil
}

// checkTitle gives an entry without a title the first line of its text, cut, and refuses one without either.
func (f *fields) checkTitle(e *feed.Entry, at value, form form) {
	if e.Title == "" && e.Content != "" {
		line, _, _ := strings.Cut(clean.Text(e.Content), "\n")
		if utf8.RuneCountInString(line) > maxTitle && form == plainText {
			f.refuse(value{}, "no title: the first line is too long for a headline")
			return
		}
		if r := []rune(line); len(r) > 100 {
			line = strings.TrimSpace(string(r[:100]))
		}
		if e.Title = line; line == "" { // pictures only
			e.Title = e.Slug
			f.warn(value{}, "no title and no text; its name stands for the title")
		}
	}
	switch n := utf8.RuneCountInString(e.Title); {
	case n == 0:
		f.refuse(value{}, "neither title nor body; empty")
	case n > maxTitle:
		if at.name == "" {
			at.name = "title"
		}
		f.refuse(at, fmt.Sprintf("%d characters long, at most %d are read", n, maxTitle))
	}
}

var languageTag = pattern.New(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)

// language is the article's language, where it is a tag of BCP 47.
func (f *fields) language() string {
	for _, v := range f.all("lang", "language", "locale") {
		tag := strings.ReplaceAll(oneLine(v.text), "_", "-")
		if languageTag.MatchString(tag) {
			return tag
		}
		f.warn(v, fmt.Sprintf("%s is no language tag; left out", describe(v.node)))
	}
	return ""
}

// aliases are the addresses that the article had before, by its own word.
func (f *fields) aliases() []string {
	var found []string
	for _, v := range f.all("aliases", "alias", "redirectfrom") {
		for _, item := range v.flat() {
			if item.kind == scalar && strings.TrimSpace(item.text) != "" {
				found = append(found, strings.TrimSpace(item.text))
			}
		}
	}
	return found
}

// isJekyll says that the file lies where Jekyll and Hexo have their posts.
func isJekyll(key string) bool {
	for folder := range strings.SplitSeq(path.Dir(key), "/") {
		if folder == "_posts" || folder == "_drafts" {
			return true
		}
	}
	return false
}
