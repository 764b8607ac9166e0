package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"feedpub/config"
)

// firstSocket is the file descriptor of the first socket that systemd hands over (sd_listen_fds(3)).
const firstSocket = 3

// inheritedSockets are the listeners that systemd opened for this process, by the FileDescriptorName of their unit; none where it
// opened none, and none where one of them is of no use.
func inheritedSockets(environ []string) (map[string][]net.Listener, error) {
	if variable(environ, "LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil // they are for the process that started us
	}
	n, err := strconv.ParseUint(variable(environ, "LISTEN_FDS"), 10, 8)
	if err != nil {
		return nil, fmt.Errorf("take over sockets: LISTEN_FDS: %w", err)
	}
	names := strings.Split(variable(environ, "LISTEN_FDNAMES"), ":")
	given := map[string][]net.Listener{}
	for i := range int(n) {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		file := os.NewFile(uintptr(firstSocket+i), name)
		ln, err := net.FileListener(file)
		if err = errors.Join(err, file.Close()); err != nil { // the listener has a descriptor of its own, which children do not get
			err = fmt.Errorf("take over the socket %q, which must be one of ListenStream=: %w", name, err)
			return nil, errors.Join(err, closeAll(inOrder(given)))
		}
		given[name] = append(given[name], ln)
	}
	return given, nil
}

// statusSockets is the FileDescriptorName of sockets that are for those who run the site, and not for readers.
const statusSockets = "status"

// listen gives the listeners for readers, and those for who runs the site: those that systemd opened, else at the addresses of
// the configuration.
func (a *app) listen(ctx context.Context, c *config.Config) (public, private []net.Listener, err error) {
	given, err := inheritedSockets(a.environ)
	if err != nil {
		return nil, nil, err
	}
	private = given[statusSockets]
	delete(given, statusSockets)
	if public = inOrder(given); len(public) == 0 {
		ln, err := listenAt(c.Serve.Listen)
		if err != nil {
			return nil, nil, err
		}
		public = []net.Listener{ln}
	}
	private, err = a.listenPrivately(ctx, c, private)
	if err != nil {
		return nil, nil, errors.Join(err, closeAll(public))
	}
	return public, private, nil
}

func listenAt(address string) (net.Listener, error) {
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", address, err)
	}
	return ln, nil
}

// inOrder are all the listeners, by the name of their unit.
func inOrder(given map[string][]net.Listener) []net.Listener {
	var listeners []net.Listener
	for _, name := range slices.Sorted(maps.Keys(given)) {
		listeners = append(listeners, given[name]...)
	}
	return listeners
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, ln := range listeners {
		errs = append(errs, ln.Close())
	}
	return errors.Join(errs...)
}

// urlOf is the address at which a listener is reached; of a Unix socket it is the path.
func urlOf(ln net.Listener) string {
	if ln.Addr().Network() == "unix" {
		return "unix:" + ln.Addr().String()
	}
	return "http://" + ln.Addr().String() + "/"
}
