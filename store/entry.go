package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"feedpub/feed"
)

// columns are the columns of entries that a row holds, in the order of row.dest.
const columns = `id, expiry, withdrawn, status, published, dated, updated, first_seen, embargo, source, key, guid, url,
	slug, raw, language, title, note, authors, tags, image, enclosures, details, summary, content, unmade, shown`

// A row is an entry in the words of the database. Two rows are equal when no stored field differs.
type row struct {
	id                           string
	expiry, withdrawn            sql.NullInt64
	status                       string // the source's own: draft or published
	published                    int64
	dated                        bool
	updated, firstSeen           int64
	embargo                      sql.NullInt64
	source, key, guid, url, slug string
	raw, language, title, note   string
	authors, tags                string // JSON
	image, enclosures, details   string // JSON
	summary, content             string
	unmade                       packed
	shown                        bool // see SaveFeed
}

// dest are the places that columns are scanned into.
func (r *row) dest() []any {
	return []any{&r.id, &r.expiry, &r.withdrawn, &r.status, &r.published, &r.dated, &r.updated, &r.firstSeen, &r.embargo,
		&r.source, &r.key, &r.guid, &r.url, &r.slug, &r.raw, &r.language, &r.title, &r.note, &r.authors, &r.tags,
		&r.image, &r.enclosures, &r.details, &r.summary, &r.content, &r.unmade, &r.shown}
}

// rowOf is the row of e, whose status its source gives.
func (t *tx) rowOf(e *feed.Entry, status feed.Status) (row, error) {
	r := row{
		id: e.ID, expiry: micros(e.Expiry), withdrawn: micros(e.Withdrawn), status: string(status),
		published: e.Published.UnixMicro(), dated: e.Dated, updated: e.Updated.UnixMicro(),
		firstSeen: e.FirstSeen.UnixMicro(), embargo: micros(e.Embargo),
		source: e.Source, key: e.Key, guid: e.GUID, url: e.URL, slug: e.Slug, raw: e.Raw, language: e.Language,
		title: e.Title, note: e.Note,
		summary: e.Summary, content: e.Content, unmade: t.texts.pack(e.Unmade), shown: e.Shown,
	}
	var err error
	if r.authors, err = list(e.Authors); err != nil {
		return r, err
	}
	if r.tags, err = list(e.Tags); err != nil {
		return r, err
	}
	if r.enclosures, err = list(e.Enclosures); err != nil {
		return r, err
	}
	if r.image, err = object(e.Image); err != nil {
		return r, err
	}
	r.details, err = object(e.Details)
	return r, err
}

// entry is the entry that the row holds.
func (r *row) entry() (feed.Entry, error) {
	e := feed.Entry{
		ID: r.id, Expiry: moment(r.expiry), Withdrawn: moment(r.withdrawn), Status: feed.Status(r.status),
		Published: time.UnixMicro(r.published).UTC(), Dated: r.dated, Updated: time.UnixMicro(r.updated).UTC(),
		FirstSeen: time.UnixMicro(r.firstSeen).UTC(), Embargo: moment(r.embargo),
		Source: r.source, Key: r.key, GUID: r.guid, URL: r.url, Slug: r.slug, Raw: r.raw, Language: r.language,
		Title: r.title, Note: r.note,
		Summary: r.summary, Content: r.content, Shown: r.shown,
	}
	if r.withdrawn.Valid {
		e.Status = feed.Withdrawn
	}
	var err error
	if e.Unmade, err = r.unmade.text(); err != nil {
		return e, fmt.Errorf("text of %s: %w", r.id, err)
	}
	if err := unlist(r.authors, &e.Authors); err != nil {
		return e, fmt.Errorf("authors of %s: %w", r.id, err)
	}
	if err := unlist(r.tags, &e.Tags); err != nil {
		return e, fmt.Errorf("tags of %s: %w", r.id, err)
	}
	if err := unlist(r.enclosures, &e.Enclosures); err != nil {
		return e, fmt.Errorf("enclosures of %s: %w", r.id, err)
	}
	if err := unobject(r.image, &e.Image); err != nil {
		return e, fmt.Errorf("image of %s: %w", r.id, err)
	}
	if err := unobject(r.details, &e.Details); err != nil {
		return e, fmt.Errorf("details of %s: %w", r.id, err)
	}
	return e, nil
}

// visibleFrom is feed.Entry.VisibleFrom of the row.
func (r *row) visibleFrom() int64 {
	if r.embargo.Valid && r.embargo.Int64 > r.published {
		return r.embargo.Int64
	}
	return r.published
}

// listed says whether a feed may hold the entry now or later: it is no draft, or readers are told of its withdrawal.
func (r *row) listed() bool {
	return r.status != string(feed.Draft) || r.withdrawn.Valid
}

func list[T any](values []T) (string, error) {
	if len(values) == 0 {
		return "", nil
	}
	data, err := json.Marshal(values)
	return string(data), err
}

func unlist[T any](data string, values *[]T) error {
	if data == "" {
		return nil
	}
	return json.Unmarshal([]byte(data), values)
}

// object is v as JSON, empty where v says nothing.
func object[T any](v T) (string, error) {
	data, err := json.Marshal(v)
	if reflect.ValueOf(v).IsZero() {
		return "", err
	}
	return string(data), err
}

func unobject[T any](data string, v *T) error {
	if data == "" {
		return nil
	}
	return json.Unmarshal([]byte(data), v)
}

// canonical is t as it comes back from the database.
func canonical(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

func micros(t time.Time) sql.NullInt64 {
	if t.IsZero() {
		return sql.NullInt64{} // as it is scanned, so that rows compare
	}
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: true}
}

func moment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}

// value is what a place of dest holds, as both databases take it.
func value(p any) any {
	switch p := p.(type) {
	case *string:
		return *p
	case *int64:
		return *p
	case *bool:
		return bit(*p)
	case *sql.NullInt64:
		return *p
	case *packed:
		return []byte(*p)
	}
	panic(fmt.Sprintf("a column of type %T", p))
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
