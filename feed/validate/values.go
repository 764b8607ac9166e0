package validate

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"feedpub/feed/internal/pattern"
)

func trim(s string) string { return strings.Trim(s, " \t\r\n") }

var (
	anyText = &check{"any text", "", func(value) []fault { return nil }}
	// filled is text that should not be empty.
	filled = &check{"a text", "", func(v value) []fault { return notBlank(v.text) }}

	empty       = simple("empty", "remove its content", func(s string) bool { return s == "" })
	integer     = simple("a whole number", "write digits alone", func(s string) bool { return number.MatchString(s) })
	nonNegative = simple("a whole number from 0", "write digits alone", func(s string) bool { return digits.MatchString(s) })
	positive    = simple("a whole number from 1", "write digits alone", func(s string) bool { return digits.MatchString(s) && strings.Trim(s, "0") != "" })
	decimal     = simple("a number", "write it with a point: 1.5", func(s string) bool { return fraction.MatchString(s) })
	numbers     = simple("a list of whole numbers", "part them by commas: 12,4,0", func(s string) bool {
		return !slices.ContainsFunc(strings.Split(s, ","), func(s string) bool { return !number.MatchString(trim(s)) })
	})
	mediaType = simple("a media type", "write it like audio/mpeg", mediaTypeForm.MatchString)
	email     = simple("an e-mail address", "write it like jane@example.org", emailForm.MatchString)
	base64ed  = simple("base64", "encode it with a base64 encoder", func(s string) bool {
		_, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
		return err == nil
	})
	trueFalse = oneOf("true", "false")
	yesNo     = oneOf("yes", "no")
	uuid      = simple("a UUID", "write it like 917393e3-1b1e-5cef-ace4-edaa54e1f810", uuidForm.MatchString)
	duration  = simple("a duration", "write seconds, MM:SS or HH:MM:SS", durationForm.MatchString)
)

var (
	number       = pattern.New(`^[+-]?[0-9]{1,18}$`)
	digits       = pattern.New(`^\+?[0-9]{1,18}$`)
	fraction     = pattern.New(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)
	durationForm = pattern.New(`^([0-9]+(\.[0-9]+)?|[0-9]{1,3}:[0-5]?[0-9]|[0-9]{1,3}:[0-5]?[0-9]:[0-5]?[0-9])$`)
	uuidForm     = pattern.New(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

	// mediaTypeForm is RFC 2045, 5.1, parameters allowed.
	mediaTypeForm = pattern.New(`^[A-Za-z0-9!#$%&'*+.^_{|}~-]+/[A-Za-z0-9!#$%&'*+.^_{|}~-]+(\s*;\s*[A-Za-z0-9!#$%&'*+.^_{|}~-]+=([A-Za-z0-9!#$%&'*+.^_{|}~-]+|"[^"]*"))*\s*;?$`)

	// emailForm is the addr-spec of RFC 5322, 3.4.1, without what nobody writes; letters of all scripts as RFC 6531 has them.
	emailForm = pattern.New("^[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(([\\p{L}\\p{N}]([\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?)(\\.[\\p{L}\\p{N}]([\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?)+|\\[[0-9a-fA-F.:]+\\])$")
)

func notBlank(s string) []fault {
	if trim(s) == "" {
		return []fault{{"text-blank", "is empty", "fill it, or leave it out"}}
	}
	return nil
}

// oneOf is a value out of few.
func oneOf(values ...string) *check {
	return simple("one of "+strings.Join(values, ", "), "write it in the same letters", func(s string) bool { return slices.Contains(values, s) })
}

// within is a whole number within bounds.
func within(low, high int64) *check {
	return simple(fmt.Sprintf("a whole number from %d to %d", low, high), "write digits alone", func(s string) bool {
		n, err := strconv.ParseInt(s, 10, 64)
		return err == nil && n >= low && n <= high
	})
}

// languageTag is a tag of BCP 47, of subtags that the IANA registry has.
var languageTag = simple("a language tag", "take one of https://www.iana.org/assignments/language-subtag-registry: en, de-AT, zh-Hans", isLanguage)

// languageForm is the form of RFC 5646, 2.1, so far as x/text forgives more: it takes _ for -.
var languageForm = pattern.New(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$`)

func isLanguage(s string) bool {
	if !languageForm.MatchString(s) {
		return false
	}
	_, err := language.Raw.Parse(s)
	return err == nil
}

// person is an e-mail address, with a name in brackets: "jane@example.org (Jane)".
var person = &check{"an e-mail address", "write it like jane@example.org (Jane), or take dc:creator for the name alone", func(v value) []fault {
	if m := personForm.FindStringSubmatch(v.text); m != nil && emailForm.MatchString(m[1]) {
		return nil
	}
	address := v.text
	if m := mailboxForm.FindStringSubmatch(v.text); m != nil {
		address = m[1]
	}
	if emailForm.MatchString(address) {
		return []fault{{"email-form", "has no name in brackets", "write it like jane@example.org (Jane)"}}
	}
	return invalid
}}

var (
	personForm  = pattern.New(`^(\S+) \(.+\)$`)
	mailboxForm = pattern.New(`^[^<>]*<([^<>\s]+)>$`)
)
