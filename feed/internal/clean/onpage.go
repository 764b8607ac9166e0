package clean

import "strings"

// OnPage is content that HTML made, for a page of many articles: its headings come below the title of the article, which is
// one of the third level, and do not skip any; pictures load when they come into view, and of one that nobody described
// screen readers say nothing. In such content < begins tags and nothing else, so that it need not be parsed.
func OnPage(content string) string {
	levels := levelsOf(content)
	var b strings.Builder
	b.Grow(len(content) + len(content)/16)
	for {
		at := strings.IndexByte(content, '<')
		if at < 0 {
			b.WriteString(content)
			return b.String()
		}
		b.WriteString(content[:at])
		tag, after, _ := strings.Cut(content[at:], ">")
		name := headingOf(tag)
		switch {
		case name > 0:
			tag = tag[:name] + string(levels[tag[name]-'0']) + tag[name+1:]
		case strings.HasPrefix(tag, "<img "):
			tag = pictureOnPage(tag)
		}
		b.WriteString(tag + ">")
		content = after
	}
}

// headingOf is where the level stands in the tag of a heading; 0 in others.
func headingOf(tag string) int {
	n := len("<h")
	if strings.HasPrefix(tag, "</h") {
		n = len("</h")
	} else if !strings.HasPrefix(tag, "<h") {
		return 0
	}
	if n >= len(tag) || tag[n] < '1' || tag[n] > '6' || n+1 < len(tag) && tag[n+1] != ' ' {
		return 0
	}
	return n
}

// levelsOf gives the new levels of the headings, by the old ones.
func levelsOf(content string) (levels [7]byte) {
	next := byte('4')
	for was := byte('1'); was <= '6'; was++ {
		levels[was-'0'] = next
		if strings.Contains(content, "<h"+string(was)) && next < '6' {
			next++
		}
	}
	return levels
}

func pictureOnPage(tag string) string {
	inner := tag[len("<img "):]
	tag = `<img loading="lazy" `
	if !strings.HasPrefix(inner, `alt="`) && !strings.Contains(inner, ` alt="`) {
		tag += `alt="" `
	}
	return tag + inner
}

// Beginning is as much of content that HTML made as fits into so many bytes, whole paragraphs and other blocks only; it is
// empty where the first of them does not fit.
func Beginning(content string, limit int) string {
	end, open := 0, 0
	for at := 0; at < min(limit, len(content)); {
		before, _, found := strings.Cut(content[at:], ">")
		start := strings.LastIndexByte(before, '<')
		if !found || start < 0 {
			break
		}
		tag := before[start:]
		if at += len(before) + 1; at > limit {
			break
		}
		switch {
		case strings.HasPrefix(tag, "</"):
			if open--; open == 0 {
				end = at
			}
		case !strings.HasSuffix(tag, "/"):
			open++
		}
	}
	return content[:end]
}
