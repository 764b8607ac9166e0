package ingest

import (
	"fmt"
	"strings"
)

// tags are the article's tags and categories, each once, as they are spelled first. A string parts at commas;
// at spaces where the article is a post of Jekyll's, which writes them so.
func (f *fields) tags(jekyll bool) []string {
	var found []string
	seen := map[string]bool{}
	add := func(tag string) {
		tag = oneLine(tag)
		if key := strings.ToLower(tag); tag != "" && !seen[key] {
			seen[key] = true
			found = append(found, tag)
		}
	}
	for _, v := range f.all("tags", "tag", "categories", "category", "taxonomies.tags", "taxonomies.categories") {
		switch v.kind {
		case mapping:
			f.refuse(v, "want a list, got a map")
		case scalar:
			for _, tag := range splitTags(v.text, jekyll && fold(v.name) != "category") {
				add(tag)
			}
		case list:
			items := v.items
			if fold(v.name) == "categories" {
				items = flat(items) // Hexo parts categories and what is below them so
			}
			for _, item := range items {
				if item.kind == list || item.kind == mapping {
					f.refuse(v, fmt.Sprintf("want a list of words, got %s in it", item.kind))
					break
				}
				add(item.text)
			}
		}
		if len(found) > maxTags {
			f.refuse(v, fmt.Sprintf("%d tags, at most %d are read", len(found), maxTags))
			return nil
		}
	}
	return found
}

func splitTags(s string, spaces bool) []string {
	if spaces && !strings.Contains(s, ",") {
		return strings.Fields(s)
	}
	return strings.Split(s, ",")
}

// flat is a list with the lists in it, one level deep, in their place.
func flat(items []*node) (all []*node) {
	for _, item := range items {
		if item.kind == list {
			all = append(all, item.items...)
		} else {
			all = append(all, item)
		}
	}
	return all
}
