package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Caddy, as the recipe has it, answers for the published folder as the daemon does.
func TestCaddy(t *testing.T) {
	program := needs(t, "caddy")
	recipe, err := os.ReadFile(filepath.Join("..", "..", "config", "recipes", "Caddyfile"))
	if err != nil {
		t.Fatal(err)
	}
	dir, address := precompressedSite(t), freeAddress(t)
	server := string(recipe)
	for from, to := range map[string]string{"feeds.example.org {": "http://" + address + " {", "/srv/site/feeds": filepath.Join(dir, "feeds")} {
		if !strings.Contains(server, from) {
			t.Fatalf("the recipe has no %q", from)
		}
		server = strings.ReplaceAll(server, from, to)
	}
	home := t.TempDir()
	writeFiles(t, home, "Caddyfile", "{\n\tadmin off\n}\n"+server)
	cmd := exec.Command(program, "run", "--adapter", "caddyfile", "--config", filepath.Join(home, "Caddyfile"))
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "XDG_CONFIG_HOME="+home)
	startWebServer(t, cmd, address)
	answersAsTheDaemon(t, "http://"+address+"/", serve(t, dir).url)
}
