package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestWithoutSecrets(t *testing.T) {
	for text, want := range map[string]string{
		`Get "https://example.org/feed?token=abc123&page=2": EOF`: `Get "https://example.org/feed?token=…&page=2": EOF`,
		"open store postgres://jo:pa55@db/x?sslpassword=y":        "open store postgres://…@db/x?sslpassword=…",
		"https://example.org/?access_token=x#y":                   "https://example.org/?access_token=…#y",
		"https://example.org/?p=12":                               "https://example.org/?p=12",
		"feedpub.yaml:1:2: site.url: it is wrong":                 "feedpub.yaml:1:2: site.url: it is wrong",
		"mail me@example.org, at 10:00":                           "mail me@example.org, at 10:00",
	} {
		if got := withoutSecrets(text); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{ReplaceAttr: hideSecrets})).
			Info(text, "error", errors.New(text), "text", text, "list", []string{text})
		for _, secret := range []string{"abc123", "pa55", "=x", "=y"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("the log tells %s: %s", secret, b.String())
			}
		}
	}
}

// What a run has to say of a source's address goes to the log and to systemd, but the token in it does not.
func TestSecretsAreNotLogged(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, "feedpub.yaml", "site: {url: \"https://example.org/\"}\nsources: [{name: far, feed: \"http://127.0.0.1:1/feed?token=hush123\"}]\n"+
		"network: {allow: [127.0.0.1]}\non_failure: \"false --password=hush123\"\n")
	for _, format := range []string{"generate", "status"} {
		cmd := program(t.Context(), dir, format)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		cmd.Run()
		if format == "generate" && stderr.Len() == 0 {
			t.Error("generate: got no log")
		}
		if strings.Contains(stderr.String(), "hush123") {
			t.Errorf("%s: %s", format, stderr.String())
		}
	}
	notify := newSystemd(t)
	cmd := program(t.Context(), dir, "serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Env, "NOTIFY_SOCKET="+notify.path)
	s := serveBy(t, cmd)
	notify.hears("STATUS=Look after ")
	if log := s.log.String(); strings.Contains(log, "hush123") || !strings.Contains(log, "token=…") {
		t.Errorf("got %s", log)
	}
}
