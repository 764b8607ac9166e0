package publish

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
)

// pageVersion is part of the look of pages: raise it when other pages are made of the same entries and the same theme.
const pageVersion = 1

// pageType is the media type of pages for people.
const pageType = "text/html"

// page is where the channel's page for people lies.
func (c channel) page() string { return path.Join(c.Name, indexPath) }

func (p *Publisher) pageSite() page.Site {
	s := p.config.Site
	return page.Site{
		Title: s.Title, Description: s.Description, URL: s.URL, FeedsURL: s.FeedsURL, Language: s.Language, Policy: page.Policy,
	}
}

// zone is that of the dates on pages.
func (p *Publisher) zone() *time.Location {
	if p.config.Zone == nil {
		return time.UTC
	}
	return p.config.Zone
}

// feedPage is the page of a channel, before an archive whose newest part lies in a folder, if there is one.
func (r *run) feedPage(c channel, newest string) page.Feed {
	data := r.pageOf(c, upFrom(c.Name))
	data.URL, data.Documents, data.Home = c.Site.FeedsURL+c.Name+"/", c.pageDocuments(""), "./"
	if len(data.Documents) > 0 {
		data.Readers = page.Readers(data.Documents[0].URL)
	}
	if newest != "" {
		data.Older = strings.TrimPrefix(newest, c.Name+"/") + "/"
	}
	return data
}

// partPage is the page of a part of a channel's archive. Readers who come there subscribe to the feed itself.
func (r *run) partPage(c channel, title string, place neighbours) page.Feed {
	data := r.pageOf(c, upFrom(place.Self))
	data.Home = "../../"
	data.URL, data.Documents, data.Archive = c.Site.FeedsURL+place.Self+"/", c.pageDocuments(data.Home), title
	data.Newer = data.Home
	if place.Next != "" {
		data.Newer = "../" + path.Base(place.Next) + "/"
	}
	if place.Prev != "" {
		data.Older = "../" + path.Base(place.Prev) + "/"
	}
	return data
}

func (r *run) pageOf(c channel, root string) page.Feed {
	data := page.Feed{
		Site: r.pageSite(), Title: c.Title, Language: c.Site.Language, Dir: page.Direction(c.Site.Language), Image: c.Image, Icon: c.Icon, Root: root,
	}
	if c.Description != c.Title {
		data.Description = c.Description
	}
	return data
}

// title is what a part of an archive is called: "March 2026, part 2".
func (p part) title() string {
	title := p.month.Start().Format("January 2006")
	if p.n > 1 {
		title += fmt.Sprintf(", part %d", p.n)
	}
	return title
}

// upFrom leads from a folder to the published folder.
func upFrom(folder string) string { return strings.Repeat("../", strings.Count(folder, "/")+1) }

// putFeedPage writes a feed's page with the entries, newest first.
func (r *run) putFeedPage(ctx context.Context, name string, data page.Feed, entries []feed.Entry) error {
	data.Fill(entries, r.zone())
	doc, err := r.theme.Feed(data)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return r.putPage(ctx, name, pageType, doc)
}

// onPage are the entries that stand on the page beside the documents: those that they are made of, but where something of
// it failed, what the first of them says that can be read. What is withdrawn stands on no page.
func (f *formats) onPage() []feed.Entry {
	entries := f.works[0].next.Entries
	if !f.whole() {
		entries = nil
		for i := range f.docs {
			if read, err := feed.Read(f.standing(i), f.works[i].format); err == nil {
				entries = sanitised(read.Entries)
				break
			}
		}
	}
	return without(entries, f.works[0].withdrawn)
}

// without are the entries but for the withdrawn ones, which also a status tells.
func without(entries []feed.Entry, withdrawn map[string]bool) []feed.Entry {
	shown := make([]feed.Entry, 0, len(entries))
	for _, e := range entries {
		if !withdrawn[e.ID] && e.Status != feed.Withdrawn {
			shown = append(shown, e)
		}
	}
	return shown
}

// sanitised are entries of a document as they may stand on a page and in the store: somebody may have changed the document.
func sanitised(entries []feed.Entry) []feed.Entry {
	for i := range entries {
		e := &entries[i]
		base, err := url.Parse(e.URL)
		if err != nil {
			base = &url.URL{}
		}
		if e.Content, err = clean.HTML(e.Content, base); err != nil {
			e.Content = ""
		}
	}
	return entries
}

// putPage writes what is no feed document, where it differs. A file of somebody else in its place stands.
func (r *run) putPage(ctx context.Context, name, mediaType string, content []byte) error {
	r.list.claim(name, mediaType)
	old, err := r.list.read(name)
	if err != nil {
		return err
	}
	if _, ours := r.list.file(name); !ours {
		if !bytes.Equal(old, content) {
			r.log.WarnContext(ctx, "not written: a file that is not feedpub's stands in its place", "path", name)
			return nil
		}
		r.list.set(manifest.File{Path: name, Type: mediaType}) // of a folder whose list was lost
	}
	_, err = r.list.replace(name, mediaType, old, content)
	return err
}

// A Theme is the look of the pages for people. The zero Theme is feedpub's own.
type Theme struct{ own *page.Theme }

var ownTheme = sync.OnceValue(page.Default)

// ReadTheme reads a theme from a folder. What the folder lacks is feedpub's own. The error holds every mistake in its
// templates, with file and line.
func ReadTheme(folder string) (Theme, error) {
	own, err := page.Read(os.DirFS(folder), folder)
	return Theme{own}, err
}
