package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rssNamespaces are those that RSS 2.0's elements stand in: none, or one of the three that came of misunderstandings.
var rssNamespaces = map[string]bool{
	"": true, "http://backend.userland.com/rss2": true, "http://backend.userland.com/RSS2": true,
	"http://blogs.law.harvard.edu/tech/rss": true,
}

var rss = &vocabulary{name: "rss", source: "https://www.rssboard.org/rss-specification"}

var rssRoot = &elem{
	attrs: attrs{"version": need(&check{"a version of RSS", `write version="2.0"`, func(v value) []fault {
		switch {
		case v.text == "2.0":
			return nil
		case slices.Contains([]string{"0.90", "0.91", "0.92", "0.93", "0.94"}, v.text):
			return []fault{{"rss-version", "is " + v.text + ", which RSS 2.0 has replaced", `write version="2.0"`}}
		}
		return invalid
	}})},
	children: children{"channel": one(rssChannel)},
}

var rssChannel = &elem{
	kind: "feed",
	children: children{
		"title":          one(text(plainText)),
		"link":           one(text(absolute)),
		"description":    one(text(htmlText)),
		"language":       opt(text(languageTag)),
		"copyright":      opt(text(plainText)),
		"managingEditor": opt(text(person)),
		"webMaster":      opt(text(person)),
		"pubDate":        opt(text(date822)),
		"lastBuildDate":  opt(text(date822)),
		"category":       any_(rssCategory),
		"generator":      opt(text(plainText)),
		"docs":           opt(text(absolute)),
		"cloud": opt(&elem{text: empty, attrs: attrs{
			"domain": need(filled), "port": need(within(1, 65535)), "path": need(filled),
			"registerProcedure": need(anyText), "protocol": need(oneOf("xml-rpc", "soap", "http-post")),
		}}),
		"ttl":    opt(text(positive)),
		"image":  opt(rssImage),
		"rating": opt(text(anyText)),
		"textInput": opt(&elem{children: children{
			"title": one(text(plainText)), "description": one(text(plainText)), "name": one(text(filled)), "link": one(text(absolute)),
		}}),
		"skipHours": opt(&elem{children: children{"hour": any_(text(within(0, 23)))}, done: repeats("hour")}),
		"skipDays": opt(&elem{children: children{"day": any_(text(oneOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))},
			done: repeats("day")}),
		"item": any_(rssItem),
	},
	done: checkRSSChannel,
}

var rssImage = &elem{
	children: children{
		"url": one(text(webURL)), "title": one(text(plainText)), "link": one(text(absolute)),
		"width": opt(text(within(1, 144))), "height": opt(text(within(1, 400))), "description": opt(text(plainText)),
	},
	done: func(w *walk, n *node) {
		w.image = make(map[string]string)
		for _, c := range n.children {
			w.image[c.name.Local] = c.value()
		}
	},
}

var rssCategory = &elem{text: filled, attrs: attrs{"domain": may(filled)}}

var rssItem = &elem{
	kind: "entry",
	children: children{
		"title":       opt(text(plainText)),
		"link":        opt(text(absolute)),
		"description": opt(text(htmlText)),
		"author":      opt(text(person)),
		"category":    any_(rssCategory),
		"comments":    opt(text(absolute)),
		"enclosure": any_(&elem{text: empty, attrs: attrs{
			"url": need(httpURL), "length": need(nonNegative), "type": need(mediaType),
		}}),
		"guid":    opt(&elem{text: filled, attrs: attrs{"isPermaLink": may(trueFalse)}, done: checkGuid}),
		"pubDate": opt(text(date822)),
		"source":  opt(&elem{text: filled, attrs: attrs{"url": need(absolute)}}),
	},
	done: checkRSSItem,
}

// repeats finds values that a list has twice.
func repeats(name string) func(w *walk, n *node) {
	return func(w *walk, n *node) {
		seen := make(map[string]bool)
		for _, c := range n.children {
			s := c.value()
			if i, err := strconv.Atoi(s); err == nil {
				s = strconv.Itoa(i)
			}
			if seen[s] {
				w.find("rss-"+name+"-twice", c.offset, fmt.Sprintf("<%s> names %s twice", n.spelled(), s), "keep one of them")
			}
			seen[s] = true
		}
	}
}

