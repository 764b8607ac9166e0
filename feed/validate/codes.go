package validate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// A Code is a kind of finding.
type Code struct {
	Code        string   `json:"code"`
	Severity    Severity `json:"severity"`
	Explanation string   `json:"explanation"`
	Source      string   `json:"source"` // the specification that says so
}

// Codes are all there are, in order. Those of elements, attributes and values come of the vocabularies' tables:
// rss-missing-title, rss-repeated-title, rss-ttl-value, rss-enclosure-missing-type, rss-enclosure-type-value.
func Codes() []Code {
	define()
	return slices.Clone(allCodes)
}

// vocabularies are the known ones, by their namespace.
var vocabularies = make(map[string]*vocabulary)

// definitions are the names of the elements that each has.
var definitions = make(map[*vocabulary]map[string]bool)

var (
	allCodes   []Code
	severities = make(map[string]Severity)
)

func severityOf(code string) Severity { return cmp.Or(severities[code], Error) }

const (
	rssSpec   = "https://www.rssboard.org/rss-specification"
	rssAdvice = "https://www.rssboard.org/rss-profile"
	xmlSpec   = "https://www.w3.org/TR/xml/"
	jsonSpec  = "https://www.jsonfeed.org/version/1.1/"
	readers   = "practice of readers"
)

