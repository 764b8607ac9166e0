package page

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"feedpub/feed"
)

// contentBudget is how many bytes of articles' text a page shows, so that it is there at once on a slow line too: with
// the titles of a hundred entries it stays below 30 kB.
const contentBudget = 10 << 10

// shownTitles is how many entries a page names at most.
const shownTitles = 100

// Entries are the entries of a feed as a page shows them: the newest in full as long as their text is within the budget,
// the others with title and date.
func Entries(f *feed.Feed, entries []feed.Entry) []Entry {
	shown := make([]Entry, 0, min(len(entries), shownTitles))
	left := contentBudget
	for i := range entries[:min(len(entries), shownTitles)] {
		e := &entries[i]
		p := Entry{Title: e.Title, URL: e.URL, Language: e.Language, Published: e.Published.UTC()}
		if p.Language == "" {
			p.Language = f.Language
		}
		size := len(e.Content) + len(e.Summary) + 200*len(e.Enclosures)
		if left -= size; left >= 0 || i == 0 && size < 2*contentBudget {
			p.fill(e)
		} else {
			left = 0 // those after it are older, and are not shown in full either
		}
		shown = append(shown, p)
	}
	return shown
}

// fill adds what is shown of an entry in full.
func (p *Entry) fill(e *feed.Entry) {
	for _, a := range e.Authors {
		p.Authors = append(p.Authors, a.Name)
	}
	if e.Content == "" {
		p.Summary = e.Summary
	}
	p.Content = template.HTML(withImages(underTitle(e.Content))) // sanitised when it was read
	for _, enclosure := range e.Enclosures {
		p.Enclosures = append(p.Enclosures, enclosureOf(enclosure))
	}
}

// withImages has the pictures of an article load when they come into view, and says of those that nobody described that
// they say nothing.
func withImages(content string) string {
	const start = "<img "
	var b strings.Builder
	for {
		before, after, found := strings.Cut(content, start)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString(start + `loading="lazy" `)
		if tag, _, _ := strings.Cut(after, ">"); !strings.Contains(" "+tag, ` alt="`) {
			b.WriteString(`alt="" `)
		}
		content = after
	}
}

// underTitle puts the headings of an article below its title, which is one of the third level.
func underTitle(content string) string {
	level := '4'
	var pairs []string
	for was := '1'; was <= '6'; was++ {
		if strings.Contains(content, "<h"+string(was)) {
			pairs = append(pairs, "<h"+string(was), "<h"+string(level), "</h"+string(was), "</h"+string(level))
			level = min(level+1, '6')
		}
	}
	return strings.NewReplacer(pairs...).Replace(content)
}

func enclosureOf(e feed.Enclosure) Enclosure {
	p := Enclosure{URL: e.URL, Type: e.Type, Title: e.Title, Kind: "file", Size: size(e.Length)}
	if kind, _, _ := strings.Cut(e.Type, "/"); kind == "audio" || kind == "video" || kind == "image" {
		p.Kind = kind
	}
	if p.Title == "" {
		p.Title = e.URL[strings.LastIndexByte(e.URL, '/')+1:]
	}
	return p
}

// size is a length in bytes for people; empty where it is not known.
func size(bytes int64) string {
	switch {
	case bytes <= 0:
		return ""
	case bytes < 1e6:
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// Readers are the common readers on the web, and whatever program the system has for feeds, with a feed's address.
func Readers(address string) []Reader {
	escaped := url.QueryEscape(address)
	readers := []Reader{{Name: "your feed reader", URL: template.URL("feed:" + address)}}
	for _, r := range []struct{ name, before string }{
		{"Feedly", "https://feedly.com/i/subscription/feed/"},
		{"Inoreader", "https://www.inoreader.com/?add_feed="},
		{"NewsBlur", "https://www.newsblur.com/?url="},
		{"The Old Reader", "https://theoldreader.com/feeds/subscribe?url="},
	} {
		readers = append(readers, Reader{r.name, template.URL(r.before + escaped)})
	}
	return readers
}
