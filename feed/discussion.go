package feed

import (
	"strconv"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
)

// discussionElements are those of an RSS item beside comments, and the threads of RFC 4685.
type discussionElements struct {
	CommentsFeed string     `xml:"wfw:commentRss,omitempty"`
	Comments     string     `xml:"slash:comments,omitempty"`
	Total        string     `xml:"thr:total,omitempty"`
	InReplyTo    *inReplyTo `xml:"thr:in-reply-to"`
}

type inReplyTo struct {
	Ref  string `xml:"ref,attr"`
	Href string `xml:"href,attr,omitempty"`
}

// discussion makes the elements of an RSS item.
func (w *rssWriter) discussion(d Discussion) discussionElements {
	elements := discussionElements{CommentsFeed: d.FeedURL, InReplyTo: w.reply(d)}
	if d.FeedURL != "" {
		w.WFW = wfwNamespace
	}
	if d.Counted {
		w.Slash = slashNamespace
		elements.Comments = strconv.Itoa(d.Count)
	}
	return elements
}

// discussion makes the elements of an Atom entry; links to the comments stand with its other links.
func (w *atomWriter) discussion(d Discussion) discussionElements {
	elements := discussionElements{InReplyTo: w.reply(d)}
	if d.Counted {
		w.Thread = threadNamespace
		elements.Total = strconv.Itoa(d.Count)
	}
	return elements
}

func (n *namespaces) reply(d Discussion) *inReplyTo {
	if d.InReplyTo == "" {
		return nil
	}
	n.Thread = threadNamespace
	return &inReplyTo{d.InReplyTo, d.ReplyURL}
}

// repliesLinks are RFC 4685's: what is a page says so, what is a feed may be of any format.
func repliesLinks(d Discussion) []atomLink {
	var links []atomLink
	if d.URL != "" {
		links = append(links, atomLink{Rel: "replies", Type: "text/html", Href: d.URL})
	}
	if d.FeedURL != "" {
		links = append(links, atomLink{Rel: "replies", Href: d.FeedURL})
	}
	return links
}

// carriedDiscussion leaves out addresses that are none. JSON Feed has no place for any of it.
func carriedDiscussion(d Discussion, format Format) Discussion {
	if format == JSON {
		return Discussion{}
	}
	out := Discussion{
		URL: webURL(d.URL), FeedURL: webURL(d.FeedURL),
		InReplyTo: line(d.InReplyTo), ReplyURL: webURL(d.ReplyURL),
	}
	if d.Counted && d.Count >= 0 {
		out.Count, out.Counted = d.Count, true
	}
	if !isIRI(out.InReplyTo) {
		out.InReplyTo, out.ReplyURL = "", ""
	}
	return out
}

func readDiscussion(comments string, extensions ext.Extensions) Discussion {
	d := Discussion{URL: comments, FeedURL: value(extensions, "wfw", "commentRss")}
	readThread(&d, extensions, value(extensions, "slash", "comments"))
	return d
}

func readAtomDiscussion(links []*atom.Link, extensions ext.Extensions) Discussion {
	var d Discussion
	for _, l := range links {
		switch {
		case l.Rel != "replies":
		case l.Type == "text/html":
			d.URL = l.Href
		default:
			d.FeedURL = l.Href
		}
	}
	readThread(&d, extensions, value(extensions, "thr", "total"))
	return d
}

func readThread(d *Discussion, extensions ext.Extensions, count string) {
	if n, err := strconv.Atoi(count); err == nil {
		d.Count, d.Counted = n, true
	}
	if found := extensions["thr"]["in-reply-to"]; len(found) > 0 {
		d.InReplyTo, d.ReplyURL = found[0].Attrs["ref"], found[0].Attrs["href"]
	}
}
