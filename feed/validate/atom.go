package validate

import (
	"fmt"
	"strings"
)

var atom = &vocabulary{name: "atom", namespace: "http://www.w3.org/2005/Atom", source: "RFC 4287"}

var (
	atomPerson = &elem{
		kind: "person",
		children: children{
			"name": one(text(plainText)), "uri": opt(text(reference)), "email": opt(text(email)),
		},
	}
	atomText = &elem{markup: true, attrs: attrs{"type": may(oneOf("text", "html", "xhtml"))}, done: checkText}
	atomLink = &elem{
		text: anyText,
		attrs: attrs{
			"href": need(reference), "rel": may(relation), "type": may(mediaType), "hreflang": may(languageTag),
			"title": may(plainText), "length": may(nonNegative),
		},
		done: func(w *walk, n *node) {
			if n.value() != "" {
				w.find("atom-link-filled", n.offset, "<link> holds text, which readers do not look at", "remove it")
			}
		},
	}
	atomCategory = &elem{text: anyText, attrs: attrs{"term": need(filled), "scheme": may(absolute), "label": may(plainText)}}
	atomContent  = &elem{markup: true, attrs: attrs{"type": may(anyText), "src": may(reference)}, done: checkContent}
	generator    = &elem{text: filled, attrs: attrs{"uri": may(reference), "version": may(filled)}}
	date         = text(date3339)
	atomID       = text(iri)
)

// relation is a link's rel: a registered name, or an IRI.
var relation = &check{"a link relation", "take one of https://www.iana.org/assignments/link-relations, or a full URL", func(v value) []fault {
	switch {
	case relations[strings.ToLower(strings.TrimPrefix(v.text, "http://www.iana.org/assignments/relation/"))]:
		return nil
	case v.text == "" || strings.ContainsAny(v.text, " \t\r\n"):
		return invalid
	case strings.Contains(v.text, ":"):
		return testURI(v, true)
	}
	return []fault{{"atom-link-relation", "is " + quoted(v.text) + ", which nobody registered", "take one of https://www.iana.org/assignments/link-relations, or a full URL"}}
}}

var relations = set(`alternate related self enclosure via about acl amphtml appendix apple-touch-icon apple-touch-startup-image
archives author blocked-by bookmark canonical chapter cite-as collection compression-dictionary contents convertedfrom
copyright create-form current deprecation describedby describes disclosure dns-prefetch duplicate edit edit-form edit-media
external first glossary help hosts hub icon index intervalafter item last latest-version license linkset lrdd manifest
mask-icon me media-feed memento micropub modulepreload monitor monitor-group next next-archive nofollow noopener noreferrer
opener openid2.local_id openid2.provider original p3pv1 payment pingback preconnect predecessor-version prefetch preload
prerender prev prev-archive preview previous privacy-policy profile replies restconf ruleinput search section service
service-desc service-doc service-meta sponsored start status stylesheet subsection successor-version sunset tag
terms-of-service timegate timemap type ugc up version-history webmention working-copy working-copy-of`)

var atomFeed, atomEntry, atomSource *elem

// defineAtom makes the three because they hold each other.
func defineAtom() {
	metadata := children{
		"author": any_(atomPerson), "category": any_(atomCategory), "contributor": any_(atomPerson),
		"generator": opt(generator), "icon": opt(text(reference)), "id": opt(atomID), "link": any_(atomLink),
		"logo": opt(text(reference)), "rights": opt(atomText), "subtitle": opt(atomText), "title": opt(atomText), "updated": opt(date),
	}
	atomSource = &elem{kind: "feed", children: metadata, done: checkSource}
	atomEntry = &elem{
		kind: "entry",
		children: children{
			"author": any_(atomPerson), "category": any_(atomCategory), "contributor": any_(atomPerson),
			"content": opt(atomContent), "id": one(atomID), "link": any_(atomLink), "published": opt(date),
			"rights": opt(atomText), "source": opt(atomSource), "summary": opt(atomText), "title": one(atomText), "updated": one(date),
		},
		done: checkAtomEntry,
	}
	atomFeed = &elem{kind: "feed", children: children{"entry": any_(atomEntry)}, done: checkAtomFeed}
	for name, c := range metadata {
		atomFeed.children[name] = c
	}
	for _, name := range []string{"id", "title", "updated"} {
		atomFeed.children[name] = one(metadata[name].elem)
	}
	// RSS has them for the address of the feed, and for what it cannot say itself.
	entry := children{}
	for name, c := range atomEntry.children {
		entry[name] = child{c.elem, 0, c.max}
	}
	atom.children = map[string]children{"feed": metadata, "entry": entry}
}

