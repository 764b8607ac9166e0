package status

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// A Handler answers /status, /status.json and /metrics, to those who may know.
type Handler struct {
	// Look says how the site is.
	Look func(context.Context) (Site, error)
	// Metrics answers /metrics.
	Metrics http.Handler
	// Token is asked for, unless it is empty.
	Token string
}

// IsFor says whether the handler has an answer at the path, other than that there is none.
func IsFor(path string) bool {
	return path == "/status" || path == "/status.json" || path == "/metrics"
}

// ServeHTTP answers.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", "frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
	case h.Token != "" && !h.isAllowed(r):
		header.Set("WWW-Authenticate", `Basic realm="feedpub status", charset="UTF-8"`)
		http.Error(w, "the token of serve.token is needed, as the password with any user name, or as a bearer token", http.StatusUnauthorized)
	case h.Token == "" && isRebound(r):
		http.Error(w, "without serve.token this is answered at the machine's own name and address only", http.StatusForbidden)
	case r.URL.Path == "/":
		http.Redirect(w, r, "/status", http.StatusFound)
	case r.URL.Path == "/status":
		h.servePage(w, r)
	case r.URL.Path == "/status.json":
		h.serveJSON(w, r)
	case r.URL.Path == "/metrics":
		h.Metrics.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// isAllowed says that the request has the token. How long that takes does not tell how much of it was right.
func (h *Handler) isAllowed(r *http.Request) bool {
	given, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if _, password, ok := r.BasicAuth(); ok {
		given, found = password, true
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(h.Token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && found
}

// isRebound says that a page from elsewhere asks, which has this machine's address under a name of its own (DNS rebinding): a
// browser would show it the answer.
func isRebound(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	at, err := netip.ParseAddrPort(local.String())
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	_, err = netip.ParseAddr(host)
	return err != nil && host != "localhost" && !strings.HasSuffix(host, ".localhost") && host != ""
}

func (h *Handler) servePage(w http.ResponseWriter, r *http.Request) {
	site, err := h.Look(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	days, _ := strconv.Atoi(r.URL.Query().Get("days"))
	page, err := site.Page(days)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", Policy)
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.Write(page) // whoever went away needs no answer
}

func (h *Handler) serveJSON(w http.ResponseWriter, r *http.Request) {
	site, err := h.Look(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	data, err := json.Marshal(site)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(data, '\n'))
}

// fail tells why there is no answer, which is for those who run the site.
func fail(w http.ResponseWriter, err error) {
	http.Error(w, "how the site is cannot be told: "+err.Error(), http.StatusInternalServerError)
}
