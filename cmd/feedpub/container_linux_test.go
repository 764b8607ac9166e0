package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"feedpub/config"
)

// What the Dockerfile makes, without an engine: the program alone in an empty folder, as a user without a name.
func TestContainer(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root may change the root of a process")
	}
	const user = 65532
	root := t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(built(t))
	if err == nil {
		err = os.WriteFile(filepath.Join(root, "feedpub"), program, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"site", "tmp"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(filepath.Join(root, dir), user, user); err != nil {
			t.Fatal(err)
		}
	}
	port := "0" // any free one, until it is known
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command("/feedpub", args...)
		cmd.Dir, cmd.Env = "/site", []string{"FEEDPUB_SERVE_LISTEN=0.0.0.0:" + port, "FEEDPUB_SERVE_STATUS=" + config.NoStatus}
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: user, Gid: user}}
		return cmd
	}
	if out, err := command("init").CombinedOutput(); err != nil {
		t.Fatalf("init: %v\n%s", err, out)
	}
	s := serveBy(t, command("serve"))
	port = strings.TrimSuffix(s.url[strings.LastIndexByte(s.url, ':')+1:], "/")
	eventually(t, 20*time.Second, "the first article is served", serves(t, "http://127.0.0.1:"+port+"/news/rss.xml", "<title>Welcome</title>"))
	if out, err := command("healthcheck").CombinedOutput(); err != nil || string(out) != "ok\n" {
		t.Errorf("healthcheck: got %v, %s", err, out)
	}
	if out, err := command("doctor").CombinedOutput(); err != nil {
		t.Errorf("doctor: got %v, %s", err, out)
	}
	s.cmd.Process.Signal(syscall.SIGTERM)
	s.cmd.Process.Wait()
	if out, err := command("healthcheck").CombinedOutput(); err == nil {
		t.Errorf("healthcheck of none: got %s", out)
	}
}

// The image is built of every folder that the program is made of.
func TestDockerfile(t *testing.T) {
	dockerfile, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	ignore, err := os.ReadFile("Dockerfile.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if .Module}}{{if .Module.Main}}{{.ImportPath}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		folder := strings.Split(path, "/")[1]
		if !regexp.MustCompile(`(?m)^COPY `+folder+` `+folder+`$`).Match(dockerfile) || !bytes.Contains(ignore, []byte("\n!"+folder+"\n")) {
			t.Errorf("%s is not copied", folder)
		}
	}
	for _, line := range []string{"FROM scratch", "USER 65532:65532", "CGO_ENABLED=0", "main.stampedVersion=$VERSION", "main.stampedCommit=$COMMIT"} {
		if !strings.Contains(string(dockerfile), line) {
			t.Errorf("no %s", line)
		}
	}
}