func checkAtomFeed(w *walk, n *node) {
	w.checkLinks(n)
	if w.lonely != nil && !n.has(atom, "author") {
		w.find("atom-missing-author", w.lonely.offset, "<entry> has no author, and neither has the feed", "add an <author> to the feed, or to each entry")
	}
	w.checkSelf(n, n.offset)
	if self := w.report.Self; self != "" && schemeForm.FindString(self) == "" {
		w.find("link-self-relative", n.offset, "the link to the feed itself is relative", "write the public URL of the feed")
	}
	checkHistory(w, n)
}

func checkSource(w *walk, n *node) {
	w.checkLinks(n)
	for _, name := range []string{"id", "title", "updated"} {
		if !n.has(atom, name) {
			w.find("atom-source-part", n.offset, "<source> lacks "+name, "copy it from the feed that the entry is of")
		}
	}
	w.sourced = n.has(atom, "author")
}

func checkAtomEntry(w *walk, n *node) {
	w.report.Entries++
	w.checkLinks(n)
	if !n.has(atom, "author") && !(n.has(atom, "source") && w.sourced) {
		if n.parent == nil {
			w.find("atom-missing-author", n.offset, "<entry> has no author", "add one")
		} else if w.lonely == nil {
			w.lonely = n
		}
	}
	content, summary := n.child(atom, "content"), n.has(atom, "summary")
	if content == nil && !hasAlternate(n) {
		w.find("atom-missing-alternate", n.offset, "<entry> has neither content nor a link to its page", `add <content>, or <link rel="alternate" href="…"/>`)
	}
	switch {
	case content == nil && !summary:
		w.find("atom-missing-text", n.offset, "<entry> has neither content nor summary", "add one: there is nothing to read")
	case content != nil && !summary && needsSummary(content):
		w.find("atom-missing-summary", n.offset, "<entry> lacks <summary>, though its content is elsewhere or in base64", "add one")
	}
	w.checkTwins(n)
}

// checkTwins finds entries of one ID: they are versions of one entry, so they should be of different times.
func (w *walk) checkTwins(n *node) {
	id, updated := n.child(atom, "id"), n.child(atom, "updated")
	if id == nil || updated == nil || n.parent == nil {
		return
	}
	switch {
	case w.seen(id.value(), updated.value()):
		w.find("atom-duplicate-id", id.offset, fmt.Sprintf("the ID %s stands twice with the same updated", quoted(id.value())), "give each entry its own: readers show one of them alone")
	case w.seen("updated", updated.value()):
		w.find("atom-same-updated", updated.offset, "two entries were updated at the same instant", "write the time of each as it is: readers sort by it")
	}
}

func hasAlternate(n *node) bool {
	for _, c := range n.children {
		if isLink(c) && isAlternate(c) {
			return true
		}
	}
	return false
}

func isLink(n *node) bool { return n.vocab == atom && n.name.Local == "link" }

func isAlternate(n *node) bool {
	rel, ok := n.lookUp("rel")
	return !ok || strings.EqualFold(rel, "alternate")
}

// checkLinks finds links to the same thing in the same language (RFC 4287, 4.1.1).
func (w *walk) checkLinks(n *node) {
	seen := make(map[[2]string]bool)
	for _, c := range n.children {
		if !isLink(c) || !isAlternate(c) {
			continue
		}
		key := [2]string{strings.ToLower(c.attr("type")), strings.ToLower(c.attr("hreflang"))}
		if seen[key] {
			w.find("atom-duplicate-alternate", c.offset, fmt.Sprintf("<%s> has two alternate links of one type and language", n.spelled()), "keep one, or tell them apart by type or hreflang")
		}
		seen[key] = true
	}
}
