// Package page makes the pages for people that lie beside the feeds: the start page with all feeds, a page for each feed,
// and one for each part of its archive.
//
// Pages need no script, and ask no other host for anything but the pictures and sounds of the articles. Their templates
// are start.html and feed.html, in the language of html/template; the style is page.css, the script of the copy buttons
// page.js, the icon favicon.ico. A theme is a folder that holds some of these in place of feedpub's own. start.html gets
// a [Start], feed.html a [Feed]; config/recipes/theme.md tells authors of themes what that is.
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
	"path/filepath"
	"strings"
)

// The names of a theme's files. The first two are templates; the others lie beside the start page under these names.
const (
	StartName  = "start.html"
	FeedName   = "feed.html"
	StyleName  = "page.css"
	ScriptName = "page.js"
	IconName   = "favicon.ico"
)

var names = []string{StartName, FeedName, StyleName, ScriptName, IconName}

// Policy is the Content-Security-Policy of the pages: nothing runs but page.js, and pictures and sounds come from where
// the articles have them. Servers should send it with frame-ancestors 'none', which a page cannot say of itself.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http:; media-src https: http:; base-uri 'none'; form-action 'none'"

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
	t, err := read(own.ReadFile, "")
	if err != nil {
		panic(err) // its own templates
	}
	return t
}

// Read reads a theme from a folder. What that lacks is feedpub's own. The error holds every mistake in the templates, with
// file and line.
func Read(folder fs.FS, name string) (*Theme, error) {
	found := 0
	t, err := read(func(file string) ([]byte, error) {
		info, err := fs.Stat(folder, file)
		if errors.Is(err, fs.ErrNotExist) {
			return own.ReadFile(file)
		}
		found++
		if err == nil && !info.Mode().IsRegular() { // a pipe would block when it is opened
			return nil, fmt.Errorf("%s: not a regular file; put one there, or take it away", filepath.Join(name, file))
		}
		return fs.ReadFile(folder, file)
	}, name)
	if err == nil && found == 0 {
		return nil, fmt.Errorf("%s: the folder is not there, or holds none of %s", name, strings.Join(names, ", "))
	}
	return t, err
}

func read(file func(name string) ([]byte, error), folder string) (*Theme, error) {
	t := &Theme{files: map[string][]byte{}}
	hash := sha256.New()
	var errs []error
	for _, name := range names {
		data, err := file(name)
		if err != nil {
			errs = append(errs, fmt.Errorf("read the theme: %w", err))
		}
		t.files[name] = data
		if name == StartName || name == FeedName {
			fmt.Fprintf(hash, "%d %s", len(data), data)
		}
	}
	t.digest = hex.EncodeToString(hash.Sum(nil))
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	var startErr, feedErr error
	t.start, startErr = parse(folder, StartName, t.files[StartName], sampleStarts())
	t.feed, feedErr = parse(folder, FeedName, t.files[FeedName], sampleFeeds())
	return t, errors.Join(startErr, feedErr)
}

// parse reads a template and tries it, so that a field that there is not is found before anything is replaced.
func parse(folder, name string, source []byte, samples []any) (*template.Template, error) {
	t, err := template.New(name).Parse(string(source))
	for _, sample := range samples {
		if err == nil {
			_, err = fill(t, sample)
		}
	}
	if err != nil {
		text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "html/"), "template:")
		return nil, errors.New(filepath.Join(folder, strings.TrimSpace(text)))
	}
	return t, nil
}

// Digest tells themes apart that make other pages.
func (t *Theme) Digest() string { return t.digest }

// File is the content of page.css, page.js or favicon.ico.
func (t *Theme) File(name string) []byte { return t.files[name] }

// Start makes the start page.
func (t *Theme) Start(data Start) ([]byte, error) { return execute(t.start, data, data.Site.FeedsURL) }

// Feed makes the page of a feed, or of a part of its archive.
func (t *Theme) Feed(data Feed) ([]byte, error) { return execute(t.feed, data, data.URL) }

func execute(t *template.Template, data any, address string) ([]byte, error) {
	doc, err := fill(t, data)
	if err != nil {
		return nil, fmt.Errorf("make a page: %w", err)
	}
	return append(doc, mark(address)...), nil
}

// maxSize is how many bytes a template may write.
const maxSize = 4 << 20

var errTooLarge = fmt.Errorf("the page is larger than %d MiB; have the template write less", maxSize>>20)

func fill(t *template.Template, data any) ([]byte, error) {
	var b bounded
	err := t.Execute(&b, data)
	if errors.Is(err, errTooLarge) { // unlike others it does not tell of which template
		err = fmt.Errorf("%s: %w", t.Name(), err)
	}
	return b.doc, err
}

// A bounded is a page that a theme may not write on and on.
type bounded struct{ doc []byte }

func (b *bounded) Write(p []byte) (int, error) {
	if len(b.doc)+len(p) > maxSize {
		return 0, errTooLarge
	}
	b.doc = append(b.doc, p...)
	return len(p), nil
}

// mark ends every page, whatever the theme: by it a page is known as ours in a folder whose list was lost.
func mark(address string) string { return "<!-- made by feedpub for " + address + " -->\n" }

// IsOurs says whether a file is a page that was made for the address.
func IsOurs(doc []byte, address string) bool { return bytes.HasSuffix(doc, []byte(mark(address))) }
