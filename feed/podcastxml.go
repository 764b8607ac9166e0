package feed

import (
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// podcastElements are those of a channel.
type podcastElements struct {
	Author     string           `xml:"itunes:author,omitempty"`
	Owner      *itunesOwner     `xml:"itunes:owner"`
	Shows      []itunesCategory `xml:"itunes:category"`
	Explicit   string           `xml:"itunes:explicit,omitempty"`
	Picture    *itunesImage     `xml:"itunes:image"`
	Type       string           `xml:"itunes:type,omitempty"`
	Block      string           `xml:"itunes:block,omitempty"`
	Ended      string           `xml:"itunes:complete,omitempty"`
	NewFeedURL string           `xml:"itunes:new-feed-url,omitempty"`
	GUID       string           `xml:"podcast:guid,omitempty"`
	Locked     *podcastLocked   `xml:"podcast:locked"`
	Medium     string           `xml:"podcast:medium,omitempty"`
	Funding    []podcastFunding `xml:"podcast:funding"`
	Persons    []podcastPerson  `xml:"podcast:person"`
	Podroll    *podcastPodroll  `xml:"podcast:podroll"`
}

// episodeElements are those of an item.
type episodeElements struct {
	ITunesTitle   string              `xml:"itunes:title,omitempty"`
	Duration      string              `xml:"itunes:duration,omitempty"`
	Picture       *itunesImage        `xml:"itunes:image"`
	ITunesSeason  int                 `xml:"itunes:season,omitempty"`
	ITunesEpisode int                 `xml:"itunes:episode,omitempty"`
	EpisodeType   string              `xml:"itunes:episodeType,omitempty"`
	Explicit      string              `xml:"itunes:explicit,omitempty"`
	Block         string              `xml:"itunes:block,omitempty"`
	Season        *podcastSeason      `xml:"podcast:season"`
	Episode       int                 `xml:"podcast:episode,omitempty"`
	Transcripts   []podcastTranscript `xml:"podcast:transcript"`
	Chapters      *podcastChapters    `xml:"podcast:chapters"`
	Persons       []podcastPerson     `xml:"podcast:person"`
}

type itunesOwner struct {
	Name  string `xml:"itunes:name,omitempty"`
	Email string `xml:"itunes:email"`
}

type itunesCategory struct {
	Text string          `xml:"text,attr"`
	Sub  *itunesCategory `xml:"itunes:category"`
}

type itunesImage struct {
	Href string `xml:"href,attr"`
}

type podcastLocked struct {
	Owner string `xml:"owner,attr,omitempty"`
	Text  string `xml:",chardata"`
}

type podcastFunding struct {
	URL  string `xml:"url,attr"`
	Text string `xml:",chardata"`
}

type podcastPerson struct {
	Role  string `xml:"role,attr,omitempty"`
	Group string `xml:"group,attr,omitempty"`
	Img   string `xml:"img,attr,omitempty"`
	Href  string `xml:"href,attr,omitempty"`
	Name  string `xml:",chardata"`
}

type podcastPodroll struct {
	Feeds []remoteItem `xml:"podcast:remoteItem"`
}

type remoteItem struct {
	GUID string `xml:"feedGuid,attr"`
	URL  string `xml:"feedUrl,attr,omitempty"`
}

type podcastSeason struct {
	Name   string `xml:"name,attr,omitempty"`
	Number int    `xml:",chardata"`
}

type podcastTranscript struct {
	URL      string `xml:"url,attr"`
	Type     string `xml:"type,attr"`
	Language string `xml:"language,attr,omitempty"`
	Rel      string `xml:"rel,attr,omitempty"`
}

type podcastChapters struct {
	URL  string `xml:"url,attr"`
	Type string `xml:"type,attr"`
}

func (w *rssWriter) podcast(p *Podcast, image Image) podcastElements {
	if p == nil {
		return podcastElements{}
	}
	w.ITunes, w.Podcast = itunesNamespace, podcastNamespace
	elements := podcastElements{
		Author:     p.Author,
		Explicit:   strconv.FormatBool(p.Explicit),
		Picture:    picture(image.URL),
		Type:       p.Type,
		Block:      yes(p.Block),
		Ended:      yes(p.Ended),
		NewFeedURL: p.NewFeedURL,
		GUID:       p.GUID,
		Locked:     &podcastLocked{Owner: p.Owner.Email, Text: "no"},
		Medium:     p.Medium,
		Persons:    podcastPersons(p.Persons),
	}
	if p.Locked {
		elements.Locked.Text = "yes"
	}
	if p.Owner.Email != "" {
		elements.Owner = &itunesOwner{p.Owner.Name, p.Owner.Email}
	}
	for _, c := range p.Categories {
		category := itunesCategory{Text: c.Name}
		if c.Sub != "" {
			category.Sub = &itunesCategory{Text: c.Sub}
		}
		elements.Shows = append(elements.Shows, category)
	}
	for _, f := range p.Funding {
		elements.Funding = append(elements.Funding, podcastFunding(f))
	}
	if len(p.Podroll) > 0 {
		elements.Podroll = &podcastPodroll{}
		for _, f := range p.Podroll {
			elements.Podroll.Feeds = append(elements.Podroll.Feeds, remoteItem(f))
		}
	}
	return elements
}

func (w *rssWriter) episode(e *Entry) episodeElements {
	elements := episodeElements{Picture: picture(e.Image.URL)}
	if len(e.Enclosures) > 0 && e.Enclosures[0].Duration > 0 {
		elements.Duration = strconv.FormatInt(int64(e.Enclosures[0].Duration/time.Second), 10)
	}
	p := e.Episode
	if p == nil {
		return elements
	}
	elements.ITunesTitle, elements.EpisodeType, elements.Block = p.Title, p.Type, yes(p.Block)
	elements.ITunesSeason, elements.ITunesEpisode, elements.Episode = p.Season, p.Number, p.Number
	elements.Persons = podcastPersons(p.Persons)
	if p.Explicit != nil {
		elements.Explicit = strconv.FormatBool(*p.Explicit)
	}
	if p.Season > 0 {
		elements.Season = &podcastSeason{p.SeasonName, p.Season}
	}
	for _, t := range p.Transcripts {
		transcript := podcastTranscript{URL: t.URL, Type: t.Type, Language: t.Language}
		if t.Captions {
			transcript.Rel = "captions"
		}
		elements.Transcripts = append(elements.Transcripts, transcript)
	}
	if p.Chapters.URL != "" {
		elements.Chapters = &podcastChapters{p.Chapters.URL, p.Chapters.Type}
	}
	return elements
}

// yes is how Apple's elements say so; the other value says nothing, so it is left out.
func yes(b bool) string {
	if b {
		return "Yes"
	}
	return ""
}

func picture(url string) *itunesImage {
	if url == "" {
		return nil
	}
	return &itunesImage{url}
}

func podcastPersons(persons []Person) []podcastPerson {
	var out []podcastPerson
	for _, p := range persons {
		out = append(out, podcastPerson{p.Role, p.Group, p.Image, p.URL, p.Name})
	}
	return out
}

// readPodcast is nil where the channel is no podcast.
func readPodcast(channel *rss.Feed) *Podcast {
	it, elements := channel.ITunesExt, channel.Extensions["podcast"]
	if it == nil {
		return nil
	}
	p := &Podcast{
		Author:     it.Author,
		Explicit:   strings.EqualFold(it.Explicit, "true") || strings.EqualFold(it.Explicit, "yes"),
		Type:       it.Type,
		Block:      strings.EqualFold(it.Block, "yes"),
		Ended:      strings.EqualFold(it.Complete, "yes"),
		NewFeedURL: it.NewFeedURL,
		GUID:       value(channel.Extensions, "podcast", "guid"),
		Locked:     value(channel.Extensions, "podcast", "locked") == "yes",
		Medium:     value(channel.Extensions, "podcast", "medium"),
		Persons:    readPersons(elements["person"]),
	}
	if it.Owner != nil {
		p.Owner = Author{Name: it.Owner.Name, Email: it.Owner.Email}
	}
	for _, c := range it.Categories {
		category := PodcastCategory{Name: c.Text}
		if c.Subcategory != nil {
			category.Sub = c.Subcategory.Text
		}
		p.Categories = append(p.Categories, category)
	}
	for _, f := range elements["funding"] {
		p.Funding = append(p.Funding, Link{URL: f.Attrs["url"], Text: f.Value})
	}
	for _, roll := range elements["podroll"] {
		for _, f := range roll.Children["remoteItem"] {
			p.Podroll = append(p.Podroll, RemoteFeed{GUID: f.Attrs["feedGuid"], URL: f.Attrs["feedUrl"]})
		}
	}
	return p
}

// readEpisode is nil where the item says nothing of the kind.
func readEpisode(item *rss.Item) *Episode {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	it, elements := item.ITunesExt, item.Extensions["podcast"]
	e := &Episode{
		Title:   value(item.Extensions, "itunes", "title"), // gofeed's own type has none
		Persons: readPersons(elements["person"]),
	}
	if it != nil {
		e.Season, e.Number, e.Type = number(it.Season), number(it.Episode), it.EpisodeType
		e.Block = strings.EqualFold(it.Block, "yes")
		if it.Explicit != "" {
			explicit := strings.EqualFold(it.Explicit, "true") || strings.EqualFold(it.Explicit, "yes")
			e.Explicit = &explicit
		}
	}
	if s := elements["season"]; len(s) > 0 {
		e.SeasonName = s[0].Attrs["name"]
	}
	for _, t := range elements["transcript"] {
		e.Transcripts = append(e.Transcripts, Transcript{
			URL: t.Attrs["url"], Type: t.Attrs["type"], Language: t.Attrs["language"], Captions: t.Attrs["rel"] == "captions",
		})
	}
	if c := elements["chapters"]; len(c) > 0 {
		e.Chapters = Chapters{URL: c[0].Attrs["url"], Type: c[0].Attrs["type"]}
	}
	if e.IsEmpty() {
		return nil
	}
	return e
}

func readPersons(elements []ext.Extension) []Person {
	var out []Person
	for _, p := range elements {
		out = append(out, Person{
			Name: p.Value, Role: p.Attrs["role"], Group: p.Attrs["group"], Image: p.Attrs["img"], URL: p.Attrs["href"],
		})
	}
	return out
}

// readDuration reads itunes:duration: seconds, MM:SS or HH:MM:SS.
func readDuration(s string) time.Duration {
	var total int64
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 32)
		if err != nil || n < 0 {
			return 0
		}
		total = total*60 + n
	}
	return time.Duration(min(total, 1<<32)) * time.Second
}
