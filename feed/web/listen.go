package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// limits are what one client may take of the server.
type limits struct {
	headerBytes int           // of request line and headers
	header      time.Duration // until they are there
	request     time.Duration // until a body is there too; we read none
	idle        time.Duration // between two requests; more than the 60 s after which proxies give up
	stall       time.Duration // in which a piece of an answer must be taken
	sendBuffer  int           // of the system for one client: what lies there, nobody sees stall; a feed fits into it
	connections int           // at once
	patience    time.Duration // before a connection makes room for a later one
}

func publicLimits() limits {
	return limits{
		headerBytes: 16 << 10,
		header:      5 * time.Second,
		request:     8 * time.Second,
		idle:        75 * time.Second,
		stall:       8 * time.Second,
		sendBuffer:  128 << 10,
		connections: 500,
		patience:    250 * time.Millisecond,
	}
}

// Serve answers the requests that come through ln with h, within limits that keep slow or greedy clients from the
// others: 16 KiB and 5 s for the headers of a request, 8 s for each 16 KiB of an answer, 500 connections at once;
// for a later one that connection is cut which has been idle or slow for longest. When ctx is done it takes no new
// requests and returns nil after those under way are answered, or, when that takes longer than grace, an error and
// the connections are cut. What net/http has to tell goes to the log package. h must keep nothing of a request but strings.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, grace time.Duration) error {
	return publicLimits().serve(ctx, ln, h, grace)
}

func (l limits) serve(ctx context.Context, ln net.Listener, h http.Handler, grace time.Duration) error {
	underWay, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	accepting := l.listener(underWay, ln, h)
	srv := l.server(accepting, h)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(accepting) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	accepting.Close()
	<-ended
	err := accepting.endPlain(drain) // of which net/http knows nothing, and would cut them
	if err == nil {
		err = srv.Shutdown(drain)
	}
	if err != nil {
		srv.Close()
		err = fmt.Errorf("answer the last requests: %w", err)
	}
	return err
}

// server is net/http's, for what is not plain. A request's time counts from before the plain ones of its connection, so that a body
// may come too late; the connection is closed after the answer then.
func (l limits) server(accepting *listener, h http.Handler) *http.Server {
	return &http.Server{
		Handler:           accepting.noting(h),
		MaxHeaderBytes:    l.headerBytes - 4096, // net/http allows 4 096 more
		ReadHeaderTimeout: l.header,
		ReadTimeout:       l.request,
		IdleTimeout:       l.idle,
		ConnContext:       withConn,
		ConnState:         accepting.answered,
	}
}
