package config

import (
	"net/netip"
	"net/url"
	"time"

	"feedpub/feed"
)

// FileName is the name of the configuration file within a site's folder.
const FileName = "feedpub.yaml"

// A Config is a whole configuration, checked and ready for use: URLs end in a slash, paths are absolute, and what
// the file leaves out has its default.
//
// A relative path, wherever it comes from, is relative to the file's folder.
type Config struct {
	// File is the file that was read, as the caller named it; empty when the defaults stand alone.
	File string
	// Folder is the absolute path of the folder that relative paths start from.
	Folder string

	// Site (site) describes the site that the articles belong to.
	Site Site
	// Store (store) is where entries are kept: the absolute path of a SQLite file, or a postgres:// URL.
	// Default: .feedpub/store.db. It must not lie in the published folder, which strangers can read.
	Store string
	// Public (public) is the absolute path of the published folder. Default: feeds.
	Public string
	// Schedule (schedule) says when the job runs. Default: "*/5 * * * *". See ParseSchedule.
	Schedule Schedule
	// Sources (sources) are where articles come from. Default: {name: articles, folder: articles}; without a file
	// the folder itself, under the same name. An empty list is allowed: articles then come by "feedpub import".
	Sources []Source
	// Feeds (feeds) are what is published. Default: {name: news}.
	Feeds []Feed
	// Adopt (adopt) are feeds that readers know the articles from, by URL or file: entries with the same URL take their
	// ID and dates from there, so that no reader shows them again. Each is read once. Default: none.
	Adopt []string
	// Network (network) says whom to ask for feeds.
	Network Network
	// OnFailure (on_failure) is a command line for the system's shell. It runs when a run of the job fails in a way that
	// the one before did not, with the report as JSON on its input. Default: none.
	OnFailure string
	// Redirects (redirects) says how moves (moved_from, moved_to) are published for servers that are not feedpub's: file
	// writes _redirects, which many static hosts know; copies puts the document at its old addresses too; or none.
	// Default: file.
	Redirects string
	// Precompress (precompress) are the codings, gzip, br or zstd, in which each document is published too where they are
	// smaller, in .gz, .br and .zst beside it: web servers that look for these files need not compress. Default: none.
	Precompress []string
	// Serve (serve) is for the daemon.
	Serve Serve
	// Log (log) is for what the daemon tells on standard error.
	Log Log

	scheduled bool              // the file, the environment or a flag names the schedule
	origins   map[string]string // where a key's value came from; a key that is not here has its default
}

// Site describes the site that the articles belong to.
type Site struct {
	// Title (title) names the site and, by default, its feeds. Default: the name of the folder, else the URL's host.
	Title string
	// URL (url) is the site's home page, absolute http or https; articles' addresses start from it.
	// Default: http://<serve.listen>/.
	URL *url.URL
	// FeedsURL (feeds_url) is where the published folder is reachable; self links start from it.
	// Default: <site.url>feeds/ where site.url is given, else site.url, at which "feedpub serve" answers.
	FeedsURL *url.URL
	// Permalink (permalink) is the path of an article's page when the article names none. It is made with :slug,
	// :path (the key without its extension), :year, :month and :day, and holds :slug or :path. With a part of the
	// date, an article without one is refused. Default: /:path/.
	Permalink string
	// Description (description) is a sentence about the site, and the description of its feeds. Default: none.
	Description string
	// Language (language) is a BCP 47 tag. Default: en.
	Language string
	// Timezone (timezone) is an IANA name, the zone of articles' dates that name none. Default: UTC.
	Timezone *time.Location
	// IDAuthority (id_authority) is what minted IDs begin with: a host or e-mail address and a date on which you had
	// it (RFC 4151). Default: <host of site.url>,2026-01-01. Set it, and keep it, when the domain changes.
	IDAuthority string
	// Rights (rights) is who holds the rights in what feeds say, for people. Default: none.
	Rights string
	// Image (image) is the URL of the feeds' picture, Icon (icon) that of a small square one. Default: none.
	Image, Icon string
	// Stylesheet (stylesheet) is the URL of the CSS that browsers show RSS and Atom with, none for none, or empty for
	// feedpub's own, which is published beside the feeds. Default: feedpub's own.
	Stylesheet string
	// Theme (theme) is the absolute path of a folder with templates and a style for the pages for people: start.html,
	// feed.html, page.css, page.js, favicon.ico, each in place of feedpub's own. Default: none.
	Theme string
	// Authors (authors: a list of name, email, url) are the authors of articles and feeds that name none.
	// The name is required. Default: none; Atom, which requires an author, then names the site by its title.
	Authors []feed.Author
}

