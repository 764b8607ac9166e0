//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"feedpub/config"
)

// permissions looks at who may write the store and the published folder, and who may read the store.
func (d *doctor) permissions(c *config.Config) {
	if !strings.Contains(c.Store, "://") {
		d.mode(c.Store)
		for _, name := range []string{c.Store, c.Store + "-wal", c.Store + "-shm", c.Store + ".lock"} {
			d.owner(filepath.Dir(c.Store), name)
		}
		d.writable(filepath.Dir(c.Store), c.Store)
	}
	filepath.WalkDir(c.Public, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return nil // that it cannot be read is remarked on elsewhere
		}
		d.owner(c.Public, path)
		if e.IsDir() {
			d.writable(path)
		}
		return nil
	})
	if !d.has(ofPermissions) {
		d.good(ofPermissions, "the store and the published folder can be written, and belong to one user")
	}
}

// mode remarks on a store that others may read: drafts are in it.
func (d *doctor) mode(store string) {
	if info, err := os.Stat(store); err == nil && info.Mode().Perm()&0o077 != 0 {
		d.remark(remark{ofPermissions, isWarning, "store-open", near(store), 0, fmt.Sprintf("its mode is %v: other users of this machine may read drafts", info.Mode().Perm()), "chmod 600 " + near(store)})
	}
}

// owner remarks on a file that is not of the user whose folder it lies in: a command was run as root, and the daemon cannot
// write what it left.
func (d *doctor) owner(folder, name string) {
	of, ok := ownerOf(folder)
	if by, known := ownerOf(name); ok && known && by != of {
		d.remark(remark{ofPermissions, isError, "owner", near(name), 0, fmt.Sprintf("it belongs to %s, and its folder to %s", userName(by), userName(of)),
			fmt.Sprintf("chown -R %s %s; and run feedpub as that user alone", userName(of), near(folder))})
	}
}

func (d *doctor) writable(names ...string) {
	for _, name := range names {
		err := unix.Access(name, unix.W_OK)
		of, known := ownerOf(name)
		switch {
		case err == nil || os.IsNotExist(err):
		case known && of != uint32(os.Geteuid()):
			d.remark(remark{ofPermissions, isWarning, "another-user", near(name), 0, fmt.Sprintf("%s cannot write it; it belongs to %s", userName(uint32(os.Geteuid())), userName(of)),
				"run feedpub, and this command, as " + userName(of)})
		default:
			d.remark(remark{ofPermissions, isError, "not-writable", near(name), 0, fmt.Sprintf("it cannot be written: %v", err), "chmod u+w " + near(name) + ", or have its disk mounted for writing"})
		}
	}
}

func ownerOf(name string) (uid uint32, ok bool) {
	info, err := os.Lstat(name)
	if err != nil {
		return 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, true
}

// userName is the name of a user, or the number where there is none.
func userName(uid uint32) string {
	number := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}
