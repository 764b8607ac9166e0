package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"feedpub/feed"
)

// A Known is what an import must know of an article to recognise it under another key.
type Known struct {
	ID, URL, GUID, Raw string
	Status             feed.Status // Draft, Published or Withdrawn
	Adopted            bool        // published before, see Adopt, but not stored: its article has not come yet
}

// A Trait is something by which an article is recognised.
type Trait string

// The traits of articles. Each is indexed: an import asks for what it reads, never for all that is stored.
const (
	ByKey  Trait = "key"
	ByID   Trait = "id"
	ByURL  Trait = "url"
	ByGUID Trait = "guid"
	ByRaw  Trait = "raw"
)

// in is the condition that an article of the source $1 has one of the n values of a trait from $2 on. It makes SQLite take
// the trait's index, not that of sources.
func (t Trait) in(n int) string {
	values := marks(2, n)
	in := string(t) + ` IN (` + values + `)`
	switch t {
	case ByKey:
		return `source = $1 AND ` + in
	case ByGUID:
		in += ` AND guid <> ''`
	case ByRaw:
		in += ` AND substr(raw, 1, 8) IN (substr(` + strings.ReplaceAll(values, ", ", ", 1, 8), substr(") + `, 1, 8))`
	}
	return `source || '' = $1 AND ` + in
}

// Alike gives what is known of the articles of a source that have one of the values of a trait, by their keys.
func (s *Store) Alike(ctx context.Context, source string, by Trait, values []string) (map[string]Known, error) {
	found := map[string]Known{}
	for chunk := range slices.Chunk(values, maxParameters-1) {
		if err := s.known(ctx, source, take(found), by.in(len(chunk)), anys(chunk)...); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// KeysIn gives what is known of the article of one file of a source, or of the articles in it.
func (s *Store) KeysIn(ctx context.Context, source, file string) (map[string]Known, error) {
	found := map[string]Known{}
	// $ comes after #
	err := s.known(ctx, source, take(found), `source = $1 AND (key = $2 OR key > $2 || '#' AND key < $2 || '$')`, file)
	return found, err
}

// Keys gives to each what is known of all articles of a source, in no order.
func (s *Store) Keys(ctx context.Context, source string, each func(key string, k Known)) error {
	return s.known(ctx, source, each, `source = $1`)
}

// HoldsNone says that no article of a source is known, neither stored nor adopted by its key.
func (s *Store) HoldsNone(ctx context.Context, source string) (none bool, err error) {
	err = s.read.QueryRowContext(ctx, positional(`
		SELECT NOT EXISTS (SELECT 1 FROM entries WHERE source = $1) AND NOT EXISTS (SELECT 1 FROM adopted WHERE source = $1 AND key <> '')`), source).Scan(&none)
	if err != nil {
		return false, fmt.Errorf("look for articles of source %s: %w", source, s.explain(err))
	}
	return none, nil
}

// Live is how many articles of a source are not withdrawn.
func (s *Store) Live(ctx context.Context, source string) (n int, err error) {
	err = s.read.QueryRowContext(ctx, positional(`
		SELECT (SELECT count(*) FROM entries WHERE source = $1 AND withdrawn IS NULL)
			+ (SELECT count(*) FROM adopted AS a WHERE source = $1 AND withdrawn IS NULL AND `+alone+`)`), source).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the articles of source %s: %w", source, s.explain(err))
	}
	return n, nil
}

func take(found map[string]Known) func(key string, k Known) {
	return func(key string, k Known) { found[key] = k }
}

// known gives to each what is known of the articles of a source for which the condition holds, of which $1 is the source.
func (s *Store) known(ctx context.Context, source string, each func(key string, k Known), where string, args ...any) error {
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var key string
		var k Known
		var withdrawn sql.NullInt64
		if err := rows.Scan(&key, &k.ID, &k.URL, &k.GUID, &k.Raw, &k.Status, &withdrawn, &k.Adopted); err != nil {
			return err
		}
		if withdrawn.Valid {
			k.Status = feed.Withdrawn
		}
		each(key, k)
		return nil
	}, knownWhere(where), append([]any{source}, args...)...)
	if err != nil {
		return fmt.Errorf("read the keys of source %s: %w", source, err)
	}
	return nil
}

// alone says of an adopted entry a that it is all that is known of its key: nothing is stored by it, and nothing else adopted
// that goes before.
const alone = `a.key <> '' AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.source = a.source AND e.key = a.key)
	AND NOT EXISTS (SELECT 1 FROM adopted AS o WHERE o.source = a.source AND o.key = a.key AND o.id < a.id)`

// knownWhere stands alone, so that a test can ask for its plan.
func knownWhere(where string) string {
	return `
		SELECT key, id, url, guid, raw, status, withdrawn, adopted FROM (
			SELECT source, key, id, url, '' AS guid, raw, 'published' AS status, withdrawn, 1 AS adopted FROM adopted AS a WHERE ` + alone + `
		) AS a WHERE ` + where + `
		UNION ALL SELECT key, id, url, guid, raw, status, withdrawn, 0 FROM entries WHERE ` + where
}
