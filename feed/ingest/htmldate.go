package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"feedpub/feed/internal/pattern"
)

// dateMetas are the names that meta elements give the date of publication.
var dateMetas = []string{
	"date", "pubdate", "publish-date", "publish_date", "publishdate", "publication_date", "date-published", "article.published",
	"dc.date", "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.issued", "dcterms.date",
	"citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date",
}

// marked is the date of the first element that microformats, microdata or HTML 5's first draft mark as such.
func (p *page) marked(class, itemprop string) []string {
	for n := range elements(p.root, func(n *html.Node) bool {
		return hasWord(n, "class", class) || hasWord(n, "itemprop", itemprop) || class == "dt-published" && n.DataAtom == atom.Time && hasAttribute(n, "pubdate")
	}) {
		return []string{dateOf(n)}
	}
	return nil
}

// dateOf is the date that an element stands for.
func dateOf(n *html.Node) string {
	for _, key := range []string{"datetime", "content", "title"} {
		if date := strings.TrimSpace(attr(n, key)); date != "" {
			return date
		}
	}
	return textIn(n)
}

// noDay are values of a time element that HTML has beside dates: durations, hours, years, months, weeks, days of no
// year, zones.
var noDay = pattern.New(`^(?:P.*|\d{1,2}:.*|\d{4}|\d{4}-\d\d|\d{4}-W\d\d|-*\d\d-\d\d|[+-]\d\d:?\d\d|Z|(?:[\d.]+ *[wdhms] *)+)$`)

const (
	maxByline = 100 // characters of a paragraph that tells when the article was published
	maxTimes  = 20  // elements that are looked at
)

// times are the dates of time elements that seem to be the article's: in running text one is a date that the article
// tells of, in a list or beside the article it is another article's.
func (p *page) times() []string {
	for _, in := range []*html.Node{p.content, p.root} {
		seen := 0
		for n := range elements(in, isTag(atom.Time)) {
			if seen++; seen > maxTimes {
				break
			}
			date := strings.TrimSpace(attr(n, "datetime"))
			if date == "" || noDay.MatchString(date) || above(n, isTag(atom.Nav, atom.Aside, atom.Li)) || above(n, isRunningText) {
				continue
			}
			return []string{date}
		}
	}
	return nil
}

func isRunningText(n *html.Node) bool {
	return isTag(atom.P, atom.Td, atom.Dd, atom.Blockquote)(n) && len([]rune(textIn(n))) > maxByline
}

var unavailable = pattern.New(`(?i)unavailable_after:\s*(.+?)\s*(?:,\s*(?:no|index|follow|all|max-).*)?$`)

// unavailableAfter is the date after which the page asks search engines to forget it.
func (p *page) unavailableAfter() (found []string) {
	for _, content := range p.metas("robots", "googlebot") {
		if m := unavailable.FindStringSubmatch(content); m != nil {
			found = append(found, m[1])
		}
	}
	return found
}
