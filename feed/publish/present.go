package publish

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
)

// withdrawnNote is what readers are told where no note was given.
const withdrawnNote = "This article has been withdrawn."

// present makes of a stored entry what this feed shows of it.
func (c channel) present(e feed.Entry) feed.Entry {
	if e.Status == feed.Withdrawn {
		note := e.Note
		if note == "" {
			note = withdrawnNote
		}
		e.Summary, e.Image, e.Enclosures, e.Details = note, feed.Image{}, nil, feed.Details{}
		e.Content, e.Unmade, e.Fault = "<p>"+html.EscapeString(note)+"</p>", "", ""
		return e
	}
	if e.Summary == "" && c.Content != FullContent {
		e.Summary = clean.Summary(e.Content)
	}
	if c.Content == SummaryOnly {
		e.Content = c.teaser(&e)
	} else {
		e.Content = clean.PrefixIDs(e.Content, e.URL, idPrefix(e.ID))
	}
	return e
}

// teaser is the content of an entry in a feed of summaries. Many readers show the content and nothing else, and it can
// hold a link to the article.
func (c channel) teaser(e *feed.Entry) string {
	before, after := teaserFrame(e)
	if e.URL == "" {
		return before
	}
	return before + html.EscapeString(c.ReadOn+": "+e.Title) + after
}

// teaserFrame is what stands around the text of the link.
func teaserFrame(e *feed.Entry) (before, after string) {
	if e.Summary != "" {
		before = "<p>" + html.EscapeString(e.Summary) + "</p>"
	}
	if e.URL == "" {
		return before, ""
	}
	return before + `<p><a href="` + html.EscapeString(e.URL) + `">`, "</a></p>"
}

// unpresent takes from a published entry what present made for it, as far as that can be told: a teaser is not the
// article's text, and a summary made of the text is not the author's.
func unpresent(e feed.Entry) feed.Entry {
	before, after := teaserFrame(&e)
	link, isLink := strings.CutPrefix(e.Content, before)
	link, isLinked := strings.CutSuffix(link, after)
	switch {
	case e.Content == "":
	case e.URL != "" && isLink && isLinked && !strings.Contains(link, "<"):
		e.Content = ""
	case e.Summary == clean.Summary(e.Content):
		e.Summary = ""
	}
	return e
}

// idPrefix keeps the ids in an entry's content apart from those in others that readers show on the same page. It
// stands as long as the entry's ID does.
func idPrefix(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "e" + hex.EncodeToString(sum[:4]) + "-"
}
