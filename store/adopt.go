package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"feedpub/feed"
)

// adoptedColumns are the columns that scanAdopted scans, and storedColumns the same of entries, which can tell the last when
// it is asked for.
const (
	adoptedColumns = `id, source, key, url, published, updated, withdrawn, note, raw, significant`
	storedColumns  = `id, source, key, url, published, updated, withdrawn, note, raw, ''`
)

// An Adopted is what must be known of a published entry to go on publishing it when the store has lost it or never
// had it. Only the ID is needed; the more there is, the better it is recognised.
type Adopted struct {
	ID                 string
	Source, Key        string // where feedpub read it; empty in what another program published
	URL                string
	Published, Updated time.Time
	Raw, Significant   string    // of the published version, see feed.Entry
	Withdrawn          time.Time // zero unless withdrawn
	Note               string
}

// Adopt remembers published entries until their articles are put. A new article that is recognised, by its source and
// key, else by its ID, else by its URL, in whatever way that is written, goes on under the adopted ID, with its dates and its withdrawal. Until then,
// and for a withdrawn one whose source never comes back for good, the ID is no other article's.
//
// What the store knows already stands: entries by the same ID are left alone, and what was adopted before is only
// completed.
func (s *Store) Adopt(ctx context.Context, as []Adopted) error {
	return s.inTx(ctx, func(t *tx) error {
		for _, a := range as {
			err := t.exec(ctx, `
				INSERT INTO adopted (`+adoptedColumns+`, address)
				SELECT $1, $2, $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), $8, $9, $10, $11
				WHERE NOT EXISTS (SELECT 1 FROM entries WHERE id = $1)
				ON CONFLICT (id) DO UPDATE SET
					source = CASE adopted.source WHEN '' THEN excluded.source ELSE adopted.source END,
					key = CASE adopted.source WHEN '' THEN excluded.key ELSE adopted.key END,
					url = CASE adopted.url WHEN '' THEN excluded.url ELSE adopted.url END,
					address = CASE adopted.url WHEN '' THEN excluded.address ELSE adopted.address END,
					published = COALESCE(adopted.published, excluded.published),
					updated = COALESCE(adopted.updated, excluded.updated),
					withdrawn = COALESCE(adopted.withdrawn, excluded.withdrawn),
					note = CASE WHEN adopted.withdrawn IS NULL THEN excluded.note ELSE adopted.note END,
					raw = CASE adopted.raw WHEN '' THEN excluded.raw ELSE adopted.raw END,
					significant = CASE adopted.raw WHEN '' THEN excluded.significant ELSE adopted.significant END`,
				a.ID, a.Source, a.Key, a.URL, micros(a.Published), micros(a.Updated), micros(a.Withdrawn),
				a.Note, a.Raw, a.Significant, addressOf(a.URL))
			if err != nil {
				return fmt.Errorf("adopt %s: %w", a.ID, err)
			}
		}
		return nil
	})
}

// Empty says whether no entry was ever stored.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var entries int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM entries LIMIT 1) AS e`).Scan(&entries)
	return entries == 0, s.explain(err)
}

// Remembered is an entry of [Store.Memory].
type Remembered struct {
	Adopted
	// Hidden says that no feed may show the entry at the time, a withdrawn one apart: its article went back to draft or
	// under embargo, or it expired. What the article says since then is not to be told, not even its key.
	Hidden bool
}

// Memory is what a store that starts empty beside the published folder must Adopt, by ID: the entries in a feed's
// window; of the others that readers were ever shown those whose dates or ID their source does not tell again, which
// are undated, edited, moved or withdrawn; and what was adopted with a source and is not put yet.
func (s *Store) Memory(ctx context.Context, at time.Time) iter.Seq2[Remembered, error] {
	return func(yield func(Remembered, error) bool) {
		for after := ""; ; {
			page, err := s.memoryPage(ctx, at, after)
			if err != nil {
				yield(Remembered{}, fmt.Errorf("read the store's memory: %w", err))
				return
			}
			for _, a := range page {
				if !yield(a, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			after = page[len(page)-1].ID
		}
	}
}

// MemoryOf is what Memory gives of the entries with the IDs, and of what is adopted, which no change tells of.
func (s *Store) MemoryOf(ctx context.Context, at time.Time, ids []string) ([]Remembered, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	found, err := s.remembered(ctx, `
		SELECT `+storedColumns+hidden+` FROM entries WHERE id IN (SELECT value FROM json_each($1))
			AND (`+untoldBySource+` OR EXISTS (SELECT 1 FROM feed_entries WHERE entry = entries.id))
		UNION ALL
		SELECT `+adoptedColumns+`, 0
		FROM adopted WHERE withdrawn IS NOT NULL OR source <> ''`, string(list), micros(at))
	if err != nil {
		return nil, fmt.Errorf("read the store's memory of %d entries: %w", len(ids), err)
	}
	return found, nil
}

// untoldBySource are the published entries whose ID or dates their source does not tell; the index entries_untold has just
// these, so that they are found without the others.
const untoldBySource = `shown = 1 AND (dated = 0 OR updated <> published OR withdrawn IS NOT NULL
	OR substr(id, length(id) - length(key) + 1) <> key)`

const hidden = `, CASE WHEN status = 'draft' OR visible_from > $2 OR expiry <= $2 THEN 1 ELSE 0 END AS hidden`

func (s *Store) memoryPage(ctx context.Context, at time.Time, after string) ([]Remembered, error) {
	return s.remembered(ctx, `
		SELECT * FROM (
			SELECT * FROM (
				SELECT `+storedColumns+hidden+` FROM entries WHERE `+untoldBySource+` AND id > $1 ORDER BY id LIMIT $3) AS untold
			UNION
			SELECT `+storedColumns+hidden+` FROM entries WHERE id IN (
				SELECT DISTINCT entry FROM feed_entries WHERE entry > $1 ORDER BY entry LIMIT $3)
			UNION ALL
			SELECT `+adoptedColumns+`, 0
			FROM adopted WHERE (withdrawn IS NOT NULL OR source <> '') AND id > $1
		) AS remembered ORDER BY id LIMIT $3`, after, micros(at), pageSize)
}

func (s *Store) remembered(ctx context.Context, query string, args ...any) (found []Remembered, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var r Remembered
		var hidden int
		var err error
		r.Adopted, err = scanAdopted(rows, &hidden)
		r.Hidden = hidden == 1
		found = append(found, r)
		return err
	}, query, args...)
	return found, err
}

