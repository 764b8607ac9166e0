package web

import (
	"net/http"
	"time"
)

// A loggingWriter remembers what was answered.
type loggingWriter struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (w *loggingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *loggingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

func (w *loggingWriter) log(set *settings, r *http.Request, took time.Duration) {
	set.Log.InfoContext(r.Context(), "request",
		"method", r.Method, "uri", r.RequestURI, "status", w.status, "bytes", w.bytes, "took", took,
		"remote", r.RemoteAddr, "agent", r.UserAgent())
}
