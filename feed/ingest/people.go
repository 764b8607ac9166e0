package ingest

import (
	"net/mail"
	"slices"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// authors are the article's authors: a name, a list of names, a map with name, email and url, or a list of those.
func (r *Reader) authors(f *fields) []feed.Author {
	for _, v := range f.all("authors", "author", "by", "byline", "params.authors", "params.author", "extra.authors", "extra.author") {
		if found := r.authorsOf(f, v); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (r *Reader) authorsOf(f *fields, v value) []feed.Author {
	items := []*node{v.node}
	if v.kind == list {
		items = v.items
	}
	var found []feed.Author
	for _, item := range items {
		var a feed.Author
		switch item.kind {
		case scalar:
			a = splitAuthor(item.text)
			if fold(v.name) == "byline" {
				a.Name = bylineStart.ReplaceAllString(a.Name, "")
			}
		case mapping:
			a = r.authorMap(f, value{v.name, item})
		}
		if a.Name == "" {
			if item.kind != null {
				f.warn(v, "an author without a name is left out")
			}
		} else if !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	return found
}

// authorMap reads {name, email, url}.
func (r *Reader) authorMap(f *fields, v value) feed.Author {
	m := fields{file: f.file, root: v.node}
	a := splitAuthor(m.harmlessText("name", "displayname", "title"))
	if email := m.harmlessText("email", "mail"); isEmail(email) {
		a.Email = email
	} else if email != "" {
		m.warn(v, quoted(email)+" is no e-mail address; left out")
	}
	if ref := m.harmlessText("url", "uri", "homepage", "website", "link"); ref != "" {
		link, err := clean.URL(ref, r.Site)
		if err != nil {
			m.warn(v, err.Error()+"; left out")
		}
		a.URL = link
	}
	if a.Name == "" {
		a.Name, _, _ = strings.Cut(a.Email, "@")
	}
	f.warnings = append(f.warnings, m.warnings...)
	return a
}

// bylineStart is how a newsroom begins the line that names who wrote an article.
var bylineStart = pattern.New(`^(?i)by\s+`)

var nameAndEmail = pattern.New(`^(.*?)\s*<([^<>\s]+@[^<>\s]+)>$`)

var quotedPair = pattern.New(`\\(["\\])`)

// splitAuthor parts "Name <email>". An address alone is named by what stands before its @.
func splitAuthor(s string) feed.Author {
	s = oneLine(s)
	if !strings.Contains(s, "@") {
		return feed.Author{Name: s}
	}
	if m := nameAndEmail.FindStringSubmatch(s); m != nil && isEmail(m[2]) {
		a := feed.Author{Name: unquoted(m[1]), Email: m[2]}
		if a.Name == "" {
			a.Name, _, _ = strings.Cut(a.Email, "@")
		}
		return a
	}
	if isEmail(s) {
		name, _, _ := strings.Cut(s, "@")
		return feed.Author{Name: name, Email: s}
	}
	return feed.Author{Name: s}
}

// unquoted is a name without the quotes that all of it stands in, as mail programs write "Doe, Jane". Others are
// the author's.
func unquoted(name string) string {
	if len(name) < 2 || name[0] != '"' || name[len(name)-1] != '"' {
		return name
	}
	inner := strings.ReplaceAll(strings.ReplaceAll(name[1:len(name)-1], `\\`, ""), `\"`, "")
	if strings.Contains(inner, `"`) || strings.HasSuffix(inner, `\`) {
		return name
	}
	return strings.TrimSpace(quotedPair.ReplaceAllString(name[1:len(name)-1], "$1"))
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
