package ingest

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// details are what few articles say of themselves. Nothing in them refuses an article: what cannot be read is left out,
// with a warning where the name can mean nothing else.
//
//	contributors, editors       as authors
//	topics                      {term, scheme, label}, or a list of them
//	rights, copyright           text
//	license                     a URL, or a name of Creative Commons: CC BY-SA 4.0
//	origin, via, source         {title, feed, url, id} of the feed that the article is republished from
//	comments_url, comments      the page with the comments; comments_feed, comment_count
//	in_reply_to                 a URL, or {id, url}
//	season, season_name, episode, episode_type, explicit, itunes_title, itunes_block
//	transcript(s), chapters     a URL, or {url, type, language, captions}
//	hosts, guests, persons      as authors; persons with a role, a group and an image
func (r *Reader) details(f *fields, base *url.URL) feed.Details {
	d := feed.Details{
		Categories: f.topics(),
		Rights:     f.quietText("rights", "copyright"),
		License:    f.license(base),
		Origin:     f.origin(base),
		Discussion: f.discussion(base),
		Episode:    r.episode(f, base),
	}
	for _, v := range f.all("contributors", "contributor", "editors") {
		d.Contributors = append(d.Contributors, r.authorsOf(f, v)...)
	}
	return d
}

func (f *fields) topics() (topics []feed.Category) {
	for _, v := range f.all("topics", "topic") {
		for _, item := range v.flat() {
			m := fields{root: item}
			c := feed.Category{Term: oneLine(item.text)}
			if item.kind == mapping {
				c = feed.Category{Term: m.harmlessText("term", "code", "id", "name"), Scheme: m.harmlessText("scheme", "domain"), Label: m.harmlessText("label", "name")}
			}
			if c.Label == c.Term {
				c.Label = ""
			}
			if c.Term == "" || len(topics) == maxTags {
				f.warn(v, "a topic without a term is left out, and what is beyond the first thousand")
				continue
			}
			topics = append(topics, c)
		}
	}
	return topics
}

var creativeCommons = pattern.New(`^(?i)cc[ -]?(by(?:-nc)?(?:-nd|-sa)?)(?:[ -]([1-4]\.0))?$`)

// license is the address of the licence that the article names.
func (f *fields) license(base *url.URL) string {
	v, ok := f.get("license", "licence")
	if !ok || v.kind != scalar {
		return ""
	}
	name := oneLine(v.text)
	if m := creativeCommons.FindStringSubmatch(name); m != nil {
		version := m[2]
		if version == "" {
			version = "4.0"
		}
		return fmt.Sprintf("https://creativecommons.org/licenses/%s/%s/", strings.ToLower(m[1]), version)
	}
	if strings.EqualFold(strings.TrimSuffix(name, " 1.0"), "CC0") {
		return "https://creativecommons.org/publicdomain/zero/1.0/"
	}
	if !strings.Contains(name, "/") {
		f.warn(v, fmt.Sprintf("%s is no address of a licence; left out", quoted(name)))
		return ""
	}
	return f.link(v, name, base)
}

// link is an address that does no harm: what is none is left out.
func (f *fields) link(v value, ref string, base *url.URL) string {
	if ref == "" {
		return ""
	}
	link, err := clean.URL(ref, base)
	if err != nil {
		f.warn(v, err.Error()+"; left out")
	}
	return link
}

func (f *fields) origin(base *url.URL) *feed.Origin {
	for _, v := range f.all("origin", "via", "source") {
		if v.kind != mapping { // a name alone, as some write it, is no feed
			continue
		}
		m := fields{root: v.node}
		o := &feed.Origin{
			ID: m.harmlessText("id"), Title: m.harmlessText("title", "name"),
			FeedURL: f.link(v, m.harmlessText("feed", "feedurl", "rss", "atom"), base),
			SiteURL: f.link(v, m.harmlessText("url", "link", "site"), base),
		}
		if o.FeedURL != "" {
			return o
		}
		f.warn(v, "names no feed; left out")
	}
	return nil
}

func (f *fields) discussion(base *url.URL) (d feed.Discussion) {
	for _, v := range f.all("commentsurl", "commenturl", "discussionurl", "comments", "discussion") {
		if ref := oneLine(v.text); v.kind == scalar && strings.Contains(ref, "/") && d.URL == "" { // comments: true is a switch
			d.URL = f.link(v, ref, base)
		}
	}
	if v, ok := f.get("commentsfeed", "commentfeed", "commentrss"); ok {
		d.FeedURL = f.link(v, oneLine(v.text), base)
	}
	if n, err := strconv.Atoi(f.quietText("commentcount", "commentscount")); err == nil && n >= 0 {
		d.Count, d.Counted = n, true
	}
	if v, ok := f.get("inreplyto", "replyto"); ok {
		m := fields{root: v.node}
		if v.kind == mapping {
			d.InReplyTo, d.ReplyURL = m.harmlessText("id", "ref", "guid"), f.link(v, m.harmlessText("url", "href"), base)
		} else {
			d.InReplyTo = oneLine(v.text)
			d.ReplyURL = f.link(v, d.InReplyTo, base)
		}
		if d.InReplyTo == "" {
			d.InReplyTo = d.ReplyURL
		}
	}
	return d
}

