package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// FoldTag is the form of a tag in which spellings of one tag are equal: Unicode case folding and NFC.
func FoldTag(tag string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(tag))))
}

// foldTags folds tags and drops repeats.
func foldTags(tags []string) []string {
	var folded []string
	for _, t := range tags {
		if f := FoldTag(t); !slices.Contains(folded, f) {
			folded = append(folded, f)
		}
	}
	return folded
}

// A Tag is a tag that some entry has which is no draft, or that has a feed from when one had it.
type Tag struct {
	Label  string // as its oldest entry spells it; without one, as it was first spelt
	Folded string // see FoldTag
	Name   string // of its feed, empty until TagName gives one
}

// Tags gives every tag of an entry that is no draft, and every one with a feed, sorted by the folded form.
func (s *Store) Tags(ctx context.Context) ([]Tag, error) {
	var tags []Tag
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var t Tag
		var label, name sql.NullString
		err := rows.Scan(&t.Folded, &t.Label, &name, &label)
		if label.Valid {
			t.Label = label.String
		}
		t.Name = name.String
		if label.Valid || name.Valid {
			tags = append(tags, t)
		}
		return err
	}, `
		SELECT tag, label, name, (SELECT label FROM entry_tags AS e WHERE e.tag = t.tag
			ORDER BY visible_from, entry DESC LIMIT 1)
		FROM tags AS t ORDER BY tag`)
	if err != nil {
		return nil, fmt.Errorf("read tags: %w", err)
	}
	return tags, nil
}

// TagName gives the name of a tag's feed, of the form [a-z0-9][a-z0-9._-]{0,63}: the tag as a slug, with a short hash
// where the slug does not say all of the tag, is reserved or is another tag's. A name once given is stored and stands.
func (s *Store) TagName(ctx context.Context, tag string) (string, error) {
	tag = FoldTag(tag)
	if tag == "" {
		return "", errors.New("an empty tag has no feed")
	}
	var name sql.NullString
	err := s.read.QueryRowContext(ctx, `SELECT name FROM tags WHERE tag = $1`, tag).Scan(&name)
	if err == nil && name.Valid {
		return name.String, nil
	}
	err = s.inTx(ctx, func(t *tx) error { return t.nameTag(ctx, tag, &name) })
	if err != nil {
		return "", fmt.Errorf("name tag %s: %w", tag, err)
	}
	return name.String, nil
}

func (t *tx) nameTag(ctx context.Context, tag string, name *sql.NullString) error {
	_, err := t.get(ctx, []any{name}, `SELECT name FROM tags WHERE tag = $1`, tag)
	if err != nil || name.Valid {
		return err
	}
	for _, candidate := range tagNames(tag) {
		var other string
		taken, err := t.get(ctx, []any{&other}, `SELECT tag FROM tags WHERE name = $1`, candidate)
		if err != nil {
			return err
		}
		if !taken {
			name.String, name.Valid = candidate, true
			return t.exec(ctx, `
				INSERT INTO tags (tag, label, name) VALUES ($1, $1, $2)
				ON CONFLICT (tag) DO UPDATE SET name = excluded.name`, tag, candidate)
		}
	}
	return errors.New("every name for it is taken")
}

// tagNames are the names that a folded tag may have, the best first.
func tagNames(tag string) []string {
	const longest, short = 64, 6
	sum := sha256.Sum256([]byte(tag))
	hash := hex.EncodeToString(sum[:])
	slug, whole := slugify(tag)
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

// slugify gives the ASCII slug of a folded tag: accents dropped, white space and punctuation as hyphens. whole is
// false where more is lost, as with C++ and 日本語.
func slugify(tag string) (slug string, whole bool) {
	whole = true
	var b strings.Builder
	for _, r := range norm.NFD.String(tag) {
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

// NameTag gives a tag the name that its feed had before the store was lost. A tag that has a name, or a name that
// another tag has, stands as it is.
func (s *Store) NameTag(ctx context.Context, tag, name string) error {
	err := s.inTx(ctx, func(t *tx) error {
		return t.exec(ctx, `
			INSERT INTO tags (tag, label, name) SELECT $1, $1, $2 WHERE NOT EXISTS (SELECT 1 FROM tags WHERE name = $2)
			ON CONFLICT (tag) DO UPDATE SET name = excluded.name WHERE tags.name IS NULL`, tag, name)
	})
	if err != nil {
		return fmt.Errorf("name tag %s: %w", tag, err)
	}
	return nil
}
