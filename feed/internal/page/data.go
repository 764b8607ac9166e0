package page

import (
	"html/template"
	"time"
)

// A Site is what all pages have in common.
type Site struct {
	Title, Description string
	URL                string // of the site's home, absolute
	FeedsURL           string // of the start page, absolute
	Language           string // BCP 47
	Policy             string // the Content-Security-Policy
}

// A Start is the data of start.html.
type Start struct {
	Site   Site
	Feeds  []Listed // that have a name of their own in the configuration
	More   int      // such feeds that are not listed, since they are too many for a page
	Groups []Group  // of a feed for each tag, author, language or source
	Newest []Entry  // of the first feed, with titles alone
	Image  string   // the URL of the site's picture; empty for none
	Root   string   // where page.css and the others lie, relative to the page: "./"
}

// A Group is the feeds of one kind.
type Group struct {
	Title string // "By tag"
	Feeds []Listed
	More  int // feeds that are not listed
}

// A Listed is a feed on the start page. Its addresses are relative to that.
type Listed struct {
	Title, Description string // the latter is empty where it says no more
	Label              string // of a feed in a group: the tag, the author's name
	Page               string
	Documents          []Document // the preferred first; none for feeds in groups
}

// A Document is one format of a feed.
type Document struct {
	Label, Type string // "Atom", "application/atom+xml"
	Title       string // of the feed
	Href        string // relative to the page
	URL         string // absolute: what readers are to know
	ID          string // of the field that holds the URL
}

// A Feed is the data of feed.html: a feed with what is newest, or a part of its archive.
type Feed struct {
	Site               Site
	Title, Description string     // the latter is empty where it says no more
	Language, Dir      string     // BCP 47; rtl, or auto
	URL                string     // of the page, absolute
	Image, Icon        string     // URLs; empty for none
	Documents          []Document // the preferred first
	Readers            []Reader   // of the preferred
	Archive            string     // what part of the archive it is: "March 2026"; empty for the page of the feed itself
	Entries            []Entry    // newest first, those that can be read in place
	Earlier            []Month    // the entries after those, with titles alone
	More               int        // entries that the page has no room for
	Newer, Older       string     // relative addresses of the pages beside; empty for none
	Home               string     // the feed's own page, relative
	Root               string     // the folder of the start page, relative: "../"
}

// A Month is the entries of one, newest first.
type Month struct {
	Title   string // "March 2026"
	Entries []Entry
}

// A Reader is a feed reader on the web, and where in it to follow a feed.
type Reader struct {
	Name string
	URL  template.URL
}

// An Entry is an entry on a page.
type Entry struct {
	Title, URL    string // the URL may be empty
	Language, Dir string // BCP 47; rtl, or auto
	Published     time.Time
	Authors       []string
	Summary       string        // plain text; where there is no Content
	Content       template.HTML // sanitised, headings from h4 on
	Cut           bool          // there is more of it than the Content, or the Summary, at the URL
	Image         string        // a URL; empty where there is none, and where the Content has it
	ImageAlt      string
	Enclosures    []Enclosure
}

// An Enclosure is a file that belongs to an entry.
type Enclosure struct {
	URL, Type, Title string
	Kind             string // audio, video, image, or file for any other
	Size             string // "12.3 MB"; empty where it is not known
}
