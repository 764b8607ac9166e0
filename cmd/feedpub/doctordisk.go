package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"feedpub/config"
	"feedpub/feed/status"
)

// A space is what a file system has.
type space struct {
	free, all   uint64 // bytes; free is what may be used without privileges
	files, most uint64 // that may be made, and that there may be; most is 0 where there is no such number
	network     string // its kind, where it lies on another machine
}

const (
	leastSpace = 64 << 20 // bytes, below which a run may fail
	lowSpace   = 1 << 30  // bytes, below which it is time to look, if it is little of the whole too
	leastFiles = 1000
)

// disk looks at the room on the file systems of the store and of the published folder.
func (d *doctor) disk(c *config.Config) {
	folders := []string{existing(c.Public)}
	if !strings.Contains(c.Store, "://") {
		folder := existing(filepath.Dir(c.Store))
		if s, err := spaceOf(folder); err == nil && s.network != "" {
			d.remark(remark{ofDisk, isWarning, "store-on-network", near(c.Store), 0, "the store lies on " + s.network + ", and SQLite needs a disk of this machine", "set store: to a file on a disk of this machine"})
		}
		if folder != folders[0] {
			folders = append(folders, folder)
		}
	}
	var told []string
	for _, folder := range folders {
		s, err := spaceOf(folder)
		if err != nil {
			d.skip(ofDisk, fmt.Sprintf("%s: %v", near(folder), err), "")
			return
		}
		d.room(near(folder), s)
		if free := status.Bytes(int64(s.free)) + " free"; len(told) == 0 || told[0] != free {
			told = append(told, free)
		}
	}
	if !d.has(ofDisk) {
		d.good(ofDisk, "%s", strings.Join(told, ", "))
	}
}

func (d *doctor) room(folder string, s space) {
	switch {
	case s.free < leastSpace:
		d.remark(remark{ofDisk, isError, "disk-full", folder, 0, status.Bytes(int64(s.free)) + " are free, too little to publish", "make room there"})
	case s.free < lowSpace && s.free < s.all/20:
		d.remark(remark{ofDisk, isWarning, "disk-low", folder, 0, fmt.Sprintf("%s of %s are free", status.Bytes(int64(s.free)), status.Bytes(int64(s.all))), "make room there before it is full"})
	}
	if s.most > 0 && s.files < leastFiles {
		d.remark(remark{ofDisk, isError, "disk-files", folder, 0, fmt.Sprintf("only %d files can be made there (inodes)", s.files), "remove files there, or make a file system with more inodes"})
	}
}

// existing is the folder, or what is there above it.
func existing(folder string) string {
	for {
		if _, err := os.Stat(folder); err == nil || filepath.Dir(folder) == folder {
			return folder
		}
		folder = filepath.Dir(folder)
	}
}
