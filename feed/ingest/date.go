package ingest

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"feedpub/feed/internal/pattern"
)

// The dates that are understood, and no others: what could mean two things is refused, not guessed.
var (
	isoDate  = pattern.New(`^(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/)(\d{1,2})(?:[Tt ] *(\S.*))?$`)
	mailDate = pattern.New(`^(?:(\pL+)\.?,? +)?(\d{1,2})[ -](\pL+)\.?[ ,-]+(\d{4}|\d{2})(?:,? +(?:at +)?(\S.*))?$`) // RFC 822, D Month YYYY
	longDate = pattern.New(`^(?:(\pL+)\.?,? +)?(\pL+)\.? +(\d{1,2}),? +(\d{4})(?:,? +(?:at +)?(\S.*))?$`)           // Month D, YYYY
	unixDate = pattern.New(`^(?:\d{10}|\d{13})$`)
	clock    = pattern.New(`^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?(?: ?([AaPp])\.?[Mm]\.?)? *(.*)$`)
	offset   = pattern.New(`^([+-])(\d{2}):?(\d{2})?$`)
)

var months = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

var weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// zones are the names of RFC 822 and the European ones that mean one thing only, in hours from UTC.
var zones = map[string]int{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	"WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
}

// parseDate reads a date of an article, in zone where it names none: RFC 3339 and its looser forms, date only,
// RFC 822 and 1123, "March 1, 2026", "1 March 2026", Unix seconds (10 digits) or milliseconds (13). Ambiguous,
// impossible and relative dates, unknown zones and years outside 1000 to 9999 are errors.
func parseDate(s string, zone *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	t, err := readDate(s, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %w", quoted(s), err)
	}
	if y := t.UTC().Year(); y < 1000 || y > 9999 {
		return time.Time{}, fmt.Errorf("%s is outside the years 1000 to 9999", quoted(s))
	}
	return t.UTC(), nil
}

func readDate(s string, zone *time.Location) (time.Time, error) {
	if len(s) == len("2006-01-02T15:04:05Z") {
		if t, err := time.Parse("2006-01-02T15:04:05Z", s); err == nil { // what programs write
			return t, nil
		}
	}
	if unixDate.MatchString(s) {
		n, err := strconv.ParseInt(s, 10, 64)
		if len(s) == 10 {
			return time.Unix(n, 0), err
		}
		return time.UnixMilli(n), err
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return dateAt(m[1], number(m[2]+m[3]), m[4], m[5], zone)
	}
	if m := mailDate.FindStringSubmatch(s); m != nil && isName(m[1], weekdays) {
		if len(m[4]) == 2 && m[5] == "" {
			return time.Time{}, errors.New("is ambiguous: write the year with four digits")
		}
		return dateAt(m[4], month(m[3]), m[2], m[5], zone)
	}
	if m := longDate.FindStringSubmatch(s); m != nil && isName(m[1], weekdays) {
		return dateAt(m[4], month(m[2]), m[3], m[5], zone)
	}
	return time.Time{}, errors.New("is no date, or means more than one; write 2026-03-01 or 2026-03-01T10:00:00Z")
}

// dateAt is the moment of a date and the time of day that follows it, midnight where none does.
func dateAt(year string, month int, day, rest string, zone *time.Location) (time.Time, error) {
	y, d := number(year), number(day)
	if len(year) == 2 { // RFC 2822, section 4.3
		y += 1900
		if y < 1950 {
			y += 100
		}
	}
	if date := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC); month < 1 || month > 12 || d != date.Day() || y != date.Year() {
		return time.Time{}, errors.New("is no date of the calendar")
	}
	if rest == "" {
		return time.Date(y, time.Month(month), d, 0, 0, 0, 0, zone), nil
	}
	m := clock.FindStringSubmatch(rest)
	if m == nil {
		return time.Time{}, errors.New("ends in what is no time of day")
	}
	hour, minute, second := number(m[1]), number(m[2]), number(m[3])
	if m[5] != "" {
		if hour < 1 || hour > 12 {
			return time.Time{}, errors.New("has no such hour")
		}
		hour %= 12
		if strings.EqualFold(m[5], "p") {
			hour += 12
		}
	}
	// A leap second, which RFC 3339 allows, is read as the second after it.
	if hour > 23 || minute > 59 || second > 59 && (second > 60 || minute != 59) {
		return time.Time{}, errors.New("has a time that no clock shows")
	}
	// Posts of Jekyll's have "2023-01-29 18:30:22 2023 -0800": the year again means the same.
	zone, err := zoneOf(strings.TrimPrefix(m[6], year+" "), zone)
	if err != nil {
		return time.Time{}, err
	}
	return time.Date(y, time.Month(month), d, hour, minute, second, number((m[4] + "000000000")[:9]), zone), nil
}

// zoneOf is the zone with the name or offset, the given one where there is none.
func zoneOf(name string, zone *time.Location) (*time.Location, error) {
	if name == "" {
		return zone, nil
	}
	if m := offset.FindStringSubmatch(name); m != nil {
		h, min := number(m[2]), number(m[3])
		if h > 23 || min > 59 {
			return nil, fmt.Errorf("has the impossible zone %q", name)
		}
		seconds := h*3600 + min*60
		if m[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone("", seconds), nil
	}
	hours, ok := zones[strings.ToUpper(name)]
	if !ok {
		return nil, fmt.Errorf("has the unknown zone %q; write an offset such as +02:00", name)
	}
	return time.FixedZone("", hours*3600), nil
}

// number is what digits mean; the patterns let nothing else through, and none is 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// month is the number of a month's name, 0 where it is none.
func month(name string) int {
	name = strings.ToLower(name)
	for i, m := range months {
		if name == m || name == m[:3] || name == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

// isName says whether a word is one of the names or their first three letters; no word is.
func isName(word string, names []string) bool {
	word = strings.ToLower(word)
	for _, name := range names {
		if word == "" || word == name || word == name[:3] {
			return true
		}
	}
	return false
}

var (
	dateInName = pattern.New(`^(\d{4}-\d{2}-\d{2})(?:[-_]+|$)`)
	dateInPath = pattern.New(`(?:^|/)(\d{4}/\d{2}/\d{2})/`)
)

// nameDate is the date in an article's file name (2026-03-01-title), and the name without it. An impossible one
// is only a name.
func nameDate(name string, zone *time.Location) (t time.Time, rest string) {
	if m := dateInName.FindStringSubmatch(name); m != nil {
		if t, err := parseDate(m[1], zone); err == nil {
			return t, name[len(m[0]):]
		}
	}
	return time.Time{}, name
}

// pathDate is the date in a path: 2026/03/01/title.
func pathDate(path string, zone *time.Location) time.Time {
	if m := dateInPath.FindStringSubmatch(path); m != nil {
		if t, err := parseDate(m[1], zone); err == nil {
			return t
		}
	}
	return time.Time{}
}
