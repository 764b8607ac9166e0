package validate

import (
	"fmt"
	"slices"

	"feedpub/feed"
)

// itunes is Apple's; podcast is what Podcasting 2.0 adds.
var (
	itunes = &vocabulary{
		name: "itunes", namespace: "http://www.itunes.com/dtds/podcast-1.0.dtd", source: "https://podcasters.apple.com/support/823-podcast-requirements",
		children: map[string]children{"feed": {
			"author":       opt(text(filled)),
			"block":        opt(text(agreed)),
			"category":     any_(itunesCategory),
			"complete":     opt(text(agreed)),
			"explicit":     opt(text(explicit)),
			"image":        opt(itunesImage),
			"keywords":     opt(text(anyText)),
			"new-feed-url": opt(text(webURL)),
			"owner":        opt(&elem{children: children{"name": opt(text(filled)), "email": one(text(email))}}),
			"subtitle":     opt(text(plainOrBlank)),
			"summary":      opt(text(anyText)),
			"title":        opt(text(filled)),
			"type":         opt(text(oneOf("episodic", "serial", "Episodic", "Serial"))),
			"name":         opt(text(filled)),
			"email":        opt(text(email)),
			"link":         any_(&elem{attrs: attrs{"href": need(webURL), "rel": may(anyText), "type": may(anyText)}, text: anyText}),
		}, "entry": {
			"author":            opt(text(filled)),
			"block":             opt(text(agreed)),
			"category":          any_(itunesCategory),
			"duration":          opt(text(duration)),
			"episode":           opt(text(positive)),
			"episodeType":       opt(text(oneOf("full", "trailer", "bonus", "Full", "Trailer", "Bonus"))),
			"explicit":          opt(text(explicit)),
			"image":             opt(itunesImage),
			"isClosedCaptioned": opt(text(agreed)),
			"keywords":          opt(text(anyText)),
			"order":             opt(text(integer)),
			"season":            opt(text(positive)),
			"subtitle":          opt(text(plainOrBlank)),
			"summary":           opt(text(anyText)),
			"title":             opt(text(filled)),
		}},
	}
	itunesImage = &elem{text: anyText, attrs: attrs{"href": need(webURL), "rel": may(anyText), "type": may(anyText), "url": may(anyText), "title": may(anyText)}}
	// explicit is what Apple asks for, true or false, or had asked for.
	explicit = oneOf("true", "false", "yes", "no", "clean", "explicit", "True", "False", "Yes", "No", "Clean")
	agreed   = oneOf("yes", "no", "Yes", "No", "true", "false")

	itunesCategory = &elem{
		attrs:    attrs{"text": need(filled)},
		children: children{"category": any_(&elem{attrs: attrs{"text": need(filled)}})},
		done:     checkCategory,
	}
)

func checkCategory(w *walk, n *node) {
	name := n.attr("text")
	switch {
	case name == "":
		return
	case !slices.Contains(feed.AppleCategories(), name):
		w.find("itunes-category", n.offset, fmt.Sprintf("%s is none of Apple's categories", quoted(name)), categoriesRemedy)
		return
	}
	for _, c := range n.children {
		if sub := c.attr("text"); sub != "" && !slices.Contains(feed.AppleSubcategories(name), sub) {
			w.find("itunes-category", c.offset, fmt.Sprintf("%s has no subcategory %s", quoted(name), quoted(sub)), categoriesRemedy)
		}
	}
}

const categoriesRemedy = "take one of https://podcasters.apple.com/support/1691-apple-podcasts-categories"

// checkShow warns of what Apple asks of a podcast: of a channel that says anything in its words.
func checkShow(w *walk, n *node) {
	first := -1
	for i, c := range n.children {
		if c.vocab == itunes {
			first = i
			break
		}
	}
	if first < 0 {
		return
	}
	for _, name := range []string{"category", "explicit", "image"} {
		if !n.has(itunes, name) {
			w.find("itunes-required", n.children[first].offset, fmt.Sprintf("the podcast lacks <itunes:%s>", name), "add it: Apple does not list the podcast without")
		}
	}
}
