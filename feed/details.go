package feed

import "time"

// Details are what few entries have, and what no query asks for.
type Details struct {
	Contributors []Author   `json:"contributors,omitempty"`
	Categories   []Category `json:"categories,omitempty"` // beside the tags, which are of no scheme
	Rights       string     `json:"rights,omitempty"`     // who holds the rights, plain text
	License      string     `json:"license,omitempty"`    // the URL of the licence
	Origin       *Origin    `json:"origin,omitempty"`
	Discussion   Discussion `json:"discussion,omitzero"`
	Episode      *Episode   `json:"episode,omitempty"`
}

// An Author is a person or organisation that wrote an entry. Email and URL may be empty.
type Author struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	URL   string `json:"url,omitempty"`
}

// A Category is a topic of some scheme: a vocabulary such as IPTC's, or a site's sections.
type Category struct {
	Term   string `json:"term"`
	Scheme string `json:"scheme,omitempty"` // an IRI; RSS calls it the domain
	Label  string `json:"label,omitempty"`  // for people; RSS has no place for it
}

// An Image illustrates an entry or a feed.
type Image struct {
	URL    string `json:"url"`
	Alt    string `json:"alt,omitempty"`
	Credit string `json:"credit,omitempty"`
}

// UnknownType is the media type of a file of which nobody told one (RFC 2046, 4.5.1).
const UnknownType = "application/octet-stream"

// An Enclosure is a file that belongs to an entry: audio, video, a document.
type Enclosure struct {
	URL         string        `json:"url"`
	File        string        `json:"file,omitempty"`     // below its source's folder, where the article names it by a path; no document says it
	Type        string        `json:"type"`               // MIME type
	Length      int64         `json:"length"`             // bytes, 0 when unknown (RSS 2.0 requires the attribute)
	Duration    time.Duration `json:"duration,omitempty"` // whole seconds, 0 when unknown
	Title       string        `json:"title,omitempty"`
	Description string        `json:"description,omitempty"` // plain text
	Credit      string        `json:"credit,omitempty"`
	Thumbnail   string        `json:"thumbnail,omitempty"` // the URL of a picture of it
}

// Typed says that the media type is known.
func (c *Enclosure) Typed() bool { return c.Type != "" && c.Type != UnknownType }

// An Origin is the feed that a republished entry comes from: atom:source, RSS source.
type Origin struct {
	ID      string    `json:"id,omitempty"`  // atom:id, an IRI
	Title   string    `json:"title"`         // plain text
	FeedURL string    `json:"feed"`          // the feed's address
	SiteURL string    `json:"url,omitempty"` // its site's
	Updated time.Time `json:"updated,omitzero"`
}

// A Discussion says where an entry is commented on, and what it answers.
type Discussion struct {
	URL       string `json:"url,omitempty"`      // a page with the comments
	FeedURL   string `json:"feed,omitempty"`     // a feed of them
	Count     int    `json:"count,omitempty"`    // how many there are, where Counted
	Counted   bool   `json:"counted,omitempty"`  // Count is known
	InReplyTo string `json:"reply_to,omitempty"` // the ID of the entry that this one answers (RFC 4685)
	ReplyURL  string `json:"reply_url,omitempty"`
}