// Network says whom to ask.
type Network struct {
	// Allow (allow) are networks, such as 10.1.0.0/16, to go to although they are not public. Default: none.
	Allow []netip.Prefix
	// Probe (probe) asks the servers of enclosures for the length and type that articles do not tell. Default: true.
	Probe bool
}

// A Source is a folder of articles, or a feed on the web.
type Source struct {
	// Name (name) becomes part of minted IDs, so keep it: a-z, 0-9, dot, underscore, hyphen. Required.
	Name string
	// Folder (folder) is the folder's absolute path. One of folder and feed is required.
	Folder string
	// Feed (feed) is the URL of an RSS, Atom or JSON feed.
	Feed string
	// Exclude (exclude) are patterns of paths below the folder that are no articles: * within a name, ** over
	// folders. Not with feed. Default: none. The store and the published folder, where they lie in the folder, are added here.
	Exclude []string
	// Missing (missing) says what becomes of an entry whose file vanished: keep or withdraw. Not with feed, which only
	// holds the newest. Default: keep.
	Missing string
}

// KeepMissing and WithdrawMissing are the values of Source.Missing.
const (
	KeepMissing     = "keep"
	WithdrawMissing = "withdraw"
)

// A Feed is one published feed, or with Each one for every tag, author, language or source.
type Feed struct {
	// Name (name) is the feed's folder below the published one: names of a-z, 0-9, dot, underscore, hyphen, parted
	// by slashes. "archive" and Windows' device names are reserved. One of name and each is required. With each, one of
	// the names is :tag, :author, :language or :source, for the value's own. Default then: tag/:tag and so on.
	Name string
	// Each (each) is tag, author, language or source, for a feed of every one that an entry has.
	Each feed.Kind
	// Title (title) is the feed's title; with each, :tag and so on stands for the value. Default: the site's title, for a
	// feed of some tags followed by them: "Example News: world".
	Title string
	// Description (description) is a sentence about the feed; with each, :tag and so on stands for the value.
	// Default: site.description.
	Description string
	// Select says which entries the feed takes: those for which all of these keys hold. Default: every entry.
	//
	//   tags, authors      any of the list, in any case
	//   language           any of the list, en takes en-GB too; entries that name none are in the site's
	//   source             any of the list of names of sources
	//   since              published on that day or later: 2026-03-01
	//   search             each of the list stands in title, summary or text: words, or beginnings of words: climat*
	//   all, any, none     lists of such keys: all of them hold, any, none
	//
	// A list of one value may be the value.
	Select feed.Selection
	// Limit (limit) is the largest number of entries in a document, 1 to 1000. Default: 100.
	Limit int
	// Content (content) is full, or summary for documents that carry each entry's summary and a link to the article, or
	// both. An entry that has no summary gets one with summary and both, of its first sentences. Default: full.
	Content string
	// ReadOn (read_on) begins the link from a summary to its article, before the title: "Read on: The tide turns".
	// Default: Read on.
	ReadOn string
	// Formats (formats) are the documents written. Default: [rss, atom, json].
	Formats []feed.Format
	// Paths (paths: a map from rss, atom or json) renames documents, to keep an address that readers have. Each
	// format in Formats has its file name here. Default: rss.xml, atom.xml, feed.json.
	Paths map[feed.Format]string
	// Schedule (schedule) says when the feed is published. Default: the schedule of all.
	Schedule Schedule
	// Archives (archives) keeps what no longer stands in the document: documents of a month, of 100 entries at most, to
	// which readers find from one to the next (RFC 5005). Default: false.
	Archives bool
	// Tombstones (tombstones) has Atom tell of withdrawn entries by at:deleted-entry as well (RFC 6721). Default: false.
	Tombstones bool
	// Rights (rights), Image (image) and Icon (icon) are the feed's own. Default: the site's.
	Rights, Image, Icon string
	// Cadence is what the feed says of how often it changes: what its schedule says, where one is configured, and
	// SkipHours (skip_hours: hours of the day in UTC) and SkipDays (skip_days: monday …), in which nothing is
	// published but withdrawals and what an embargo's end shows, once the feed is there.
	Cadence feed.Cadence
	// Podcast (kind: podcast, and podcast for what directories want to know) makes the feed one of those entries that
	// have an enclosure, with what podcast directories want. Its keys: author, owner (name, email), categories ("News:
	// Daily News"), explicit, type (episodic or serial), block, ended, new_feed_url, guid, locked, funding (url, text),
	// persons (name, role, group, image, url), medium, podroll (guid, url). An image and categories are required.
	Podcast *feed.Podcast
	// MovedFrom (moved_from) are addresses that the feed had, below site.feeds_url: names of feeds, or of documents such
	// as blog/feed.xml. The daemon sends readers on with 301; for other servers see Config.Redirects. Not with each.
	MovedFrom []string
	// WithdrawnFor (withdrawn_for) is how long a withdrawn entry's note stays in the feed: Go's units, d and w;
	// from 0 to 3650d. Default: 14d.
	WithdrawnFor time.Duration
	// Gone (gone) says that the feed is over for good: its addresses answer 410. Default: false. Not with each.
	Gone bool
	// MovedTo (moved_to) is where readers are sent, with 301: an absolute URL or the name of another feed here.
	// Only one of gone and moved_to; not with each. Default: none.
	MovedTo string
}

