package web

import (
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// index is the document that answers for its folder.
const index = "index.html"

// servePath answers for an address that may be a document's. What is served is looked up among the documents that
// lists name, so no spelling of a path leads anywhere else.
func (s *Server) servePath(w http.ResponseWriter, r *http.Request, set *settings) Answer {
	w.Header()["Access-Control-Allow-Origin"] = anyOrigin // feed readers that run in a browser
	name, ok := strings.CutPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += index
	}
	if !ok || !fs.ValidPath(name) {
		return notFound(w)
	}
	served := s.folder.Load()
	feed, moved := set.retired(name)
	switch {
	case set.Redirects[name] != "":
		return redirect(w, strings.Repeat("../", strings.Count(name, "/"))+escape(set.Redirects[name])).of(set.Redirects[name])
	case moved != "":
		return redirect(w, movedTo(moved, r.URL.Path, feed)).ofFeed(feed)
	case feed != "":
		return refuse(w, "this feed is over", http.StatusGone).ofFeed(feed)
	case served == nil:
		return unavailable(w, "nothing is published yet", time.Minute)
	}
	if d := s.find(r.Context(), set, served, name); d != nil {
		return s.serveDocument(w, r, set, name, d).of(name)
	}
	if s.find(r.Context(), set, served, name+"/"+index) != nil {
		return redirect(w, escape(path.Base(name))+"/").ofFeed(name)
	}
	return notFound(w)
}

// retired gives the moved or gone feed that the address is one of, and where it moved to. Only addresses right
// below a feed are its own: tag may be gone while tag/go lives.
func (set *settings) retired(name string) (feed, moved string) {
	for _, feed := range []string{name, path.Dir(name)} {
		if to := set.Moved[feed]; to != "" {
			return feed, to
		}
		if set.gone[feed] {
			return feed, ""
		}
	}
	return "", ""
}

// movedTo gives the new place of an address of the moved feed. It is relative where it can be, because a proxy in
// front may serve the folder below a path that is unknown here.
func movedTo(to, address, feed string) string {
	file := ""
	if address != "/"+feed {
		_, file = path.Split(address)
	}
	switch {
	case !strings.Contains(to, "://"):
		return strings.Repeat("../", strings.Count(address, "/")-1) + to + "/" + escape(file)
	case strings.HasSuffix(to, "/"):
		return to + escape(file)
	}
	return to
}

func escape(file string) string { return (&url.URL{Path: file}).EscapedPath() }

// redirect says that an address has changed for good. The answer may be kept for an hour only: without a limit
// caches keep it for ever, a mistake of configuration too.
func redirect(w http.ResponseWriter, to string) Answer {
	w.Header().Set("Location", to)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.WriteHeader(http.StatusMovedPermanently)
	return Answer{Code: http.StatusMovedPermanently}
}
