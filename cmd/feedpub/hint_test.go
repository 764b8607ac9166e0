package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"feedpub/store"
)

func TestHints(t *testing.T) {
	listening := func(err error) error {
		return fmt.Errorf("listen at :80: %w", &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", err)})
	}
	for want, err := range map[string]error{
		"feedpub init makes a new site":   usage("nowhere: %w", fs.ErrNotExist),
		"another feedpub is publishing":   fmt.Errorf("publish: %w", store.ErrLocked),
		"as the user who owns":            &fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES},
		"ports below 1024":                listening(syscall.EACCES),
		"another program listens there":   listening(syscall.EADDRINUSE),
		"no network card of this machine": listening(syscall.EADDRNOTAVAIL),
		"runs the site that is there":     &isThere{"feedpub.yaml"},
		"feedpub list shows":              fmt.Errorf("entry x: %w", store.ErrNotFound),
	} {
		if got := hintFor(err); !strings.Contains(got, want) {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
	if got := hintFor(fs.ErrInvalid); got != "" {
		t.Errorf("got %q, want none", got)
	}
}
