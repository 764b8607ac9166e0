package clean

import (
	"html"
	"net/url"
	"strings"
)

// PrefixIDs gives the ids in content that HTML made a prefix, and so the links to them, which are links to page with a
// fragment: readers show many entries on one page, and each has a first footnote. Other links stay, and so do ids that
// have the prefix already. In such content quotes stand around the values of attributes and nowhere else, so that it need
// not be parsed.
func PrefixIDs(content, page, prefix string) string {
	ids := idsIn(content)
	if len(ids) == 0 {
		return content
	}
	page, _, _ = strings.Cut(page, "#")
	var b strings.Builder
	b.Grow(len(content) + len(ids)*2*len(prefix))
	for {
		before, value, after, name := nextAttribute(content)
		b.WriteString(before)
		switch name {
		case idName:
			b.WriteString(prefixedID(value, prefix))
		case hrefName:
			b.WriteString(prefixedLink(value, ids, page, prefix))
		default:
			return b.String()
		}
		content = after
	}
}

// nextAttribute cuts content around the value of the next id or link; name is empty where none comes, and all is before.
func nextAttribute(content string) (before, value, after, name string) {
	for at := 0; ; {
		i := strings.Index(content[at:], `="`)
		if i < 0 {
			return content, "", "", ""
		}
		tag := content[:at+i]
		at += i + len(`="`)
		value, _, _ = strings.Cut(content[at:], `"`)
		for _, name := range []string{idName, hrefName} {
			if strings.HasSuffix(tag, name) {
				return content[:at], value, content[at+len(value):], name
			}
		}
		at += min(len(value)+1, len(content)-at)
	}
}

const (
	idName   = " id"
	hrefName = " href"
)

// idsIn is the ids in content.
func idsIn(content string) map[string]bool {
	var ids map[string]bool
	for {
		_, value, after, name := nextAttribute(content)
		switch name {
		case idName:
			if ids == nil {
				ids = map[string]bool{}
			}
			ids[value] = true
		case "":
			return ids
		}
		content = after
	}
}

func prefixedID(id, prefix string) string {
	if strings.HasPrefix(id, prefix) {
		return id
	}
	return prefix + id
}

// prefixedLink is the value of a link with the prefix where that leads to an id on the same page.
func prefixedLink(value string, ids map[string]bool, page, prefix string) string {
	of, fragment, found := cutFragment(value)
	if !found || html.UnescapeString(of) != page {
		return value
	}
	id, err := url.PathUnescape(html.UnescapeString(fragment))
	if err != nil || !ids[id] || strings.HasPrefix(id, prefix) {
		return value
	}
	return of + "#" + prefix + fragment
}

// cutFragment is strings.Cut at the # of a link, which stands in references to characters too.
func cutFragment(value string) (of, fragment string, found bool) {
	for i := range len(value) {
		if value[i] == '#' && (i == 0 || value[i-1] != '&') {
			return value[:i], value[i+1:], true
		}
	}
	return value, "", false
}
