package validate

// podcast is what Podcasting 2.0 adds. It grows; what is not known here is not held against a feed.
var podcast = &vocabulary{name: "podcast", namespace: "https://podcastindex.org/namespace/1.0", source: "https://podcasting2.org/docs/podcast-namespace"}

// definePodcast makes the tables of channel and item, which share some.
func definePodcast() {
	anywhere := children{
		"person": any_(&elem{text: filled, attrs: attrs{"role": may(filled), "group": may(filled), "img": may(webURL), "href": may(webURL)}}),
		"location": any_(&elem{text: filled, attrs: attrs{
			"geo": may(anyText), "osm": may(anyText), "rel": may(anyText), "country": may(anyText),
		}}),
		"license": opt(&elem{text: filled, attrs: attrs{"url": may(absolute)}}),
		"txt":     any_(&elem{text: filled, attrs: attrs{"purpose": may(filled)}}),
	}
	feed := children{
		"guid":            opt(text(uuid)),
		"locked":          opt(&elem{text: yesNo, attrs: attrs{"owner": may(email)}}),
		"medium":          opt(text(filled)),
		"funding":         any_(&elem{text: filled, attrs: attrs{"url": need(webURL)}}),
		"podroll":         opt(&elem{children: children{"remoteItem": any_(remoteItem)}}),
		"trailer":         any_(&elem{text: filled, attrs: attrs{"url": need(webURL), "pubdate": need(date822), "length": may(nonNegative), "type": may(mediaType), "season": may(nonNegative)}}),
		"block":           any_(&elem{text: yesNo, attrs: attrs{"id": may(filled)}}),
		"updateFrequency": opt(&elem{text: filled, attrs: attrs{"complete": may(trueFalse), "dtstart": may(filled), "rrule": may(filled)}}),
	}
	entry := children{
		"season":     opt(&elem{text: nonNegative, attrs: attrs{"name": may(filled)}}),
		"episode":    opt(&elem{text: decimal, attrs: attrs{"display": may(filled)}}),
		"transcript": any_(&elem{text: anyText, attrs: attrs{"url": need(webURL), "type": need(mediaType), "language": may(languageTag), "rel": may(oneOf("captions"))}}),
		"chapters":   opt(&elem{text: empty, attrs: attrs{"url": need(webURL), "type": need(mediaType)}}),
		"soundbite":  any_(&elem{text: anyText, attrs: attrs{"startTime": need(decimal), "duration": need(decimal)}}),
	}
	for _, name := range []string{
		"value", "images", "image", "liveItem", "social", "socialInteract", "alternateEnclosure", "contentLink", "integrity",
		"source", "publisher", "podping", "chat", "liveValue", "remoteItem", "valueTimeSplit", "follow",
	} {
		feed[name], entry[name] = any_(&elem{open: true}), any_(&elem{open: true})
	}
	for name, c := range anywhere {
		feed[name], entry[name] = c, c
	}
	podcast.children = map[string]children{"feed": feed, "entry": entry}
}

var remoteItem = &elem{text: empty, attrs: attrs{
	"feedGuid": need(uuid), "feedUrl": may(webURL), "itemGuid": may(filled), "medium": may(filled), "title": may(filled),
}}
