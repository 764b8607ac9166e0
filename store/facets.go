package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"feedpub/feed"
)

// A NamedFacet is a facet that some entry has which is no draft, or that has a feed from when one had it. Its label is
// as its oldest entry spells it; without one, as it was first spelt.
type NamedFacet struct {
	feed.Facet
	Name string // of its feed, empty until FacetName gives one
}

// Facets gives every facet of the kind of an entry that is no draft, and every one with a feed, sorted by value. The first
// time that a kind is asked for, all entries are indexed by it (see Keep).
func (s *Store) Facets(ctx context.Context, kind feed.Kind) ([]NamedFacet, error) {
	if err := s.Keep(ctx, kind); err != nil {
		return nil, err
	}
	var facets []NamedFacet
	err := s.collect(ctx, func(rows *sql.Rows) error {
		f := NamedFacet{Facet: feed.Facet{Kind: kind}}
		var label, name sql.NullString
		err := rows.Scan(&f.Value, &f.Label, &name, &label)
		if label.Valid {
			f.Label = label.String
		}
		f.Name = name.String
		if label.Valid || name.Valid {
			facets = append(facets, f)
		}
		return err
	}, `
		SELECT value, label, name, (SELECT label FROM entry_facets AS e WHERE e.kind = f.kind AND e.value = f.value
			ORDER BY visible_from, entry DESC LIMIT 1)
		FROM facets AS f WHERE kind = $1 ORDER BY value`, kind)
	if err != nil {
		return nil, fmt.Errorf("read the facets by %s: %w", kind, err)
	}
	return facets, nil
}

// FacetName gives the name of a facet's feed, of the form [a-z0-9][a-z0-9._-]{0,63}: the value as a slug, with a short
// hash where the slug does not say all of the value, is reserved or is another value's. A name once given is stored and
// stands.
func (s *Store) FacetName(ctx context.Context, kind feed.Kind, value string) (string, error) {
	value = feed.Fold(value)
	if value == "" {
		return "", fmt.Errorf("an empty %s has no feed", kind)
	}
	var name sql.NullString
	err := s.read.QueryRowContext(ctx, `SELECT name FROM facets WHERE kind = $1 AND value = $2`, kind, value).Scan(&name)
	if err == nil && name.Valid {
		return name.String, nil
	}
	err = s.inTx(ctx, func(t *tx) error { return t.nameFacet(ctx, kind, value, &name) })
	if err != nil {
		return "", fmt.Errorf("name %s %s: %w", kind, value, err)
	}
	return name.String, nil
}

func (t *tx) nameFacet(ctx context.Context, kind feed.Kind, value string, name *sql.NullString) error {
	_, err := t.get(ctx, []any{name}, `SELECT name FROM facets WHERE kind = $1 AND value = $2`, kind, value)
	if err != nil || name.Valid {
		return err
	}
	for _, candidate := range facetNames(value) {
		var other string
		taken, err := t.get(ctx, []any{&other}, `SELECT value FROM facets WHERE kind = $1 AND name = $2`, kind, candidate)
		if err != nil {
			return err
		}
		if !taken {
			name.String, name.Valid = candidate, true
			return t.exec(ctx, `
				INSERT INTO facets (kind, value, label, name) VALUES ($1, $2, $2, $3)
				ON CONFLICT (kind, value) DO UPDATE SET name = excluded.name`, kind, value, candidate)
		}
	}
	return errors.New("every name for it is taken")
}

// facetNames are the names that a folded value may have, the best first.
func facetNames(value string) []string {
	const longest, short = 64, 6
	sum := sha256.Sum256([]byte(value))
	hash := hex.EncodeToString(sum[:])
	slug, whole := slugify(value)
	var names []string
	if whole && slug != "" && len(slug) <= longest && !reserved(slug) {
		names = append(names, slug)
	}
	stem := strings.TrimRight(slug[:min(len(slug), longest-short-1)], "-._")
	if stem != "" {
		stem += "-"
	}
	return append(names, stem+hash[:short], hash[:longest/2], hash)
}

// slugify gives the ASCII slug of a folded value: accents dropped, white space and punctuation as hyphens. whole is
// false where more is lost, as with C++ and 日本語.
func slugify(value string) (slug string, whole bool) {
	whole = true
	var b strings.Builder
	for _, r := range norm.NFD.String(value) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '.', r == '_':
			b.WriteRune(r)
		case unicode.IsSpace(r), unicode.Is(unicode.Pd, r), strings.ContainsRune(`/\,:;!?'"’‘“”()&`, r):
			if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
				b.WriteByte('-')
			}
		case !unicode.Is(unicode.Mn, r):
			whole = false
		}
	}
	slug = strings.TrimRight(b.String(), "-")
	trimmed := strings.TrimRight(strings.TrimLeft(slug, "-._"), "-.")
	return trimmed, whole && trimmed == slug
}

// reserved says whether a name cannot be a folder's everywhere, or has a meaning of its own below a feed.
func reserved(name string) bool {
	if name == "archive" {
		return true
	}
	device, _, _ := strings.Cut(name, ".")
	switch device {
	case "con", "prn", "aux", "nul":
		return true
	}
	port := len(device) == 4 && device[3] >= '0' && device[3] <= '9'
	return port && (device[:3] == "com" || device[:3] == "lpt")
}

// NameFacet gives a facet the name that its feed had before the store was lost. A facet that has a name, or a name that
// another facet has, stands as it is.
func (s *Store) NameFacet(ctx context.Context, kind feed.Kind, value, name string) error {
	err := s.inTx(ctx, func(t *tx) error {
		return t.exec(ctx, `
			INSERT INTO facets (kind, value, label, name)
			SELECT $1, $2, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM facets WHERE kind = $1 AND name = $3)
			ON CONFLICT (kind, value) DO UPDATE SET name = excluded.name WHERE facets.name IS NULL`, kind, value, name)
	})
	if err != nil {
		return fmt.Errorf("name %s %s: %w", kind, value, err)
	}
	return nil
}
