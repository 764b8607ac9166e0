package ingest

import (
	"testing"
	"time"
)

func TestParseDate(t *testing.T) {
	berlin := time.FixedZone("Berlin", 3600)
	tests := []struct{ in, want string }{
		{"2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"},
		{"2026-03-01t10:00:00z", "2026-03-01T10:00:00Z"},
		{"2026-03-01T10:00:00.5+02:00", "2026-03-01T08:00:00.5Z"},
		{"2026-03-01 10:00:00 +0200", "2026-03-01T08:00:00Z"},
		{"2026-03-01T10:00:00-05", "2026-03-01T15:00:00Z"},
		{"2026-03-01 10:00", "2026-03-01T09:00:00Z"},
		{"2026-03-01", "2026-02-28T23:00:00Z"},
		{"2013/7/13", "2013-07-12T23:00:00Z"},
		{"2013/7/13 20:46:25", "2013-07-13T19:46:25Z"},
		{"2016-4-4", "2016-04-03T23:00:00Z"},
		{"2023-01-29 18:30:22 2023 -0800", "2023-01-30T02:30:22Z"},
		{"Sun, 01 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00Z"},
		{"Sun, 1 Mar 2026 10:00:00 EST", "2026-03-01T15:00:00Z"},
		{"01 Mar 26 10:00 PDT", "2026-03-01T17:00:00Z"},
		{"01 Mar 96 10:00 UT", "1996-03-01T10:00:00Z"},
		{"March 1, 2026", "2026-02-28T23:00:00Z"},
		{"Sunday, March 1, 2026 at 5:30 PM UTC", "2026-03-01T17:30:00Z"},
		{"Sept. 1, 2026", "2026-08-31T23:00:00Z"},
		{"1 March 2026", "2026-02-28T23:00:00Z"},
		{"1772359200", "2026-03-01T10:00:00Z"},
		{"1772359200123", "2026-03-01T10:00:00.123Z"},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		{"2024-02-29", "2024-02-28T23:00:00Z"},
		{" 2026-03-01T12:00:00Z ", "2026-03-01T12:00:00Z"},
	}
	for _, test := range tests {
		got, err := parseDate(test.in, berlin)
		if err != nil || got.Format(time.RFC3339Nano) != test.want {
			t.Errorf("parseDate(%q): got %s, %v, want %s", test.in, got.Format(time.RFC3339Nano), err, test.want)
		}
	}
	for _, bad := range []string{
		"", "01/02/2026", "1.2.2026", "01-02-2026", "13/02/2026", "2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "0999-12-31",
		"9999-12-31T23:59:59-01:00", "10000-01-01", "now", "today", "2 hours ago", "next Tuesday", "Sun, 01 Mar 2026 10:00:00 XYZ", "true", "17723592000",
		"177235920", "-1772359200", "2026-03-01T24:00:00Z", "2026-03-01T10:60:00Z", "2026-03-01T10:00:61Z", "2026-03-01T10", "2026-03-01T10:00:00+25:00", "2026-03",
		"2026", "10:00", "01 Mar 26", "2026-03/01", "March 2026", "March 32, 2026", "Foo, 01 Mar 2026", "2026-03-01 13:00 PM", "{{ date }}", "20260301",
	} {
		if got, err := parseDate(bad, berlin); err == nil {
			t.Errorf("parseDate(%q): got %s, want an error", bad, got)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("Sunday, March 1, 2026 at 5:30 PM UTC")
	f.Add("2026-03-01T10:00:00.5+02:00")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseDate(s, time.UTC)
		if err != nil {
			return
		}
		if y := got.Year(); y < 1000 || y > 9999 {
			t.Errorf("parseDate(%q): got %s", s, got)
		}
		if again, err := parseDate(got.Format(time.RFC3339Nano), time.UTC); err != nil || !again.Equal(got) {
			t.Errorf("parseDate(%q): got %s, then %s, %v", s, got, again, err)
		}
	})
}
