package config

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"feedpub/feed"
)

// settings are the keys of one value, which flags and the environment can give too.
var settings = []string{
	"site.title", "site.url", "site.feeds_url", "site.permalink", "site.description", "site.language", "site.timezone",
	"site.id_authority", "site.rights", "site.image", "site.icon", "site.stylesheet", "site.theme", "redirects", "store", "public", "schedule",
	"on_failure", "serve.listen", "serve.status", "serve.token", "serve.watch",
	"log.format", "log.requests",
}

// top takes the file's settings and returns its root.
func (r *reading) top(root *yaml.Node) map[string]item {
	if root == nil || (item{r, root, ""}).isNull() { // nothing, or everything is commented out
		return nil
	}
	top, _ := item{r, root, ""}.object("site", "store", "public", "schedule", "sources", "adopt", "network",
		"redirects", "precompress", "on_failure", "feeds", "serve", "log")
	r.take(top, "")
	for _, section := range []struct {
		name string
		keys []string
	}{
		{"site", siteKeys},
		{"serve", []string{"listen", "status", "token", "watch"}},
		{"log", []string{"format", "requests"}},
	} {
		it, ok := top[section.name]
		if !ok || it.isNull() { // everything in it is commented out
			continue
		}
		fields, _ := it.object(section.keys...)
		r.take(fields, section.name)
		if authors, ok := fields["authors"]; ok {
			top["site.authors"] = authors
		}
	}
	return top
}

var siteKeys = []string{"title", "url", "feeds_url", "permalink", "description", "language", "timezone", "id_authority", "rights", "image",
	"icon", "stylesheet", "theme", "authors"}

// take notes the settings among the fields of the mapping at path.
func (r *reading) take(fields map[string]item, path string) {
	for name, it := range fields {
		if key := join(path, name); slices.Contains(settings, key) {
			if s, ok := it.text(); ok {
				r.given[key] = given{s, it.place()}
			}
		}
	}
}

// setting is the value of a key: the given one or, where there is none or it is wrong, which is reported, def.
func setting[T any](r *reading, key string, def T, parse func(string) (T, error)) T {
	g, ok := r.given[key]
	if !ok {
		return def
	}
	v, err := parse(g.text)
	if err != nil {
		r.fail(g.at, key, "%v", err)
		return def
	}
	return v
}

// config makes the configuration of the file and of what overrides it. It is of use only when r.errs is empty.
func (r *reading) config(root *yaml.Node, o Options) *Config {
	top := r.top(root)
	r.environment(o.Environ)
	r.flags(o.Flags)

	c := &Config{Folder: r.folder, origins: r.origins}
	every5, _ := ParseSchedule("*/5 * * * *")
	c.Serve.Listen = setting(r, "serve.listen", "127.0.0.1:8080", parseListen)
	c.Serve.Status = setting(r, "serve.status", "127.0.0.1:8081", parseStatus)
	_, c.Serve.StatusGiven = r.given["serve.status"]
	c.Serve.Token = setting(r, "serve.token", "", parseToken)
	c.Serve.Watch = setting(r, "serve.watch", true, parseSwitch)
	c.Log.Format = setting(r, "log.format", AutoLog, oneOf(AutoLog, TextLog, JSONLog))
	c.Log.Requests = setting(r, "log.requests", false, parseSwitch)
	c.Site = r.site(top["site.authors"], c.Serve.Listen)
	c.Store = setting(r, "store", ".feedpub/store.db", parseStore)
	if !isPostgres(c.Store) {
		c.Store = resolve(r.folder, c.Store)
	}
	c.Public = resolve(r.folder, setting(r, "public", "feeds", parsePath))
	c.Schedule = setting(r, "schedule", every5, ParseSchedule)
	_, c.scheduled = r.given["schedule"]
	c.Redirects = setting(r, "redirects", FileRedirects, oneOf(FileRedirects, CopyRedirects, NoRedirects))
	sources, found := top["sources"]
	c.Sources = r.sources(sources, found)
	c.Adopt = get(top, "adopt", nil, listOf(text(r.parseAdopt)))
	c.Precompress = get(top, "precompress", nil, listOf(text(oneOf("gzip", "br", "zstd"))))
	c.Network = r.network(top)
	c.OnFailure = setting(r, "on_failure", "", parseLine)
	feeds, found := top["feeds"]
	c.Feeds = r.feeds(feeds, found, c)
	r.places(c)
	return c
}

