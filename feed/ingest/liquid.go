package ingest

import (
	"path"
	"strings"

	"feedpub/feed/internal/pattern"
)

var (
	endRaw       = pattern.New(`\{%-?\s*endraw\s*-?%\}`)
	endHighlight = pattern.New(`\{%-?\s*end(?:highlight|codeblock)\s*-?%\}`)
	endComment   = pattern.New(`\{%-?\s*endcomment\s*-?%\}`)
	zolaCall     = pattern.New(`(?s)^\w+\s*\(.*\)$`)
	literalURL   = pattern.New(`^["']([^"']*)["']\s*(?:\|\s*(?:relative_url|absolute_url|url|prepend:\s*site\.(?:base)?url)\s*)+$`)
	goCall       = pattern.New("(?s)^(\\w+)\\s+[\"`]([^\"`]*)[\"`]")
)

// liquidTag takes {% … %}.
func (t *templates) liquidTag(whole, inside string) {
	inside = withoutDashes(inside)
	name, args, _ := strings.Cut(strings.Join(strings.Fields(inside), " "), " ")
	switch name {
	case "raw":
		t.out = append(t.out, t.block(endRaw)...)
	case "highlight", "codeblock":
		language, _, _ := strings.Cut(strings.TrimPrefix(args, "lang:"), " ")
		t.fenced(language, t.block(endHighlight))
	case "comment":
		t.block(endComment)
		t.drop()
	case "post_url", "link":
		t.out = append(t.out, t.siteLink(args)...)
	case "asset_img":
		for word := range strings.FieldsSeq(args) {
			if path.Ext(word) != "" {
				t.image(word)
				break
			}
		}
	case "endraw", "for", "endfor", "if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "assign", "capture", "endcapture",
		"increment", "decrement", "cycle", "tablerow", "endtablerow", "break", "continue", "include", "include_relative", "include_cached",
		"render", "liquid", "seo", "end", "blockquote", "endblockquote", "quote", "endquote", "pullquote", "endpullquote", "centerquote", "endcenterquote":
		t.warn(whole)
		t.drop()
	default:
		if zolaCall.MatchString(inside) {
			t.warn(whole)
			t.drop()
			return
		}
		t.keep(whole)
	}
}

// output takes {{ … }}.
func (t *templates) output(whole, inside string) {
	inside = withoutDashes(inside)
	if m := literalURL.FindStringSubmatch(inside); m != nil {
		t.out = append(t.out, t.sitePath(m[1])...)
		return
	}
	if m := goCall.FindStringSubmatch(inside); m != nil { // the Go blog
		if m[1] == "image" {
			t.image(m[2])
			return
		}
		t.warn(whole)
		t.drop()
		return
	}
	switch {
	case inside == "site.baseurl", inside == "site.url", inside == "site.github.url", inside == "base_path", inside == "BASE_PATH":
		// What follows is a path, which is resolved against the site. After an address of its own it would be none.
	case zolaCall.MatchString(inside):
		t.warn(whole)
		t.drop()
	default:
		t.keep(whole)
	}
}

// withoutDashes is what stands in {%- … -%}: the dashes only say that white space around is not wanted.
func withoutDashes(inside string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(inside, "-"), "-"))
}

// rawCall takes the Go blog's {{raw `…`}}: HTML as it is.
func (t *templates) rawCall(_, inside string) {
	t.out = append(t.out, inside...)
}

// sitePath is a path of the site as a link's target.
func (t *templates) sitePath(p string) string {
	if !strings.HasPrefix(p, "/") {
		return p
	}
	return t.reader.below(p)
}

// siteLink is the address of another article or page, named by its file. Its front matter is not known here: a
// post is where the site's permalink says.
func (t *templates) siteLink(file string) string {
	file, anchor, _ := strings.Cut(strings.Trim(file, `"'`), "#")
	if anchor != "" {
		anchor = "#" + anchor
	}
	name := file
	switch strings.ToLower(path.Ext(file)) {
	case ".md", ".markdown", ".mdown", ".html":
		name = strings.TrimSuffix(file, path.Ext(file))
	case "":
	default:
		if kind := path.Ext(file); len(kind) <= 5 && strings.Trim(kind, ".0123456789") != "" { // a picture, not "…-1.0.0"
			return t.sitePath("/"+strings.TrimPrefix(file, "/")) + anchor
		}
	}
	date, rest := nameDate(path.Base(name), t.reader.Zone)
	if !date.IsZero() || !strings.Contains(strings.Trim(name, "/"), "/") {
		if link, err := t.reader.expand(t.reader.Permalink, name+".md", slugify(rest), date); err == nil {
			return link + anchor
		}
	}
	return t.sitePath("/"+strings.TrimLeft(strings.TrimPrefix(name, "/"), "_")+"/") + anchor
}
