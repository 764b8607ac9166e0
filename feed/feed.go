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

	SiteURL string            // the alternate link: the site's page
	SelfURL map[Format]string // the self link: each document's exact public URL

	// Updated is the newest entry's, and never decreases from one publication to the next. Never zero.
	Updated time.Time
	Entries []Entry
}
