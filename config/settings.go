package config

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"feedpub/feed"
)

// A Setting is one value of the effective configuration.
type Setting struct {
	Key   string `json:"key"` // such as feeds[1].limit
	Value string `json:"value"`
	// Origin is where the value came from: "feedpub.yaml:3", "environment FEEDPUB_STORE", "flag --listen", "default".
	Origin string `json:"origin"`
}

// Settings are all values of the configuration in the order of the file. Passwords are hidden.
func (c *Config) Settings() []Setting {
	l := listing{origins: c.origins}
	l.site(&c.Site)
	l.add("store", hidePassword(c.Store))
	l.add("public", c.Public)
	l.add("schedule", c.Schedule.String())
	l.add("redirects", c.Redirects)
	l.add("precompress", strings.Join(c.Precompress, ", "))
	l.add("on_failure", c.OnFailure)
	l.add("adopt", strings.Join(c.Adopt, ", "))
	allowed := make([]string, len(c.Network.Allow))
	for i, network := range c.Network.Allow {
		allowed[i] = network.String()
	}
	l.add("network.allow", strings.Join(allowed, ", "))
	l.add("network.probe", fmt.Sprint(c.Network.Probe))
	for i := range c.Sources {
		l.source(fmt.Sprintf("sources[%d].", i), &c.Sources[i])
	}
	for i := range c.Feeds {
		l.feed(fmt.Sprintf("feeds[%d].", i), &c.Feeds[i])
	}
	l.add("serve.listen", c.Serve.Listen)
	l.add("serve.status", c.Serve.Status)
	l.add("serve.token", map[bool]string{true: "xxxxx"}[c.Serve.Token != ""])
	l.add("serve.watch", fmt.Sprint(c.Serve.Watch))
	l.add("log.format", c.Log.Format)
	l.add("log.requests", fmt.Sprint(c.Log.Requests))
	return l.settings
}

type listing struct {
	origins  map[string]string
	settings []Setting
}

func (l *listing) add(key, value string) {
	origin, ok := l.origins[key]
	if !ok {
		origin = "default"
	}
	l.settings = append(l.settings, Setting{key, value, origin})
}

func (l *listing) site(s *Site) {
	l.add("site.title", s.Title)
	l.add("site.url", s.URL.String())
	l.add("site.feeds_url", s.FeedsURL.String())
	l.add("site.permalink", s.Permalink)
	l.add("site.description", s.Description)
	l.add("site.language", s.Language)
	l.add("site.timezone", s.Timezone.String())
	l.add("site.id_authority", s.IDAuthority)
	l.add("site.rights", s.Rights)
	l.add("site.image", s.Image)
	l.add("site.icon", s.Icon)
	l.add("site.stylesheet", s.Stylesheet)
	l.add("site.theme", s.Theme)
	for i, a := range s.Authors {
		key := fmt.Sprintf("site.authors[%d].", i)
		l.add(key+"name", a.Name)
		l.add(key+"email", a.Email)
		l.add(key+"url", a.URL)
	}
}

func (l *listing) source(key string, s *Source) {
	l.add(key+"name", s.Name)
	if s.Feed != "" {
		l.add(key+"feed", s.Feed)
		return
	}
	l.add(key+"folder", s.Folder)
	l.add(key+"exclude", strings.Join(s.Exclude, ", "))
	l.add(key+"missing", s.Missing)
}

func (l *listing) feed(key string, f *Feed) {
	if f.Each != "" {
		l.add(key+"each", string(f.Each))
	}
	l.add(key+"name", f.Name)
	l.add(key+"title", f.Title)
	l.add(key+"description", f.Description)
	l.selection(key, f.Select)
	l.add(key+"limit", strconv.Itoa(f.Limit))
	l.add(key+"content", f.Content)
	l.add(key+"read_on", f.ReadOn)
	formats := make([]string, len(f.Formats))
	for i, format := range f.Formats {
		formats[i] = string(format)
	}
	l.add(key+"formats", strings.Join(formats, ", "))
	for _, format := range feed.Formats {
		if name, ok := f.Paths[format]; ok {
			l.add(key+"paths."+string(format), name)
		}
	}
	l.add(key+"schedule", f.Schedule.String())
	l.add(key+"archives", strconv.FormatBool(f.Archives))
	l.add(key+"tombstones", strconv.FormatBool(f.Tombstones))
	l.add(key+"withdrawn_for", f.WithdrawnFor.String())
	l.add(key+"gone", strconv.FormatBool(f.Gone))
	l.add(key+"moved_to", f.MovedTo)
	l.add(key+"moved_from", strings.Join(f.MovedFrom, ", "))
	l.add(key+"rights", f.Rights)
	l.add(key+"image", f.Image)
	l.add(key+"icon", f.Icon)
	l.add(key+"kind", map[bool]string{true: podcastKind}[f.Podcast != nil])
	if f.Podcast != nil {
		data, _ := json.Marshal(f.Podcast) // strings and booleans
		l.add(key+"podcast", string(data))
	}
}

func (l *listing) selection(key string, s feed.Selection) {
	list := func(name string, values []string) {
		if values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" }); len(values) > 0 {
			l.add(key+name, strings.Join(values, ", "))
		}
	}
	list("tags", s.Tags)
	list("authors", s.Authors)
	list("language", s.Languages)
	list("source", s.Sources)
	list("search", s.Search)
	if !s.Since.IsZero() {
		l.add(key+"since", s.Since.Format(time.RFC3339))
	}
	inner := func(name string, selections []feed.Selection) {
		for i := range selections {
			l.selection(fmt.Sprintf("%s%s[%d].", key, name, i), selections[i])
		}
	}
	inner("all", s.All)
	inner("any", s.Any)
	inner("none", s.None)
}

// hidePassword shows a store's URL without its password, which PostgreSQL takes in two places.
func hidePassword(store string) string {
	if !isPostgres(store) {
		return store
	}
	u, err := url.Parse(store)
	if err != nil {
		return "postgres://…"
	}
	query := u.Query()
	for _, secret := range []string{"password", "sslpassword"} {
		if query.Has(secret) {
			query.Set(secret, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}
