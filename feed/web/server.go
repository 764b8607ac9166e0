package web

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Options say how the published folder is served. The zero value serves it.
type Options struct {
	// MaxAge is how long a reader may keep the document at the path, below the published folder, before it asks
	// again: the time between two runs of its feed's schedule. It is held to 15–60 minutes; nil means 15 minutes.
	MaxAge func(path string) time.Duration

	// Moved gives the feeds that live elsewhere now, by name; each address of theirs answers 301. The new place is
	// the name of another feed of this folder, whose document of the same file name takes over; or an absolute URL:
	// one that ends in a slash is a folder of documents with the same file names, another is the one new address.
	Moved map[string]string

	// Redirects gives the new paths of documents that lay elsewhere below the folder; the old ones answer 301.
	Redirects map[string]string

	// Gone names the feeds that are over: each address of theirs answers 410.
	Gone []string

	// Ready says whether the rest of the process can do its work; /readyz asks it. nil means that it can.
	Ready func(context.Context) error

	// Answered hears how each request for an address of the folder was answered, when the client has most of it or all; nil:
	// nobody does.
	Answered func(*http.Request, Answer)

	Now func() time.Time // the clock: no Last-Modified is later; nil means time.Now
	Log *slog.Logger     // nil: nothing is logged
}

// A Server is the handler of the published folder.
type Server struct {
	dir        string
	hot        *hot
	archive    archive
	settings   atomic.Pointer[settings]
	folder     atomic.Pointer[folder] // nil until there is a list
	refreshing sync.Mutex
}

// New returns a server of the published folder dir, with what its list names loaded. The folder and its list need
// not be there yet: until they are, documents answer 503. What cannot be read is logged, and left to
// [Server.Refresh]: a publisher may be about to mend it.
func New(dir string, o Options) *Server {
	s := &Server{dir: dir, hot: newHot(dir, hotBytes), archive: archive{parts: map[string]*folder{}}}
	s.Configure(o)
	if _, err := s.Refresh(); err != nil {
		s.settings.Load().Log.Warn("published folder not read in full", "error", err)
	}
	return s
}

// settings are Options ready for use.
type settings struct {
	Options
	gone map[string]bool
}

// Configure replaces the options, for the requests that come from now on.
func (s *Server) Configure(o Options) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Moved, o.Redirects = maps.Clone(o.Moved), maps.Clone(o.Redirects)
	set := &settings{Options: o, gone: make(map[string]bool)}
	for _, name := range o.Gone {
		set.gone[name] = true
	}
	s.settings.Store(set)
}

// ServeHTTP answers for the documents of the published folder, for /healthz (the process lives) and for /readyz
// (there is something to serve, and Options.Ready agrees).
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	set := s.settings.Load()
	w.Header()["X-Content-Type-Options"] = noSniffing
	var a Answer
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		a = refuse(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
	case r.URL.Path == "/healthz":
		status(w, http.StatusOK, "ok")
		return
	case r.URL.Path == "/readyz":
		s.serveReady(w, r, set)
		return
	default:
		a = s.servePath(w, r, set)
	}
	if set.Answered != nil {
		set.Answered(r, a)
	}
}

func (s *Server) serveReady(w http.ResponseWriter, r *http.Request, set *settings) {
	if f := s.folder.Load(); f == nil || len(f.documents) == 0 {
		status(w, http.StatusServiceUnavailable, "nothing is published yet")
		return
	}
	if set.Ready != nil {
		if err := set.Ready(r.Context()); err != nil {
			status(w, http.StatusServiceUnavailable, err.Error())
			return
		}
	}
	status(w, http.StatusOK, "ok")
}

// unavailable says that there is nothing to answer with for so long.
func unavailable(w http.ResponseWriter, text string, wait time.Duration) Answer {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
	return refuse(w, text, http.StatusServiceUnavailable)
}

// status writes a line about the process, which no cache may keep.
func status(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	io.WriteString(w, text+"\n")
}
