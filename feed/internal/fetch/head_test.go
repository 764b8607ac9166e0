package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestHead(t *testing.T) {
	file := strings.Repeat("x", 4321)
	for _, test := range []struct {
		name    string
		answer  http.HandlerFunc
		want    Head
		failure int
	}{
		{"a file", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "audio/mpeg")
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(file))
		}, Head{4321, "audio/mpeg"}, 0},
		{"no HEAD", func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
				return
			}
			w.Header().Set("Content-Type", "audio/mpeg")
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(file))
		}, Head{4321, "audio/mpeg"}, 0},
		{"neither HEAD nor ranges", func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			w.Header().Set("Content-Type", "audio/mpeg")
			w.Header().Set("Content-Length", "4321")
			_, _ = w.Write([]byte(file))
		}, Head{4321, "audio/mpeg"}, 0},
		{"a length that nobody tells", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "audio/mpeg")
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
		}, Head{-1, "audio/mpeg"}, 0},
		{"an encoded answer", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", "17")
		}, Head{-1, ""}, 0},
		{"no file", http.NotFound, Head{}, http.StatusNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.answer)
			defer server.Close()
			client := New(Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
			head, err := client.Head(t.Context(), server.URL+"/a.mp3")
			if status, ok := errors.AsType[*StatusError](err); test.failure != 0 {
				if !ok || status.Code != test.failure {
					t.Errorf("got %v, want status %d", err, test.failure)
				}
				return
			}
			if err != nil || *head != test.want {
				t.Errorf("got %v, %v, want %v", head, err, test.want)
			}
		})
	}
}

func TestHeadGoesNowhereElse(t *testing.T) {
	if _, err := New(Options{}).Head(t.Context(), "http://127.0.0.1:1/a.mp3"); !errors.Is(err, ErrRefusedAddress) {
		t.Errorf("got %v, want ErrRefusedAddress", err)
	}
}
