package validate

import (
	"slices"

	"feedpub/feed/internal/pattern"
)

// media is Media RSS. Its elements stand in the feed, in an entry, in a group and in a content, each more closely
// told of than the one around it.
var media = &vocabulary{name: "media", namespace: "http://search.yahoo.com/mrss/", source: "https://www.rssboard.org/media-rss"}

// defineMedia makes the tables, of which each holds the one before.
func defineMedia() {
	mediaText := &elem{text: anyText, attrs: attrs{"type": may(oneOf("plain", "html"))}}
	size := attrs{"url": need(absolute), "width": may(nonNegative), "height": may(nonNegative), "time": may(playTime)}
	details := children{
		"adult":       opt(text(trueFalse)),
		"rating":      any_(&elem{text: filled, attrs: attrs{"scheme": may(absolute)}}),
		"title":       opt(mediaText),
		"description": opt(mediaText),
		"keywords":    opt(text(anyText)),
		"thumbnail":   any_(&elem{text: empty, attrs: size}),
		"category":    any_(&elem{text: filled, attrs: attrs{"scheme": may(absolute), "label": may(filled)}}),
		"hash":        any_(&elem{text: filled, attrs: attrs{"algo": may(oneOf("md5", "sha-1"))}}),
		"player":      opt(&elem{text: empty, attrs: attrs{"url": need(absolute), "height": may(nonNegative), "width": may(nonNegative)}}),
		"credit":      any_(&elem{text: filled, attrs: attrs{"role": may(filled), "scheme": may(absolute)}}),
		"copyright":   opt(&elem{text: filled, attrs: attrs{"url": may(absolute)}}),
		"text": any_(&elem{text: anyText, attrs: attrs{
			"type": may(oneOf("plain", "html")), "lang": may(languageTag), "start": may(playTime), "end": may(playTime),
		}}),
		"restriction": any_(&elem{text: anyText, attrs: attrs{
			"relationship": need(oneOf("allow", "deny")), "type": may(oneOf("country", "uri", "sharing")),
		}}),
		"license": any_(&elem{text: anyText, attrs: attrs{"href": may(absolute), "type": may(mediaType)}}),
		"rights":  opt(&elem{text: empty, attrs: attrs{"status": need(oneOf("userCreated", "official"))}}),
		"status":  opt(&elem{text: empty, attrs: attrs{"state": need(oneOf("active", "blocked", "deleted")), "reason": may(anyText)}}),
		"subTitle": any_(&elem{text: empty, attrs: attrs{
			"type": need(mediaType), "lang": may(languageTag), "href": need(absolute),
		}}),
		"peerLink": any_(&elem{text: empty, attrs: attrs{"type": may(mediaType), "href": need(absolute)}}),
	}
	for _, name := range []string{"community", "comments", "embed", "responses", "backLinks", "price", "location", "scenes"} {
		details[name] = any_(&elem{open: true})
	}
	mediaContent := &elem{
		children: details,
		attrs: attrs{
			"url": may(absolute), "fileSize": may(nonNegative), "type": may(mediaType),
			"medium":    may(oneOf("image", "audio", "video", "document", "executable")),
			"isDefault": may(trueFalse), "expression": may(oneOf("sample", "full", "nonstop")),
			"bitrate": may(decimal), "framerate": may(decimal), "samplingrate": may(decimal), "channels": may(decimal),
			"duration": may(decimal), "height": may(nonNegative), "width": may(nonNegative), "lang": may(languageTag),
		},
		done: checkMediaContent,
	}
	group := children{"content": any_(mediaContent)}
	entry := children{"content": any_(mediaContent), "group": any_(&elem{children: group, done: checkGroup})}
	for name, c := range details {
		group[name], entry[name] = c, c
	}
	media.children = map[string]children{"feed": details, "entry": entry}
}

// playTime is the normal play time of RFC 2326, 3.6.
var playTime = simple("a time of play", "write it like 00:03:12.5", pattern.New(`^([0-9]+(\.[0-9]*)?|[0-9]+:[0-5][0-9]:[0-5][0-9](\.[0-9]*)?|now)$`).MatchString)

func checkMediaContent(w *walk, n *node) {
	if _, ok := n.lookUp("url"); !ok && !n.has(media, "player") {
		w.find("media-content-address", n.offset, "<media:content> has neither url nor <media:player>", "add one of them")
	}
	if n.parent != nil && n.attr("isDefault") == "true" {
		if n.parent.defaulted {
			w.find("media-default-twice", n.offset, "two <media:content> of one group are the default", "keep isDefault on one")
		}
		n.parent.defaulted = true
	}
}

// checkGroup warns of a group that holds nothing to choose from.
func checkGroup(w *walk, n *node) {
	first := slices.IndexFunc(n.children, isMediaContent)
	if first < 0 || !slices.ContainsFunc(n.children[first+1:], isMediaContent) {
		w.find("media-group-small", n.offset, "<media:group> holds fewer than two <media:content>", "take the group away, or add what else there is")
	}
}

func isMediaContent(n *node) bool { return n.vocab == media && n.name.Local == "content" }
