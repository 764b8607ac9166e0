package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// A notifier tells systemd how the daemon is, in the words of sd_notify(3). A nil one tells nobody.
type notifier struct {
	conn net.Conn
	// every is how often systemd is given a sign of life: three times as often as it wants one. 0 is never.
	every time.Duration
}

// newNotifier gives the notifier that the environment asks for, nil where it asks for none.
func newNotifier(environ []string) (*notifier, error) {
	socket := variable(environ, "NOTIFY_SOCKET")
	if socket == "" {
		return nil, nil
	}
	conn, err := net.Dial("unixgram", socket)
	if err != nil {
		return nil, fmt.Errorf("reach systemd at NOTIFY_SOCKET: %w", err)
	}
	n := &notifier{conn: conn}
	if pid := variable(environ, "WATCHDOG_PID"); pid == "" || pid == strconv.Itoa(os.Getpid()) {
		limit, _ := strconv.ParseUint(variable(environ, "WATCHDOG_USEC"), 10, 50)
		n.every = time.Duration(limit) * time.Microsecond / 3
	}
	return n, nil
}

// variable gives the value of a variable of the environment; the last one counts, as for os/exec.
func variable(environ []string, name string) (value string) {
	for _, pair := range environ {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			value = v
		}
	}
	return value
}

// tell sends states such as READY=1 to systemd, if it started the daemon.
func (a *app) tell(ctx context.Context, states ...string) {
	if a.service == nil {
		return
	}
	if _, err := a.service.conn.Write([]byte(strings.Join(states, "\n"))); err != nil {
		a.log.WarnContext(ctx, "systemd not told", "error", err)
	}
}

// statusLine is the state that systemctl status shows: a line, and not a long one.
func statusLine(text string) string {
	const most = 300
	line := strings.Join(strings.Fields(withoutSecrets(text)), " ")
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "") + "…"
	}
	return "STATUS=" + line
}

// tellReloading says that the configuration is read again; READY=1 ends it.
func (a *app) tellReloading(ctx context.Context) {
	a.tell(ctx, "RELOADING=1", fmt.Sprintf("MONOTONIC_USEC=%d", monotonic().Microseconds()))
}