// adoptedFor is what was adopted of a new article, or nil.
func (t *tx) adoptedFor(ctx context.Context, e *feed.Entry) (*Adopted, error) {
	if any, err := t.anyAdopted(ctx); err != nil || !any {
		return nil, err
	}
	return t.findAdopted(ctx, e)
}

func (t *tx) findAdopted(ctx context.Context, e *feed.Entry) (*Adopted, error) {
	keys := []string{e.Key}
	if e.FormerKey != "" {
		keys = append(keys, e.FormerKey)
	}
	for _, key := range keys {
		a, err := t.oneAdopted(ctx, `
			SELECT `+adoptedColumns+`
			FROM adopted WHERE source = $1 AND key = $2 ORDER BY id LIMIT 1`, e.Source, key)
		if err != nil || a != nil {
			return a, err
		}
	}
	a, err := t.oneAdopted(ctx, `
		SELECT `+adoptedColumns+`
		FROM adopted WHERE id = $1`, e.ID)
	if err != nil {
		return nil, err
	}
	// An ID minted from a key may be that of an article which has moved to another key since.
	if a != nil && (a.Key == "" || !minted(e)) {
		return a, nil
	}
	if e.URL == "" {
		return nil, nil
	}
	a, err = t.oneAdopted(ctx, `
		SELECT `+adoptedColumns+`
		FROM adopted WHERE url = $1 AND key = '' ORDER BY id LIMIT 1`, e.URL)
	if err != nil || a != nil || addressOf(e.URL) == "" {
		return a, err
	}
	// Feeds write addresses in many ways; one that no other page's may be is enough.
	return t.oneAdopted(ctx, `
		SELECT `+adoptedColumns+`
		FROM adopted WHERE address = $1 AND key = ''
			AND NOT EXISTS (SELECT 1 FROM adopted AS other WHERE other.address = $1 AND other.key = '' AND other.id <> adopted.id)`, addressOf(e.URL))
}

// Unclaimed gives the URLs of what was adopted from another's feed, and that no article has taken, in order.
func (s *Store) Unclaimed(ctx context.Context) (urls []string, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var link string
		err := rows.Scan(&link)
		urls = append(urls, link)
		return err
	}, `SELECT url FROM adopted WHERE source = '' AND key = '' AND withdrawn IS NULL AND url <> '' ORDER BY url`)
	if err != nil {
		return nil, fmt.Errorf("read what no article has taken: %w", err)
	}
	return urls, nil
}

func (t *tx) oneAdopted(ctx context.Context, query string, args ...any) (*Adopted, error) {
	st, ctx, err := t.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	a, err := scanAdopted(st.QueryRowContext(ctx, args...))
	if err == sql.ErrNoRows {
		return nil, nil
	}
	return &a, err
}

// scanAdopted scans the columns of an Adopted, and what else was asked for.
func scanAdopted(r interface{ Scan(...any) error }, more ...any) (Adopted, error) {
	var a Adopted
	var published, updated, withdrawn sql.NullInt64
	into := []any{&a.ID, &a.Source, &a.Key, &a.URL, &published, &updated, &withdrawn, &a.Note, &a.Raw, &a.Significant}
	err := r.Scan(append(into, more...)...)
	a.Published, a.Updated, a.Withdrawn = moment(published), moment(updated), moment(withdrawn)
	return a, err
}

// revise gives a new article what was published of it. Its updated date moves only where it is known that the
// article was edited since, and that readers see it.
func (a *Adopted) revise(e feed.Entry, now time.Time) feed.Entry {
	modified := e.Updated
	if !a.Published.IsZero() && !e.Dated {
		e.Published = a.Published
	}
	dated := e.Dated
	e.Dated = e.Dated || !a.Published.IsZero() // keeps the date from being set to now
	e = feed.Revise(nil, e, now)
	e.ID, e.Dated, e.Shown = a.ID, dated, true
	if !a.Published.IsZero() {
		e.FirstSeen = a.Published
	}
	if !a.Updated.IsZero() {
		e.Updated = a.Updated
	}
	if a.Raw != "" && a.Significant != "" && a.Raw != e.Raw && a.Significant != e.Significant() {
		e.Updated = feed.Touch(a.Updated, modified, now)
	}
	if e.Updated.Before(e.Published) {
		e.Updated = e.Published
	}
	if !a.Withdrawn.IsZero() {
		e.Status, e.Withdrawn, e.Note = feed.Withdrawn, a.Withdrawn, a.Note
	}
	return e
}

// tombstone is what is known of an entry whose article is not stored.
func (a *Adopted) tombstone() feed.Entry {
	e := feed.Entry{
		ID: a.ID, Source: a.Source, Key: a.Key, URL: a.URL, Published: a.Published, Updated: a.Updated,
		FirstSeen: a.Published, Shown: true, Status: feed.Published, Withdrawn: a.Withdrawn, Note: a.Note, Raw: a.Raw,
	}
	if !a.Withdrawn.IsZero() {
		e.Status = feed.Withdrawn
	}
	return e
}
