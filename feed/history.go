package feed

import (
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// historyElements are those of RFC 5005, 2 and 4. The links stand with the others.
type historyElements struct {
	Complete *struct{} `xml:"fh:complete"`
	Archive  *struct{} `xml:"fh:archive"`
}

func (n *namespaces) history(h History) historyElements {
	var elements historyElements
	if h.Complete {
		elements.Complete = &struct{}{}
	}
	if h.Archive {
		elements.Archive = &struct{}{}
	}
	if h.Complete || h.Archive {
		n.History = historyNamespace
	}
	return elements
}

// A relation is a link of a document to another of its feed.
type relation struct{ rel, URL string }

// links are the links of a document of the format: those whose URL is known.
func (h History) links(format Format) []relation {
	return slices.DeleteFunc([]relation{
		{"prev-archive", h.Prev[format]},
		{"next-archive", h.Next[format]},
		{"current", h.Current[format]},
	}, func(r relation) bool { return r.URL == "" })
}

// readHistory takes from a document what the links and the elements say.
func readHistory(extensions ext.Extensions, format Format, link func(rel string) string) History {
	at := func(rel string) map[Format]string { return oneURL(format, link(rel)) }
	return History{
		Complete: len(extensions["fh"]["complete"]) > 0,
		Archive:  len(extensions["fh"]["archive"]) > 0,
		Prev:     at("prev-archive"),
		Next:     at("next-archive"),
		Current:  at("current"),
	}
}

// carriedHistory is the history as a document of the format says it.
func carriedHistory(h History, format Format) History {
	c := History{
		Complete: h.Complete, Archive: h.Archive,
		Prev:    oneURL(format, line(h.Prev[format])),
		Next:    oneURL(format, line(h.Next[format])),
		Current: oneURL(format, line(h.Current[format])),
	}
	if format == JSON {
		return History{Prev: c.Prev}
	}
	return c
}

// oneURL is nil where there is no URL.
func oneURL(format Format, url string) map[Format]string {
	if strings.TrimSpace(url) == "" {
		return nil
	}
	return map[Format]string{format: url}
}
