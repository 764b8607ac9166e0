package ingest

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/clean"
	"feedpub/feed/internal/pattern"
)

// image is the picture that the article names for itself. One that is not on the web is left out.
func (f *fields) image(base *url.URL) feed.Image {
	credit := f.harmlessText("imagecredit", "photocredit", "imagecopyright")
	alt := f.harmlessText("imagealt", "coveralt", "heroimagealt", "featureimagealt")
	for _, v := range f.all("image", "images", "cover", "heroimage", "featuredimage", "featureimage", "coverimage", "ogimage", "params.image", "extra.image") {
		for _, item := range v.flat() {
			ref, itemAlt, itemCredit := item.text, alt, credit
			if item.kind == mapping {
				m := fields{root: item}
				ref = m.harmlessText("src", "url", "image", "path", "relative")
				if own := m.harmlessText("alt", "caption"); own != "" {
					itemAlt = own
				}
				itemCredit = firstOf(m.harmlessText("credit", "copyright", "photographer"), credit)
			}
			ref = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(ref), "[["), "]]")
			if ref == "" {
				continue
			}
			link, err := clean.URL(ref, base)
			if err != nil {
				f.warn(v, err.Error()+"; left out")
				continue
			}
			return feed.Image{URL: link, Alt: itemAlt, Credit: itemCredit}
		}
	}
	return feed.Image{}
}

// flat is a value's items, or itself where it is no list.
func (v value) flat() []*node {
	if v.kind == list {
		return v.items
	}
	return []*node{v.node}
}

// enclosures are the files that the article carries: a URL or {url, type, length, duration}, or a list of them. at is the
// article's file, empty where it has none of its own.
func (f *fields) enclosures(base *url.URL, at string) []feed.Enclosure {
	var found []feed.Enclosure
	for _, v := range f.all("enclosure", "enclosures") {
		for _, item := range v.flat() {
			e, err := enclosure(item, base, at)
			if err != nil {
				f.warn(v, err.Error()+"; left out")
				continue
			}
			found = append(found, e)
		}
	}
	for _, v := range f.all("audio", "audiofile", "audiourl", "video", "videofile", "videourl", "podcast") {
		for _, item := range v.flat() {
			// These names are given to switches and other things as well.
			if e, err := enclosure(item, base, at); err == nil && isMedia(e.Type) {
				found = append(found, e)
			}
		}
	}
	if len(found) > 0 && found[0].Duration == 0 {
		found[0].Duration = duration(f.quietText("duration", "itunesduration"))
	}
	return found
}

// fileBeside is where below the source's folder a file lies that an article names by a path: beside the article, or from
// the folder's top. It is empty for what is no path.
func fileBeside(at, ref string) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || at == "" || u.Scheme != "" || u.Host != "" || u.Path == "" {
		return ""
	}
	file := path.Join(path.Dir(at), u.Path)
	if strings.HasPrefix(u.Path, "/") {
		file = strings.TrimPrefix(path.Clean(u.Path), "/")
	}
	if !fs.ValidPath(file) || file == "." {
		return ""
	}
	return file
}

func isMedia(mediaType string) bool {
	return strings.HasPrefix(mediaType, "audio/") || strings.HasPrefix(mediaType, "video/")
}

// quietText is the scalar with one of the names that may mean something else: what is no text is no fault.
func (f *fields) quietText(names ...string) string {
	for _, v := range f.all(names...) {
		if text := oneLine(v.text); v.kind == scalar && text != "" {
			return text
		}
	}
	return ""
}

func enclosure(item *node, base *url.URL, at string) (feed.Enclosure, error) {
	ref := item.text
	m := fields{root: item}
	if item.kind == mapping {
		ref = m.harmlessText("url", "src", "href", "file", "path")
	}
	if ref == "" {
		return feed.Enclosure{}, fmt.Errorf("want a URL, got %s", item.kind)
	}
	link, err := clean.URL(ref, base)
	if err != nil {
		return feed.Enclosure{}, err
	}
	e := feed.Enclosure{URL: link, File: fileBeside(at, ref), Type: strings.ToLower(m.harmlessText("type", "mimetype"))}
	if !mediaType.MatchString(e.Type) {
		e.Type = typeOf(link)
	}
	if n, err := strconv.ParseInt(m.harmlessText("length", "size", "sizeinbytes", "bytes"), 10, 64); err == nil && n > 0 {
		e.Length = n
	}
	e.Duration = duration(m.harmlessText("duration", "durationinseconds"))
	e.Title, e.Description = m.harmlessText("title", "name"), m.harmlessText("description", "caption")
	e.Credit = m.harmlessText("credit", "copyright")
	if thumbnail := m.harmlessText("thumbnail", "poster", "image"); thumbnail != "" {
		e.Thumbnail, _ = clean.URL(thumbnail, base) // empty where it is no address
	}
	return e, nil
}

var mediaType = pattern.New(`^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$`)

// typeOf is the media type that a file's name tells. The system's table is not asked: it differs from one
// machine to the next, and the documents would too.
func typeOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return feed.UnknownType
	}
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".mp3":
		return "audio/mpeg"
	case ".m4a":
		return "audio/mp4"
	case ".ogg", ".oga", ".opus":
		return "audio/ogg"
	case ".wav":
		return "audio/wav"
	case ".flac":
		return "audio/flac"
	case ".mp4", ".m4v":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".svg":
		return "image/svg+xml"
	case ".pdf":
		return "application/pdf"
	case ".epub":
		return "application/epub+zip"
	case ".zip":
		return "application/zip"
	}
	return feed.UnknownType
}

// duration reads seconds, MM:SS or HH:MM:SS; 0 where it is none of them.
func duration(s string) time.Duration {
	total := 0
	for part := range strings.SplitSeq(s, ":") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > 1_000_000 || total > 1_000_000 {
			return 0
		}
		total = total*60 + n
	}
	return time.Duration(total) * time.Second
}
