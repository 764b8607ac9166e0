package feed

import (
	"strings"

	"github.com/google/uuid"
)

// A Podcast is what a feed of audio or video says to podcast directories and players: the elements of Apple
// (https://help.apple.com/itc/podcasts_connect/#/itcb54353390) and of the podcast namespace
// (https://podcasting2.org/docs/podcast-namespace/1.0).
type Podcast struct {
	Author     string            // who makes it, itunes:author
	Owner      Author            // whom directories write to; needs an Email
	Categories []PodcastCategory // of Apple's list, the most fitting first; required
	Explicit   bool
	Type       string // episodic, newest first, or serial, to be heard in order; empty for no word
	Block      bool   // keep the podcast out of Apple's directory
	Ended      bool   // there will be no more episodes, itunes:complete
	NewFeedURL string // where the feed has moved

	GUID    string // a UUID version 5 of the feed's address; see PodcastGUID
	Locked  bool   // no other platform may import the feed without asking Owner
	Funding []Link
	Persons []Person
	Medium  string // podcast, music, video, film, audiobook, newsletter, blog; empty for no word
	Podroll []RemoteFeed
}

// A PodcastCategory is one of Apple's, with one of its subcategories, which may be empty.
type PodcastCategory struct{ Name, Sub string }

// A Link is an address with a text to show for it.
type Link struct {
	URL  string `json:"url"`
	Text string `json:"text,omitempty"`
}

// A RemoteFeed is another podcast, which this one recommends.
type RemoteFeed struct {
	GUID, URL string
}

// A Person takes part in a podcast or an episode. Role and Group are of the podcast taxonomy; empty means host, cast.
type Person struct {
	Name  string `json:"name"`
	Role  string `json:"role,omitempty"`
	Group string `json:"group,omitempty"`
	Image string `json:"image,omitempty"`
	URL   string `json:"url,omitempty"`
}

// An Episode is what an entry of a podcast says beside its enclosure and its image.
type Episode struct {
	Title       string       `json:"title,omitempty"` // without the number and the show's name
	Season      int          `json:"season,omitempty"`
	SeasonName  string       `json:"season_name,omitempty"`
	Number      int          `json:"number,omitempty"`
	Type        string       `json:"type,omitempty"` // full, trailer or bonus; empty for no word
	Explicit    *bool        `json:"explicit,omitempty"`
	Block       bool         `json:"block,omitempty"` // keep the episode out of Apple's directory
	Transcripts []Transcript `json:"transcripts,omitempty"`
	Chapters    Chapters     `json:"chapters,omitzero"`
	Persons     []Person     `json:"persons,omitempty"`
}

// A Transcript is a file with what is said in an episode.
type Transcript struct {
	URL      string `json:"url"`
	Type     string `json:"type"`               // MIME type: text/vtt, application/x-subrip, text/html, text/plain
	Language string `json:"language,omitempty"` // BCP 47
	Captions bool   `json:"captions,omitempty"` // it has the times at which to show it
}

// Chapters is a file with the chapters of an episode.
type Chapters struct {
	URL  string `json:"url"`
	Type string `json:"type"` // MIME type: application/json+chapters
}

// podcastNames is the namespace of the UUIDs that name podcasts, by the podcast namespace's definition of guid.
var podcastNames = uuid.MustParse("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

// PodcastGUID names a podcast for good, after the address that its feed had first: without the scheme, and without
// slashes at the end.
func PodcastGUID(feedURL string) string {
	_, address, ok := strings.Cut(feedURL, "://")
	if !ok {
		address = feedURL
	}
	return uuid.NewSHA1(podcastNames, []byte(strings.TrimRight(address, "/"))).String()
}

// IsEmpty says that nothing is known of the episode.
func (e *Episode) IsEmpty() bool {
	return e.Title == "" && e.Season == 0 && e.Number == 0 && e.Type == "" && e.Explicit == nil && !e.Block &&
		len(e.Transcripts) == 0 && e.Chapters == Chapters{} && len(e.Persons) == 0
}

// carriedPodcast leaves out addresses that are none.
func carriedPodcast(p *Podcast) *Podcast {
	if p == nil {
		return nil
	}
	out := &Podcast{
		Author:     line(p.Author),
		Owner:      Author{Name: line(p.Owner.Name), Email: line(p.Owner.Email)},
		Explicit:   p.Explicit,
		Type:       line(p.Type),
		Block:      p.Block,
		Ended:      p.Ended,
		NewFeedURL: webURL(p.NewFeedURL),
		GUID:       line(p.GUID),
		Locked:     p.Locked,
		Medium:     line(p.Medium),
		Persons:    carriedPersons(p.Persons),
	}
	if !isEmail(out.Owner.Email) {
		out.Owner = Author{}
	}
	for _, c := range p.Categories {
		if name := line(c.Name); name != "" {
			out.Categories = append(out.Categories, PodcastCategory{name, line(c.Sub)})
		}
	}
	for _, f := range p.Funding {
		if u := webURL(f.URL); u != "" {
			out.Funding = append(out.Funding, Link{u, line(f.Text)})
		}
	}
	for _, f := range p.Podroll {
		if guid := line(f.GUID); guid != "" {
			out.Podroll = append(out.Podroll, RemoteFeed{guid, webURL(f.URL)})
		}
	}
	return out
}

func carriedEpisode(e *Episode) *Episode {
	if e == nil {
		return nil
	}
	out := &Episode{
		Title:    line(e.Title),
		Season:   max(e.Season, 0),
		Number:   max(e.Number, 0),
		Type:     line(e.Type),
		Explicit: e.Explicit,
		Block:    e.Block,
		Chapters: Chapters{webURL(e.Chapters.URL), line(e.Chapters.Type)},
		Persons:  carriedPersons(e.Persons),
	}
	if out.Season > 0 {
		out.SeasonName = line(e.SeasonName)
	}
	if out.Chapters.URL == "" {
		out.Chapters = Chapters{}
	}
	for _, t := range e.Transcripts {
		if u := webURL(t.URL); u != "" {
			out.Transcripts = append(out.Transcripts, Transcript{u, line(t.Type), line(t.Language), t.Captions})
		}
	}
	if out.IsEmpty() {
		return nil
	}
	return out
}

func carriedPersons(persons []Person) []Person {
	var out []Person
	for _, p := range persons {
		if name := line(p.Name); name != "" {
			out = append(out, Person{name, line(p.Role), line(p.Group), webURL(p.Image), webURL(p.URL)})
		}
	}
	return out
}
