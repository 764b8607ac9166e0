//go:build unix

package ingest

import "syscall"

// doNotWait has a named pipe open whether somebody writes to it or not. It is nothing to a regular file, but saves package os
// four calls of the system to find that out.
const doNotWait = syscall.O_NONBLOCK
