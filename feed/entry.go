package feed

import (
	"cmp"
	"time"

	"feedpub/feed/internal/clean"
)

// An Entry is an article as it is stored and published: cleaned, sanitised, with the ID that readers know it by.
type Entry struct {
	// ID is the permanent name, an absolute IRI: atom:id, RSS guid, JSON id. Once published it never changes.
	ID string
	// GUID is the source's own name for the article, if it gives one. Where that is an IRI it is the ID.
	GUID string
	// Source and Key say where the article came from: the source's name and the path or key within it. Unique together.
	Source, Key string

	URL      string // the article's page, absolute http(s), ASCII
	Slug     string
	Title    string // plain text, one line
	Summary  string // plain text
	Content  string // sanitised HTML with absolute URLs
	Unmade   string // the article's own text, of which Content and perhaps Summary are still to be made; only a store sees it
	Fault    string // why they cannot be made of it; not stored
	Language string // BCP 47, empty for the feed's own

	Authors    []Author
	Tags       []string
	Image      Image
	Enclosures []Enclosure
	Details

	// Published is zero in an article that names no date, until Revise gives it the time it was first seen.
	Published time.Time
	// Dated says that Published is the source's own word, which the source may correct; else it never changes.
	Dated bool
	// Updated never decreases, and moves only with a significant edit; see Revise.
	Updated   time.Time
	FirstSeen time.Time
	// Embargo and Expiry bound when the entry is visible: max(Published, Embargo) <= now < Expiry. Zero is no bound.
	Embargo, Expiry time.Time

	// Status is what was decided: Draft, Published or Withdrawn. StatusAt says what the clock makes of it.
	Status Status
	// Withdrawn is when the entry was withdrawn, and Note what readers are told in place of the content.
	Withdrawn time.Time
	Note      string

	// Shown says that readers have had the entry: it was in a published feed.
	Shown bool

	// Raw is the SHA-256 of the article as it was read, in hex: equal Raw means that nobody edited it.
	// It is empty where only the published version is known.
	Raw string
	// FormerKey is the key under which a renamed or moved article was stored so far. It is not stored itself.
	FormerKey string
}

// Status is the state of an entry.
type Status string

// Draft, Published and Withdrawn are decided by people and stored; Scheduled and Expired follow from the clock.
const (
	Draft     Status = "draft"
	Scheduled Status = "scheduled"
	Published Status = "published"
	Expired   Status = "expired"
	Withdrawn Status = "withdrawn"
)

// VisibleFrom is the moment from which a published entry may be seen, and what orders a feed: the later of
// Published and Embargo.
func (e *Entry) VisibleFrom() time.Time {
	if e.Embargo.After(e.Published) {
		return e.Embargo
	}
	return e.Published
}

// StatusAt is the entry's status at the moment now.
func (e *Entry) StatusAt(now time.Time) Status {
	switch {
	case e.Status != Published:
		return e.Status
	case !e.Expiry.IsZero() && !now.Before(e.Expiry):
		return Expired
	case now.Before(e.VisibleFrom()):
		return Scheduled
	}
	return Published
}

// Text is the content as plain text.
func (e *Entry) Text() string { return clean.Text(e.Content) }

// Compare orders the entries of a feed: newest VisibleFrom first, then by ID.
func Compare(a, b Entry) int {
	if c := b.VisibleFrom().Compare(a.VisibleFrom()); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}
