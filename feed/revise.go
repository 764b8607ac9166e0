package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"feedpub/feed/internal/clean"
)

// Revise gives a newly read article the identity and the dates that its stored version has, and returns the
// version to store; old is nil when the article is seen for the first time.
//
//   - ID and FirstSeen stand. So do a withdrawal and the dates under it: readers see the note, not the edit.
//   - Published is the source's where it names one, else what was stored, else now; an undated draft is published
//     when it ceases to be one.
//   - Updated moves only when somebody edited the article (Raw differs) and a reader would see it (Significant
//     differs). It becomes the source's modified date or else now, at least a second after the old one and
//     never later than now; but never before Published. While an article waits for its date, no reader has seen
//     it, and an edit makes its dates anew.
func Revise(old *Entry, e Entry, now time.Time) Entry {
	e.FormerKey = ""
	if old == nil {
		e.FirstSeen = now
		return firstVersion(e, now)
	}
	modified := e.Updated
	e.ID, e.FirstSeen, e.Shown = old.ID, old.FirstSeen, old.Shown
	if old.Status == Draft && e.Status == Published && !old.Shown && !old.Dated && !e.Dated {
		return firstVersion(e, now)
	}
	e.Updated = old.Updated
	if old.Status == Withdrawn {
		e.Status, e.Withdrawn, e.Note = old.Status, old.Withdrawn, old.Note
		e.Published, e.Dated = old.Published, old.Dated
		return e
	}
	if !e.Dated {
		e.Published, e.Dated = old.Published, old.Dated
	}
	if old.Raw != "" && e.Raw != old.Raw && e.Significant() != old.Significant() {
		e.Updated = Touch(old.Updated, modified, now)
	}
	if e.Raw != old.Raw && !old.Shown && old.StatusAt(now) == Scheduled {
		e.Updated = firstUpdated(e.Published, modified, now)
	}
	return notBeforePublished(e)
}

func firstVersion(e Entry, now time.Time) Entry {
	if !e.Dated {
		e.Published = now
	}
	e.Updated = firstUpdated(e.Published, e.Updated, now)
	return notBeforePublished(e)
}

// firstUpdated is the updated date of a version that comes after none: the source's, else published.
func firstUpdated(published, modified, now time.Time) time.Time {
	t := modified
	if t.IsZero() {
		t = published
	}
	if t.After(now) {
		return now
	}
	return t
}

func notBeforePublished(e Entry) Entry {
	if e.Updated.Before(e.Published) {
		e.Updated = e.Published
	}
	return e
}

// Touch is the updated date of an edit: modified where the source names it, else now; not later than now, and
// at least a second after old, so that readers that compare whole seconds see it move.
func Touch(old, modified, now time.Time) time.Time {
	t := modified
	if t.IsZero() || t.After(now) {
		t = now
	}
	if least := old.Add(time.Second); t.Before(least) {
		t = least
	}
	return t
}

// Significant is a hash of what makes an edit one that readers are told of: title, summary, the text of the
// content, URL, authors and enclosures. Markup, white space, tags and the image are not among them.
func (e *Entry) Significant() string {
	text := clean.Words(clean.Text(e.Content))
	b := make([]byte, 0, len(text)+len(e.Summary)+512)
	part := func(values ...string) {
		for _, v := range values {
			b = strconv.AppendInt(b, int64(len(v)), 10)
			b = append(b, ':')
			b = append(b, v...)
		}
		b = append(b, '\n')
	}
	part(e.Title, clean.Words(e.Summary), text, e.URL)
	for _, a := range e.Authors {
		part(a.Name, a.Email, a.URL)
	}
	for _, c := range e.Enclosures {
		part(c.URL, c.Type)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
