package validate

import "fmt"

// The vocabularies that feeds are extended by. The tables say where each element may stand.
var (
	content = &vocabulary{
		name: "content", namespace: "http://purl.org/rss/1.0/modules/content/", source: "https://web.resource.org/rss/1.0/modules/content/",
		children: map[string]children{
			"feed":  {"encoded": opt(text(htmlText)), "items": opt(&elem{open: true})},
			"entry": {"encoded": opt(text(htmlText)), "items": opt(&elem{open: true})},
		},
	}
	dc = &vocabulary{
		name: "dc", namespace: "http://purl.org/dc/elements/1.1/", source: "https://www.dublincore.org/specifications/dublin-core/dces/",
		children: map[string]children{"feed": dcElements, "entry": dcElements},
	}
	dcElements = children{
		"title": any_(text(plainText)), "creator": any_(text(filled)), "subject": any_(text(filled)), "description": any_(text(anyText)),
		"publisher": any_(text(filled)), "contributor": any_(text(filled)), "date": opt(text(dateW3C)), "type": any_(text(filled)),
		"format": any_(text(filled)), "identifier": any_(text(filled)), "source": any_(text(filled)), "language": any_(text(languageTag)),
		"relation": any_(text(filled)), "coverage": any_(text(filled)), "rights": any_(text(plainText)),
	}
	sy = &vocabulary{
		name: "sy", namespace: "http://purl.org/rss/1.0/modules/syndication/", source: "https://web.resource.org/rss/1.0/modules/syndication/",
		children: map[string]children{"feed": {
			"updatePeriod":    opt(text(oneOf("hourly", "daily", "weekly", "monthly", "yearly"))),
			"updateFrequency": opt(text(positive)),
			"updateBase":      opt(text(dateW3C)),
		}},
	}
	slash = &vocabulary{
		name: "slash", namespace: "http://purl.org/rss/1.0/modules/slash/", source: "https://web.resource.org/rss/1.0/modules/slash/",
		children: map[string]children{"entry": {
			"comments": opt(text(nonNegative)), "hit_parade": opt(text(numbers)), "section": opt(text(filled)), "department": opt(text(filled)),
		}},
	}
	wfw = &vocabulary{
		name: "wfw", namespace: "http://wellformedweb.org/CommentAPI/", source: "https://www.rssboard.org/comment-api",
		children: map[string]children{"entry": {
			"comment": opt(text(absolute)), "commentRss": opt(text(absolute)),
			"commentRSS": opt(&elem{text: absolute, done: func(w *walk, n *node) {
				w.find("wfw-case", n.offset, "<wfw:commentRSS> is the old name of <wfw:commentRss>", "rename it")
			}}),
		}, "feed": {"comment": opt(text(absolute)), "commentRss": opt(text(absolute))}},
	}
	license = &vocabulary{
		name: "creativeCommons", namespace: "http://backend.userland.com/creativeCommonsRssModule", source: "https://www.rssboard.org/creative-commons",
		children: map[string]children{"feed": {"license": any_(text(absolute))}, "entry": {"license": any_(text(absolute))}},
	}
	thread = &vocabulary{
		name: "thr", namespace: "http://purl.org/syndication/thread/1.0", source: "RFC 4685",
		children: map[string]children{"entry": {
			"in-reply-to": any_(&elem{text: anyText, attrs: attrs{
				"ref": need(iri), "href": may(reference), "type": may(mediaType), "source": may(reference),
			}}),
			"total": opt(text(nonNegative)),
		}},
	}
	history = &vocabulary{
		name: "fh", namespace: "http://purl.org/syndication/history/1.0", source: "RFC 5005",
		children: map[string]children{"feed": {"complete": opt(text(empty)), "archive": opt(text(empty))}},
	}
	tombstones = &vocabulary{
		name: "at", namespace: "http://purl.org/atompub/tombstones/1.0", source: "RFC 6721",
		children: map[string]children{"feed": {"deleted-entry": any_(deletedEntry)}},
	}
	deletedEntry = &elem{
		kind:  "deleted",
		attrs: attrs{"ref": need(iri), "when": need(date3339)},
		children: children{
			"by": opt(atomPerson), "comment": opt(atomText),
		},
	}
)

// defineTombstones lets a tombstone hold what RFC 6721 takes from Atom.
func defineTombstones() {
	atom.children["deleted"] = children{"link": any_(atomLink), "source": opt(atomSource)}
	atom.children["person"] = atomPerson.children
}

// checkHistory is of RFC 5005: what it says of a document must fit together.
func checkHistory(w *walk, n *node) {
	complete, archive := n.child(history, "complete"), n.child(history, "archive")
	relations := make(map[string]*node)
	for _, c := range n.children {
		if isLink(c) {
			relations[c.attr("rel")] = c
		}
	}
	switch {
	case complete != nil && archive != nil:
		w.find("fh-both", archive.offset, "the document says that it is complete, and that it is an archive", "keep one of them")
	case complete != nil && relations["prev-archive"] != nil:
		w.find("fh-complete-archived", complete.offset, "the document says that it is complete, and links to an archive", "keep one of them")
	case archive != nil && relations["current"] == nil:
		w.find("fh-archive-current", archive.offset, "the archive does not link to the live document", `add a link with rel="current"`)
	}
	for _, rel := range []string{"prev-archive", "next-archive", "current", "first", "last", "previous", "next"} {
		if l := relations[rel]; l != nil && schemeForm.FindString(l.attr("href")) == "" && !l.base {
			w.find("fh-link-relative", l.offset, fmt.Sprintf("the link to %s is relative", rel), "write the full URL")
		}
	}
}
