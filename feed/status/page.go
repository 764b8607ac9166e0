package status

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"slices"
	"sync"
	"time"

	"feedpub/store"
)

//go:embed page.css
var style string

//go:embed page.html
var pageSource string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"number": number, "size": Bytes, "percent": Percent,
		"n": func(n int) string { return number(int64(n)) },
	}).Parse(pageSource))
})

// A state is how all of it is.
type state struct{ Class, Sign, Title, colour string }

var (
	stateWell  = state{"well", "✓", "Well", "2e7d4f"}
	stateIll   = state{"ill", "!", "Look after", "b3261e"}
	stateEmpty = state{"empty", "…", "Nothing yet", "57606a"}
)

// Icon is the page's picture in the browser: a dot, green, or red where somebody is needed.
func (s state) Icon() template.URL {
	return template.URL("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23" + s.colour + "'/%3E%3C/svg%3E")
}

// Policy is the page's Content-Security-Policy.
var Policy = func() string {
	digest := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// As many stand on the page at most; JSON has all.
const (
	mostFeeds    = 200
	mostTroubles = 50
)

// A trouble is what somebody must look after.
type trouble struct {
	Of    string // "feed news"
	Place string // the file, with the line
	Text  string
}

type view struct {
	Site
	Style    template.CSS
	State    state
	Range    int // days
	Ranges   []int
	Troubles []trouble
	More     int // troubles that do not stand here
	Notes    []trouble
	Listed   []Feed
	Unlisted int
	Today    Day
	Plots    struct{ Readers, Requests, Bytes Plot }
	Shown    []Day // the newest first
}

// ranges are the numbers of days that one can choose.
var ranges = []int{30, 90, store.KeptDays}

// Page writes the page, with plots of the last days.
func (s Site) Page(days int) ([]byte, error) {
	if !slices.Contains(ranges, days) {
		days = ranges[0]
	}
	troubles, notes := s.troubles()
	v := view{
		Site: s, Style: template.CSS(style), State: stateWell, Range: days, Ranges: ranges,
		Troubles: troubles[:min(len(troubles), mostTroubles)], More: max(len(troubles)-mostTroubles, 0), Notes: notes[:min(len(notes), mostTroubles)],
	}
	switch {
	case len(troubles) > 0:
		v.State = stateIll
	case len(s.Feeds) == 0:
		v.State = stateEmpty
	}
	v.Listed = slices.Clone(s.Feeds)
	slices.SortStableFunc(v.Listed, func(a, b Feed) int { // those that failed first
		return cmp.Compare(min(len(b.Error), 1), min(len(a.Error), 1))
	})
	v.Unlisted = max(len(v.Listed)-mostFeeds, 0)
	v.Listed = v.Listed[:len(v.Listed)-v.Unlisted]
	shown := s.Audience.Days[max(len(s.Audience.Days)-days, 0):]
	if len(shown) > 0 {
		v.Today = shown[len(shown)-1]
	}
	v.Plots.Readers, v.Plots.Requests, v.Plots.Bytes = readersMeasure.plot(shown), requestsMeasure.plot(shown), bytesMeasure.plot(shown)
	v.Shown = slices.Clone(shown)
	slices.Reverse(v.Shown)
	var out bytes.Buffer
	err := page().Execute(&out, v)
	return out.Bytes(), err
}

// troubles are what somebody must look after, and what is worth a word beside.
func (s Site) troubles() (troubles, notes []trouble) {
	for _, f := range s.Feeds {
		if f.Error != "" {
			troubles = append(troubles, trouble{"feed " + f.Name, "", f.Error})
		}
	}
	for _, src := range s.Sources {
		of := "source " + src.Name
		if src.Error != "" {
			troubles = append(troubles, trouble{of, "", src.Error})
		}
		for _, r := range src.Refusals {
			troubles = append(troubles, trouble{of, r.Place(), r.Text()})
		}
		for _, key := range src.HeldBack {
			troubles = append(troubles, trouble{of, key, "file vanished with many others; its entry is withdrawn with generate --force only"})
		}
		for _, key := range src.Missing {
			notes = append(notes, trouble{of, key, "file vanished, its entry is kept"})
		}
		for _, line := range src.Warnings {
			notes = append(notes, trouble{of, "", line})
		}
	}
	return troubles, notes
}

// Place is the article's file, with the line.
func (r *Refusal) Place() string {
	switch {
	case r.Line > 0:
		return fmt.Sprintf("%s:%d", r.File, r.Line)
	case r.Item > 0:
		return fmt.Sprintf("%s, article %d", r.File, r.Item)
	}
	return r.File
}

// Text is why the article was refused.
func (r *Refusal) Text() string {
	if r.Field == "" {
		return r.Reason
	}
	return r.Field + ": " + r.Reason
}

// Clock is the moment as people read it.
func (v view) Clock(t *time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Machine is the moment as programs read it.
func (v view) Machine(t *time.Time) string { return t.UTC().Format(time.RFC3339) }

// From is how far a moment is from that of the page: "3 min ago", "in 2 h".
func (v view) From(t *time.Time) string {
	d := t.Sub(v.At)
	text := span(d.Abs())
	switch {
	case d.Abs() < time.Second:
		return "now"
	case d < 0:
		return text + " ago"
	}
	return "in " + text
}

func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// A momentView is a moment on the page, which there may not be.
type momentView struct {
	View view
	At   *time.Time
}

// Moment is what the template of a moment takes.
func (v view) Moment(t *time.Time) momentView { return momentView{v, t} }

// MomentOf is that of the page.
func (v view) MomentOf() *time.Time { return &v.At }

// Began is when the daemon began.
func (d *Daemon) Began() *time.Time { return &d.Since }
