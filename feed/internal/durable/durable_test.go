package durable

import (
	"os"
	"path/filepath"
	"testing"
)

func openRoot(t *testing.T) (*os.Root, string) {
	t.Helper()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root, dir
}

func TestWriteFileReplaces(t *testing.T) {
	root, dir := openRoot(t)
	for _, want := range []string{"one", "two, longer", ""} {
		if err := WriteFile(root, "a/b/c.xml", []byte(want)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "a/b/c.xml"))
		if err != nil || string(got) != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, "a/b"))
	if err != nil || len(entries) != 1 {
		t.Errorf("got %d files, %v, want c.xml alone", len(entries), err)
	}
}

// A run that was killed leaves its temporary file; a link planted in its place must not be followed.
func TestWriteFileReplacesLeftovers(t *testing.T) {
	root, dir := openRoot(t)
	outside := filepath.Join(t.TempDir(), "victim")
	if err := os.WriteFile(outside, []byte("untouched"), 0o644); err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(dir, ".c.xml"+tempSuffix)
	if err := os.Symlink(outside, temp); err != nil {
		t.Skip("symlinks:", err)
	}
	if err := WriteFile(root, "c.xml", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(outside); string(got) != "untouched" {
		t.Errorf("the link was followed: got %q", got)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "c.xml")); string(got) != "new" {
		t.Errorf("got %q, want new", got)
	}
}

func TestWriteFileStaysBelowRoot(t *testing.T) {
	root, dir := openRoot(t)
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "out")); err != nil {
		t.Skip("symlinks:", err)
	}
	for _, name := range []string{"../x", "out/x", "/etc/x"} {
		if err := WriteFile(root, name, []byte("x")); err == nil {
			t.Errorf("%s: written outside the root", name)
		}
	}
}

func TestWriteFileFailureKeepsTheOld(t *testing.T) {
	root, dir := openRoot(t)
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(root, "folder", []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if err := WriteFile(root, "file", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(root, "file/below", []byte("x")); err == nil {
		t.Error("a file was taken for a folder")
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "file")); string(got) != "x" {
		t.Errorf("got %q, want x", got)
	}
}
