package feed

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
)

// mediaElements are those of Media RSS, in an RSS item or an Atom entry: the entry's image, which has a medium and no
// type, and its enclosures, which have a type.
type mediaElements struct {
	Media     []mediaContent  `xml:"media:content"`
	Thumbnail *mediaThumbnail `xml:"media:thumbnail"`
}

type mediaContent struct {
	URL         string          `xml:"url,attr"`
	Type        string          `xml:"type,attr,omitempty"`
	FileSize    int64           `xml:"fileSize,attr,omitempty"`
	Medium      string          `xml:"medium,attr,omitempty"`
	Duration    int64           `xml:"duration,attr,omitempty"`
	Title       *mediaText      `xml:"media:title"`
	Description *mediaText      `xml:"media:description"`
	Thumbnail   *mediaThumbnail `xml:"media:thumbnail"`
	Credit      string          `xml:"media:credit,omitempty"`
}

type mediaText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type mediaThumbnail struct {
	URL string `xml:"url,attr"`
}

func (n *namespaces) media(image Image, enclosures []Enclosure) mediaElements {
	var m mediaElements
	for _, c := range enclosures {
		m.Media = append(m.Media, mediaContent{
			URL:         c.URL,
			Type:        c.Type,
			FileSize:    c.Length,
			Duration:    int64(c.Duration / time.Second),
			Title:       plain(c.Title),
			Description: plain(c.Description),
			Thumbnail:   thumbnail(c.Thumbnail),
			Credit:      c.Credit,
		})
	}
	if image.URL != "" {
		m.Media = append(m.Media, mediaContent{URL: image.URL, Medium: "image", Description: plain(image.Alt), Credit: image.Credit})
		m.Thumbnail = thumbnail(image.URL)
	}
	if len(m.Media) > 0 {
		n.Media = mediaNamespace
	}
	return m
}

func plain(text string) *mediaText {
	if text == "" {
		return nil
	}
	return &mediaText{"plain", text}
}

func thumbnail(url string) *mediaThumbnail {
	if url == "" {
		return nil
	}
	return &mediaThumbnail{url}
}

// saysMore tells whether an Atom link cannot say all about the enclosure.
func saysMore(c Enclosure) bool {
	return c != Enclosure{URL: c.URL, Type: c.Type, Length: c.Length, Title: c.Title}
}

// carriedImage is the image as a document of the format says it.
func carriedImage(i Image, format Format) Image {
	out := Image{URL: webURL(i.URL), Alt: line(i.Alt), Credit: line(i.Credit)}
	if out.URL == "" || format == JSON {
		return Image{URL: out.URL}
	}
	return out
}

func carriedEnclosures(enclosures []Enclosure, format Format) []Enclosure {
	var out []Enclosure
	for _, c := range enclosures {
		carried := Enclosure{
			URL:      line(c.URL),
			Type:     cmp.Or(line(c.Type), UnknownType),
			Length:   max(c.Length, 0),
			Duration: max(c.Duration, 0).Round(time.Second),
			Title:    line(c.Title),
		}
		if format != JSON {
			carried.Description, carried.Credit, carried.Thumbnail = line(c.Description), line(c.Credit), webURL(c.Thumbnail)
		}
		out = append(out, carried)
	}
	return out
}

// readMedia takes the image, and completes the enclosures, which have been read from the format's own elements: what
// those cannot say is added, and what has none is appended.
func readMedia(extensions ext.Extensions, enclosures []Enclosure) (Image, []Enclosure) {
	var image Image
	for _, m := range extensions["media"]["content"] {
		c := readMediaContent(m)
		if c.Type == "" && m.Attrs["medium"] == "image" {
			if image.URL == "" {
				image = Image{URL: c.URL, Alt: c.Description, Credit: c.Credit}
			}
			continue
		}
		at := slices.IndexFunc(enclosures, func(e Enclosure) bool { return sameURL(c.URL, e.URL) })
		if at < 0 {
			enclosures = append(enclosures, c)
			continue
		}
		e := &enclosures[at]
		e.Duration, e.Description, e.Credit, e.Thumbnail = c.Duration, c.Description, c.Credit, c.Thumbnail
		e.Title = cmp.Or(e.Title, c.Title)
	}
	if found := extensions["media"]["thumbnail"]; image.URL == "" && len(found) > 0 {
		image.URL = found[0].Attrs["url"]
	}
	return image, enclosures
}

func readMediaContent(m ext.Extension) Enclosure {
	child := func(name string) (c ext.Extension) {
		if found := m.Children[name]; len(found) > 0 {
			c = found[0]
		}
		return c
	}
	length, _ := strconv.ParseInt(m.Attrs["fileSize"], 10, 64)
	seconds, _ := strconv.ParseInt(m.Attrs["duration"], 10, 32)
	return Enclosure{
		URL: m.Attrs["url"], Type: m.Attrs["type"], Length: length, Duration: time.Duration(seconds) * time.Second,
		Title: child("title").Value, Description: child("description").Value, Credit: child("credit").Value,
		Thumbnail: child("thumbnail").Attrs["url"],
	}
}