func (r *reading) site(authors item, listen string) Site {
	local, _ := parseBase(LocalURL(listen))
	s := Site{URL: setting(r, "site.url", local, parseBase)}
	feeds := s.URL
	if _, given := r.given["site.url"]; given {
		feeds = s.URL.JoinPath("feeds/")
	}
	s.FeedsURL = setting(r, "site.feeds_url", feeds, parseBase)
	title := filepath.Base(r.folder)
	if !filepath.IsLocal(title) || title == "." { // the root of a file system has no name
		title = s.URL.Hostname()
	}
	s.Title = setting(r, "site.title", title, parseLine)
	s.Permalink = setting(r, "site.permalink", "/:path/", parsePermalink)
	s.Description = setting(r, "site.description", "", parseLine)
	s.Language = setting(r, "site.language", "en", parseLanguage)
	s.Timezone = setting(r, "site.timezone", time.UTC, parseTimezone)
	s.IDAuthority = setting(r, "site.id_authority", defaultAuthority(s.URL), parseAuthority)
	s.Rights = setting(r, "site.rights", "", parseLine)
	s.Image = setting(r, "site.image", "", parseAddress)
	s.Icon = setting(r, "site.icon", "", parseAddress)
	s.Stylesheet = setting(r, "site.stylesheet", "", parseStylesheet)
	if theme := setting(r, "site.theme", "", parsePath); theme != "" {
		s.Theme = resolve(r.folder, theme)
	}
	if authors.node != nil {
		s.Authors, _ = listOf(decodeAuthor)(authors)
	}
	return s
}

func decodeAuthor(it item) (feed.Author, bool) {
	o, ok := it.object("name", "email", "url")
	if !ok {
		return feed.Author{}, false
	}
	if _, named := o["name"]; !named {
		it.fail("an author needs a name")
	}
	a := feed.Author{Name: get(o, "name", "", text(parseLine)), Email: get(o, "email", "", text(parseEmail))}
	if u := get(o, "url", nil, text(parseURL)); u != nil {
		a.URL = u.String()
	}
	return a, a.Name != ""
}

// NoStylesheet is the value of Site.Stylesheet for documents that name none.
const NoStylesheet = "none"

func parseStylesheet(s string) (string, error) {
	if s == NoStylesheet {
		return s, nil
	}
	return parseAddress(s)
}

// parseAdopt reads the URL or the path of a feed.
func (r *reading) parseAdopt(s string) (string, error) {
	if strings.Contains(s, "://") {
		return parseFeedURL(s)
	}
	path, err := parsePath(s)
	return resolve(r.folder, path), err
}

func (r *reading) network(top map[string]item) Network {
	it, ok := top["network"]
	if !ok || it.isNull() {
		return Network{Probe: true}
	}
	o, _ := it.object("allow", "probe")
	return Network{
		Allow: get(o, "allow", nil, listOf(text(parseNetwork))),
		Probe: get(o, "probe", true, item.boolean),
	}
}

// parseNetwork reads a network, or one address.
func parseNetwork(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
		return addr.Prefix(addr.BitLen())
	}
	network, err := netip.ParsePrefix(s)
	if err != nil || network != network.Masked() {
		return netip.Prefix{}, fmt.Errorf("%s is no network, such as 10.1.0.0/16 or 192.168.1.7", quote(s))
	}
	return network, nil
}

// places checks how the folders lie to one another, and keeps the sources from reading what is ours.
func (r *reading) places(c *Config) {
	if !isPostgres(c.Store) {
		if _, ok := below(c.Public, c.Store); ok {
			r.fail(r.where("store", "public"), "store", "it lies in the published folder, which strangers can read")
		}
	}
	for i := range c.Sources {
		s := &c.Sources[i]
		if s.Folder == "" {
			continue
		}
		if s.Folder == c.Public {
			r.fail(r.where("public"), "public", "it is the folder of the source %s; publish to another", s.Name)
		}
		s.excludeOwn(c.Store, c.Public, c.Site.Theme)
	}
}

// where is the place of the first of the settings that is given, else the file's beginning.
func (r *reading) where(keys ...string) Error {
	for _, key := range keys {
		if g, ok := r.given[key]; ok {
			return g.at
		}
	}
	return Error{File: r.file, Line: 1, Column: 1}
}
