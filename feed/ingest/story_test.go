package ingest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

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

const (
	first  = "The committee met on Tuesday and agreed to publish the full report next week."
	second = "Residents said they had been waiting for more than three years for an answer."
)

func TestStory(t *testing.T) {
	tests := []struct{ name, text, title, summary, authors, date, body string }{
		{"plain", "Headline here\n\n" + first + "\n\n" + second, "Headline here", "", "", "", first + "|" + second},
		{"lead above", first + "\n\nHeadline here\n\n" + second, "Headline here", first, "", "", second},
		{"deck", "Headline here\nA short deck under it\n\n" + first + "\n\n" + second, "Headline here", "A short deck under it", "", "", first + "|" + second},
		{"deck without blank lines", "Headline here\nA short deck under it\n" + first + "\n" + second, "Headline here", "A short deck under it", "", "",
			first + "|" + second},
		{"no deck", "Headline here\n" + first + "\n" + second, "Headline here", "", "", "", first + "|" + second},
		{"wrapped", "Headline here\n\nThe committee met on Tuesday\nand agreed to publish.\n\nTwo.", "Headline here", "", "", "",
			"The committee met on Tuesday and agreed to publish.|Two."},
		{"wrapped lead", "The committee met on Tuesday\nand agreed to publish.\n\nHeadline here\n\nText.", "Headline here",
			"The committee met on Tuesday and agreed to publish.", "", "", "Text."},
		{"credits", "Headline here\nBy JANE DOE and John van Roe, Reuters\nMarch 1, 2026\n\n" + first, "Headline here", "", "JANE DOE, John van Roe", "2026-03-01", first},
		{"credits apart", "Headline here\n\nBy Jane Doe\n\n2026-03-01\n\n" + first, "Headline here", "", "Jane Doe", "2026-03-01", first},
		{"no credits", "Headline here\n\nBy the river it is quiet\n\nOn March 1, 2026 it rained.\n\n2026", "Headline here", "", "", "",
			"By the river it is quiet|On March 1, 2026 it rained.|2026"},
		{"short repeats stay", "Headline here\n\nYes.\n\nNo.\n\nYes.", "Headline here", "", "", "", "Yes.|No.|Yes."},
		{"question", "Is this the end?\n\n" + first, "Is this the end?", "", "", "", first},
		{"abbreviation", "Storm hits the U.S.\n\n" + first, "Storm hits the U.S.", "", "", "", first},
		{"sentences only", first + "\n\n" + second, "", "", "", "", first + "|" + second},
		{"subheading deep down", first + "\n\n" + second + "\n\nOne more sentence.\n\nBackground\n\nText.", "", "", "", "",
			first + "|" + second + "|One more sentence.|Background|Text."},
		{"bullets", "Headline here\n\nThings:\n- one\n- two\n\nEnd.", "Headline here", "", "", "", "Things:|- one|- two|End."},
		{"headline only", "Headline here", "Headline here", "", "", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := readStory(test.text, "", time.UTC)
			var names []string
			for _, a := range s.authors {
				names = append(names, a.Name)
			}
			date := ""
			if !s.date.IsZero() {
				date = s.date.Format(time.DateOnly)
			}
			got := []string{s.title, s.summary, strings.Join(names, ", "), date, strings.Join(s.paragraphs, "|")}
			if want := []string{test.title, test.summary, test.authors, test.date, test.body}; !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

func FuzzText(f *testing.F) {
	f.Add(first + "\n\nHeadline here\nBy Jane Doe\n2026-03-01\n\n" + second + "\n- a\n-30-")
	f.Fuzz(func(t *testing.T, source string) {
		a, err := newReader(t).Read("s", "a.txt", []byte(source))
		if err != nil {
			if strings.Contains(err.Error(), "fault of feedpub") {
				t.Error(err)
			}
			return
		}
		if a.Title == "" || strings.Contains(strings.ReplaceAll(a.Content, "<p>", ""), "<p") {
			t.Errorf("Read(%q): got title %q, content %q", source, a.Title, a.Content)
		}
	})
}

// The wire parts headline, deck, by-line and date by blank lines.
func TestStoryWithPartedHeader(t *testing.T) {
	s := readStory("Ferry waits off harbour\n\nCake meant for the island is eaten\n\nBy Gwen Sable\n\nFebruary 3, 2026\n\nThe ferry lay off the harbour for eleven hours.\n", "", time.UTC)
	want := time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC)
	if s.title != "Ferry waits off harbour" || s.summary != "Cake meant for the island is eaten" || len(s.authors) != 1 ||
		s.authors[0].Name != "Gwen Sable" || !s.date.Equal(want) || len(s.paragraphs) != 1 {
		t.Errorf("got %+v", s)
	}
}

// Each of these took seconds to hours.
func TestHostileText(t *testing.T) {
	repeat := func(s string) string { return strings.Repeat(s, (256<<10)/len(s)) }
	tests := map[string]string{
		"short lines": strings.Repeat("a\n", maxLines-1), "too many lines": strings.Repeat("a\n", maxLines+1), "wrapped lines": repeat("the committee met\nand agreed\n"),
		"by-lines": repeat("By NAME\n"), "by-lines apart": repeat("By NAME\n\n"), "a long by-line": "By " + repeat("NAME and "), "dates": repeat("2026-03-01\n"),
		"dates apart": "Headline\n\n" + repeat("March 1, 2026\n\n"), "one line": repeat("a "), "blank lines": strings.Repeat("\n", maxLines-1) + "a",
		"one paragraph": repeat(first + "\n\n"), "one headline": repeat("Headline here\n"), "bullets": repeat("- a\n"), "ends": "Headline\n" + repeat("-30-\n"),
		"abbreviations": repeat("A.B."), "ampersands": repeat("&"),
	}
	for name, text := range tests {
		start := time.Now()
		_, err := newReader(t).Read("s", "a.txt", []byte(text))
		if took := time.Since(start); took > time.Minute { // a hang
			t.Errorf("%s: took %s, %v", name, took, err)
		}
	}
}
