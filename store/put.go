package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"feedpub/feed"
)

// A PutResult says what became of one article.
type PutResult struct {
	Entry   feed.Entry // as it is stored now, or as it was given where it was refused
	Changed bool       // some stored field differs from before
	New     bool       // seen for the first time
	Err     error      // why it was refused; nothing was stored then
}

// Put stores one article; see PutAll.
func (s *Store) Put(ctx context.Context, e feed.Entry) (changed bool, err error) {
	results, err := s.PutAll(ctx, []feed.Entry{e})
	if err != nil {
		return false, err
	}
	return results[0].Changed, results[0].Err
}

// PutAll stores articles in one transaction: when it returns without an error, they survive a loss of power. Results
// are in the order of the articles. An article that is refused does not keep the others out.
//
// An article's stored version is the one of the same source and key, else the one under its former key; feed.Revise
// says what of that stands. A new article that was published before (see Adopt) goes on under its ID. What is stored
// is written only when it differs.
func (s *Store) PutAll(ctx context.Context, es []feed.Entry) ([]PutResult, error) {
	results := make([]PutResult, len(es))
	if len(es) == 0 {
		return results, nil
	}
	texts, done := packAhead(es)
	defer done()
	err := s.inTx(ctx, func(t *tx) error {
		t.texts = texts
		if err := t.lookUp(ctx, es); err != nil {
			return fmt.Errorf("look up %d articles: %w", len(es), err)
		}
		// Renamed articles first: a new article may have taken the place of an old one.
		for _, renamed := range []bool{true, false} {
			for i, e := range es {
				if (e.FormerKey != "") != renamed {
					continue
				}
				var err error
				if results[i], err = t.put(ctx, e); err != nil {
					return fmt.Errorf("store %s/%s: %w", e.Source, e.Key, err)
				}
			}
		}
		return nil
	})
	return results, err
}

// put stores one article. The error is the database's; a refusal is in the result.
func (t *tx) put(ctx context.Context, given feed.Entry) (PutResult, error) {
	if err := acceptable(&given); err != nil {
		return PutResult{Entry: given, Err: err}, nil
	}
	e := given
	truncateTimes(&e)
	e.Enclosures = slices.Clone(e.Enclosures)
	ask, err := t.tellAll(ctx, &e)
	if err != nil {
		return PutResult{}, err
	}
	old, err := t.version(ctx, e.Source, e.Key)
	if err == nil && old == nil && e.FormerKey != "" {
		old, err = t.version(ctx, e.Source, e.FormerKey)
	}
	if err == nil && old == nil {
		old, err = t.recovered(ctx, &e)
	}
	if err != nil {
		return PutResult{}, err
	}
	var result PutResult
	if old != nil {
		result, err = t.revise(ctx, *old, e)
	} else {
		result, err = t.begin(ctx, given, e)
	}
	if err != nil || !result.Changed || len(e.Enclosures) == 0 && result.New {
		return result, err
	}
	return result, t.noteUntold(ctx, &result.Entry, ask)
}

// revise puts an article that is stored as old.
func (t *tx) revise(ctx context.Context, old row, e feed.Entry) (PutResult, error) {
	was, err := old.entry()
	if err != nil {
		return PutResult{}, err
	}
	if was.Unmade != e.Unmade || was.Raw != e.Raw { // both are to be compared
		if err := t.make(&e); err != nil { // what is stored stands
			return PutResult{Entry: e, Err: fmt.Errorf("content: %w", err)}, nil
		}
		_ = t.make(&was) // where that fails, the new content is another
	}
	status := e.Status
	e = feed.Revise(&was, e, t.now)
	next, err := t.rowOf(&e, status)
	if text, packErr := old.unmade.text(); packErr == nil && text == e.Unmade {
		next.unmade = old.unmade // another version of the library may pack it otherwise
	}
	if err != nil || next == old {
		return PutResult{Entry: e}, err
	}
	return PutResult{Entry: e, Changed: true}, t.save(ctx, &old, &next, &e)
}