// FullContent, SummaryContent and BothContent are the values of Feed.Content.
const (
	FullContent    = "full"
	SummaryContent = "summary"
	BothContent    = "both"
)

// Serve is for the daemon.
type Serve struct {
	// Listen (listen) is the address to serve HTTP at, host:port; port 0 takes a free one. Default: 127.0.0.1:8080.
	Listen string
	// Status (status) is the address, host:port, of the page that tells how feeds are and who reads them, at /status, and of
	// metrics, at /metrics; none for none. It is apart from the one that readers use, so that it can stay private.
	// Default: 127.0.0.1:8081, and none where another program listens there.
	Status string
	// StatusGiven says that Status was named: that it cannot listen there is an error then.
	StatusGiven bool
	// Token (token) is a secret of at least 16 characters. Where it is set, /status and /metrics are answered at both
	// addresses, to those who give it: as a bearer token, or as the password with any user name. Default: none.
	Token string
	// Watch (watch) reads and publishes what is saved in a source's folder at once, not only on schedule. Feeds with a
	// schedule of their own wait for theirs. Default: true.
	Watch bool
}

// NoStatus is the value of Serve.Status for no page.
const NoStatus = "none"

// Log is for what the daemon tells.
type Log struct {
	// Format (format) is text, json, or auto for text on a terminal and JSON elsewhere. Default: auto.
	Format string
	// Requests (requests) tells of each request: its path, the answer and the reader's program, but no address.
	// Default: false.
	Requests bool
}

// AutoLog, TextLog and JSONLog are the values of Log.Format.
const (
	AutoLog = "auto"
	TextLog = "text"
	JSONLog = "json"
)
