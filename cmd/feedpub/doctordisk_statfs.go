//go:build linux || darwin

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

func spaceOf(folder string) (space, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return space{}, fmt.Errorf("ask for its free space: %w", err)
	}
	size := uint64(s.Bsize)
	return space{free: s.Bavail * size, all: s.Blocks * size, files: s.Ffree, most: s.Files, network: networkOf(&s)}, nil
}
