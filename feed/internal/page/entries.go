package page

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"

	"golang.org/x/text/language"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
)

// A page is there at once on a slow line too: without pictures, and with style and script, it takes less than 30 kB. What
// is left of them for entries goes to titles first, and then to text.
const (
	room       = 19_000 // bytes for the entries of a page
	titleRoom  = 15_000 // of them, at most, for titles
	enough     = 700    // is too little for another text
	titleFrame = 40     // bytes around a title
	entryFrame = 450    // around an entry with its text
	fileFrame  = 350    // around an enclosure
	mostTitles = 100
)

// Fill puts the entries of a feed, newest first, on its page: as many as there is room for, to be read in place, or at
// least begun, the others with their titles. Dates are those of the zone.
func (p *Feed) Fill(entries []feed.Entry, zone *time.Location) {
	named := entries[:min(len(entries), mostTitles)]
	left, titles := room, 0
	for i := range named {
		cost := titleCost(&named[i])
		if titles+cost > titleRoom && i > 0 {
			named = named[:i]
			break
		}
		titles += cost
	}
	left -= min(titles, titleRoom)
	p.More = len(entries) - len(named)
	for len(named) > 0 && (left > enough || len(p.Entries) == 0) {
		e := p.titleOf(&named[0], zone)
		share := max(left, enough)
		if len(named) > 1 {
			share = share * 2 / 3 // one long article leaves room for the beginning of the next
		}
		left -= e.read(&named[0], share)
		p.Entries = append(p.Entries, e)
		named = named[1:]
	}
	p.Earlier = nil
	for i := range named {
		e := p.titleOf(&named[i], zone)
		month := e.Published.Format("January 2006")
		if n := len(p.Earlier); n == 0 || p.Earlier[n-1].Title != month {
			p.Earlier = append(p.Earlier, Month{Title: month})
		}
		last := &p.Earlier[len(p.Earlier)-1]
		last.Entries = append(last.Entries, e)
	}
}

// Titles are entries with their titles alone.
func Titles(entries []feed.Entry, language string, zone *time.Location) []Entry {
	p := &Feed{Language: language}
	titles := make([]Entry, len(entries))
	for i := range entries {
		titles[i] = p.titleOf(&entries[i], zone)
	}
	return titles
}

func titleCost(e *feed.Entry) int { return titleFrame + escaped(e.Title) + escaped(e.URL) }

// escaped is about how long a text is in HTML.
func escaped(s string) int {
	n := len(s)
	for i := range len(s) {
		switch s[i] {
		case '<', '>', '&', '"', '\'', '+':
			n += 4
		}
	}
	return n
}

func (p *Feed) titleOf(e *feed.Entry, zone *time.Location) Entry {
	of := cmp.Or(e.Language, p.Language)
	return Entry{Title: titleOf(e.Title), URL: e.URL, Language: of, Dir: Direction(of), Published: e.VisibleFrom().In(zone)}
}

// titleOf cuts a title that is none.
func titleOf(title string) string {
	const limit = 300 // bytes
	if len(title) <= limit {
		return title
	}
	return clean.Summary(template.HTMLEscapeString(title))
}

// read adds what there is to read, in about so many bytes, and says how many it takes beside the title.
func (p *Entry) read(e *feed.Entry, left int) (cost int) {
	cost = entryFrame
	for _, a := range e.Authors {
		p.Authors = append(p.Authors, a.Name)
		cost += escaped(a.Name) + 20
	}
	if e.Image.URL != "" && !strings.Contains(e.Content, template.HTMLEscapeString(e.Image.URL)) {
		p.Image, p.ImageAlt = e.Image.URL, e.Image.Alt
		cost += escaped(p.Image) + escaped(p.ImageAlt)
	}
	for i, enclosure := range e.Enclosures {
		if cost += fileFrame + 3*escaped(enclosure.URL); cost > left && i > 0 {
			p.Cut = true
			break
		}
		p.Enclosures = append(p.Enclosures, enclosureOf(enclosure))
	}
	content := clean.OnPage(e.Content)
	if limit := max(left-cost, enough); len(content) > limit {
		content, p.Cut = clean.Beginning(content, limit), true
	}
	p.Content = template.HTML(content) // sanitised when it was read
	if content == "" {
		if p.Summary = titleOf(e.Summary); p.Summary == "" && e.Content != "" {
			p.Summary = clean.Summary(e.Content)
		}
	}
	return cost + len(content) + escaped(p.Summary)
}

func enclosureOf(e feed.Enclosure) Enclosure {
	p := Enclosure{URL: e.URL, Type: e.Type, Title: titleOf(e.Title), Kind: "file", Size: size(e.Length)}
	if kind, _, _ := strings.Cut(e.Type, "/"); kind == "audio" || kind == "video" || kind == "image" {
		p.Kind = kind
	}
	if p.Title == "" {
		path, _, _ := strings.Cut(e.URL, "?")
		p.Title = titleOf(path[strings.LastIndexByte(path, '/')+1:])
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

// Direction is rtl for languages that are written so. For others the text itself tells: not every article in Arabic says
// that it is.
func Direction(of string) string {
	tag, err := language.Parse(of)
	if err != nil {
		return "auto"
	}
	switch script, _ := tag.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr":
		return "rtl"
	}
	return "auto"
}
