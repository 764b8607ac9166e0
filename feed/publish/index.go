package publish

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"path"

	"feedpub/feed"
)

// indexPath is the start page: all feeds, and the newest entries of the first.
const indexPath = "index.html"

// indexEntries is how many entries the start page shows.
const indexEntries = 10

//go:embed index.html
var indexSource string

var indexTemplate = template.Must(template.New(indexPath).Parse(indexSource))

type indexPage struct {
	Site    Site
	Feeds   []indexFeed
	Entries []feed.Entry
}

type indexFeed struct {
	Title, Description string
	Links              []indexLink
}

type indexLink struct{ Title, Type, URL, Label string }

// indexMark is how the page is known as ours in a folder whose list was lost.
const indexMark = `<meta name="generator" content="feedpub">`

// pageSetting is the name of the setting that says with which feeds the start page was written.
const pageSetting = "start page"

// index writes the start page when a feed was published in this run, the feeds are others than before, or the page is
// not there. It returns what is to be noted when the page is safe.
func (r *run) index(ctx context.Context) (setting string, err error) {
	page := indexPage{Site: r.config.Site}
	for _, c := range r.channels {
		shown, err := r.isShown(ctx, c)
		if err != nil {
			return "", err
		}
		if shown {
			page.Feeds = append(page.Feeds, indexFeedOf(c))
		}
	}
	setting = digest(writerVersion, page, r.config.Redirects)
	written, err := r.store.Setting(ctx, pageSetting)
	if err != nil || len(r.report.Feeds) == 0 && setting == written && !r.list.isMissing(indexPath) {
		return setting, err
	}
	if err := r.extras(ctx, page); err != nil {
		return setting, err
	}
	old, err := r.list.read(indexPath)
	if err != nil {
		return setting, err
	}
	if _, ours := r.list.file(indexPath); !ours {
		r.log.WarnContext(ctx, "start page not written: a file that is not feedpub's stands in its place", "path", indexPath)
		return setting, nil
	}
	if len(r.channels) > 0 {
		if page.Entries, err = r.newest(ctx, r.channels[0]); err != nil {
			return setting, err
		}
	}
	var b bytes.Buffer
	if err := indexTemplate.Execute(&b, page); err != nil {
		return setting, err
	}
	_, err = r.list.replace(indexPath, "text/html", old, b.Bytes())
	return setting, err
}

func (r *run) newest(ctx context.Context, c channel) ([]feed.Entry, error) {
	q := c.query(r.at)
	q.Limit = min(q.Limit, indexEntries)
	entries, err := r.store.Newest(ctx, q)
	for i := range entries {
		entries[i] = c.present(entries[i])
	}
	return entries, err
}

// indexFeedOf links relative to the page, so that the folder can be moved or looked at where it lies.
func indexFeedOf(c channel) indexFeed {
	f := indexFeed{Title: c.Title, Description: c.Description}
	for _, d := range c.Documents {
		label := map[feed.Format]string{feed.RSS: "RSS", feed.Atom: "Atom", feed.JSON: "JSON Feed"}[d.Format]
		f.Links = append(f.Links, indexLink{
			Title: c.Title, Type: d.Format.MediaType(), URL: path.Join(c.Name, d.File), Label: label,
		})
	}
	return f
}
