package ingest

import (
	"strings"
	"testing"
	"time"
)

// Every name that people give to a draft, an embargo and an expiry is honoured, in the maps of generators too, and what
// cannot be read or is no known name is refused.
func TestStates(t *testing.T) {
	tests := []struct{ head, want string }{
		{"isDraft: true", "draft"},
		{"is_draft: no", "published"},
		{"is_published: false", "draft"},
		{"params: {draft: true}", "draft"},
		{"extra:\n  draft: true", "draft"},
		{"extra:\n  draft: flase", `4: extra.draft: "flase" is neither true nor false`},
		{"params.draft: true", "draft"},
		{"metadata: {published: false}", "draft"},
		{"params: {status: reading}", "published"},
		{"params: {status: draft}", "draft"},
		{"private: true", "draft, private: taken for a draft; it is not published"},
		{"hidden: true", "draft, hidden: taken for a draft; it is not published"},
		{"hidden: false", "published"},
		{"unlisted: yes", "draft, unlisted: taken for a draft; it is not published"},
		{"listed: false", "draft, listed: taken for a draft; it is not published"},
		{"private: perhaps", `3: private: "perhaps" is neither true nor false`},
		{"visibility: public", "published"},
		{"visibility: members", "draft, visibility: taken for a draft; it is not published"},
		{"visibility: hidden", "draft, visibility: taken for a draft; it is not published"},
		{"visibility: friends", `3: visibility: "friends" is not known; use published or draft`},
		{"password: secret", "draft, password: taken for a draft; it is not published"},
		{"password:", "published"},
		{"unpublished: true", "draft, unpublished: taken for a draft; it is not published"},

		{"embargo:", "3: embargo: empty; give a date, or remove the key"},
		{"embargo: ~", "3: embargo: empty; give a date, or remove the key"},
		{"embargo: !!null x", "3: embargo: empty; give a date, or remove the key"},
		{`embargo: ""`, "3: embargo: empty; give a date, or remove the key"},
		{`embargo: "  "`, "3: embargo: empty; give a date, or remove the key"},
		{"extra: {embargo: }", "3: extra.embargo: empty; give a date, or remove the key"},
		{"expiryDate:", "3: expiryDate: empty; give a date, or remove the key"},
		{"publish_at: null", "3: publish_at: empty; give a date, or remove the key"},
		{"date:", "published"},

		{"embargo: 2030-01-01", "published from 2030-01-01"},
		{"embargo: 2020-01-01\nembargo_until: 2031-01-01\nembargo_date: 2025-01-01", "published from 2031-01-01"},
		{"embargoed_until: 2030-01-01", "published from 2030-01-01"},
		{"publish_on: 2030-01-01", "published from 2030-01-01"},
		{"go-live: 2030-01-01", "published from 2030-01-01"},
		{"valid_from: 2030-01-01", "published from 2030-01-01"},
		{"params: {embargo: 2030-01-01}\nembargo: 2029-01-01", "published from 2030-01-01"},
		{"status: scheduled\npublish_at: 2030-01-01", "published from 2030-01-01"},
		{"expires: 2031-01-01\nexpiryDate: 2030-01-01\nunpublish_at: 2032-01-01", "published to 2030-01-01"},
		{"valid_until: 2030-01-01", "published to 2030-01-01"},
		{"expiration: 2030-01-01", "published to 2030-01-01"},
		{"extra: {expires_at: 2030-01-01}", "published to 2030-01-01"},

		{"embargo_lift_day: 2030-01-01", "3: embargo_lift_day: not known; use embargo"},
		{"embrago: 2030-01-01", "3: embrago: not known; use embargo"},
		{"expires_when: 2030-01-01", "3: expires_when: not known; use expires"},
		{"unpublish_day:", "3: unpublish_day: not known; use unpublish"},
		{"params: {expiri: 2030-01-01}", "3: params.expiri: not known; use expiry"},
	}
	for _, test := range tests {
		a, err := newReader(t).Read("s", "a.md", []byte("---\ntitle: T\n"+test.head+"\n---\nx\n"))
		got := string(a.Status)
		if !a.Embargo.IsZero() {
			got += " from " + a.Embargo.Format(time.DateOnly)
		}
		if !a.Expiry.IsZero() {
			got += " to " + a.Expiry.Format(time.DateOnly)
		}
		for _, w := range a.Warnings {
			got += ", " + strings.TrimPrefix(w, "a.md:3: ")
		}
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "a.md:")
		}
		if got != test.want {
			t.Errorf("%q:\ngot  %s\nwant %s", test.head, got, test.want)
		}
	}
}
