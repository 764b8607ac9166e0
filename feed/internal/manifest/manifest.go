// Package manifest is the list of what feedpub wrote into a published folder: each document with its digest and
// the time its bytes last changed, and what an empty store must know of the entries to go on as if it were not
// empty. A file that is not on the list is not ours: it is never overwritten, removed or served.
package manifest

import "time"

// Name is the list's file name in the published folder.
const Name = ".feedpub.json"

// A Manifest is the list.
type Manifest struct {
	Files   []File  `json:"files"`   // by path
	Entries []Entry `json:"entries"` // by ID
}

// A File is one published document.
type File struct {
	Path    string    `json:"path"`    // below the published folder, with slashes
	SHA256  string    `json:"sha256"`  // of the bytes, in hex
	Changed time.Time `json:"changed"` // when the bytes last changed, whole seconds UTC: Last-Modified
}

// An Entry is the memory of one published entry: what cannot be learnt again from its source.
type Entry struct {
	ID          string     `json:"id"`
	Source      string     `json:"source"`
	Key         string     `json:"key"`
	Published   time.Time  `json:"published"`
	Updated     time.Time  `json:"updated"`
	Raw         string     `json:"raw,omitempty"`         // feed.Entry.Raw of the published version
	Significant string     `json:"significant,omitempty"` // feed.Entry.Significant of the published version
	Withdrawn   *time.Time `json:"withdrawn,omitempty"`
	Note        string     `json:"note,omitempty"`
}
