// Package durable replaces files so that a reader, and whoever looks after a crash, sees the old bytes or the new
// ones, whole: temporary file, fsync, rename, fsync of the folder. All paths stay below an [os.Root].
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"syscall"
	"time"
)

// tempSuffix ends the names of temporary files, which begin with a dot. One that a crash left behind is replaced
// by the next write of the same file.
const tempSuffix = ".feedpub-tmp"

// WriteFile makes data the content of the file at name, a slash-separated path below root, creating the folders
// that are missing. On an error the file is what it was before, and where somebody can do something about it, it says
// what. Only one process may write a file at a time.
func WriteFile(root *os.Root, name string, data []byte) error {
	return WriteFileAt(root, name, data, time.Time{})
}

// WriteFileAt is WriteFile for a file that is to have the modification time; zero for the clock's.
func WriteFileAt(root *os.Root, name string, data []byte, modified time.Time) error {
	switch err := writeFile(root, name, data, modified); {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("%w; the disk of %s is full: make room there", err, root.Name())
	case errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; feedpub must be able to write to %s and what is below it", err, root.Name())
	default:
		return err
	}
}

func writeFile(root *os.Root, name string, data []byte, modified time.Time) error {
	dir := path.Dir(name)
	if err := mkdirAll(root, dir); err != nil {
		return err
	}
	temp := path.Join(dir, "."+path.Base(name)+tempSuffix)
	if err := writeTemp(root, temp, data); err != nil {
		root.Remove(temp)
		return err
	}
	if !modified.IsZero() {
		if err := root.Chtimes(temp, modified, modified); err != nil {
			root.Remove(temp)
			return err
		}
	}
	if err := root.Rename(temp, name); err != nil {
		root.Remove(temp)
		return err
	}
	return syncDir(root, dir)
}

// ReadFile gives the bytes of a regular file. Another kind of file is never opened, since a pipe would block.
func ReadFile(root *os.Root, name string) ([]byte, error) {
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
	}
	return root.ReadFile(name)
}

// ErrNotRegular is the error of [ReadFile] for a folder, a pipe or a device.
var ErrNotRegular = errors.New("not a regular file")

// Remove removes the file and makes that durable. A file that is not there is no error.
func Remove(root *os.Root, name string) error {
	switch err := root.Remove(name); {
	case os.IsNotExist(err):
		return nil
	case err != nil:
		return err
	}
	return syncDir(root, path.Dir(name))
}

func writeTemp(root *os.Root, temp string, data []byte) error {
	// Whatever lies there, a link included, is removed rather than followed.
	if err := root.Remove(temp); err != nil && !os.IsNotExist(err) {
		return err
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// mkdirAll makes dir and what is missing above it; a folder's own entry is as durable as the file in it.
func mkdirAll(root *os.Root, dir string) error {
	info, err := root.Stat(dir)
	switch {
	case err == nil && info.IsDir():
		return nil
	case err == nil:
		return &fs.PathError{Op: "mkdir", Path: dir, Err: fmt.Errorf("a file stands where a folder is needed")}
	case !os.IsNotExist(err):
		return err
	}
	parent := path.Dir(dir)
	if err := mkdirAll(root, parent); err != nil {
		return err
	}
	if err := root.Mkdir(dir, 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	return syncDir(root, parent)
}

func syncDir(root *os.Root, dir string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there; NTFS journals its entries
	}
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
