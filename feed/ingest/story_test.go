package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedpub/feed/internal/clean"
)

// The wire story that reached us: lead, headline twice, deck, body, and three paragraphs again.
func TestNewsStory(t *testing.T) {
	folder := sharedFolder(t, "")
	raw, err := os.ReadFile(filepath.Join(folder, "news-story.txt"))
	if err != nil {
		t.Fatal(err)
	}
	a, err := newReader(t).Read("articles", "news-story.txt", raw)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Russia Officially Recognizes Taliban Government, Setting Precedent"; a.Title != want {
		t.Errorf("title: got %q, want %q", a.Title, want)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if a.Summary != lines[0] {
		t.Errorf("summary: got %q, want the lead", a.Summary)
	}
	paragraphs := strings.Split(clean.Text(a.Content), "\n")
	if want := lines[4:9]; strings.Join(paragraphs, "\n") != strings.Join(want, "\n") {
		t.Errorf("paragraphs: got %q, want %q", paragraphs, want)
	}
}
