package web

import (
	"errors"
	"io"
	"net/http"
)

// A payload is what send has net/http copy to the connection.
type payload struct{ bytes []byte }

func (p *payload) Read(b []byte) (int, error) {
	if len(p.bytes) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.bytes)
	p.bytes = p.bytes[n:]
	return n, nil
}

// send writes the body of an answer in one piece with its head. By itself net/http writes the first 4 KiB of the two, and then
// the rest, and the client wakes up twice: that was a tenth of an answer.
func send(w http.ResponseWriter, r *http.Request, body []byte) (int64, error) {
	c, known := r.Context().Value(connKey{}).(*conn)
	from, copies := w.(io.ReaderFrom)
	if !known || !copies {
		n, err := w.Write(body)
		return int64(n), err
	}
	c.joining = true
	n, err := from.ReadFrom(&payload{body}) // which calls c.ReadFrom, after it wrote the head
	return n, errors.Join(err, c.part())
}

// ReadFrom is for net/http, see send.
func (c *conn) ReadFrom(src io.Reader) (int64, error) {
	p, whole := src.(*payload)
	if !whole || !c.joining {
		if err := c.part(); err != nil {
			return 0, err
		}
		return io.Copy(struct{ io.Writer }{c}, src)
	}
	c.joining = false
	head := int64(len(c.head))
	n, err := c.writeParts(c.head, p.bytes)
	c.head = c.head[:0]
	return max(n-head, 0), err
}

// part has what is written wait for nothing more.
func (c *conn) part() error {
	c.joining = false
	if len(c.head) == 0 {
		return nil
	}
	_, err := c.write(c.head)
	c.head = c.head[:0]
	return err
}
