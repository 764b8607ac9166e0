package clean

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// PrefixIDs gives the ids in content that HTML made a prefix, and so the links to them, which are links to page with a
// fragment: readers show many entries on one page, and each has a first footnote. Other links stay, and so do ids that
// have the prefix already.
func PrefixIDs(content, page, prefix string) string {
	ids := idsIn(content)
	if len(ids) == 0 {
		return content
	}
	page, _, _ = strings.Cut(page, "#")
	var b strings.Builder
	b.Grow(len(content) + len(ids)*2*len(prefix))
	for z := html.NewTokenizer(strings.NewReader(content)); z.Next() != html.ErrorToken; {
		raw := string(z.Raw()) // reading the token may overwrite it
		if raw[0] != '<' || !strings.Contains(raw, `id="`) && !strings.Contains(raw, "#") {
			b.WriteString(raw)
			continue
		}
		tag := z.Token()
		changed := false
		for i := range tag.Attr {
			was := tag.Attr[i].Val
			tag.Attr[i].Val = prefixed(tag.Attr[i], ids, page, prefix)
			changed = changed || tag.Attr[i].Val != was
		}
		if changed {
			raw = tag.String()
		}
		b.WriteString(raw)
	}
	return b.String()
}

// idsIn is the ids in content.
func idsIn(content string) map[string]bool {
	ids := map[string]bool{}
	for z := html.NewTokenizer(strings.NewReader(content)); strings.Contains(content, ` id="`); {
		switch z.Next() {
		case html.ErrorToken:
			return ids
		case html.StartTagToken, html.SelfClosingTagToken:
			for more := true; more; {
				var key, value []byte
				if key, value, more = z.TagAttr(); string(key) == "id" {
					ids[string(value)] = true
				}
			}
		}
	}
	return ids
}

// prefixed is the value of an attribute with the prefix where that is an id, or a link to one on the same page.
func prefixed(a html.Attribute, ids map[string]bool, page, prefix string) string {
	switch a.Key {
	case "id":
		if !strings.HasPrefix(a.Val, prefix) {
			return prefix + a.Val
		}
	case "href":
		of, fragment, _ := strings.Cut(a.Val, "#")
		id, err := url.PathUnescape(fragment)
		if err == nil && of == page && ids[id] && !strings.HasPrefix(id, prefix) {
			return of + "#" + prefix + fragment
		}
	}
	return a.Val
}
