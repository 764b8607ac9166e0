package feed

import "time"

// A Feed is everything that its documents say: the channel and its entries, newest first.
type Feed struct {
	Name        string // the folder below the published one: "news", "tag/go"
	ID          string // atom:id, a permanent IRI that outlives the feed's addresses
	Title       string // plain text
	Description string // plain text
	Language    string // BCP 47
	Authors     []Author
	SiteTitle   string // whom Atom names as author where neither an entry nor the feed has one; empty for the feed's title
	Rights      string // who holds the rights, plain text
	Image       Image  // the feed's picture: RSS image, Atom logo, JSON Feed icon
	Icon        string // the URL of a small square one: Atom icon, JSON Feed favicon

	SiteURL string            // the alternate link: the site's page
	SelfURL map[Format]string // the self link: each document's exact public URL

	// Updated is the newest entry's, and never decreases from one publication to the next. Never zero.
	Updated time.Time
	Entries []Entry

	Tombstones []Tombstone // at most as many as Entries may be; only Atom has a place for them
	History    History
	Cadence    Cadence
	Podcast    *Podcast // nil where the feed is none; only RSS has a place for it
	Stylesheet string   // the URL of the CSS that a browser shows RSS and Atom with; empty for none
}

// A Tombstone says that an entry is gone: at:deleted-entry (RFC 6721).
type Tombstone struct {
	ID   string // the entry's
	When time.Time
	Note string // plain text
}

// History places a document among those that hold the feed's older entries (RFC 5005). JSON Feed has Prev alone, as
// next_url. The URLs are by format.
type History struct {
	Complete bool // every entry of the feed stands in this document
	Archive  bool // the document is one of the archive, which does not change any more
	// Prev and Next are the archive documents with the next older and the next newer entries; Current is the live
	// document, and stands in archives only.
	Prev, Next, Current map[Format]string
}

// Cadence tells readers how often to come. Only RSS has a place for it.
type Cadence struct {
	TTL       time.Duration // how long to keep the document, whole minutes; 0 for no word
	Period    string        // hourly, daily, weekly, monthly or yearly; see sy:updatePeriod; empty for no word
	Frequency int           // how often in a Period, 1 or more
	SkipHours []int         // hours of the day, 0 to 23 UTC, in which nothing is published
	SkipDays  []time.Weekday
}