// ownCodes are those of rules that no table holds.
var ownCodes = []Code{
	{"document-no-feed", Error, "the document is of no format that is known", "RSS 2.0, RFC 4287, JSON Feed 1.1"},
	{"document-too-large", Error, "the document is larger than is read", readers},
	{"xml-ill-formed", Error, "the document is no XML, so that a reader may show none of it", xmlSpec},
	{"xml-encoding", Error, "the document cannot be read in the encoding that it declares", xmlSpec},
	{"text-bad-character", Error, "text holds U+FFFD or a control character, which stand for what was lost on the way", xmlSpec},
	{"xml-namespace", Warning, "a namespace is misspelled, so that readers do not know its elements", "https://www.w3.org/TR/xml-names/"},
	{"xml-prefix", Warning, "a namespace has another prefix than everywhere else", readers},
	{"xml-lang-value", Error, "xml:lang is no language", "BCP 47"},
	{"xml-base-value", Error, "xml:base is no URI", "https://www.w3.org/TR/xmlbase/"},
	{"text-blank", Warning, "an element or attribute that should say something is empty", readers},
	{"text-markup", Warning, "plain text holds markup, or is escaped twice", rssAdvice},
	{"html-relative-url", Warning, "an address in HTML is relative, and readers do not agree to what", rssAdvice},
	{"html-security", Warning, "HTML holds what can harm, so that readers drop it", readers},
	{"html-style", Warning, "HTML holds a style that can harm, so that readers drop it", readers},
	{"html-undefined", Warning, "HTML holds an element that there is not", "https://html.spec.whatwg.org/"},
	{"date-form", Warning, "a date is of a form that not every reader reads", "RFC 822, 5 and RFC 1123, 5.2.14"},
	{"date-weekday", Error, "a date names the wrong day of the week", "RFC 2822, 3.3"},
	{"date-implausible", Warning, "a date is before 1990, or still to come", readers},
	{"url-scheme", Warning, "a URL has a scheme that nobody registered", "RFC 3986, 3.1"},
	{"url-not-ascii", Warning, "a URL has letters that only an IRI has", "RFC 3986, 2"},
	{"email-form", Warning, "an e-mail address of RSS has no name in brackets behind it", rssAdvice},
	{"link-self-missing", Warning, "the feed does not link to itself", "RFC 4287, 4.1.1 and " + rssAdvice},
	{"link-self-relative", Warning, "the feed links to itself by a relative address", "RFC 4287, 4.2.7"},

	{"rss-version", Warning, "the version of RSS has been replaced", rssSpec},
	{"rss-namespace", Warning, "RSS's own elements stand in a namespace", rssSpec},
	{"rss-item-empty", Error, "an item has neither title nor description", rssSpec},
	{"rss-missing-guid", Warning, "an item has no guid, so that readers show it again when it changes", rssAdvice},
	{"rss-guid-no-url", Error, "a guid passes for a permanent link, and is no URL", rssSpec},
	{"rss-duplicate-id", Warning, "a guid stands twice", rssSpec},
	{"rss-enclosures", Warning, "an item has more than one enclosure", rssAdvice},
	{"rss-same", Warning, "two elements say the same, and readers take one of them", rssAdvice},
	{"rss-item-first", Warning, "an element of the channel stands behind an item", rssAdvice},
	{"rss-image-differs", Warning, "the image's title or link is not the channel's", rssSpec},
	{"rss-hour-twice", Error, "skipHours names an hour twice", rssSpec},
	{"rss-day-twice", Error, "skipDays names a day twice", rssSpec},

	{"atom-version", Warning, "the version of Atom has been replaced", "RFC 4287"},
	{"atom-missing-author", Error, "neither an entry nor its feed has an author", "RFC 4287, 4.1.1 and 4.1.2"},
	{"atom-missing-alternate", Error, "an entry has neither content nor a link to its page", "RFC 4287, 4.1.2"},
	{"atom-missing-summary", Error, "an entry whose content a reader cannot show has no summary", "RFC 4287, 4.1.2"},
	{"atom-missing-text", Warning, "an entry has neither content nor summary", "RFC 4287, 4.1.1.1"},
	{"atom-duplicate-id", Warning, "two entries of one ID were updated at the same time", "RFC 4287, 4.1.1"},
	{"atom-same-updated", Warning, "two entries were updated at the same time", readers},
	{"atom-duplicate-alternate", Error, "there are two alternate links of one type and language", "RFC 4287, 4.1.1 and 4.1.2"},
	{"atom-entry-first", Warning, "an element of the feed stands behind an entry", "RFC 4287, 4.1.1"},
	{"atom-source-part", Warning, "the source of an entry lacks id, title or updated", "RFC 4287, 4.2.11"},
	{"atom-link-relation", Warning, "a link's relation is not registered", "RFC 4287, 4.2.7.2"},
	{"atom-link-filled", Warning, "a link holds text", "RFC 4287, 4.2.7"},
	{"atom-unexpected-whitespace", Error, "there is white space around a date or an address", "RFC 4287, 2 and 3.3"},
	{"atom-text-element", Error, "text holds elements that its type does not let it hold", "RFC 4287, 3.1.1 and 4.1.3.3"},
	{"atom-xhtml-div", Error, "what is of type xhtml does not hold one div", "RFC 4287, 3.1.1.3"},
	{"atom-content-type-value", Error, "the type of content is no media type", "RFC 4287, 4.1.3.1"},
	{"atom-content-composite", Error, "content is of a composite type", "RFC 4287, 4.1.3.1"},
	{"atom-content-xml", Warning, "content of an XML type does not hold one element", "RFC 4287, 4.1.3.3"},
	{"atom-content-html", Warning, "content has the type text/html in place of html", readers},
	{"atom-content-base64", Error, "content of another type is no base64", "RFC 4287, 4.1.3.3"},
	{"atom-content-filled", Error, "content that lies elsewhere is not empty", "RFC 4287, 4.1.3.2"},
	{"atom-content-untyped", Warning, "content that lies elsewhere has no type", "RFC 4287, 4.1.3.2"},

	{"content-first", Warning, "content:encoded stands before the description, or without one", readers},
	{"wfw-case", Warning, "an element has its old name", "https://www.rssboard.org/comment-api"},
	{"thr-unexpected-attribute", Error, "an attribute of threads stands where it has no place", "RFC 4685, 4"},
	{"thr-count-value", Error, "thr:count is no number", "RFC 4685, 4"},
	{"thr-updated-value", Error, "thr:updated is no date", "RFC 4685, 4"},
	{"fh-both", Error, "a document is both complete and an archive", "RFC 5005, 2 and 4"},
	{"fh-complete-archived", Warning, "a complete document links to archives", "RFC 5005, 2"},
	{"fh-archive-current", Warning, "an archive does not link to the live document", "RFC 5005, 4"},
	{"fh-link-relative", Warning, "a link between the documents of a feed is relative", "RFC 5005, 3 and 4"},
	{"itunes-category", Warning, "a category is none of Apple's", "https://podcasters.apple.com/support/1691-apple-podcasts-categories"},
	{"itunes-required", Warning, "a podcast lacks what Apple requires", "https://podcasters.apple.com/support/823-podcast-requirements"},
	{"media-content-address", Error, "media:content says not where it lies", "https://www.rssboard.org/media-rss#media-content"},
	{"media-default-twice", Error, "two contents of a group are the default", "https://www.rssboard.org/media-rss#media-content"},
	{"media-group-small", Warning, "a media:group has nothing to choose from", "https://www.rssboard.org/media-rss#media-group"},
}

