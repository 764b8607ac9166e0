package config

import (
	"slices"
	"strings"

	"feedpub/feed"
)

// pageName is the page in each feed's folder, and the start page.
const pageName = "index.html"

// siteFiles stand in the published folder beside feeds' own.
var siteFiles = map[string]string{
	pageName: "the list of feeds", "feeds.opml": "the list of feeds", "feed.css": "the style of feeds", "page.css": "the style of pages",
	"page.js": "the script of pages", "favicon.ico": "the icon of pages",
}

// maxLimit is the largest number of entries in a document: beyond it readers cut, or give up.
const maxLimit = 1000

var feedKeys = slices.Concat([]string{"name", "each", "title", "description"}, selectionKeys, []string{"limit", "content", "read_on",
	"formats", "paths", "schedule", "archives", "tombstones", "withdrawn_for", "gone",
	"moved_to", "moved_from", "rights", "image", "icon", "skip_hours", "skip_days", "kind", "podcast"})

// decodedFeed is a feed with its place in the file.
type decodedFeed struct {
	Feed
	it      item
	object  map[string]item
	renamed map[feed.Format]string // paths as given
}

// fail reports a mistake at the key, or at the feed where the key is not given.
func (f *decodedFeed) fail(key, format string, args ...any) {
	if it, ok := f.object[key]; ok {
		it.fail(format, args...)
		return
	}
	f.it.fail(format, args...)
}

// feeds decodes the list of feeds; no item is the default. What it leaves out comes from c.
func (r *reading) feeds(it item, found bool, c *Config) []Feed {
	if !found {
		return []Feed{defaultFeed("news", c)}
	}
	items, ok := it.list()
	if ok && len(items) == 0 {
		it.fail("no feed; list one or leave the key out")
	}
	var decoded []decodedFeed
	for _, it := range items {
		if f, ok := r.feed(it, c); ok {
			decoded = append(decoded, f)
		}
	}
	checkNames(decoded)
	checkDocuments(decoded)
	checkMoves(decoded)
	checkMovedFrom(decoded)
	feeds := make([]Feed, len(decoded))
	for i, f := range decoded {
		feeds[i] = f.Feed
	}
	return feeds
}

func defaultFeed(name string, c *Config) Feed {
	f := Feed{
		Name:         name,
		Title:        c.Site.Title,
		Rights:       c.Site.Rights,
		Image:        c.Site.Image,
		Icon:         c.Site.Icon,
		Description:  c.Site.Description,
		Limit:        100,
		Content:      FullContent,
		ReadOn:       "Read on",
		Formats:      append([]feed.Format(nil), feed.Formats...),
		Schedule:     c.Schedule,
		WithdrawnFor: 14 * day,
	}
	f.Paths = documentNames(f.Formats, nil)
	if c.scheduled {
		f.Cadence = c.Schedule.Cadence()
	}
	return f
}

func (r *reading) feed(it item, c *Config) (decodedFeed, bool) {
	o, ok := it.object(feedKeys...)
	if !ok {
		return decodedFeed{}, false
	}
	f := decodedFeed{Feed: defaultFeed("", c), it: it, object: o}
	if f.Each = get(o, "each", "", text(parseKind)); f.Each != "" {
		f.Name = get(o, "name", string(f.Each)+"/"+Placeholder(f.Each), text(parseNameFor(f.Each)))
	} else {
		f.Name = get(o, "name", "", text(parseFeedName))
	}
	f.Select = r.selection(o, c)
	if f.Each != "" {
		f.Title += ": " + Placeholder(f.Each)
	} else if len(f.Select.Tags) > 0 {
		f.Title += ": " + strings.Join(f.Select.Tags, ", ")
	}
	f.Title = get(o, "title", f.Title, text(parseLine))
	f.Description = get(o, "description", f.Description, text(parseLine))
	f.Limit = get(o, "limit", f.Limit, decodeLimit)
	f.Content = get(o, "content", f.Content, text(oneOf(FullContent, SummaryContent, BothContent)))
	f.ReadOn = get(o, "read_on", f.ReadOn, text(parseLine))
	f.Formats = get(o, "formats", f.Formats, notEmpty(listOf(text(feed.ParseFormat)), "no format; list some of rss, atom and json"))
	f.renamed = get(o, "paths", nil, decodePaths)
	f.Paths = documentNames(f.Formats, f.renamed)
	f.Schedule = get(o, "schedule", f.Schedule, text(ParseSchedule))
	f.Archives = get(o, "archives", false, item.boolean)
	f.Tombstones = get(o, "tombstones", false, item.boolean)
	f.WithdrawnFor = get(o, "withdrawn_for", f.WithdrawnFor, text(parseTerm))
	f.Gone = get(o, "gone", false, item.boolean)
	f.MovedTo = get(o, "moved_to", "", text(parseMove))
	f.MovedFrom = get(o, "moved_from", nil, oneOrMore(text(parseOldPath)))
	f.Rights = get(o, "rights", f.Rights, text(parseLine))
	f.Image = get(o, "image", f.Image, text(parseAddress))
	f.Icon = get(o, "icon", f.Icon, text(parseAddress))
	f.Cadence = f.cadence()
	if f.Podcast = f.podcast(c); f.Podcast != nil {
		f.Select.Enclosed = true
	}
	f.check()
	return f, true
}

// parseKind reads what there is to be a feed for each of.
func parseKind(s string) (feed.Kind, error) {
	names := make([]string, len(feed.Kinds))
	for i, kind := range feed.Kinds {
		names[i] = string(kind)
	}
	kind, err := oneOf(names...)(s)
	return feed.Kind(kind), err
}

func decodeLimit(it item) (int, bool) {
	n, ok := it.integer()
	if ok && (n < 1 || n > maxLimit) {
		it.fail("%d is not between 1 and %d", n, maxLimit)
		return 0, false
	}
	return n, ok
}

func decodePaths(it item) (map[feed.Format]string, bool) {
	o, ok := it.object(string(feed.RSS), string(feed.Atom), string(feed.JSON))
	paths := map[feed.Format]string{}
	for _, format := range feed.Formats {
		if name := get(o, string(format), "", text(parseFileName(format))); name != "" {
			paths[format] = name
		}
	}
	return paths, ok
}

// documentNames gives each format its file name: the configured one or its usual one.
func documentNames(formats []feed.Format, paths map[feed.Format]string) map[feed.Format]string {
	names := map[feed.Format]string{}
	for _, format := range formats {
		names[format] = format.FileName()
		if name, ok := paths[format]; ok {
			names[format] = name
		}
	}
	return names
}

// parseMove reads an absolute URL or the name of a feed.
func parseMove(s string) (string, error) {
	if strings.Contains(s, ":") {
		u, err := parseURL(s)
		if err != nil {
			return "", err
		}
		return u.String(), nil
	}
	return parseFeedName(s)
}
