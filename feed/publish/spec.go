package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// writerVersion is part of every feed's configuration: raise it when the writers make other bytes of the same
// entries, and every feed is written again.
const writerVersion = 2

// A Site is what all feeds of a publisher have in common.
type Site struct {
	Title       string
	Description string
	URL         string // the pages' home, absolute, ending in a slash
	FeedsURL    string // where the published folder is reachable, absolute, ending in a slash
	Language    string // BCP 47
	IDAuthority string // "example.org,2026-01-01", see RFC 4151
	Authors     []feed.Author
}

// A Spec is the configuration of one feed, or of one feed a tag.
type Spec struct {
	Name         string        // "news"; empty when Each is set
	Each         string        // "tag" for one feed a tag, named tag/<name>; else empty
	Title        string        // plain text, :tag for the tag of Each; empty for the site's, with the tags behind it
	Description  string        // plain text, :tag for the tag of Each; empty for the site's
	Tags         []string      // entries with any of these; empty for every entry
	Limit        int           // at most so many entries
	Content      string        // FullContent or SummaryOnly
	Documents    []Document    // in the order in which pages offer them
	WithdrawnFor time.Duration // how long a withdrawn entry stands with its note
	Schedule     string        // of the job that publishes it
}

// FullContent and SummaryOnly are the values of Spec.Content.
const (
	FullContent = "full"
	SummaryOnly = "summary"
)

// A Document is one format of a feed and the file it is written to, below the feed's folder.
type Document struct {
	Format feed.Format
	File   string
}

// A channel is one feed as it is published: a Spec with a tag put in where the Spec is for each tag.
type channel struct {
	Spec
	Site  Site
	ofTag bool
}

// forTag is the channel of one tag, of a Spec for each tag.
func (s Spec) forTag(site Site, name, label string) channel {
	c := channel{Spec: s, Site: site, ofTag: true}
	c.Each, c.Name, c.Tags = "", s.folderOf(name), []string{label}
	c.Title = strings.ReplaceAll(s.Title, tagPlaceholder, label)
	c.Description = strings.ReplaceAll(s.Description, tagPlaceholder, label)
	return c.withDefaults()
}

// tagPlaceholder stands for the tag in the title and description of a Spec for each tag.
const tagPlaceholder = ":tag"

// folderOf is the name of the feed of a value, of a Spec for each value: tag/go.
func (s Spec) folderOf(name string) string { return path.Join(s.Each, name) }

func (s Spec) channel(site Site) channel {
	return channel{Spec: s, Site: site}.withDefaults()
}

func (c channel) withDefaults() channel {
	if c.Title == "" {
		c.Title = c.Site.Title
		for i, tag := range c.Tags {
			sep := ", "
			if i == 0 {
				sep = ": "
			}
			c.Title += sep + tag
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

// matches tells whether an entry with these tags belongs to the channel.
func (c channel) matches(tags []string) bool {
	return len(c.Tags) == 0 || slices.ContainsFunc(c.Tags, func(want string) bool {
		want = store.FoldTag(want)
		return slices.ContainsFunc(tags, func(tag string) bool { return store.FoldTag(tag) == want })
	})
}

// digest tells whether the feed's configuration is the one that it was published with.
func (c channel) digest() string {
	return digest(writerVersion, c)
}

func digest(parts ...any) string {
	data, err := json.Marshal(parts)
	if err != nil {
		panic(err) // structs of strings and numbers
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// path is where a document lies below the published folder.
func (c channel) path(d Document) string { return path.Join(c.Name, d.File) }
