//go:build !unix

package main

import (
	"os"
	"syscall"
)

// reloadSignals is a signal that this system never sends: restart the daemon to read the configuration again.
var reloadSignals = []os.Signal{syscall.Signal(0x7f)}
