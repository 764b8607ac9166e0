package web

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// Each is measured beside a bare handler that writes the same bytes, so that what is ours shows.

func BenchmarkServe200Gzip(b *testing.B) {
	s := newServer(b, newSite(b).dir, Options{})
	r := httptest.NewRequest("GET", "/news/rss.xml", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	body := bytesIn(b, s.folder.Load().documents["news/rss.xml"], gzipped)
	b.Run("server", func(b *testing.B) { bench(b, s, r) })
	b.Run("bare", func(b *testing.B) {
		bench(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.Write(body)
		}), r)
	})
}

func BenchmarkServe304(b *testing.B) {
	s := newServer(b, newSite(b).dir, Options{})
	r := httptest.NewRequest("GET", "/news/rss.xml", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("If-None-Match", ask(s, "GET", "/news/rss.xml", "Accept-Encoding", "gzip").Header().Get("Etag"))
	b.Run("server", func(b *testing.B) { bench(b, s, r) })
	b.Run("bare", func(b *testing.B) {
		bench(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }), r)
	})
}

func bench(b *testing.B, h http.Handler, r *http.Request) {
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
