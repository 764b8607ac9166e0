package status

import (
	"fmt"
	"strings"
	"time"
)

// A Site is how a site is at a moment. Times that there are not are null.
type Site struct {
	Title    string    `json:"title"`
	At       time.Time `json:"at"`
	Verdict  string    `json:"verdict"` // all of it in a line
	Daemon   *Daemon   `json:"daemon"`  // that tells it; null where it was read from the store
	Feeds    []Feed    `json:"feeds"`
	Sources  []Source  `json:"sources"`
	Audience Audience  `json:"audience"`
}

// A Daemon is a running "feedpub serve".
type Daemon struct {
	Version string    `json:"version"`
	Commit  string    `json:"commit"`
	Go      string    `json:"go"`
	Since   time.Time `json:"since"`
}

// A Feed is how a feed is.
type Feed struct {
	Name       string     `json:"name"`
	URL        string     `json:"url"`
	Entries    int        `json:"entries"`
	Bytes      int64      `json:"bytes"` // of its documents, without archives
	LastRun    *time.Time `json:"last_run"`
	LastChange *time.Time `json:"last_change"`
	NextRun    *time.Time `json:"next_run"`    // null when the configuration has the feed no more
	NextWindow *time.Time `json:"next_window"` // an embargo or an expiry before that
	Waiting    bool       `json:"waiting"`     // changes are to be published
	Error      string     `json:"error,omitempty"`
	Reading
}

// Reading is what a feed is read.
type Reading struct {
	Readers     int64 `json:"readers"`      // today or yesterday, whichever is known to be more
	Requests    int64 `json:"requests"`     // today
	NotModified int64 `json:"not_modified"` // of them
}

// Result is how the feed's last run ended, in a few words.
func (f *Feed) Result() string {
	switch {
	case f.Error != "":
		return f.Error
	case f.Waiting:
		return "changes waiting"
	}
	return "ok"
}

// A Source is what came of a source when it was read last. It counts only what was wrong.
type Source struct {
	Name     string     `json:"name"`
	LastRead *time.Time `json:"last_read"`
	NextRead *time.Time `json:"next_read"`
	Refused  int        `json:"refused"`             // articles
	Refusals []Refusal  `json:"refusals,omitempty"`  // why
	Other    int        `json:"other,omitempty"`     // files of kinds that people write in, but that are not read
	Missing  []string   `json:"missing,omitempty"`   // keys of kept entries whose file vanished
	HeldBack []string   `json:"held_back,omitempty"` // keys of entries that are withdrawn with --force only
	Problems []string   `json:"problems,omitempty"`  // the refusals, each in a line
	Warnings []string   `json:"warnings,omitempty"`
	Error    string     `json:"error,omitempty"` // the source could not be read
}

// A Refusal is why an article was refused, with its place.
type Refusal struct {
	File   string `json:"file,omitempty"`
	Item   int    `json:"item,omitempty"`  // of the articles in the file, from 1; 0 where the file is the article
	Line   int    `json:"line,omitempty"`  // 0 where the whole article is meant
	Field  string `json:"field,omitempty"` // the front matter's name for it
	Reason string `json:"reason"`
}

// IsWrong says that somebody must look after the source.
func (s *Source) IsWrong() bool {
	return s.Error != "" || s.Refused > 0 || len(s.Problems) > 0 || len(s.HeldBack) > 0
}

// Result is the source's state in a few words.
func (s *Source) Result() string {
	switch {
	case s.Error != "":
		return "not read"
	case s.Refused > 0:
		return fmt.Sprintf("%d refused", s.Refused)
	case s.IsWrong():
		return "see below"
	}
	return "ok"
}

// Verdict is all of it in a line.
func Verdict(sources []Source, feeds []Feed) string {
	var wrong []string
	for i := range sources {
		if sources[i].IsWrong() {
			wrong = append(wrong, "source "+sources[i].Name)
		}
	}
	for _, f := range feeds {
		if f.Error != "" {
			wrong = append(wrong, "feed "+f.Name)
		}
	}
	const most = 5
	switch n := len(wrong); {
	case n > most:
		return fmt.Sprintf("Look after %s and %d more.", strings.Join(wrong[:most], ", "), n-most)
	case n > 0:
		return fmt.Sprintf("Look after %s.", strings.Join(wrong, ", "))
	case len(feeds) == 0:
		return "Nothing was published yet; run feedpub generate or feedpub serve."
	}
	return allIsWell
}

const allIsWell = "All is well."