func checkGuid(w *walk, n *node) {
	if s := n.value(); n.attr("isPermaLink") != "false" && s != "" && webURL.test(value{s, n, w}) != nil {
		w.find("rss-guid-no-url", n.offset, fmt.Sprintf("<guid> is %s, which is no URL, yet it passes for a permanent link", quoted(s)), `add isPermaLink="false"`)
	}
}

func checkRSSItem(w *walk, n *node) {
	w.report.Entries++
	if !n.has(rss, "title") && !n.has(rss, "description") {
		w.find("rss-item-empty", n.offset, "<item> has neither title nor description", "add one of them")
	}
	if !n.has(rss, "guid") {
		w.find("rss-missing-guid", n.offset, "<item> lacks <guid>, by which readers know it again", `add <guid isPermaLink="false"> with a name that never changes`)
	}
	if guid := n.child(rss, "guid"); guid != nil && guid.value() != "" {
		if w.seen(guid.value(), "") {
			w.find("rss-duplicate-id", guid.offset, fmt.Sprintf("the guid %s stands twice", quoted(guid.value())), "give each item its own: readers show one of them alone")
		}
	}
	enclosures := 0
	for _, c := range n.children {
		if c.vocab == rss && c.name.Local == "enclosure" {
			if enclosures++; enclosures == 2 {
				w.find("rss-enclosures", c.offset, "<item> has more than one enclosure", "keep one, and tell the others as media:content: readers do not agree which to take")
			}
		}
	}
	w.checkSame(n, "pubDate", dc, "date")
	w.checkSame(n, "author", dc, "creator")
	w.checkSame(n, "category", dc, "subject")
	if content := n.child(content, "encoded"); content != nil {
		if d := n.child(rss, "description"); d == nil || d.offset > content.offset {
			w.find("content-first", content.offset, "<content:encoded> stands before <description>, or without", "put a <description> before it: some readers take the last they see")
		}
	}
}

// checkSame warns of two elements that say the same thing.
func (w *walk) checkSame(n *node, name string, other *vocabulary, theirs string) {
	if c := n.child(other, theirs); c != nil && n.has(rss, name) {
		w.find("rss-same", c.offset, fmt.Sprintf("<%s> says what <%s> says", c.spelled(), name), "keep one of them")
	}
}

// seen notes the ID of an entry with its date, and says whether it was there.
func (w *walk) seen(id, date string) bool {
	if w.ids == nil {
		w.ids = make(map[string]map[string]bool)
	}
	if w.ids[id] == nil {
		w.ids[id] = make(map[string]bool)
	}
	seen := w.ids[id][date]
	w.ids[id][date] = true
	return seen
}

func checkRSSChannel(w *walk, n *node) {
	w.checkSame(n, "pubDate", dc, "date")
	w.checkSame(n, "managingEditor", dc, "creator")
	w.checkSame(n, "language", dc, "language")
	w.checkSame(n, "copyright", dc, "rights")
	w.checkImage(n)
	w.checkSelf(n, n.offset)
	checkHistory(w, n)
	checkShow(w, n)
}

func (w *walk) checkImage(n *node) {
	image := n.child(rss, "image")
	if image == nil || w.image == nil {
		return
	}
	for _, name := range []string{"title", "link"} {
		if c := n.child(rss, name); c != nil && w.image[name] != "" && strings.TrimSuffix(c.value(), "/") != strings.TrimSuffix(w.image[name], "/") {
			w.find("rss-image-differs", image.offset, fmt.Sprintf("the %s of <image> is not the channel's", name), "write the same in both")
		}
	}
}

// checkSelf wants a link to the document itself, as readers need it to find the feed again.
func (w *walk) checkSelf(n *node, offset int64) {
	found := false
	for _, c := range n.children {
		if c.vocab != atom || c.name.Local != "link" {
			continue
		}
		switch rel := c.attr("rel"); {
		case rel == "self" && !found:
			w.report.Self, found = c.attr("href"), true
		case rel == "hub":
			w.report.Hubs = append(w.report.Hubs, c.attr("href"))
		}
	}
	if found {
		return
	}
	how := `add <atom:link rel="self" type="application/rss+xml" href="…"/> with its public URL`
	if n.vocab == atom {
		how = `add <link rel="self" href="…"/> with its public URL`
	}
	w.find("link-self-missing", offset, "the feed does not say what its own address is", how)
}
