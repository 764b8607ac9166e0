package publish

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"feedpub/feed"
)

// A draft is one document on its way: the feed as it should be, and as readers have it.
type draft struct {
	format    feed.Format
	next      *feed.Feed
	prev      *previous
	left      map[string]string // why entries of prev are not in next, by ID
	withdrawn map[string]bool   // by ID
}

// A Fallback is an entry that failed its check, and what stands in its place.
type Fallback struct {
	ID      string `json:"id"`
	Kept    bool   `json:"kept"` // its last published version stands; else it was left out
	Problem string `json:"problem"`
}

// render writes and checks the document, and says which entries it carries. An entry that fails is replaced by its last published version, or left
// out when there is none, so that one bad entry never takes the feed down.
func (d *draft) render() (doc []byte, carried []string, fallbacks []Fallback, err error) {
	f := *d.next
	f.Entries = slices.Clone(f.Entries)
	left := map[string]string{}
	for id, reason := range d.left {
		left[id] = reason
	}
	tried := map[string]bool{}
	for {
		doc, err := d.attempt(&f, left)
		if err == nil {
			return doc, ids(f.Entries), fallbacks, nil
		}
		progress := false
		blamed, _ := feed.Blamed(err)
		for _, id := range blamed {
			kept, ok := d.replace(&f, id, tried[id])
			if !ok {
				continue
			}
			if !kept {
				left[id] = "failed its check"
			}
			tried[id], progress = true, true
			fallbacks = append(fallbacks, Fallback{ID: id, Kept: kept, Problem: problemOf(err, id)})
		}
		if !progress {
			return nil, nil, fallbacks, err
		}
	}
}

// problemOf is the first thing that an error of package feed says about the entry.
func problemOf(err error, id string) string {
	var problems feed.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			if p.EntryID == id {
				return p.Error()
			}
		}
	}
	return err.Error()
}

func (d *draft) attempt(f *feed.Feed, left map[string]string) ([]byte, error) {
	var b bytes.Buffer
	if err := f.Write(&b, d.format); err != nil {
		return nil, err
	}
	if err := d.prev.check(b.Bytes(), f, left); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// replace puts the last published version in place of the entry, or removes it where there is none, it was tried
// before, or the entry is withdrawn; ok is false when there is nothing more to do about it.
func (d *draft) replace(f *feed.Feed, id string, tried bool) (kept, ok bool) {
	at := slices.IndexFunc(f.Entries, func(e feed.Entry) bool { return e.ID == id })
	last := d.lastPublished(id)
	switch {
	case last != nil && !tried && !d.withdrawn[id]:
		if at >= 0 {
			f.Entries[at] = *last
		} else {
			f.Entries = append(f.Entries, *last)
			slices.SortFunc(f.Entries, feed.Compare)
		}
		return true, true
	case at >= 0:
		f.Entries = slices.Delete(f.Entries, at, at+1)
		return false, true
	}
	return false, false
}

func (d *draft) lastPublished(id string) *feed.Entry {
	prev := d.prev.whole()
	if prev == nil {
		return nil
	}
	for i := range prev.Entries {
		if prev.Entries[i].ID == id {
			return &prev.Entries[i]
		}
	}
	return nil
}

// withoutWithdrawn is the last good document less the entries that are withdrawn: what is written when the next
// document fails, because a withdrawal is always carried out. It is nil when there is nothing to take out.
func (d *draft) withoutWithdrawn() ([]byte, error) {
	prev := d.prev.whole()
	if prev == nil || !slices.ContainsFunc(prev.Entries, d.carriesWithdrawn) {
		return nil, nil
	}
	f := *prev
	f.Name, f.SelfURL = d.next.Name, d.next.SelfURL
	f.Entries = slices.DeleteFunc(slices.Clone(f.Entries), d.carriesWithdrawn)
	var b bytes.Buffer
	if err := f.Write(&b, d.format); err != nil {
		return nil, fmt.Errorf("write the last good entries without the withdrawn ones: %w", err)
	}
	if err := feed.Check(b.Bytes(), &f, d.format); err != nil {
		return nil, fmt.Errorf("check the last good entries without the withdrawn ones: %w", err)
	}
	return b.Bytes(), nil
}

// carriesWithdrawn tells of a published entry whether it still shows what has been withdrawn.
func (d *draft) carriesWithdrawn(e feed.Entry) bool {
	if !d.withdrawn[e.ID] {
		return false
	}
	i := slices.IndexFunc(d.next.Entries, func(n feed.Entry) bool { return n.ID == e.ID })
	return i < 0 || e.Content != d.next.Entries[i].Content || e.Summary != d.next.Entries[i].Summary
}
