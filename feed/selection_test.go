package feed

import (
	"strings"
	"testing"
)

func TestSelection(t *testing.T) {
	e := Entry{
		Title: "Élections à Berlin", Summary: "The parties’ plans", Content: "<p>Climate-policy &amp; 選挙の結果</p>",
		Tags: []string{"World News", "Go"}, Authors: []Author{{Name: "Jane Doe"}}, Language: "en-GB", Source: "wire", Published: day1,
	}
	for _, test := range []struct {
		name string
		s    Selection
		want bool
	}{
		{"everything", Selection{}, true},
		{"one of the tags", Selection{Tags: []string{"sport", "WORLD news"}}, true},
		{"no such tag", Selection{Tags: []string{"world"}}, false},
		{"author in another case", Selection{Authors: []string{"JANE DOE"}}, true},
		{"another author", Selection{Authors: []string{"Jane"}}, false},
		{"variety of the language", Selection{Languages: []string{"en"}}, true},
		{"another variety", Selection{Languages: []string{"en-US"}}, false},
		{"no language", Selection{Languages: []string{""}}, false},
		{"source", Selection{Sources: []string{"blog", "wire"}}, true},
		{"since before", Selection{Since: day0}, true},
		{"since that moment", Selection{Since: day1}, true},
		{"since after", Selection{Since: day2}, false},
		{"word", Selection{Search: []string{"ÉLECTIONS"}}, true},
		{"part of a word", Selection{Search: []string{"election"}}, false},
		{"beginning of a word", Selection{Search: []string{"clim*"}}, true},
		{"phrase over punctuation", Selection{Search: []string{"climate policy"}}, true},
		{"all of the terms", Selection{Search: []string{"berlin", "paris"}}, false},
		{"words of a script that does not part them", Selection{Search: []string{"選挙"}}, true},
		{"nothing to search for", Selection{Search: []string{"*"}}, true},
		{"all keys at once", Selection{Tags: []string{"go"}, Sources: []string{"blog"}}, false},
		{"all", Selection{All: []Selection{{Tags: []string{"go"}}, {Tags: []string{"world news"}}}}, true},
		{"all but one", Selection{All: []Selection{{Tags: []string{"go"}}, {Tags: []string{"sport"}}}}, false},
		{"any", Selection{Any: []Selection{{Tags: []string{"sport"}}, {Authors: []string{"jane doe"}}}}, true},
		{"none of any", Selection{Any: []Selection{{Tags: []string{"sport"}}}}, false},
		{"none", Selection{None: []Selection{{Tags: []string{"sport"}}}}, true},
		{"one of none", Selection{None: []Selection{{Tags: []string{"sport"}}, {Sources: []string{"wire"}}}}, false},
	} {
		if got := test.s.Matches(&e); got != test.want {
			t.Errorf("%s: got %t, want %t", test.name, got, test.want)
		}
	}
}

// The quick way for ASCII folds as the other does.
func TestFoldASCII(t *testing.T) {
	for c := range rune(0x80) {
		s := " a" + string(c) + "Z "
		if got, want := Fold(s), strings.TrimSuffix(Fold(s+"é"), "é"); got != strings.TrimSpace(want) {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}
