package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A reply is the http.ResponseWriter of plain requests. What it writes is what net/http would, but in one piece, and whole: where
// the handler does not tell the length, it is kept until the handler is done. It knows no answers in steps (1xx), and no trailers.
type reply struct {
	conn   *conn
	method string
	header http.Header
	code   int
	body   []byte
	done   bool // written
	head   bytes.Buffer
}

// begin makes it ready for the answer to a request.
func (r *reply) begin(request *http.Request) {
	clear(r.header)
	r.method, r.code, r.done = request.Method, 0, false
}

func (r *reply) Header() http.Header { return r.header }

func (r *reply) WriteHeader(code int) {
	if r.code == 0 {
		r.code = code
	}
}

func (r *reply) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	switch {
	case !hasBody(r.code):
		return 0, http.ErrBodyNotAllowed
	case r.done:
		return 0, http.ErrContentLength
	}
	if length := r.header["Content-Length"]; len(length) == 1 && len(r.body) == 0 && length[0] == strconv.Itoa(len(b)) {
		return r.write(b)
	}
	r.body = append(r.body, b...)
	return len(b), nil
}

// end writes what was kept.
func (r *reply) end() {
	if !r.done {
		r.WriteHeader(http.StatusOK)
		_, _ = r.write(r.body) // the connection knows that it is broken
	}
	r.body = nil
}

// write writes the answer, and tells how much of the body. The head is in the order in which net/http writes it.
func (r *reply) write(body []byte) (int, error) {
	told, isTold := r.header["Content-Length"]
	hasLength := hasBody(r.code) && (r.method != http.MethodHead || len(body) > 0)
	if isTold && hasLength && !slices.Equal(told, []string{strconv.Itoa(len(body))}) {
		panic(fmt.Sprintf("a handler tells of %s bytes and writes %d", told, len(body))) // what follows would be taken for it, or it for that
	}
	r.done = true
	h := &r.head
	h.Reset()
	h.WriteString("HTTP/1.1 ")
	h.Write(strconv.AppendInt(h.AvailableBuffer(), int64(r.code), 10))
	h.WriteString(" " + http.StatusText(r.code) + "\r\n")
	_ = r.header.Write(h) // to memory
	h.WriteString("Date: ")
	h.Write(time.Now().UTC().AppendFormat(h.AvailableBuffer(), http.TimeFormat))
	h.WriteString("\r\n")
	if !isTold && hasLength {
		h.WriteString("Content-Length: ")
		h.Write(strconv.AppendInt(h.AvailableBuffer(), int64(len(body)), 10))
		h.WriteString("\r\n")
	}
	if _, told := r.header["Content-Type"]; !told && len(body) > 0 && r.header.Get("Content-Encoding") == "" {
		h.WriteString("Content-Type: " + http.DetectContentType(body) + "\r\n")
	}
	h.WriteString("\r\n")
	if r.method == http.MethodHead || len(body) == 0 {
		_, err := r.conn.writeParts(h.Bytes())
		return len(body), err
	}
	n, err := r.conn.writeParts(h.Bytes(), body)
	return max(int(n)-h.Len(), 0), err
}

// hasBody says that an answer with the code may have a body (RFC 9110, 6.4.1).
func hasBody(code int) bool { return code != http.StatusNoContent && code != http.StatusNotModified }
