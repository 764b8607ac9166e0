package main

import (
	"path"
	"strings"

	"feedpub/config"
	"feedpub/feed"
	"feedpub/feed/publish"
)

// siteOf is the configuration's site as the publisher takes it.
func siteOf(c *config.Config) publish.Site {
	return publish.Site{
		Title: c.Site.Title, Description: c.Site.Description,
		URL: c.Site.URL.String(), FeedsURL: c.Site.FeedsURL.String(),
		Language: c.Site.Language, IDAuthority: c.Site.IDAuthority, Authors: c.Site.Authors,
		Stylesheet: c.Site.Stylesheet,
	}
}

// copiesOf are the old addresses of a feed's documents.
func copiesOf(f *config.Feed) map[feed.Format][]string {
	copies := map[feed.Format][]string{}
	for _, m := range f.Moves() {
		for _, format := range f.Formats {
			document := path.Join(f.Name, f.Paths[format])
			switch {
			case m.Folder:
				copies[format] = append(copies[format], path.Join(m.From, f.Paths[format]))
			case m.To == document:
				copies[format] = append(copies[format], m.From)
			}
		}
	}
	return copies
}

// redirectsOf are the moves of all feeds, for static hosts.
func redirectsOf(c *config.Config) (redirects []publish.Redirect) {
	if c.Redirects != config.FileRedirects {
		return nil
	}
	for i := range c.Feeds {
		f := &c.Feeds[i]
		for _, m := range f.Moves() {
			redirects = append(redirects, redirectOf(m.From, m.To, m.Folder)...)
		}
		if f.MovedTo != "" {
			redirects = append(redirects, redirectOf(f.Name, f.MovedTo, !strings.Contains(f.MovedTo, "://") || strings.HasSuffix(f.MovedTo, "/"))...)
		}
	}
	return redirects
}

func redirectOf(from, to string, folder bool) []publish.Redirect {
	switch {
	case folder:
		return []publish.Redirect{{From: from + "/*", To: strings.TrimSuffix(to, "/") + "/:splat"}}
	case strings.Contains(to, "://"):
		return []publish.Redirect{{From: from + "/*", To: to}}
	}
	return []publish.Redirect{{From: from, To: to}}
}

// specsOf is the configuration's feeds as the publisher takes them. One that is gone or moved is published no more.
func specsOf(c *config.Config) []publish.Spec {
	var specs []publish.Spec
	for _, f := range c.Feeds {
		if f.Gone || f.MovedTo != "" {
			continue
		}
		s := publish.Spec{
			Name: f.Name, Each: f.Each, Title: f.Title, Description: f.Description, Select: f.Select,
			Limit: f.Limit, Content: f.Content, ReadOn: f.ReadOn, WithdrawnFor: f.WithdrawnFor,
			Archives: f.Archives, Tombstones: f.Tombstones, Schedule: f.Schedule.String(),
			Rights: f.Rights, Image: f.Image, Icon: f.Icon, Cadence: f.Cadence, Podcast: f.Podcast, OldPaths: f.MovedFrom,
		}
		if c.Redirects == config.CopyRedirects {
			s.Copies = copiesOf(&f)
		}
		for _, format := range f.Formats {
			s.Documents = append(s.Documents, publish.Document{Format: format, File: f.Paths[format]})
		}
		specs = append(specs, s)
	}
	return specs
}
