package feed

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A Selection says which entries a feed takes: those of which all that it says holds. The zero Selection takes every
// entry. A list within it holds where one of its values does.
type Selection struct {
	Tags, Authors []string  // in any case; authors by name
	Languages     []string  // "en" takes "en-GB" as well; an empty one takes entries that name none
	Sources       []string  // names of sources
	Since         time.Time // visible from then on
	Enclosed      bool      // those with an enclosure
	Search        []string  // in any case, whole words, or the beginnings of words with * behind: each stands in title, summary or text

	All, Any []Selection // all of them, one of them
	None     []Selection // none of them
}

// ReadsText says that whether an entry is selected depends on its text.
func (s Selection) ReadsText() bool {
	reads := func(inner []Selection) bool { return slices.ContainsFunc(inner, Selection.ReadsText) }
	return len(s.Search) > 0 || reads(s.All) || reads(s.Any) || reads(s.None)
}

// IsZero says whether every entry is taken.
func (s Selection) IsZero() bool {
	return len(s.Tags)+len(s.Authors)+len(s.Languages)+len(s.Sources)+len(s.Search)+len(s.All)+len(s.Any)+len(s.None) == 0 &&
		s.Since.IsZero() && !s.Enclosed
}

// Matches says whether the feed takes the entry, were it visible.
func (s Selection) Matches(e *Entry) bool {
	matches := func(s Selection) bool { return s.Matches(e) }
	return anyOf(s.Tags, func(tag string) bool {
		return slices.ContainsFunc(e.Tags, func(t string) bool { return Fold(t) == Fold(tag) })
	}) &&
		anyOf(s.Authors, func(name string) bool {
			return slices.ContainsFunc(e.Authors, func(a Author) bool { return Fold(a.Name) == Fold(name) })
		}) &&
		anyOf(s.Languages, func(l string) bool { return InLanguage(e.Language, l) }) &&
		anyOf(s.Sources, func(source string) bool { return e.Source == source }) &&
		!e.VisibleFrom().Before(s.Since) &&
		(!s.Enclosed || len(e.Enclosures) > 0 || e.Status == Withdrawn) &&
		e.says(s.Search) &&
		!slices.ContainsFunc(s.All, func(s Selection) bool { return !matches(s) }) &&
		(len(s.Any) == 0 || slices.ContainsFunc(s.Any, matches)) &&
		!slices.ContainsFunc(s.None, matches)
}

// anyOf says whether one of the values holds; no value asks for nothing.
func anyOf(values []string, holds func(string) bool) bool {
	return len(values) == 0 || slices.ContainsFunc(values, holds)
}

// InLanguage says whether a language is the wanted one or a variety of it, as en-GB is of en (RFC 4647, 3.3.1).
func InLanguage(language, wanted string) bool {
	language, wanted = Fold(language), Fold(wanted)
	return language == wanted || wanted != "" && strings.HasPrefix(language, wanted+"-")
}

// says finds every one of the terms in the entry.
func (e *Entry) says(terms []string) bool {
	if len(terms) == 0 {
		return true
	}
	text := spaced(e.Title + "\n" + e.Summary + "\n" + e.Text())
	for _, term := range terms {
		stem, prefix := strings.CutSuffix(term, "*")
		words := strings.TrimRight(spaced(stem), " ")
		if !prefix {
			words += " "
		}
		if strings.TrimSpace(words) != "" && !strings.Contains(text, words) {
			return false
		}
	}
	return true
}

// spaced is the text folded, each word with one space before and the last with one behind. Where a script does not part
// its words, each character counts as one.
func spaced(text string) string {
	var b strings.Builder
	part := true
	for _, r := range Fold(text) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			b.WriteByte(' ')
			b.WriteRune(r)
			part = true
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
			if part {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			part = false
		default:
			part = true
		}
	}
	b.WriteByte(' ')
	return b.String()
}

// Fold is the form of a tag or a name in which spellings of it are equal: Unicode case folding and NFC.
func Fold(s string) string {
	if isASCII(s) { // most often; the same, but quickly
		return strings.ToLower(strings.TrimSpace(s))
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(s))))
}

// A Kind is a property that entries have in common, for each value of which there may be a feed.
type Kind string

// The kinds of facets.
const (
	ByTag      Kind = "tag"
	ByAuthor   Kind = "author"
	ByLanguage Kind = "language"
	BySource   Kind = "source"
)

// Kinds are all kinds of facets.
var Kinds = []Kind{ByTag, ByAuthor, ByLanguage, BySource}

// A Facet is one value of a kind: the tag "go".
type Facet struct {
	Kind  Kind
	Value string // folded
	Label string // as the entry spells it
}

// Facets are the facets of the entry, each once. An entry that names no language has the empty one.
func (e *Entry) Facets() []Facet {
	var facets []Facet
	add := func(kind Kind, label string) {
		f := Facet{kind, Fold(label), label}
		if (f.Value != "" || kind == ByLanguage) && !slices.ContainsFunc(facets, func(o Facet) bool { return o.Kind == kind && o.Value == f.Value }) {
			facets = append(facets, f)
		}
	}
	for _, tag := range e.Tags {
		add(ByTag, tag)
	}
	for _, a := range e.Authors {
		add(ByAuthor, a.Name)
	}
	add(ByLanguage, e.Language)
	add(BySource, e.Source)
	return facets
}

// Of is the selection of the entries with a facet.
func (f Facet) Of() Selection {
	switch f.Kind {
	case ByTag:
		return Selection{Tags: []string{f.Label}}
	case ByAuthor:
		return Selection{Authors: []string{f.Label}}
	case ByLanguage:
		return Selection{Languages: []string{f.Label}}
	default:
		return Selection{Sources: []string{f.Label}}
	}
}
