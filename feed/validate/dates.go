package validate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"feedpub/feed/internal/pattern"
)

var (
	// date822 is RSS's date: RFC 822, 5, with RFC 1123's years of four digits.
	date822 = &check{"an RFC 822 date", "write it like Mon, 02 Jan 2006 15:04:05 GMT", testDate822}
	// date3339 is Atom's and JSON Feed's.
	date3339 = &check{"an RFC 3339 date", "write it like 2006-01-02T15:04:05Z", testDate3339}
	// dateW3C is the profile of ISO 8601 that Dublin Core and the module Syndication have, where a part may do.
	dateW3C = &check{"a W3CDTF date", "write it like 2006-01-02T15:04:05Z", testDateW3C}
)

var (
	// strict822 is what every reader reads, loose822 what the RFC allows besides, and what many write.
	strict822 = pattern.New(`^((Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?[0-9]{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}(:[0-9]{2})? ([+-][0-9]{4}|UT|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|Z)$`)
	loose822  = pattern.New(`^(?:(mon|tue|wed|thu|fri|sat|sun)\s*,\s*)?([0-9]{1,2})\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+([0-9]{2}(?:[0-9]{2})?)\s+([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?\s+([+-][0-9]{4}|ut|gmt|est|edt|cst|cdt|mst|mdt|pst|pdt|[a-ik-z])$`)
	comment   = pattern.New(`\([^()]*\)`)

	form3339 = pattern.New(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$`)
	formW3C  = pattern.New(`^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))$`)
)

func testDate822(v value) []fault {
	m := loose822.FindStringSubmatch(strings.ToLower(trim(comment.ReplaceAllString(v.text, " "))))
	if m == nil {
		return invalid
	}
	part := func(i int) int { n, _ := strconv.Atoi(m[i]); return n }
	month := 1 + strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", m[3])/3
	year := part(4)
	switch {
	case len(m[4]) == 2 && year < 50:
		year += 2000
	case len(m[4]) == 2:
		year += 1900
	}
	day := time.Date(year, time.Month(month), part(2), 0, 0, 0, 0, time.UTC)
	if day.Day() != part(2) || part(5) > 23 || part(6) > 59 || part(7) > 60 || !zone822(m[8]) {
		return invalid
	}
	if m[1] != "" && !strings.EqualFold(m[1], day.Format("Mon")) {
		return []fault{{"date-weekday", fmt.Sprintf("is %s, which was a %s", quoted(v.text), day.Weekday()), "correct the day of the week, or leave it out"}}
	}
	if !strict822.MatchString(v.text) {
		return []fault{{"date-form", fmt.Sprintf("is %s, which not every reader reads", quoted(v.text)), "write it like Mon, 02 Jan 2006 15:04:05 GMT"}}
	}
	return v.walk.plausible(day)
}

func zone822(s string) bool {
	if s[0] != '+' && s[0] != '-' {
		return true
	}
	hours, _ := strconv.Atoi(s[1:3])
	minutes, _ := strconv.Atoi(s[3:])
	return hours < 24 && minutes < 60
}

func testDate3339(v value) []fault {
	if !form3339.MatchString(v.text) {
		return invalid
	}
	return testDateW3C(v)
}

func testDateW3C(v value) []fault {
	if !formW3C.MatchString(v.text) {
		return invalid
	}
	day, err := time.Parse("2006-01-02", (v.text + "-01-01")[:10])
	if err != nil || !clockOK(v.text) {
		return invalid
	}
	return v.walk.plausible(day)
}

// clockOK looks at what stands behind the day. The second 60 is a leap second (RFC 3339, 5.6).
func clockOK(s string) bool {
	_, clock, ok := strings.Cut(s, "T")
	if !ok {
		return true
	}
	limits := []int{23, 59, 60}
	zone := strings.IndexAny(clock, "Z+-")
	for i, part := range strings.Split(clock[:zone], ":") {
		if n, _ := strconv.Atoi(part[:2]); n > limits[i] {
			return false
		}
	}
	if clock[zone] == 'Z' {
		return true
	}
	hours, _ := strconv.Atoi(clock[zone+1 : zone+3])
	minutes, _ := strconv.Atoi(clock[zone+4:])
	return hours < 24 && minutes < 60
}

// plausible warns of dates that are older than feeds, and of those to come: readers sort by them.
func (c *collector) plausible(day time.Time) []fault {
	switch {
	case day.Year() < 1990:
		return []fault{{"date-implausible", "is older than feeds are", "correct the year, if it is wrong"}}
	case !c.now.IsZero() && day.After(c.now.Add(48*time.Hour)):
		return []fault{{"date-implausible", "is still to come", "publish an entry when its time has come"}}
	}
	return nil
}