// warnings are those of the tables' codes that no specification forbids.
var warnings = set("itunes-missing-email podcast-undefined-element podcast-misplaced-element")

// define fills the tables when they are first asked for: the runs that publish do without.
var define = sync.OnceFunc(func() {
	defineAtom()
	defineTombstones()
	defineMedia()
	definePodcast()
	vs := []*vocabulary{rss, atom, content, dc, sy, slash, wfw, license, thread, history, tombstones, itunes, media, podcast}
	table := make(map[string]Code)
	for _, v := range vs {
		vocabularies[v.namespace] = v
		definitions[v] = make(map[string]bool)
		g := tableReader{v, table, map[*elem]bool{}}
		if v != atom {
			g.seen[atomPerson], g.seen[atomLink], g.seen[atomSource] = true, true, true // theirs are Atom's
		}
		g.fixed()
		for _, roots := range v.children {
			g.children(roots)
		}
	}
	tableReader{rss, table, make(map[*elem]bool)}.element("rss", rssRoot)
	tableReader{atom, table, make(map[*elem]bool)}.element("feed", atomFeed)
	for _, c := range slices.Concat(ownCodes, jsonCodes, httpCodes) {
		table[c.Code] = c
	}
	for name := range warnings {
		if c, ok := table[name]; ok {
			c.Severity = Warning
			table[name] = c
		}
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		allCodes = append(allCodes, table[name])
		severities[name] = table[name].Severity
	}
})

// A tableReader names the codes that a vocabulary's table can give.
type tableReader struct {
	v     *vocabulary
	table map[string]Code
	seen  map[*elem]bool
}

func (g tableReader) add(code, format string, args ...any) {
	g.table[g.v.name+"-"+code] = Code{g.v.name + "-" + code, Error, fmt.Sprintf(format, args...), g.v.source}
}

// fixed are the codes that each vocabulary has.
func (g tableReader) fixed() {
	g.add("undefined-element", "there is no such element")
	g.add("misplaced-element", "an element stands where it has no place")
	g.add("unexpected-attribute", "an element has an attribute that it may not have")
	g.add("unexpected-text", "there is text between elements")
}

func (g tableReader) children(cs children) {
	for name, c := range cs {
		if c.min > 0 {
			g.add("missing-"+name, "<%s> is missing", g.v.qualified(name))
		}
		if c.max > 0 {
			g.add("repeated-"+name, "<%s> stands twice", g.v.qualified(name))
		}
		g.element(name, c.elem)
	}
}

func (g tableReader) element(name string, e *elem) {
	definitions[g.v][name] = true
	if e.text != nil && e.text.can() {
		g.add(name+"-value", "the text of <%s> is not %s", g.v.qualified(name), e.text.what)
	}
	for attr, a := range e.attrs {
		if a.required {
			g.add(name+"-missing-"+attr, "<%s> lacks the attribute %s", g.v.qualified(name), attr)
		}
		if a.check.can() {
			g.add(name+"-"+attr+"-value", "the attribute %s of <%s> is not %s", attr, g.v.qualified(name), a.check.what)
		}
	}
	if !g.seen[e] {
		g.seen[e] = true
		g.children(e.children)
	}
}

// can says whether a check ever fails by its own name: those of free text do not.
func (c *check) can() bool { return !strings.HasSuffix(c.what, "text") && c.what != "HTML" }
