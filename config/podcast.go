package config

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/google/uuid"

	"feedpub/feed"
)

// podcastKind is the one value of a feed's key kind.
const podcastKind = "podcast"

var podcastKeys = []string{"author", "owner", "categories", "explicit", "type", "block", "ended", "new_feed_url", "guid", "locked",
	"funding", "persons", "medium", "podroll"}

// podcast decodes what makes a feed a podcast, and finds what Apple will not do without. A feed that is none gives nil.
func (f *decodedFeed) podcast(c *Config) *feed.Podcast {
	kind := get(f.object, "kind", "", text(oneOf(podcastKind)))
	it, given := f.object["podcast"]
	if kind == "" {
		if given {
			it.fail("only a feed of kind: podcast has it")
		}
		return nil
	}
	p := &feed.Podcast{}
	if given {
		if o, ok := it.object(podcastKeys...); ok {
			p = decodePodcast(o)
		}
	}
	if p.Author == "" && len(c.Site.Authors) > 0 {
		p.Author = c.Site.Authors[0].Name
	}
	if p.Owner.Email == "" && len(c.Site.Authors) > 0 {
		p.Owner = feed.Author{Name: c.Site.Authors[0].Name, Email: c.Site.Authors[0].Email}
	}
	switch ext := strings.ToLower(path.Ext(f.Image)); {
	case !slices.Contains(f.Formats, feed.RSS):
		f.fail("formats", "a podcast is RSS; list rss, or leave the key out")
	case f.Image == "":
		f.fail("kind", "a podcast needs an image: the URL of a square JPEG or PNG of 1400 to 3000 pixels, here or as site.image")
	case ext != ".jpg" && ext != ".jpeg" && ext != ".png":
		f.fail("image", "%s is neither .jpg nor .png, which Apple wants of a podcast's image", quote(f.Image))
	case len(p.Categories) == 0:
		f.fail("podcast", "a podcast needs categories, such as [Technology, \"News: Tech News\"]")
	case p.Author == "":
		f.fail("podcast", "a podcast needs an author, here or as site.authors")
	}
	return p
}

func decodePodcast(o map[string]item) *feed.Podcast {
	p := &feed.Podcast{
		Author:     get(o, "author", "", text(parseLine)),
		Owner:      get(o, "owner", feed.Author{}, decodeOwner),
		Categories: get(o, "categories", nil, notEmpty(oneOrMore(text(parsePodcastCategory)), "an empty list")),
		Explicit:   get(o, "explicit", false, item.boolean),
		Type:       get(o, "type", "", text(oneOf("episodic", "serial"))),
		Block:      get(o, "block", false, item.boolean),
		Ended:      get(o, "ended", false, item.boolean),
		NewFeedURL: get(o, "new_feed_url", "", text(parseAddress)),
		GUID:       get(o, "guid", "", text(parseUUID)),
		Locked:     get(o, "locked", false, item.boolean),
		Medium:     get(o, "medium", "", text(oneOf("podcast", "music", "video", "film", "audiobook", "newsletter", "blog"))),
		Funding:    get(o, "funding", nil, each(decodeLink)),
		Persons:    get(o, "persons", nil, each(decodePerson)),
		Podroll:    get(o, "podroll", nil, each(decodeRemote)),
	}
	if it, ok := o["locked"]; ok && p.Locked && p.Owner.Email == "" {
		it.fail("needs an owner with an e-mail address, whom other platforms may ask")
	}
	return p
}

func decodeOwner(it item) (feed.Author, bool) {
	o, ok := it.object("name", "email")
	if _, has := o["email"]; ok && !has {
		it.fail("an owner needs an email, to which directories write")
	}
	return feed.Author{Name: get(o, "name", "", text(parseLine)), Email: get(o, "email", "", text(parseEmail))}, ok
}

// parsePodcastCategory reads "News" or "News: Daily News".
func parsePodcastCategory(s string) (feed.PodcastCategory, error) {
	name, sub, _ := strings.Cut(s, ":")
	c := feed.PodcastCategory{Name: strings.TrimSpace(name), Sub: strings.TrimSpace(sub)}
	if !slices.Contains(feed.AppleCategories(), c.Name) {
		return c, errors.New(unknown("category of Apple Podcasts "+quote(c.Name), feed.AppleCategories(), c.Name))
	}
	if subs := feed.AppleSubcategories(c.Name); c.Sub != "" && !slices.Contains(subs, c.Sub) {
		return c, fmt.Errorf("%s has no subcategory %s; it has: %s", c.Name, quote(c.Sub), strings.Join(subs, ", "))
	}
	return c, nil
}

func decodeLink(it item) (feed.Link, bool) {
	o, ok := it.object("url", "text")
	if _, has := o["url"]; ok && !has {
		it.fail("needs a url")
	}
	return feed.Link{URL: get(o, "url", "", text(parseAddress)), Text: get(o, "text", "", text(parseLine))}, ok
}

func decodePerson(it item) (feed.Person, bool) {
	o, ok := it.object("name", "role", "group", "image", "url")
	if _, has := o["name"]; ok && !has {
		it.fail("a person needs a name")
	}
	return feed.Person{
		Name: get(o, "name", "", text(parseLine)), Role: get(o, "role", "", text(parseLine)), Group: get(o, "group", "", text(parseLine)),
		Image: get(o, "image", "", text(parseAddress)), URL: get(o, "url", "", text(parseAddress)),
	}, ok
}

func decodeRemote(it item) (feed.RemoteFeed, bool) {
	o, ok := it.object("guid", "url")
	if _, has := o["guid"]; ok && !has {
		it.fail("needs the guid of the podcast")
	}
	return feed.RemoteFeed{GUID: get(o, "guid", "", text(parseUUID)), URL: get(o, "url", "", text(parseAddress))}, ok
}

func parseUUID(s string) (string, error) {
	id, err := uuid.Parse(s)
	if err != nil {
		return "", fmt.Errorf("%s is no UUID, such as 917393e3-1b1e-5cef-ace4-edaa54e1f810", quote(s))
	}
	return id.String(), nil
}

// parseAddress reads an absolute URL as text.
func parseAddress(s string) (string, error) {
	u, err := parseURL(s)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}
