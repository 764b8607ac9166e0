package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPrecedence(t *testing.T) {
	folder := t.TempDir()
	file := write(t, folder, FileName, "site:\n  title: File\nstore: file.db\npublic: file\nschedule: '@daily'\n")
	secret := write(t, folder, "secret", "postgres://editor:hush@db/news?sslpassword=hush\n")
	c, err := Load(file, Options{
		Environ: []string{"FEEDPUB_STORE_FILE=" + secret, "FEEDPUB_PUBLIC=environment", "FEEDPUB_SCHEDULE=@weekly", "FEEDPUB_SITE_FEEDS_URL=https://e.example/",
			"FEEDPUB_SITE_TITLE=", "HOME=/", "OTHER", "XFEEDPUB_X=1"},
		Flags: []Flag{{"--schedule", "schedule", "@hourly"}, {"--listen", "serve.listen", "127.0.0.1:0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "store", c.Store, "postgres://editor:hush@db/news?sslpassword=hush")
	equal(t, "schedule", c.Schedule.String(), "@hourly")
	got := map[string]Setting{}
	for _, s := range c.Settings() {
		if strings.Contains(s.Value, "hush") {
			t.Errorf("%s: got the password in %s, want it hidden", s.Key, s.Value)
		}
		got[s.Key] = s
	}
	for _, want := range []Setting{
		{"site.title", "File", file + ":2"},
		{"site.language", "en", "default"},
		{"site.url", "http://127.0.0.1:0/", "default"},
		{"site.feeds_url", "https://e.example/", "environment FEEDPUB_SITE_FEEDS_URL"},
		{"store", "postgres://editor:xxxxx@db/news?sslpassword=xxxxx", "environment FEEDPUB_STORE_FILE"},
		{"public", filepath.Join(folder, "environment"), "environment FEEDPUB_PUBLIC"},
		{"schedule", "@hourly", "flag --schedule"},
		{"serve.listen", "127.0.0.1:0", "flag --listen"},
		{"feeds[0].name", "news", "default"},
		{"feeds[0].schedule", "@hourly", "default"},
	} {
		equal(t, want.Key, got[want.Key], want)
	}
}

func TestOverrideMistakes(t *testing.T) {
	folder := t.TempDir()
	secret := write(t, folder, "secret", "x.db")
	empty := write(t, folder, "empty", "\n")
	for _, tt := range []struct {
		environ []string
		flags   []Flag
		want    string
	}{
		{[]string{"FEEDPUB_SITE_LANG=de"}, nil, "environment FEEDPUB_SITE_LANG: unknown variable"},
		{[]string{"FEEDPUB_SHEDULE=@daily"}, nil, "environment FEEDPUB_SHEDULE: unknown variable; did you mean FEEDPUB_SCHEDULE?"},
		{[]string{"FEEDPUB_FEEDS=news"}, nil, "environment FEEDPUB_FEEDS: unknown variable"},
		{[]string{"FEEDPUB_SITE_URL=nowhere"}, nil, "environment FEEDPUB_SITE_URL: site.url: "},
		{[]string{"FEEDPUB_STORE=a.db", "FEEDPUB_STORE_FILE=" + secret}, nil, "environment FEEDPUB_STORE_FILE: store: FEEDPUB_STORE is set as well"},
		{[]string{"FEEDPUB_STORE_FILE=" + empty}, nil, "environment FEEDPUB_STORE_FILE: store: "},
		{[]string{"FEEDPUB_STORE_FILE=none"}, nil, filepath.Join(folder, "none")},
		{[]string{"FEEDPUB_STORE=feeds/s.db"}, nil, "environment FEEDPUB_STORE: store: it lies in the published folder"},
		{nil, []Flag{{"--listen", "serve.listen", "8080"}}, "flag --listen: serve.listen: "},
		{nil, []Flag{{"--limit", "feeds.limit", "8"}}, "flag --limit: feeds.limit: unknown key"},
	} {
		_, err := Default(folder, Options{Environ: tt.environ, Flags: tt.flags})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v %v: got %v, want %q", tt.environ, tt.flags, err, tt.want)
		}
	}
}

// The file's mistakes come first, by place, whatever was found first.
func TestMistakesAreSorted(t *testing.T) {
	_, err := parse(FileName, t.TempDir(), []byte("schedule: never\nsite:\n  title: ''\n"), Options{
		Environ: []string{"FEEDPUB_NONSENSE=1"}, Flags: []Flag{{"--listen", "serve.listen", "x"}}})
	var got []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		got = append(got, line[:strings.Index(line, ": ")])
	}
	equal(t, "places", got, []string{"feedpub.yaml:1:11", "feedpub.yaml:3:10", "environment FEEDPUB_NONSENSE", "flag --listen"})
}

// The token comes from a file too, and is told to nobody.
func TestTokenIsHidden(t *testing.T) {
	const secret = "a-secret-of-this-test"
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Default(t.TempDir(), Options{Environ: []string{"FEEDPUB_SERVE_TOKEN_FILE=" + file}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "token", c.Serve.Token, secret)
	equal(t, "status given", c.Serve.StatusGiven, false)
	for _, s := range c.Settings() {
		if strings.Contains(s.Value, secret) {
			t.Errorf("%s shows the token", s.Key)
		}
		if s.Key == "serve.token" && (s.Value == "" || s.Origin != "environment FEEDPUB_SERVE_TOKEN_FILE") {
			t.Errorf("got %v, want that there is one, and where it came from", s)
		}
	}
	_, err = Default(t.TempDir(), Options{Environ: []string{"FEEDPUB_SERVE_TOKEN=too-short-one"}})
	if err == nil || strings.Contains(err.Error(), "too-short-one") {
		t.Errorf("a short token: got %v, want an error that does not repeat it", err)
	}
}
