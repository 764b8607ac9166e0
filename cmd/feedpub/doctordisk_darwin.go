package main

import "golang.org/x/sys/unix"

// networkOf is the kind of a file system on another machine.
func networkOf(s *unix.Statfs_t) string {
	if s.Flags&unix.MNT_LOCAL == 0 {
		return unix.ByteSliceToString(s.Fstypename[:])
	}
	return ""
}
