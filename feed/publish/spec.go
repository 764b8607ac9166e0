package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// writerVersion is part of every feed's configuration: raise it when the writers make other bytes of the same
// entries, and every feed is written again.
const writerVersion = 4

// A Site is what all feeds of a publisher have in common.
type Site struct {
	Title       string
	Description string
	URL         string // the pages' home, absolute, ending in a slash
	FeedsURL    string // where the published folder is reachable, absolute, ending in a slash
	Language    string // BCP 47
	IDAuthority string // "example.org,2026-01-01", see RFC 4151
	Authors     []feed.Author
	Stylesheet  string // the URL of the CSS that documents name; empty for feedpub's own, NoStylesheet for none
}

// NoStylesheet is the value of Site.Stylesheet with which documents name none.
const NoStylesheet = "none"

// A Spec is the configuration of one feed, or of one feed for each value of a kind.
type Spec struct {
	Name         string         // "news"; with Each the value's name stands for the placeholder: "tag/:tag"
	Each         feed.Kind      // empty for one feed
	Title        string         // plain text, the placeholder for the value of Each; empty for the site's, with the tags behind it
	Description  string         // plain text, the placeholder for the value of Each; empty for the site's
	Select       feed.Selection // the entries
	Limit        int            // at most so many entries
	Content      string         // FullContent, SummaryOnly or FullAndSummary
	ReadOn       string         // begins the link from a summary to its article: "Read on"
	Documents    []Document     // in the order in which pages offer them
	Archives     bool           // what no longer stands in the document is kept in an archive (RFC 5005)
	Tombstones   bool           // Atom tells of withdrawn entries also by at:deleted-entry (RFC 6721)
	Rights       string         // plain text
	Image, Icon  string         // URLs
	Cadence      feed.Cadence
	Podcast      *feed.Podcast            // nil where the feed is none; a GUID is made where it has none
	OldPaths     []string                 // where it was, below the published folder: documents, or folders of them
	Copies       map[feed.Format][]string // paths where the document is published too, for readers that know it from there
	WithdrawnFor time.Duration            // how long a withdrawn entry stands with its note, and its tombstone
	Schedule     string                   // of the job that publishes it
}

// The values of Spec.Content. A feed of full content has the summaries that authors wrote; the others make one of the
// text where there is none.
const (
	FullContent    = "full"
	SummaryOnly    = "summary"
	FullAndSummary = "both"
)

// A Document is one format of a feed and the file it is written to, below the feed's folder.
type Document struct {
	Format feed.Format
	File   string
}

// A channel is one feed as it is published: a Spec with a value put in where the Spec is for each.
type channel struct {
	Spec
	Site   Site
	facet  *feed.Facet // of a Spec for each value
	value  string      // its name
	style  string      // tells looks of pages apart
	config string      // tells all of the above apart but for the style
}

// forFacet is the channel of one value, of a Spec for each. Entries that name no language are in the site's.
func (s Spec) forFacet(site Site, f store.NamedFacet) channel {
	c := channel{Spec: s, Site: site, facet: &f.Facet, value: f.Name}
	of := f.Of()
	if f.Kind == feed.ByLanguage && f.Value == feed.Fold(site.Language) {
		of.Languages = append(of.Languages, "")
	}
	put := func(text, value string) string { return strings.ReplaceAll(text, s.placeholder(), value) }
	c.Each, c.Name, c.Title, c.Description = "", put(s.Name, f.Name), put(s.Title, f.Label), put(s.Description, f.Label)
	c.Select.All = append([]feed.Selection{of}, s.Select.All...)
	return c.withDefaults()
}

// placeholder stands for the value in a Spec for each.
func (s Spec) placeholder() string { return ":" + string(s.Each) }

func (s Spec) channel(site Site) channel {
	return channel{Spec: s, Site: site}.withDefaults()
}

func (c channel) withDefaults() channel {
	if c.Title == "" {
		c.Title = c.Site.Title
		about := c.Select.Tags
		if c.facet != nil {
			about = append([]string{c.facet.Label}, about...)
		}
		if len(about) > 0 {
			c.Title += ": " + strings.Join(about, ", ")
		}
	}
	if c.Description == "" {
		c.Description = c.Site.Description
	}
	if c.Description == "" {
		c.Description = c.Title
	}
	return c
}

// digest tells whether the feed's configuration is the one that it was published with, and its page's look.
func (c channel) digest() string {
	return c.config + " " + c.style
}

// changed says whether the channel is otherwise than it was with that digest, for its documents or for its pages alone.
func (c channel) changed(was string) (reconfigured, restyled bool) {
	documents, style, _ := strings.Cut(was, " ")
	reconfigured = documents != c.config
	return reconfigured, reconfigured || style != c.style
}

func digest(parts ...any) string {
	data, err := json.Marshal(parts)
	if err != nil {
		panic(err) // structs of strings and numbers
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// paths is where a document lies below the published folder, and where its copies do.
func (c channel) paths(d Document) []string {
	return append([]string{c.path(d)}, c.Copies[d.Format]...)
}

// path is where a document lies below the published folder.
func (c channel) path(d Document) string { return path.Join(c.Name, d.File) }
