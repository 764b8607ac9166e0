package web

import (
	"net/http"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
)

// An Answer is how a request was answered.
type Answer struct {
	Feed   string // that the address is one of, archives and pages too; a published or configured one, else empty
	Format string // of the document: rss, atom, json, page or other; empty where there was none
	Code   int    // of HTTP
	Sent   int64  // bytes of the body
	Saved  int64  // bytes that were not sent: because of a coding, or because the client had them
}

// of is the answer for the document at a path of the published folder.
func (a Answer) of(path string) Answer {
	if of, _, archived := manifest.Part(path); archived {
		return a.ofFeed(of)
	}
	return a.ofFeed(folderOf(path))
}

func (a Answer) ofFeed(name string) Answer {
	a.Feed = name
	return a
}

// folderOf is the path's folder, empty for the published folder itself.
func folderOf(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[:i]
		}
	}
	return ""
}

func format(mediaType string) string {
	if f, ok := feed.FormatOf(mediaType); ok {
		return string(f)
	}
	if mediaType == "text/html" {
		return "page"
	}
	return "other"
}

// refuse answers with an error in a line.
func refuse(w http.ResponseWriter, text string, code int) Answer {
	http.Error(w, text, code)
	return Answer{Code: code}
}

func notFound(w http.ResponseWriter) Answer {
	return refuse(w, "404 page not found", http.StatusNotFound)
}
