package fetch

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2025, 10, 4, 10, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Duration{
		"":                                 0,
		"soon":                             0,
		"-5":                               0,
		"1e9":                              0,
		"3600.5":                           0,
		"0":                                time.Minute,
		"59":                               time.Minute,
		"61":                               61 * time.Second,
		"604800":                           longestWait,
		"604801":                           longestWait,
		"99999999999999999999999999":       longestWait,
		"Sat, 04 Oct 2025 10:05:00 GMT":    5 * time.Minute,
		"Saturday, 04-Oct-25 10:05:00 GMT": 5 * time.Minute,
		"Sat Oct  4 10:05:00 2025":         5 * time.Minute,
		"Sat, 04 Oct 2025 09:00:00 GMT":    time.Minute,
		"Thu, 01 Jan 1970 00:00:00 GMT":    time.Minute,
		"Fri, 31 Dec 9999 23:59:59 GMT":    longestWait,
		"2025-10-04T10:05:00Z":             0,
	} {
		if got := retryAfter(s, now); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
}

func TestMaxAge(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"":                             0,
		"public":                       0,
		"max-age=60":                   time.Minute,
		"public,  Max-Age=60":          time.Minute,
		`max-age="60"`:                 time.Minute,
		"max-age=60, must-revalidate":  time.Minute,
		"s-maxage=60":                  0, // for caches that many share
		"max-age=60, no-cache":         0,
		"no-store, max-age=60":         0,
		"max-age":                      0,
		"max-age=-1":                   0,
		"max-age=x":                    0,
		"max-age=99999999999999999999": longestWait,
	} {
		if got := maxAge(http.Header{"Cache-Control": {s}}); got != want {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
	}
	if got := maxAge(http.Header{"Cache-Control": {"max-age=60", "no-cache"}}); got != 0 {
		t.Errorf("two fields: got %v, want 0", got)
	}
}

// A validator that cannot be sent would make every later request fail.
func TestValidator(t *testing.T) {
	for s, want := range map[string]string{
		"":                                  "",
		`"1"`:                               `"1"`,
		"unquoted":                          "unquoted",
		"\"é\"":                             "\"é\"",
		"\"\x01\"":                          "",
		"\"a\r\nHost: b\"":                  "",
		strings.Repeat("a", maxValidator):   strings.Repeat("a", maxValidator),
		strings.Repeat("a", maxValidator+1): "",
	} {
		if got := validator(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}
