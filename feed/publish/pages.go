package publish

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/feed/internal/page"
)

// A Theme is the look of the pages for people. The zero Theme is feedpub's own.
type Theme struct{ own *page.Theme }

// ReadTheme reads a theme from a folder. What the folder lacks is feedpub's own. The error holds every mistake in its
// templates, with file and line; see package page for what they are given.
func ReadTheme(folder string) (Theme, error) {
	if _, err := os.Stat(folder); err != nil {
		return Theme{}, fmt.Errorf("read the theme: %w", err)
	}
	own, err := page.Read(os.DirFS(folder))
	if err != nil {
		return Theme{}, fmt.Errorf("%s: %w", folder, err)
	}
	return Theme{own}, nil
}

var defaultTheme = page.Default()

func (t Theme) pages() *page.Theme {
	if t.own == nil {
		return defaultTheme
	}
	return t.own
}

// page is where the channel's page for people lies.
func (c channel) page() string { return path.Join(c.Name, indexPath) }

func (r *run) pageSite() page.Site {
	s := r.config.Site
	return page.Site{
		Title: s.Title, Description: s.Description, URL: s.URL, FeedsURL: s.FeedsURL, Language: s.Language, Policy: page.Policy,
	}
}

// feedPage writes the page of a channel, which shows the entries but for those that failed their check.
func (r *run) feedPage(ctx context.Context, c channel, f *feed.Feed, failed map[string]bool, newestPart string) error {
	data := r.pageOf(c, f, failed)
	data.URL = c.Site.FeedsURL + c.Name + "/"
	data.Documents, data.Home, data.Root = c.pageDocuments(""), "./", upFrom(c.Name)
	if len(data.Documents) > 0 {
		data.Readers = page.Readers(data.Documents[0].URL)
	}
	if newestPart != "" {
		data.Older = strings.TrimPrefix(newestPart, c.Name+"/") + "/"
	}
	return r.putFeedPage(ctx, c.page(), data)
}

// partPage writes the page of a part of a channel's archive.
func (r *run) partPage(ctx context.Context, c channel, f *feed.Feed, failed map[string]bool, p part, place neighbours) error {
	data := r.pageOf(c, f, failed)
	data.URL = c.Site.FeedsURL + place.Self + "/"
	data.Home, data.Root = "../../", upFrom(place.Self)
	data.Documents = c.pageDocuments(data.Home)
	data.Archive = p.month.String()
	beside := func(folder string) string {
		if folder == "" {
			return ""
		}
		return "../" + path.Base(folder) + "/"
	}
	data.Older, data.Newer = beside(place.Prev), beside(place.Next)
	if data.Newer == "" {
		data.Newer = data.Home
	}
	return r.putFeedPage(ctx, path.Join(place.Self, indexPath), data)
}

func (r *run) pageOf(c channel, f *feed.Feed, failed map[string]bool) page.Feed {
	shown := slices.DeleteFunc(slices.Clone(f.Entries), func(e feed.Entry) bool { return failed[e.ID] })
	return page.Feed{
		Site: r.pageSite(), Title: f.Title, Description: f.Description, Language: f.Language, Image: f.Image.URL,
		Entries: page.Entries(f, shown),
	}
}

func (r *run) putFeedPage(ctx context.Context, name string, data page.Feed) error {
	doc, err := r.config.Theme.pages().Feed(data)
	if err != nil {
		return err
	}
	return r.putPage(ctx, name, "text/html", doc)
}

// upFrom leads from a folder to the published folder.
func upFrom(folder string) string { return strings.Repeat("../", strings.Count(folder, "/")+1) }

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

// failedEntries are those that stand in a document in another version than they should, or not at all.
func failedEntries(docs []DocumentReport) map[string]bool {
	failed := map[string]bool{}
	for _, d := range docs {
		for _, b := range d.Fallbacks {
			failed[b.ID] = true
		}
	}
	return failed
}
