//go:build unix

package main

import (
	"os"
	"syscall"
)

// reloadSignals make the daemon read its configuration again.
var reloadSignals = []os.Signal{syscall.SIGHUP}
