// Package page makes the pages for people that lie beside the feeds: the start page with all feeds, a page for each feed,
// and one for each part of its archive.
//
// Pages need no script, and ask no other host for anything but the pictures and sounds of the articles. Their templates
// are start.html and feed.html, in the language of html/template; the style is page.css, the script of the copy buttons
// page.js, the icon favicon.ico. A theme is a folder that holds some of these in place of feedpub's own. start.html gets
// a [Start], feed.html a [Feed].
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
	"time"
)

// The names of a theme's files. The first two are templates; the others lie beside the start page under these names.
const (
	StartName = "start.html"
	FeedName  = "feed.html"
	StyleName = "page.css"
	CopyName  = "page.js"
	IconName  = "favicon.ico"
)

// Policy is the Content-Security-Policy of the pages: nothing runs but page.js, and pictures and sounds come from where
// the articles have them. Servers should send it with frame-ancestors 'none', which a page cannot say of itself.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http:; media-src https: http:; base-uri 'none'; form-action 'none'"

// Mark stands in every page made by feedpub's own templates.
const Mark = `<meta name="generator" content="feedpub">`

// A Site is what all pages have in common.
type Site struct {
	Title, Description string
	URL                string // of the site's home, absolute
	FeedsURL           string // of the start page, absolute
	Language           string // BCP 47
	Policy             string
}

// A Start is the data of start.html.
type Start struct {
	Site    Site
	Feeds   []Listed // that have a name of their own in the configuration
	Groups  []Group  // of a feed for each tag, author, language or source
	Title   string   // of the feed that the entries are of, the first
	Entries []Entry  // its newest
	Root    string   // where page.css and the others lie, relative to the page: "./"
}

// A Group is the feeds of one kind.
type Group struct {
	Title string // "Tags"
	Feeds []Listed
	More  int // feeds that are not listed, since they are too many for a page
}

// A Listed is a feed on the start page. Its addresses are relative to that.
type Listed struct {
	Title, Description string // the latter is empty where it says no more
	Page               string
	Documents          []Document
}

// A Document is one format of a feed.
type Document struct {
	Label, Type string // "Atom", "application/atom+xml"
	Title       string // of the feed
	Href        string // relative to the page
	URL         string // absolute: what readers are to know
	ID          string // of the field that holds the URL
}

// A Feed is the data of feed.html: a feed with what is newest, or a part of its archive.
type Feed struct {
	Site               Site
	Title, Description string
	Language           string     // BCP 47
	URL                string     // of the page, absolute
	Image              string     // URL; empty for none
	Documents          []Document // the preferred first
	Readers            []Reader   // of the preferred
	Archive            string     // the part's month: "2026-03"; empty for the page of the feed itself
	Entries            []Entry    // newest first
	Newer, Older       string     // relative addresses of the pages beside; empty for none
	Home               string     // the feed's own page, relative
	Root               string     // the folder of the start page, relative: "../"
}

// A Reader is a feed reader on the web, and where in it to follow a feed.
type Reader struct {
	Name string
	URL  template.URL
}

// An Entry is an entry on a page. Only the newest are shown in full, see [Shorten].
type Entry struct {
	Title, URL string
	Language   string // BCP 47
	Published  time.Time
	Authors    []string
	Summary    string        // plain text
	Content    template.HTML // sanitised; empty where the page has only the title and the summary
	Enclosures []Enclosure
}

// An Enclosure is a file that belongs to an entry.
type Enclosure struct {
	URL, Type, Title string
	Kind             string // audio, video, image, or file for any other
	Size             string // "12.3 MB"; empty where it is not known
}

//go:embed start.html feed.html page.css page.js favicon.ico
var own embed.FS

// A Theme makes pages. It does not change.
type Theme struct {
	start, feed *template.Template
	files       map[string][]byte
	digest      string
}

// Default is the theme of feedpub itself.
func Default() *Theme {
	t, err := Read(nil)
	if err != nil {
		panic(err) // its own templates
	}
	return t
}

// Read reads a theme. What it lacks is feedpub's own; nil lacks everything. The error holds every mistake in the templates,
// with file and line.
func Read(folder fs.FS) (*Theme, error) {
	t := &Theme{files: map[string][]byte{}}
	hash := sha256.New()
	for _, name := range []string{StartName, FeedName, StyleName, CopyName, IconName} {
		data, err := file(folder, name)
		if err != nil {
			return nil, err
		}
		t.files[name] = data
		if name == StartName || name == FeedName {
			fmt.Fprintf(hash, "%d %s", len(data), data)
		}
	}
	t.digest = hex.EncodeToString(hash.Sum(nil))
	var errs [2]error
	t.start, errs[0] = parse(StartName, t.files[StartName], sampleStart)
	t.feed, errs[1] = parse(FeedName, t.files[FeedName], sampleFeed)
	return t, errors.Join(errs[:]...)
}

func file(folder fs.FS, name string) ([]byte, error) {
	if folder != nil {
		data, err := fs.ReadFile(folder, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return own.ReadFile(name)
}

// parse reads a template and tries it, so that a field that there is not is found before anything is replaced.
func parse(name string, source []byte, sample any) (*template.Template, error) {
	t, err := template.New(name).Option("missingkey=error").Parse(string(source))
	if err == nil {
		err = t.Execute(new(bytes.Buffer), sample)
	}
	if err != nil {
		return nil, fmt.Errorf("theme: %s", strings.TrimPrefix(err.Error(), "template: "))
	}
	return t, nil
}

// Digest tells themes apart that make other pages.
func (t *Theme) Digest() string { return t.digest }

// File is the content of page.css, page.js or favicon.ico.
func (t *Theme) File(name string) []byte { return t.files[name] }

// Start makes the start page.
func (t *Theme) Start(data Start) ([]byte, error) { return execute(t.start, data) }

// Feed makes the page of a feed, or of a part of its archive.
func (t *Theme) Feed(data Feed) ([]byte, error) { return execute(t.feed, data) }

func execute(t *template.Template, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("make a page: %w", err)
	}
	return b.Bytes(), nil
}

var (
	sampleEntry = Entry{Title: "Entry", URL: "https://example.org/entry", Authors: []string{"Author"}, Summary: "Summary", Content: "<p>Text</p>",
		Enclosures: []Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Kind: "audio"}, {URL: "https://example.org/a.pdf", Kind: "file"}}}
	sampleDocument = Document{Label: "Atom", Type: "application/atom+xml", Title: "Feed", Href: "atom.xml", URL: "https://example.org/atom.xml", ID: "atom"}
	sampleStart    = Start{Title: "Feed", Feeds: []Listed{{Title: "Feed", Documents: []Document{sampleDocument}}},
		Groups: []Group{{Title: "Tags", Feeds: []Listed{{Title: "Tag", Documents: []Document{sampleDocument}}}}}, Entries: []Entry{sampleEntry}, Root: "./"}
	sampleFeed = Feed{Title: "Feed", Documents: []Document{sampleDocument}, Readers: []Reader{{Name: "Reader"}}, Archive: "2026-03",
		Entries: []Entry{sampleEntry}, Newer: "../", Older: "../", Home: "../../", Root: "../"}
)