// begin puts an article that is not stored yet.
func (t *tx) begin(ctx context.Context, given, e feed.Entry) (PutResult, error) {
	status := e.Status
	a, err := t.adoptedFor(ctx, &e)
	if err != nil {
		return PutResult{}, err
	}
	if a != nil {
		if err := t.make(&e); err != nil {
			return PutResult{Entry: given, Err: fmt.Errorf("content: %w", err)}, nil
		}
		if err := t.exec(ctx, `DELETE FROM adopted WHERE id = $1`, a.ID); err != nil {
			return PutResult{}, err
		}
		e = a.revise(e, t.now)
	} else {
		id, refusal, err := t.claim(ctx, &e)
		if err != nil || refusal != nil {
			return PutResult{Entry: given, Err: refusal}, err
		}
		e = feed.Revise(nil, e, t.now)
		e.ID = id
	}
	next, err := t.rowOf(&e, status)
	if err != nil {
		return PutResult{}, err
	}
	return PutResult{Entry: e, Changed: true, New: true}, t.save(ctx, nil, &next, &e)
}

// acceptable says what is missing for an article to be stored.
func acceptable(e *feed.Entry) error {
	var errs []error
	if e.ID == "" {
		errs = append(errs, errors.New("it has no ID"))
	}
	if e.Source == "" || e.Key == "" {
		errs = append(errs, errors.New("it has no source or no key"))
	}
	if e.Status != feed.Draft && e.Status != feed.Published {
		errs = append(errs, fmt.Errorf("status %q: a source says draft or published", e.Status))
	}
	for _, tag := range e.Tags {
		if !utf8.ValidString(tag) {
			errs = append(errs, fmt.Errorf("tag %q is no text in UTF-8", tag))
		}
	}
	for _, a := range e.Authors {
		if !utf8.ValidString(a.Name) {
			errs = append(errs, fmt.Errorf("author %q is no text in UTF-8", a.Name))
		}
	}
	if e.Dated && e.Published.IsZero() {
		errs = append(errs, errors.New("it is dated but has no published date"))
	}
	return errors.Join(errs...)
}

// truncateTimes makes the times of e equal to what comes back from the database.
func truncateTimes(e *feed.Entry) {
	e.Published, e.Updated = canonical(e.Published), canonical(e.Updated)
	e.Embargo, e.Expiry = canonical(e.Embargo), canonical(e.Expiry)
}

// version is the stored row of a source's key, or nil.
func (t *tx) version(ctx context.Context, source, key string) (*row, error) {
	if r, known := t.known.rows[place{source, key}]; known {
		return r, nil
	}
	var r row
	found, err := t.get(ctx, r.dest(),
		`SELECT `+columns+` FROM entries WHERE source = $1 AND key = $2`, source, key)
	if err != nil || !found {
		return nil, err
	}
	return &r, nil
}

// save writes the row of e under the next sequence number; old is nil where there was none.
func (t *tx) save(ctx context.Context, old, r *row, e *feed.Entry) error {
	seq, err := t.nextSeq(ctx)
	if err != nil {
		return err
	}
	dest := r.dest()
	args := append(make([]any, 0, 3+len(dest)), seq, r.visibleFrom(), bit(r.listed()))
	for _, p := range dest {
		args = append(args, value(p))
	}
	err = t.exec(ctx, `
		INSERT INTO entries (seq, visible_from, listed, `+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
			$16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
		ON CONFLICT (id) DO UPDATE SET
			seq = excluded.seq, visible_from = excluded.visible_from, listed = excluded.listed,
			expiry = excluded.expiry, withdrawn = excluded.withdrawn,
			status = excluded.status, published = excluded.published, dated = excluded.dated,
			updated = excluded.updated, first_seen = excluded.first_seen, embargo = excluded.embargo,
			source = excluded.source, key = excluded.key, guid = excluded.guid, url = excluded.url,
			slug = excluded.slug, raw = excluded.raw, language = excluded.language, title = excluded.title,
			note = excluded.note, authors = excluded.authors, tags = excluded.tags,
			image = excluded.image, details = excluded.details,
			enclosures = excluded.enclosures, summary = excluded.summary, content = excluded.content, unmade = excluded.unmade, shown = excluded.shown`, args...)
	if err != nil {
		return err
	}
	t.known.saved(old, r)
	return t.list(ctx, seq, old, r, e)
}

// markShown remembers that readers have seen the entry.
func (t *tx) markShown(ctx context.Context, id string) error {
	return t.exec(ctx, `UPDATE entries SET shown = 1 WHERE id = $1 AND shown = 0`, id)
}
