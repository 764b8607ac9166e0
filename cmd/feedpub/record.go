package main

import (
	"time"

	"feedpub/feed"
)

// A record is an entry as JSON prints it.
type record struct {
	File       string           `json:"file,omitempty"`
	ID         string           `json:"id"`
	GUID       string           `json:"guid"`
	Source     string           `json:"source"`
	Key        string           `json:"key"`
	URL        string           `json:"url"`
	Slug       string           `json:"slug"`
	Title      string           `json:"title"`
	Summary    string           `json:"summary"`
	Content    string           `json:"content"`
	Text       string           `json:"text"`
	Authors    []feed.Author    `json:"authors"`
	Tags       []string         `json:"tags"`
	Language   string           `json:"language"`
	Image      string           `json:"image"`
	ImageAlt   string           `json:"image_alt,omitempty"`
	Enclosures []feed.Enclosure `json:"enclosures"`
	Details    feed.Details     `json:"details,omitzero"`
	Published  *time.Time       `json:"published"`
	Updated    *time.Time       `json:"updated"`
	FirstSeen  *time.Time       `json:"first_seen,omitempty"`
	Embargo    *time.Time       `json:"embargo"`
	Expiry     *time.Time       `json:"expiry"`
	Status     feed.Status      `json:"status"`
	Withdrawn  *time.Time       `json:"withdrawn,omitempty"`
	Note       string           `json:"note,omitempty"`
	Warnings   []string         `json:"warnings,omitzero"` // a list, also an empty one, of what was just read
	Error      string           `json:"error,omitempty"`
}

func recordOf(e *feed.Entry, now time.Time) record {
	r := record{
		ID: e.ID, GUID: e.GUID, Source: e.Source, Key: e.Key, URL: e.URL, Slug: e.Slug,
		Title: e.Title, Summary: e.Summary, Content: e.Content, Text: e.Text(),
		Authors: e.Authors, Tags: e.Tags, Language: e.Language,
		Image: e.Image.URL, ImageAlt: e.Image.Alt, Details: e.Details,
		Published: moment(e.Published), Updated: moment(e.Updated), FirstSeen: moment(e.FirstSeen),
		Embargo: moment(e.Embargo), Expiry: moment(e.Expiry),
		Status: e.StatusAt(now), Withdrawn: moment(e.Withdrawn), Note: e.Note, Error: e.Fault,
	}
	// Lists are lists in JSON, also when they are empty.
	if r.Authors == nil {
		r.Authors = []feed.Author{}
	}
	if r.Tags == nil {
		r.Tags = []string{}
	}
	r.Enclosures = make([]feed.Enclosure, len(e.Enclosures))
	for i, c := range e.Enclosures {
		c.File = "" // only the source knows it
		r.Enclosures[i] = c
	}
	return r
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