// episode is what an article says as one of a podcast; nil where it says nothing of the kind.
func (r *Reader) episode(f *fields, base *url.URL) *feed.Episode {
	number := func(names ...string) int {
		n, err := strconv.Atoi(f.quietText(names...))
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	e := feed.Episode{
		Title:      f.quietText("itunestitle", "episodetitle"),
		Season:     number("season", "itunesseason", "podcast.season"),
		SeasonName: f.quietText("seasonname"),
		Number:     number("episode", "episodenumber", "itunesepisode", "podcast.episode"),
		Block:      f.isTrue("itunesblock"),
	}
	switch kind := strings.ToLower(f.quietText("episodetype", "itunesepisodetype")); kind {
	case "full", "trailer", "bonus":
		e.Type = kind
	}
	if v, ok := f.get("explicit", "itunesexplicit"); ok && v.kind == scalar {
		explicit := f.isTrue("explicit", "itunesexplicit")
		e.Explicit = &explicit
	}
	for _, v := range f.all("transcript", "transcripts") {
		for _, item := range v.flat() {
			if t := f.transcript(v, item, base); t.URL != "" {
				e.Transcripts = append(e.Transcripts, t)
			}
		}
	}
	if v, ok := f.get("chapters", "chaptersurl"); ok && (v.kind == mapping || v.kind == scalar) {
		t := f.transcript(v, v.node, base)
		if e.Chapters.URL = t.URL; t.URL != "" {
			e.Chapters.Type = "application/json+chapters"
		}
	}
	for _, role := range []struct{ names, role string }{{"hosts", "host"}, {"guests", "guest"}, {"persons", ""}, {"people", ""}} {
		for _, v := range f.all(role.names) {
			e.Persons = append(e.Persons, r.persons(f, v, role.role, base)...)
		}
	}
	if e.IsEmpty() {
		return nil
	}
	return &e
}

func (f *fields) isTrue(names ...string) bool {
	switch strings.ToLower(f.quietText(names...)) {
	case "true", "yes", "on", "1", "explicit":
		return true
	}
	return false
}

// transcript reads a URL, or {url, type, language, captions}.
func (f *fields) transcript(v value, item *node, base *url.URL) feed.Transcript {
	if item.kind != mapping {
		link := f.link(v, oneLine(item.text), base)
		return feed.Transcript{URL: link, Type: transcriptType(link)}
	}
	m := fields{root: item}
	t := feed.Transcript{
		URL: f.link(v, m.harmlessText("url", "src", "file"), base), Type: strings.ToLower(m.harmlessText("type")),
		Language: m.harmlessText("language", "lang"), Captions: m.isTrue("captions") || m.harmlessText("rel") == "captions",
	}
	if !mediaType.MatchString(t.Type) {
		t.Type = transcriptType(t.URL)
	}
	return t
}

func transcriptType(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return "text/plain"
	}
	switch name := strings.ToLower(u.Path); {
	case strings.HasSuffix(name, ".vtt"):
		return "text/vtt"
	case strings.HasSuffix(name, ".srt"):
		return "application/x-subrip"
	case strings.HasSuffix(name, ".json"):
		return "application/json"
	case strings.HasSuffix(name, ".html"), strings.HasSuffix(name, "/"):
		return "text/html"
	}
	return "text/plain"
}

// persons are people of a podcast: names, or {name, role, group, image, url}.
func (r *Reader) persons(f *fields, v value, role string, base *url.URL) (persons []feed.Person) {
	for _, item := range v.flat() {
		p := feed.Person{Name: oneLine(item.text), Role: role}
		if item.kind == mapping {
			m := fields{root: item}
			p = feed.Person{
				Name: m.harmlessText("name"), Role: firstOf(strings.ToLower(m.harmlessText("role")), role), Group: strings.ToLower(m.harmlessText("group")),
				Image: f.link(v, m.harmlessText("image", "img", "avatar"), base), URL: f.link(v, m.harmlessText("url", "href", "link"), base),
			}
		}
		if p.Name != "" {
			persons = append(persons, p)
		}
	}
	return persons
}
